"""The fault catalogue: every refusal that a person, a program or an ABI client can meet.

Rules return faults as values; edges render them as problem+json, as a page, as ABI condition
records or as a line with a hint. Envelope conditions (X01 to X44) and the rules of an ACH file
have catalogues of their own beside their formats; this one holds what the business refuses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of fault: how it reads for a person, for HTTP, for ABI and for a shell.

    ``sentence`` and ``next_step`` may name values in braces. ``abi_code`` has three characters
    and ``abi_narrative`` at most 40, as the condition records of CATAIR hold them; both are empty
    where a fault cannot occur over ABI.
    """

    code: str
    sentence: str
    next_step: str
    http_status: int = 422
    abi_code: str = ""
    abi_narrative: str = ""
    exit_code: int = 7


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault as it occurred: its kind and the values seen and expected."""

    kind: FaultKind
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """Give the stable code of this fault's kind."""
        return self.kind.code

    @property
    def sentence(self) -> str:
        """Say what is wrong, with the values of this occurrence."""
        return self.kind.sentence.format_map(self.values)

    @property
    def next_step(self) -> str:
        """Say what to do next."""
        return self.kind.next_step.format_map(self.values)


class Refused(Exception):
    """A command was refused as a whole; carries every fault that was found."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.sentence for fault in faults))
        self.faults = faults


CATALOGUE: dict[str, FaultKind] = {}


def declare(
    code: str,
    *,
    sentence: str,
    next_step: str,
    http_status: int = 422,
    abi: tuple[str, str] = ("", ""),
    exit_code: int = 7,
) -> FaultKind:
    """Add a kind of fault to the catalogue; raise ValueError when its code is taken."""
    if code in CATALOGUE:
        raise ValueError(f"fault code {code} is declared twice")
    # A value in an ABI narrative is an amount of at most ten digits.
    if len(re.sub(r"\{[a-z_]+\}", "0" * 10, abi[1])) > 40:
        raise ValueError(f"the ABI narrative of {code} is longer than 40 characters")
    kind = FaultKind(code, sentence, next_step, http_status, abi[0], abi[1], exit_code)
    CATALOGUE[code] = kind
    return kind


# Payment authorizations (RM in, PZ out). The D codes are ours: CATAIR publishes none but 998.
STATEMENT_UNKNOWN = declare(
    "statement-unknown",
    sentence="Statement {statement_number} is not on file for filer {filer_code}.",
    next_step="Check the number on your preliminary statement.",
    http_status=404,
    abi=("D01", "STATEMENT NOT ON FILE FOR THIS FILER"),
)
STATEMENT_CANCELLED = declare(
    "statement-cancelled",
    sentence="Statement {statement_number} was cancelled: every entry was taken off it.",
    next_step="Nothing is left to pay on it.",
    http_status=409,
    abi=("D02", "STATEMENT IS CANCELLED"),
)
STATEMENT_ALREADY_AUTHORIZED = declare(
    "statement-already-authorized",
    sentence="Statement {statement_number} already has a live authorization.",
    next_step="Wait for its final statement, or for the notice that its debit was returned.",
    http_status=409,
    abi=("D03", "STATEMENT ALREADY AUTHORIZED"),
)
STATEMENT_PAID_BY_CREDIT = declare(
    "statement-paid-by-credit",
    sentence="Statement {statement_number} was paid by ACH Credit.",
    next_step="Pay nothing: its final statement is the receipt.",
    http_status=409,
    abi=("D20", "STATEMENT WAS PAID BY ACH CREDIT"),
)
AMOUNT_NOT_EQUAL = declare(
    "amount-not-equal",
    sentence=(
        "The amount {amount} is not the total {total} of statement {statement_number} on the books."
    ),
    next_step="Authorize exactly {total}, or take entries off with a statement update first.",
    abi=("D04", "AMT {amount_cents} NOT STMT TOTAL {total_cents}"),
)
PAYER_UNIT_UNKNOWN = declare(
    "payer-unit-unknown",
    sentence="Payer unit {payer_unit_number} may not be used for statement {statement_number}.",
    next_step="Use your own payer unit, or one whose owner has designated you for it.",
    abi=("D05", "PAYER UNIT NOT ON FILE OR NOT DESIGNATED"),
)
PAYER_UNIT_OTHER_IMPORTER = declare(
    "payer-unit-other-importer",
    sentence=(
        "Payer unit {payer_unit_number} pays only its own importer's entries; statement"
        " {statement_number} holds {other_count} of other importers."
    ),
    next_step="Use your own payer unit, or have those entries put on another statement.",
    abi=("D06", "PAYER UNIT NOT VALID FOR ALL IMPORTERS"),
)
PAYER_UNIT_NOT_EFFECTIVE = declare(
    "payer-unit-not-effective",
    sentence="Payer unit {payer_unit_number} is effective from {effective_on}.",
    next_step="Authorize on or after that day.",
    abi=("D07", "PAYER UNIT NOT YET EFFECTIVE"),
)
PAYER_UNIT_SUSPENDED = declare(
    "payer-unit-suspended",
    sentence="Payer unit {payer_unit_number} is suspended since {suspended_on}.",
    next_step="Use another unit, or clear up with its owner why it was suspended.",
    http_status=409,
    abi=("D30", "PAYER UNIT IS SUSPENDED"),
)
FILER_NOT_STATEMENT_FILER = declare(
    "filer-not-statement-filer",
    sentence="The authorization names filer {filer_code}, its block filer {block_filer_code}.",
    next_step="Send the authorization in a block of the filer that transmitted the entries.",
    abi=("D08", "FILER IS NOT THE FILER OF THE BLOCK"),
)
AUTHORIZATION_TYPE_UNKNOWN = declare(
    "authorization-type-unknown",
    sentence="Payment type {payment_type} is not 02, the type of a daily statement.",
    next_step="Send 02.",
    abi=("D09", "PAYMENT TYPE MUST BE 02"),
)
AMOUNT_UNREADABLE = declare(
    "amount-unreadable",
    sentence="The amount {amount_text} is not ten digits of cents.",
    next_step="Send cents, right-justified and zero-filled: 0000104608 for $1,046.08.",
    abi=("D10", "AMOUNT MUST BE TEN DIGITS OF CENTS"),
)
PAYER_UNIT_UNREADABLE = declare(
    "payer-unit-unreadable",
    sentence="The payer unit number {payer_unit_number} is not six digits, not all zero.",
    next_step="Send the six digits of the payer unit number.",
    abi=("D11", "PAYER UNIT NUMBER MUST BE SIX DIGITS"),
)
STATEMENT_NUMBER_UNREADABLE = declare(
    "statement-number-unreadable",
    sentence="The statement number {statement_number} is not of the form DDFYJJJXXX.",
    next_step="Copy the ten characters from the preliminary statement.",
    abi=("D12", "STATEMENT NUMBER FORM IS WRONG"),
)
NEGATION_UNKNOWN = declare(
    "negation-unknown",
    sentence="The negation identifier {negation} is neither blank nor Y.",
    next_step="Leave it blank to pay; send Y to undo an authorization of the same day.",
    abi=("D13", "NEGATION MUST BE BLANK OR Y"),
)
DAY_CLOSED = declare(
    "day-closed",
    sentence="End-of-day processing of {business_date} is under way.",
    next_step="Send it again when the next business day is open.",
    http_status=503,
    abi=("D14", "END OF DAY IN PROGRESS, SEND AGAIN"),
)

# Negations: an RM with Y, which undoes an authorization on the day it was accepted.
NOTHING_TO_NEGATE = declare(
    "nothing-to-negate",
    sentence="Statement {statement_number} has no live authorization.",
    next_step="Nothing is to be undone: it is not paid.",
    http_status=409,
    abi=("D15", "NO AUTHORIZATION TO NEGATE"),
)
NEGATION_TOO_LATE = declare(
    "negation-too-late",
    sentence=(
        "The authorization of statement {statement_number} was accepted on {accepted_on};"
        " it is {business_date} now."
    ),
    next_step="Let it be paid; a negation is possible on the day of acceptance only.",
    http_status=409,
    abi=("D16", "NEGATION ONLY ON DAY OF ACCEPTANCE"),
)
NEGATION_WITH_BANK = declare(
    "negation-with-bank",
    sentence="The payment of statement {statement_number} is with the bank already.",
    next_step="Let it be paid; it can no longer be held back.",
    http_status=409,
    abi=("D17", "PAYMENT IS WITH THE BANK ALREADY"),
)
NEGATION_AMOUNT_NOT_EQUAL = declare(
    "negation-amount-not-equal",
    sentence=(
        "The amount {amount} is not the {live_amount} authorized for statement {statement_number}."
    ),
    next_step="Repeat the authorization that you mean, with Y.",
    abi=("D18", "AMT {amount_cents} NOT AUTHD AMT {live_amount_cents}"),
)
NEGATION_UNIT_NOT_EQUAL = declare(
    "negation-unit-not-equal",
    sentence=(
        "Payer unit {payer_unit_number} is not the one that pays statement {statement_number}."
    ),
    next_step="Repeat the authorization that you mean, with Y.",
    abi=("D19", "PAYER UNIT IS NOT THE ONE THAT PAYS"),
)

# Statement updates (SU in, SQ out). P12 and P01 are CATAIR's; the other P codes are ours.
ENTRY_NOT_FOUND = declare(
    "entry-not-found",
    sentence="Entry {entry_number} is not on file for filer {filer_code}.",
    next_step="Check the entry number and the filer code.",
    http_status=404,
    abi=("P01", "ENTRY SUMMARY NOT FOUND"),
)
ENTRY_STATEMENT_AUTHORIZED = declare(
    "entry-statement-authorized",
    sentence=(
        "Entry {entry_number} is on statement {statement_number}, which is authorized or paid."
    ),
    next_step="A paid entry summary is changed by a post summary correction.",
    http_status=409,
    abi=("P02", "STATEMENT ALREADY AUTHORIZED FOR PAYMENT"),
)
PRINT_DATE_MISSING = declare(
    "print-date-missing",
    sentence="Payment type {payment_type} needs a preliminary print date.",
    next_step="Give a date, at least the next business day.",
    abi=("P03", "PRELIM STMT DATE MISSING"),
)
PRINT_DATE_NOT_ALLOWED = declare(
    "print-date-not-allowed",
    sentence="Payment type 1 must have no preliminary print date.",
    next_step="Leave the date blank to take the entry off to single pay.",
    abi=("P04", "PRELIM STMT DATE NOT ALLOWED"),
)
PRINT_DATE_NOT_FUTURE = declare(
    "print-date-not-future",
    sentence="The print date {print_date} is not later than {business_date}.",
    next_step="Give at least the next business day.",
    abi=("P05", "PRELIM STMT DATE MUST BE IN FUTURE"),
)
PRINT_DATE_NOT_BUSINESS_DAY = declare(
    "print-date-not-business-day",
    sentence="The print date {print_date} is a Saturday, a Sunday or a holiday of the port.",
    next_step="Give a business day.",
    abi=("P06", "PRELIM STMT DATE IS SAT, SUN, OR HOL"),
)
PRINT_DATE_TOO_FAR = declare(
    "print-date-too-far",
    sentence="The print date {print_date} is more than 90 days after {business_date}.",
    next_step="Give a date within 90 days.",
    abi=("P07", "PRELIM STMT DATE > 90 DAYS IN FUTURE"),
)
PAYMENT_TYPE_UNKNOWN = declare(
    "payment-type-unknown",
    sentence="Payment type {payment_type} is not one of {known}.",
    next_step="Use one of {known}.",
    abi=("P08", "PAYMENT TYPE CODE UNKNOWN"),
)
UPDATE_FILER_NOT_BLOCK_FILER = declare(
    "update-filer-not-block-filer",
    sentence="The update names filer {filer_code}, its block filer {block_filer_code}.",
    next_step="Send the update in a block of the entry's own filer.",
    abi=("P09", "ENTRY FILER IS NOT THE BLOCK FILER"),
)
ENTRY_NUMBER_UNREADABLE = declare(
    "entry-number-unreadable",
    sentence="The entry number {entry_number} is wrong: {reason}.",
    next_step="Check the seven digits and the check digit.",
    abi=("P10", "ENTRY NUMBER OR CHECK DIGIT IS WRONG"),
)
UPDATE_DAY_CLOSED = declare(
    "update-day-closed",
    sentence="End-of-day processing of {business_date} is under way.",
    next_step="Send it again when the next business day is open.",
    http_status=503,
    abi=("P11", "END OF DAY IN PROGRESS, SEND AGAIN"),
)

CLIENT_BRANCH_NOT_ARRANGED = declare(
    "client-branch-not-arranged",
    sentence="Client branch {client_branch} is not arranged for filer {filer_code}.",
    next_step="Leave the client branch blank.",
    abi=("P13", "STMT CLIENT BRANCH NOT ALLOWED"),
)
PERIODIC_MONTH_NOT_ALLOWED = declare(
    "periodic-month-not-allowed",
    sentence="Payment type {payment_type} takes no periodic statement month.",
    next_step="Leave the periodic statement month blank.",
    abi=("P14", "PERIODIC STMT MONTH NOT ALLOWED"),
)
PRINT_DATE_UNREADABLE = declare(
    "print-date-unreadable",
    sentence="The print date {print_date} is not a date of the form MMDDYY.",
    next_step="Give month, day and two-digit year, for example 112426.",
    abi=("P15", "PRELIM STMT DATE NOT A KNOWN DATE"),
)
STATEMENT_BILLED = declare(
    "statement-billed",
    sentence=(
        "Entry {entry_number} is on statement {statement_number}, whose settled debit was"
        " returned: it is owed as billed."
    ),
    next_step="Authorize the statement again; its entries are changed by post summary correction.",
    http_status=409,
    abi=("P16", "DEBIT RETURNED, STMT OWED AS BILLED"),
)
PORT_OF_ENTRY_UNREADABLE = declare(
    "port-of-entry-unreadable",
    sentence="The port of entry {port_of_entry} is not four digits.",
    next_step="Give the four digits of the district and port of entry.",
    abi=("P17", "PORT OF ENTRY MUST BE FOUR DIGITS"),
)

# The doors.
SENDER_UNKNOWN = declare(
    "sender-unknown",
    sentence="The bearer token is missing or not one of ours.",
    next_step="Send the token that was issued to you in the Authorization header.",
    http_status=401,
)
BODY_TOO_LARGE = declare(
    "body-too-large",
    sentence="The body has more than {limit} bytes.",
    next_step="Send several smaller batches.",
    http_status=413,
)
BODY_CUT_SHORT = declare(
    "body-cut-short",
    sentence="The body has {received} bytes, its Content-Length says {declared}.",
    next_step="Send it again whole, with the same key if it had one: nothing was kept.",
    http_status=400,
)
BODY_NOT_TEXT = declare(
    "body-not-text",
    sentence="The content type {content_type} is not text/plain.",
    next_step="Send the batch as text/plain.",
    http_status=415,
)
IDEMPOTENCY_KEY_REUSED = declare(
    "idempotency-key-reused",
    sentence="The idempotency key was used before for another body.",
    next_step="Use a new key for new content.",
    http_status=422,
)
IDEMPOTENCY_KEY_UNREADABLE = declare(
    "idempotency-key-unreadable",
    sentence="The idempotency key must be 1 to 128 printable ASCII characters.",
    next_step="Use a UUID.",
    http_status=400,
)
IN_PROGRESS = declare(
    "in-progress",
    sentence="Another request holds what this one needs; nothing was done.",
    next_step="Send it again in a few seconds, with the same key if it had one.",
    http_status=409,
)
OUTBOX_MESSAGE_UNKNOWN = declare(
    "outbox-message-unknown",
    sentence="Message {message_id} is not in your outbox.",
    next_step="List the outbox and use an id from there.",
    http_status=404,
)
NO_BUSINESS_DAY = declare(
    "no-business-day",
    sentence="No business day has been opened yet.",
    next_step="Run the day first.",
    http_status=503,
)
