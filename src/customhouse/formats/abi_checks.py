"""The checks of single envelope records: A and Z of a batch, B and Y of a block.

Each check gives the condition codes it finds, one for each thing that is broken, with the column
where that says more. The order of records is abi_reader's; no database is asked here.
Source: CATAIR ABI Batch and Block Control, June 2023.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from customhouse.formats.abi_dates import parse_mmddyy
from customhouse.formats.abi_envelope import SenderProfile
from customhouse.formats.abi_records import LAYOUTS
from customhouse.formats.layout import Layout, Reason

ITEM_LAYOUTS: Mapping[str, Layout] = {
    "RM": LAYOUTS["RM_PT"],
    "SU": LAYOUTS["SU_H"],
    "MO": LAYOUTS["MO_QR"],
}
"""The applications that are taken in, and the record their transactions begin with."""
ANSWERS_EMPTY_BLOCKS = frozenset({"MO"})
"""Applications with a condition of their own for a block without a transaction (MS1)."""

# Applications of ACE that this agency does not run.
_OTHER_APPLICATIONS = frozenset({"AE", "DE", "EQ", "FI", "FQ", "KI", "NE", "RE", "SE", "TP"})
_PREPARER_APPLICATIONS = frozenset({"AE", "SE", "DE", "RE", "NE", "SU", "CA", "TE", "PE"})
_PREPARER_CODES = ("preparer_district_port", "preparer_filer_code", "preparer_office_code")
_BLOCK_IDENTITY = (
    "processing_district_port",
    "processing_filer_code",
    "application_identifier",
    "processing_office_code",
)
_BATCH_IDENTITY = ("site_code", "id_code", "transmission_date", "office_code")

Found = Iterator[tuple[str, int]]
"""Condition codes with the column of the record, 0 for the record as a whole."""


def header_faults(line: str, profile: SenderProfile) -> Found:
    """Check an A-record: fillers, who sends, the date and the application (X07 to X13, X20)."""
    yield from _filler_faults(LAYOUTS["A_in"], line)
    values, _ = LAYOUTS["A_in"].parse(line)
    yield from _sender_faults(values, profile)
    if not _is_date_or_blank(values["transmission_date"]):
        yield "X10", 15
    application = values["application_identifier"]
    if not application:
        yield "X11", 26
    elif application not in ITEM_LAYOUTS:
        yield "X13" if application in _OTHER_APPLICATIONS else "X12", 26
    elif application not in profile.applications:
        yield "X20", 26


def block_faults(line: str, batch_application: str) -> Found:
    """Check a B-record by itself and against its batch (X15, X16, X19, X21 to X26, X39, X40)."""
    yield from _filler_faults(LAYOUTS["B_in"], line)
    values, _ = LAYOUTS["B_in"].parse(line)
    if not values["processing_district_port"]:
        yield "X15", 4
    if not values["processing_filer_code"]:
        yield "X16", 8
    if batch_application and values["application_identifier"] != batch_application:
        yield "X19", 11
    preparer = list(_preparer_faults(values, batch_application))
    yield from preparer or _office_faults(line)


def authority_faults(values: Mapping[str, str], profile: SenderProfile) -> Found:
    """Check that the sender may transmit for a block's filer and port (X17, X18)."""
    port, filer = values["processing_district_port"], values["processing_filer_code"]
    if not filer:
        return
    if filer not in profile.filer_ports:
        yield "X17", 8
    elif port and port not in profile.filer_ports[filer]:
        yield "X18", 4


def block_trailer_faults(line: str, block: Mapping[str, str]) -> Found:
    """Check a Y-record against its B-record (X32, X39)."""
    yield from _filler_faults(LAYOUTS["Y_in"], line)
    values, _ = LAYOUTS["Y_in"].parse(line)
    if any(values[name] != block[name] for name in _BLOCK_IDENTITY):
        yield "X32", 0


def batch_trailer_faults(line: str, header_line: str) -> Found:
    """Check a Z-record against its A-record (X14, X39)."""
    yield from _filler_faults(LAYOUTS["Z_in"], line)
    values, _ = LAYOUTS["Z_in"].parse(line)
    header, _ = LAYOUTS["A_in"].parse(header_line)
    if any(values[name] != header[name] for name in _BATCH_IDENTITY):
        yield "X14", 0


def item_faults(line: str, layout: Layout) -> Found:
    """Check the form of a transaction record: its identifier and its fillers (X34, X39)."""
    fault = layout.frame_fault(line)
    if fault is not None:
        yield ("X34", 0) if fault.reason == Reason.CONSTANT else ("X39", fault.column)


def _filler_faults(layout: Layout, line: str) -> Found:
    fault = layout.frame_fault(line)
    if fault is not None:
        yield "X39", fault.column


def _sender_faults(values: Mapping[str, str], profile: SenderProfile) -> Found:
    site, id_code = values["site_code"], values["id_code"]
    if not site:
        yield "X07", 2
    if not id_code:
        yield "X08", 6
    if not site or not id_code:
        return
    named = (site, id_code, values["office_code"])
    known = named == (profile.site_code, profile.id_code, profile.office_code)
    if not known or not profile.password_matches(values["password"]):
        yield "X09", 2


def _is_date_or_blank(text: str) -> bool:
    try:
        return not text or bool(parse_mmddyy(text))
    except ValueError:
        return False


def _preparer_faults(values: Mapping[str, str], application: str) -> Found:
    """Check the preparer fields; where they are not allowed at all, say only that (X23)."""
    port, filer, office = (values[name] for name in _PREPARER_CODES)
    indicator = values["preparer_indicator"]
    given = bool(port or filer or office)
    if not given and not indicator:
        return
    if application and application not in _PREPARER_APPLICATIONS:
        yield "X23", 47
    elif indicator not in {"", "1"}:
        yield "X21", 56
    elif given != (indicator == "1"):
        yield "X22", 56
    else:
        if not port:
            yield "X24", 47
        if not filer:
            yield "X25", 51
        elif filer != values["processing_filer_code"]:
            yield "X26", 51


def _office_faults(line: str) -> Found:
    """Find characters that are neither letters nor digits in codes that nothing else checks."""
    names = {"processing_office_code", "preparer_district_port", "preparer_office_code"}
    for fault in LAYOUTS["B_in"].parse(line)[1]:
        if fault.field in names and fault.reason == Reason.CHARACTERS:
            yield "X40", fault.column
