"""The rules that concern a batch of an ACH file: its header, its control and what may share it.

Rows of the catalogue only. "Appendix" is that of the Nacha Operating Rules.
"""

from __future__ import annotations

from customhouse.formats.nacha_rules import declare

_EDITS = "appendix 2, rejection of a batch"
_HEADER = "appendix 3, company/batch header"
_DATES = "appendix 3, effective entry date"

CHARACTERS = declare(
    "ach.batch.characters",
    "batch",
    message="The record holds a character that is not printable ASCII.",
    hint="Use digits, letters, blanks and ASCII punctuation only.",
    source="appendix 3, data specifications",
)
SERVICE_CLASS_CODE = declare(
    "ach.batch.service-class-code",
    "batch",
    message="The service class code is none of 200, 220 and 225.",
    hint="Write 225 for debits, 220 for credits, 200 for both.",
    source=_EDITS,
)
COMPANY_NAME = declare(
    "ach.batch.company-name",
    "batch",
    message="The company name is blank or zero.",
    hint="Name the originator as its receivers know it.",
    source=_EDITS,
)
COMPANY_IDENTIFICATION = declare(
    "ach.batch.company-identification",
    "batch",
    message="The company identification is blank or zero.",
    hint="Write 1 and the EIN, or the id that the bank gave.",
    source=_EDITS,
)
ENTRY_DESCRIPTION = declare(
    "ach.batch.entry-description",
    "batch",
    message="The company entry description is blank or zero.",
    hint="Say what the entries are for, for example CUSTOMSDTY.",
    source=_EDITS,
)
DESCRIPTION_CASE = declare(
    "ach.batch.description-case",
    "batch",
    message="The reserved entry description is not in upper case.",
    hint="Write REVERSAL and the other reserved words in upper case.",
    source="appendix 3, data specifications",
)
JUSTIFICATION = declare(
    "ach.batch.justification",
    "warning",
    message="A name or description begins with a blank.",
    hint="Left-justify text.",
    source="appendix 3, data specifications",
)
SEC_CODE = declare(
    "ach.batch.sec-code",
    "batch",
    message="The standard entry class code is not one of Nacha's.",
    hint="Write CCD or CTX for corporate entries, COR for notifications of change.",
    source=_EDITS,
)
SEC_CODE_CASE = declare(
    "ach.batch.sec-code-case",
    "batch",
    message="The standard entry class code is not in upper case.",
    hint="Write it in upper case.",
    source="appendix 3, data specifications",
)
SEC_CODE_UNSUPPORTED = declare(
    "ach.batch.sec-code-unsupported",
    "batch",
    message="Entries of class {seen} are neither sent nor read here; only CCD, CTX and COR are.",
    hint="Send it to a system that handles this class; counts and totals were checked.",
    source="practice",
    tolerated="a bank may put entries for others into the same file",
)
ADVICES = declare(
    "ach.batch.advices",
    "batch",
    message="Automated accounting advices (ADV) have records of another form, not read here.",
    hint="Send them to a system that handles advices; nothing of this batch was checked.",
    source="practice",
)
EFFECTIVE_DATE = declare(
    "ach.batch.effective-date",
    "batch",
    message="The effective entry date is not a day of the calendar.",
    hint="Write YYMMDD; the operator would put the next banking day in its place.",
    source=_DATES,
)
EFFECTIVE_DATE_BLANK = declare(
    "ach.batch.effective-date-blank",
    "warning",
    message="The effective entry date is blank.",
    hint="The operator puts the next banking day in its place.",
    source=_DATES,
)
EFFECTIVE_DATE_CLOSED = declare(
    "ach.batch.effective-date-closed",
    "warning",
    message="The effective entry date {seen} is not a banking day.",
    hint="The entries settle on the next banking day.",
    source=_DATES,
)
EFFECTIVE_DATE_PAST = declare(
    "ach.batch.effective-date-past",
    "warning",
    message="The effective entry date {seen} is before the file creation date {created}.",
    hint="The entries settle on the next banking day.",
    source=_DATES,
)
EFFECTIVE_DATE_FAR = declare(
    "ach.batch.effective-date-far",
    "warning",
    message="The effective entry date {seen} is more than {days} banking days after {created}.",
    hint="Entries that reach the operator this early come back as R18; hold them until later.",
    source=_DATES,
)
SETTLEMENT_DAY = declare(
    "ach.batch.settlement-day",
    "batch",
    message="The settlement day is neither blank nor a day of the year from 001 to 366.",
    hint="Leave it blank in files that you send: the operator fills it.",
    source=_HEADER,
)
ORIGINATOR_STATUS = declare(
    "ach.batch.originator-status",
    "batch",
    message="The originator status code is not 1 or 2, nor 0 in what an operator returns.",
    hint="Write 1 for a bank, 2 for a federal agency.",
    source=_HEADER,
    tolerated="the operator puts it right",
)
ODFI = declare(
    "ach.batch.odfi",
    "batch",
    message="The ODFI identification is not the beginning of a routing number.",
    hint="Write the first eight digits of the originating bank's routing number.",
    source=_EDITS,
)
BATCH_NUMBER = declare(
    "ach.batch.number",
    "batch",
    message="The batch number is not seven digits.",
    hint="Number the batches of a file from 0000001.",
    source=_EDITS,
)
NUMBER_ORDER = declare(
    "ach.batch.number-order",
    "batch",
    message="The batch number {seen} is not higher than {previous}, that of the batch before it.",
    hint="Number the batches of a file upwards.",
    source=_HEADER,
    tolerated="banks collect batches of several origins in one file",
)
EMPTY = declare(
    "ach.batch.empty",
    "batch",
    message="The batch that begins on line {batch_line} holds no entry.",
    hint="Leave empty batches out.",
    source="appendix 3, file structure",
)
TRANSACTION_CODE_CLASS = declare(
    "ach.batch.transaction-code-class",
    "batch",
    message="The transaction code {seen} is not allowed for entry class {sec_code}.",
    hint="COR takes 21, 26, 31, 36, 41, 46, 51 and 56; 81 to 88 belong to ADV.",
    source=_EDITS,
)
SERVICE_CLASS_DIRECTION = declare(
    "ach.batch.service-class-direction",
    "batch",
    message="The {direction} does not belong in a batch of service class {service_class}.",
    hint="Use service class 200 for debits and credits together.",
    source=_EDITS,
)
MIXED_DIRECTIONS = declare(
    "ach.batch.mixed-directions",
    "batch",
    message="Returns and forward entries share the batch that begins on line {batch_line}.",
    hint="Put returns into batches of their own.",
    source=_EDITS,
)
MIXED_RETURNS = declare(
    "ach.batch.mixed-returns",
    "batch",
    message="Returns, dishonored and contested returns share the batch from line {batch_line}.",
    hint="Put each into batches of its own.",
    source=_EDITS,
)
TRACE_NUMERIC = declare(
    "ach.batch.trace-numeric",
    "batch",
    message="The trace number is not fifteen digits.",
    hint="Write the ODFI's eight digits and seven digits of sequence.",
    source=_EDITS,
)
TRACE_PREFIX = declare(
    "ach.batch.trace-prefix",
    "batch",
    message="The trace number does not begin with the batch's ODFI identification.",
    hint="Begin trace numbers with the eight digits of columns 80-87 of the batch header.",
    source=_EDITS,
    tolerated="banks keep other trace numbers in batches of returns",
)
# An operator takes such a file: batch number and trace number still tell the entries apart.
TRACE_REUSED = declare(
    "ach.batch.trace-reused",
    "warning",
    message="An earlier batch of the file has the same trace number.",
    hint="Go on counting from batch to batch: a return is matched by its trace number.",
    source="practice",
)
CONTROL_NUMERIC = declare(
    "ach.batch.control-numeric",
    "batch",
    message="A count, hash or total of the batch control is not all digits.",
    hint="Right-justify numbers and fill them with zeros.",
    source=_EDITS,
)
CONTROL_DIFFERS = declare(
    "ach.batch.control-differs",
    "batch",
    message="The control is not that of the batch that begins on line {batch_line}.",
    hint="Service class, company, ODFI and batch number are those of the header.",
    source=_EDITS,
)
SERVICE_CLASS_DIFFERS = declare(
    "ach.batch.service-class-differs",
    "batch",
    message="The service class code differs from that of the header on line {batch_line}.",
    hint="Write the same code in both.",
    source=_EDITS,
)
COMPANY_IDENTIFICATION_DIFFERS = declare(
    "ach.batch.company-identification-differs",
    "batch",
    message="The company identification differs from that of the header on line {batch_line}.",
    hint="Write the same identification in both.",
    source=_EDITS,
)
ODFI_DIFFERS = declare(
    "ach.batch.odfi-differs",
    "batch",
    message="The ODFI identification differs from that of the header on line {batch_line}.",
    hint="Write the same eight digits in both, and in front of each trace number.",
    source=_EDITS,
)
NUMBER_DIFFERS = declare(
    "ach.batch.number-differs",
    "batch",
    message="The batch number differs from that of the header on line {batch_line}.",
    hint="Write the same number in both.",
    source=_EDITS,
)
ENTRY_COUNT = declare(
    "ach.batch.entry-count",
    "batch",
    message="The control counts {seen} entries and addenda; the batch has {expected}.",
    hint="Look for a lost or repeated record; hash and totals were not compared.",
    source=_EDITS,
)
ENTRY_HASH = declare(
    "ach.batch.entry-hash",
    "batch",
    message="The entry hash is {seen}; the entries add up to {expected}.",
    hint="Add the eight-digit receiving DFIs of the entries and keep the last ten digits.",
    source=_EDITS,
)
DEBIT_TOTAL = declare(
    "ach.batch.debit-total",
    "batch",
    message="The control says {seen} cents of debits; the entries add up to {expected}.",
    hint="An amount or the total was changed.",
    source=_EDITS,
)
CREDIT_TOTAL = declare(
    "ach.batch.credit-total",
    "batch",
    message="The control says {seen} cents of credits; the entries add up to {expected}.",
    hint="An amount or the total was changed.",
    source=_EDITS,
)
TOTAL_SIDES = declare(
    "ach.batch.total-sides",
    "batch",
    message="Debits and credits together are right, but {cents} cents stand on the wrong side.",
    hint="A transaction code has the wrong direction, or the totals changed places.",
    source=_EDITS,
)
RESERVED = declare(
    "ach.batch.reserved",
    "batch",
    message="A reserved field of the batch control is not blank.",
    hint="Leave it blank.",
    source="appendix 3, company/batch control",
    tolerated="it has no effect",
)
