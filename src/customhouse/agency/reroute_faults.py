"""The faults of a request for copies of statements (MO); codes and narratives are CATAIR's."""

from __future__ import annotations

from customhouse.faults import declare

REROUTE_REPEATED = declare(
    "reroute-repeated",
    sentence="The block holds {count} requests for copies.",
    next_step="Put each request into a block of its own.",
    abi=("MS0", "MULTIPLE REQSTS NOT ALWED IN A BLOCK"),
)
REROUTE_MISSING = declare(
    "reroute-missing",
    sentence="The block holds no request for copies.",
    next_step="Put one QR record into the block.",
    abi=("MS1", "INPUT REROUTE REQUEST MISSING"),
)
REROUTE_DATE_TOO_OLD = declare(
    "reroute-date-too-old",
    sentence="The statements of {sent_on} are older than {days} days on {business_date}.",
    next_step="Get the statement over the JSON API or on the pages: they have no such limit.",
    abi=("MS2", "TRANS DATE OF STMT BEYOND 60 DAYS"),
)
REROUTE_DATE_WRONG = declare(
    "reroute-date-wrong",
    sentence="The transmission date {sent_on} is no day that has come.",
    next_step="Give the day on which the agency sent the statements as MMDDYY.",
    abi=("MS3", "TRANS DATA OF STMT MISSING OR INVALID"),
)
REROUTE_IMPORTER_UNKNOWN = declare(
    "reroute-importer-unknown",
    sentence="The importer number {importer_number} is not on file.",
    next_step="Check the number, or leave it out.",
    abi=("MS4", "IMPORTER OF RECORD UNKNOWN"),
)
REROUTE_STATEMENT_UNKNOWN = declare(
    "reroute-statement-unknown",
    sentence="Statement {statement_number} is not on file for a filer of yours.",
    next_step="Check the number on your statements.",
    http_status=404,
    abi=("MS5", "STATEMENT NUMBER UNKNOWN"),
)
REROUTE_SCOPE_WRONG = declare(
    "reroute-scope-wrong",
    sentence="The scope indicator {scope} is neither A nor blank.",
    next_step="Give A for every filer you transmit for, or leave it blank for the block's own.",
    abi=("MS6", "SCOPE INDICATOR INVALID"),
)
REROUTE_KIND_WRONG = declare(
    "reroute-kind-wrong",
    sentence="The requests for preliminary and final statements are {flags}, not each Y or N.",
    next_step="Give Y or N for preliminary statements and for final ones.",
    abi=("MS7", "STMT REQUEST (PREL OR FINAL) INVALID"),
)
REROUTE_FIELDS_CONFLICT = declare(
    "reroute-fields-conflict",
    sentence="An importer or a client branch is given together with {other}.",
    next_step="Give either importer and branch, or a statement number or a scope.",
    abi=("MS8", "OPTIONAL REQUEST FIELD(S) USE INVALID"),
)
REROUTE_NOTHING_FOUND = declare(
    "reroute-nothing-found",
    sentence="No such statement was sent on {sent_on}.",
    next_step="Check the day and what else was asked for; the day is that of sending.",
    http_status=404,
    abi=("MS9", "NO STATEMENT FOUND TO REROUTE"),
)
REROUTE_STATEMENT_WRONG = declare(
    "reroute-statement-wrong",
    sentence="The statement number {statement_number} does not have its ten characters.",
    next_step="Write it as on the statement: seven digits and three digits or letters.",
    abi=("MSB", "STATEMENT NUMBER INVALID"),
)
REROUTE_KIND_MISSING = declare(
    "reroute-kind-missing",
    sentence="Neither preliminary nor final statements are asked for.",
    next_step="Give Y for preliminary statements, for final ones, or for both.",
    abi=("MSC", "STMT REQUEST (PREL OR FINAL) REQUIRED"),
)
REROUTE_OTHER_FILER = declare(
    "reroute-other-filer",
    sentence="Statement {statement_number} is not one of filer {filer_code}.",
    next_step="Ask in a block of the statement's own filer, or with scope A.",
    abi=("MSD", "FILER NOT AUTH FOR STMT REQUESTED"),
)
