"""The faults of statement updates and of print dates beyond those of the first payment.

Declared beside the rules that find them: P18 to P26 are ours, as CATAIR publishes P01 and P12 only.
The published codes of the same checks at intake are in ``entry_conditions``.
"""

from __future__ import annotations

from customhouse.faults import declare

PRINT_DATE_AFTER_DUE_DATE = declare(
    "print-date-after-due-date",
    sentence="The print date {print_date} is later than {due_on}, the last day to pay the entry.",
    next_step="Give a business day up to {due_on}.",
    abi=("P18", "PRELIM STMT DATE AFTER PAYMENT DUE DATE"),
)
ENTRY_STAYS_ON_STATEMENT = declare(
    "entry-stays-on-statement",
    sentence=(
        "Entry {entry_number} is of type {entry_type}, a quota or special class: it may not be"
        " taken off statement {statement_number}, nor moved."
    ),
    next_step="Pay it with its statement by ACH (19 CFR 24.25(c)(2), (d)).",
    http_status=409,
    abi=("P19", "QUOTA CLASS ENTRY MUST STAY ON STATEMENT"),
)
CLIENT_BRANCH_MISSING = declare(
    "client-branch-missing",
    sentence="There is no client branch: filer {filer_code} uses them at port {port}.",
    next_step="Give the two characters of the client branch.",
    abi=("P20", "STMT CLIENT BRANCH MISSING"),
)
CLIENT_BRANCH_UNREADABLE = declare(
    "client-branch-unreadable",
    sentence="The client branch {client_branch} is not two letters or digits.",
    next_step="Give two digits or capital letters, or leave it blank.",
    abi=("P21", "STMT CLIENT BRANCH FORM IS WRONG"),
)
PERIODIC_NOT_OFFERED = declare(
    "periodic-not-offered",
    sentence="Payment type {payment_type} is of periodic statements, which are not offered here.",
    next_step="Use one of {known}.",
    abi=("P22", "PERIODIC STATEMENTS ARE NOT OFFERED"),
)
PRINT_DATE_PRODUCED = declare(
    "print-date-produced",
    sentence="The statements of {print_date} were produced already.",
    next_step="Give at least the next business day.",
    abi=("P23", "PRELIM STMT FOR DATE ALREADY PRODUCED"),
)
PRINT_RUN_IN_PROGRESS = declare(
    "print-run-in-progress",
    sentence="The statements of {print_date} are being produced at this moment.",
    next_step="Give at least the next business day.",
    http_status=409,
    abi=("P24", "STMT RUN FOR THAT DATE IS IN PROGRESS"),
)
ENTRY_DATE_AFTER_PRINT_DATE = declare(
    "entry-date-after-print-date",
    sentence="The entry_date {entry_date} is later than the print_date {print_date}.",
    next_step="Give a print date on or after the entry date.",
    abi=("P25", "ESTIMATED ENTRY DT CANNOT BE > STMT DT"),
)
ENTRY_NOT_FOR_SINGLE_PAY = declare(
    "entry-not-for-single-pay",
    sentence=(
        "Entry {entry_number} is of type {entry_type}, a quota or special class: once it is"
        " scheduled for a statement, it is not moved to single pay."
    ),
    next_step="Leave it on a statement (19 CFR 24.25(d)).",
    http_status=409,
    abi=("P26", "QUOTA CLASS ENTRY NOT FOR SINGLE PAY"),
)
