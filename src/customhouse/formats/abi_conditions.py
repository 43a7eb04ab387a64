"""The envelope conditions of CATAIR: code, wire narrative, and what a person can do about it.

Only the X codes and 999 are here; what the business refuses (D and P codes) is in
customhouse.faults. Codes that need knowledge outside a batch (X13, X27 to X31, X43, X44) are
listed too, because a client may receive them from others.
"""

from __future__ import annotations

BATCH_REJECTED = "999"
"""The condition code of the last X1 of every rejected batch."""

NARRATIVES: dict[str, str] = {
    # X01 is reserved on the wire; the words are ours.
    "X01": "BATCH CONTROL MISSING - A-RECORD",
    "X03": "BLOCK CONTROL MISSING - B-RECORD",
    "X04": "TRANSACTION DETAIL MISSING",
    "X05": "BLOCK CONTROL MISSING - Y-RECORD",
    "X06": "BATCH CONTROL MISSING - Z-RECORD",
    "X07": "SENDER/RECEIVER SITE CODE MISSING",
    "X08": "SENDER/RECEIVER ID CODE MISSING",
    "X09": "SENDER/RECEIVER NOT AUTHORIZED",
    "X10": "TRANSMISSION DATE UNKNOWN",
    "X11": "APPLICATION ID CODE MISSING",
    "X12": "NOT A KNOWN ACE APPLICATION ID CODE",
    "X13": "APPLICATION NOT CURRENTLY AVAILABLE",
    "X14": "Z-REC DOES NOT MATCH A-REC",
    "X15": "PROCESSING PORT CODE MISSING",
    "X16": "PROCESSING FILER CODE MISSING",
    "X17": "PROCESSING FILER NOT AUTHORIZED",
    "X18": "PROC PORT/FLR NOT AUTHRZD FOR SENDR/RCVR",
    "X19": "BLOCK APP ID / BATCH APP ID CONFLICT",
    "X20": "FILER NOT AUTHORIZED FOR APPLICATION ID",
    "X21": "PREPARER INDICATOR UNKNOWN",
    "X22": "PREPARER/PREPARER IND CONFLICT",
    "X23": "PREPARER CODES NOT ALLOWED FOR APP ID",
    "X24": "PREPARER PORT CODE MISSING",
    "X25": "PREPARER FILER CODE MISSING",
    "X26": "PREPARER AND PRSSNG FILER NOT THE SAME",
    "X27": "BRKR DOES NOT HOLD NATIONAL PERMIT",
    "X28": "PREPARER UNKNOWN",
    "X29": "PREPARER NOT AUTHORIZED",
    "X30": "PREPARER NOT AUTHRZD FOR APP ID",
    "X31": "PREPARER NOT AUTHRZD FOR PORT",
    "X32": "Y-REC DOES NOT MATCH B-REC",
    "X33": "TRANSACTION HDR CONTROL MISSING",
    "X34": "UNKNOWN RECORD ID FOUND IN GROUPING",
    "X35": "OUT OF SEQUENCE RECORD FOUND IN GROUPING",
    "X36": "LOOP EXCEEDED",
    "X37": "MISSING DATA RECORD FOUND IN GROUPING",
    "X38": "NON-CONTIGUOUS ITEM FOUND IN GROUPING",
    "X39": "DATA FOUND IN FILLER",
    "X40": "NON-STANDARD DATA FOUND",
    "X41": "MULTIPLE QUERIES IN BATCH NOT ALLOWED",
    "X42": "LAST RECORD LESS THAN 80-CHAR LENGTH",
    "X43": "RMT PORT/FLR NOT AUTHRZD FOR SENDR/RCVR",
    "X44": "LOCAL PERMIT PORT NOT VALID",
    BATCH_REJECTED: "BATCH REJECTED",
}

RECORD_SYNTAX_CODES = frozenset({"X34", "X35", "X36", "X37", "X38", "X39", "X40", "X42"})
"""Faults of one record: they are located by an X0 TRNACT with record number and position."""


def narrative_of(code: str) -> str:
    """Give the wire narrative of a condition code; an unknown code is data, never an error."""
    return NARRATIVES.get(code, "")
