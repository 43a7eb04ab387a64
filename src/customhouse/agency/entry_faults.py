"""The faults of entry summaries as they come in by file."""

from __future__ import annotations

from customhouse.faults import declare

ENTRY_FIELD_MISSING = declare(
    "entry-field-missing",
    sentence="There is no {field}.",
    next_step="Give the {field}: {expected}.",
)
ENTRY_FIELD_WRONG = declare(
    "entry-field-wrong",
    sentence="The {field} is {seen}, which is not {expected}.",
    next_step="Write it like {example}, then load it again.",
)
ENTRY_FIELD_UNKNOWN = declare(
    "entry-field-unknown",
    sentence="There is a field {field}, which is not one of {expected}.",
    next_step="Leave it out, or correct its name{nearest}.",
)
ENTRY_FILER_UNKNOWN = declare(
    "entry-filer-unknown",
    sentence="The filer_code is {seen}, which is not a registered filer.",
    next_step="Correct it, or have the filer registered first.",
)
ENTRY_IMPORTER_UNKNOWN = declare(
    "entry-importer-unknown",
    sentence="The importer_number is {seen}, which is not a registered importer.",
    next_step="Correct it, or have the importer registered first.",
)
ENTRY_PORT_NOT_OF_FILER = declare(
    "entry-port-not-of-filer",
    sentence="The processing_port is {seen}, which is not one of filer {filer_code}: {expected}.",
    next_step="Give one of those, or have the port registered for the filer.",
)
ENTRY_AMOUNT_TOO_LARGE = declare(
    "entry-amount-too-large",
    sentence="The {field} is {seen}, more than {expected}, the most that its record holds.",
    next_step="Correct the amount; a larger one is paid outside of ACH.",
)
ENTRY_WITHOUT_CHARGE = declare(
    "entry-without-charge",
    sentence="The entry is payable, but no charge of it is given.",
    next_step="Give its charges, a charge of 0.00 when nothing is due, or payable N if it is free.",
)
ENTRY_TOO_MANY_CHARGES = declare(
    "entry-too-many-charges",
    sentence="The entry has {seen}, more than {expected}.",
    next_step="Give one amount for each accounting class code.",
)
ENTRY_REPEATED = declare(
    "entry-repeated",
    sentence="Entry {entry_number} stands in this file before, with other content.",
    next_step="Keep the one that is right.",
)
ENTRY_ON_STATEMENT = declare(
    "entry-on-statement",
    sentence="Entry {entry_number} is on statement {statement_number} with other content.",
    next_step="Take it off with a statement update first, then load it again.",
    http_status=409,
)
INTAKE_LINE_UNREADABLE = declare(
    "intake-line-unreadable",
    sentence="The line cannot be read: {reason}.",
    next_step="{hint}",
)
INTAKE_FILE_UNREADABLE = declare(
    "intake-file-unreadable",
    sentence="The file cannot be read: {reason}.",
    next_step="{hint}",
    http_status=400,
)
WAREHOUSE_ENTRY_NOT_ALLOWED = declare(
    "warehouse-entry-not-allowed",
    sentence="A warehouse_entry is given, but entry type {entry_type} is no withdrawal.",
    next_step="Leave it out, or correct the entry type: withdrawals are {expected}.",
)
WITHDRAWAL_BEFORE_WAREHOUSE = declare(
    "withdrawal-before-warehouse",
    sentence="The print_date {print_date} is before that of warehouse entry {warehouse_entry}.",
    next_step="Give a print date on or after that of the warehouse entry.",
)
