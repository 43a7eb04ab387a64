"""The rules that concern an ACH file as a whole: its form, order, header and control.

Rows of the catalogue only. "Appendix" is that of the Nacha Operating Rules; "practice" marks what
banks do without a rule.
"""

from __future__ import annotations

from customhouse.formats.nacha_rules import declare

_FORM = "appendix 3, file structure"
_EDITS = "appendix 2, rejection of a file"
_HEADER = "appendix 3, file header"
_CONTROL = "appendix 3, file control"

EMPTY = declare(
    "ach.file.empty",
    "file",
    message="The file holds nothing.",
    hint="Transfer the file again.",
    source=_EDITS,
)
NOT_ACH = declare(
    "ach.file.not-ach",
    "file",
    message="This is not an ACH file: its first record is no file header of 94 characters.",
    hint="Check that you have the right file, unpacked and as plain ASCII text.",
    source=_EDITS,
)
RECORD_LENGTH = declare(
    "ach.file.record-length",
    "file",
    message="The record has {seen} characters instead of 94.",
    hint="Fill records with blanks to 94 characters; do not let an editor or mail cut them.",
    source=_FORM,
)
RECORD_SHORT = declare(
    "ach.file.record-short",
    "warning",
    message="The record has {seen} characters; it was read as if filled with blanks to 94.",
    hint="Only files that banks send are read so: their trailing blanks get lost on the way.",
    source="practice",
)
LINE_ENDS = declare(
    "ach.file.line-ends",
    "file",
    message="The line does not end as the first one does.",
    hint="End every record with LF, every record with CR LF, or no record at all.",
    source="practice",
    tolerated="each line can be read",
)
CHARACTERS = declare(
    "ach.file.characters",
    "file",
    message="The record holds a character that is not printable ASCII.",
    hint="Use digits, letters, blanks and ASCII punctuation only.",
    source="appendix 3, data specifications",
)
RECORD_TYPE = declare(
    "ach.file.record-type",
    "file",
    message="The record begins with none of 1, 5, 6, 7, 8 and 9.",
    hint="Look for a record that was cut in two or lost its first character.",
    source=_EDITS,
)
HEADER_MISSING = declare(
    "ach.file.header-missing",
    "file",
    message="The file does not begin with a file header.",
    hint="Begin the file with a record of type 1.",
    source=_EDITS,
    tolerated="some banks leave it out of files of returns",
)
SECOND_HEADER = declare(
    "ach.file.second-header",
    "file",
    message="A second file header stands inside the file.",
    hint="Send each file by itself, or merge the batches under one header and control.",
    source=_EDITS,
)
BATCH_HEADER_MISSING = declare(
    "ach.file.batch-header-missing",
    "file",
    message="The record is in no batch: no batch header comes before it.",
    hint="Put a record of type 5 before the first entry of the batch.",
    source=_EDITS,
)
BATCH_CONTROL_MISSING = declare(
    "ach.file.batch-control-missing",
    "file",
    message="The batch that begins on line {batch_line} has no control before this record.",
    hint="End each batch with a record of type 8.",
    source=_EDITS,
)
ADDENDA_MISPLACED = declare(
    "ach.file.addenda-misplaced",
    "file",
    message="The addenda record does not follow an entry.",
    hint="Put addenda directly after their entry.",
    source=_EDITS,
)
CONTROL_MISSING = declare(
    "ach.file.control-missing",
    "file",
    message="The file has no file control.",
    hint="The end of the file is lost, or was never written: get the whole file.",
    source=_EDITS,
)
AFTER_CONTROL = declare(
    "ach.file.after-control",
    "file",
    message="Something other than filling follows the file control.",
    hint="Nothing but records of nines may follow; send a second file by itself.",
    source=_EDITS,
)
PADDING = declare(
    "ach.file.padding",
    "file",
    message="A filling record is not ninety-four nines.",
    hint="Fill the last block with records of nines.",
    source=_FORM,
    tolerated="filling carries no meaning",
)
BLOCKING = declare(
    "ach.file.blocking",
    "file",
    message="{records} records are followed by {seen} filling records instead of {expected}.",
    hint="Fill the last block of ten records, and no further.",
    source=_FORM,
    tolerated="many banks leave the filling out",
)
NO_BATCHES = declare(
    "ach.file.no-batches",
    "warning",
    message="The file holds no batch.",
    hint="Fine when there was nothing to send.",
    source="practice",
)
PRIORITY_CODE = declare(
    "ach.file.priority-code",
    "file",
    message="The priority code is not 01.",
    hint="Write 01.",
    source=_HEADER,
    tolerated="it has no effect",
)
IMMEDIATE_DESTINATION = declare(
    "ach.file.immediate-destination",
    "file",
    message="The immediate destination is not a blank and a valid routing number.",
    hint="Write a blank and the nine digits of the receiving point's routing number.",
    source=_HEADER,
    tolerated="banks mask it, or write an id of their own",
)
IMMEDIATE_ORIGIN = declare(
    "ach.file.immediate-origin",
    "file",
    message="The immediate origin is neither a blank and a routing number nor ten characters.",
    hint="Write a blank and nine digits, or the ten-character id agreed with the bank.",
    source=_HEADER,
    tolerated="banks mask it, or write an id of their own",
)
CREATION_DATE = declare(
    "ach.file.creation-date",
    "file",
    message="The file creation date is not a day of the calendar.",
    hint="Write YYMMDD.",
    source=_HEADER,
)
CREATION_TIME = declare(
    "ach.file.creation-time",
    "file",
    message="The file creation time is neither blank nor a time of day.",
    hint="Write HHMM from 0000 to 2359, or leave it blank.",
    source=_HEADER,
    tolerated="it only helps to tell files apart",
)
ID_MODIFIER = declare(
    "ach.file.id-modifier",
    "file",
    message="The file id modifier is not an upper-case letter or a digit.",
    hint="Write A to Z or 0 to 9, another one for each file of a date and time.",
    source=_EDITS,
)
RECORD_SIZE = declare(
    "ach.file.record-size",
    "file",
    message="The record size is not 094.",
    hint="Write 094.",
    source=_EDITS,
)
BLOCKING_FACTOR = declare(
    "ach.file.blocking-factor",
    "file",
    message="The blocking factor is not 10.",
    hint="Write 10.",
    source=_EDITS,
)
FORMAT_CODE = declare(
    "ach.file.format-code",
    "file",
    message="The format code is not 1.",
    hint="Write 1.",
    source=_EDITS,
)
TRANSACTION_CODE = declare(
    "ach.file.transaction-code",
    "file",
    message="The transaction code is not one of Nacha's.",
    hint="Use 22 or 27 for a checking account, 32 or 37 for savings.",
    source=_EDITS,
)
AMOUNT = declare(
    "ach.file.amount",
    "file",
    message="The amount is not ten digits.",
    hint="Write whole cents, right-justified and zero-filled.",
    source=_EDITS,
)
TRACE_ORDER = declare(
    "ach.file.trace-order",
    "file",
    message="The trace number is not higher than that of the entry before it.",
    hint="Number the entries of a batch upwards; gaps are allowed.",
    source=_EDITS,
)
TRACE_REPEATED = declare(
    "ach.file.trace-repeated",
    "file",
    message="The trace number is the same as that of the entry before it.",
    hint="Look for a record that is there twice.",
    source=_EDITS,
)
CONTROL_NUMERIC = declare(
    "ach.file.control-numeric",
    "file",
    message="A count, hash or total of the file control is not all digits.",
    hint="Right-justify numbers and fill them with zeros.",
    source=_CONTROL,
)
BATCH_COUNT = declare(
    "ach.file.batch-count",
    "file",
    message="The file control counts {seen} batches; the file has {expected}.",
    hint="Count the records of type 5.",
    source=_EDITS,
)
BLOCK_COUNT = declare(
    "ach.file.block-count",
    "file",
    message="The file control counts {seen} blocks; the records fill {expected}.",
    hint="Divide the records, header and control included, by ten and round up.",
    source=_EDITS,
    tolerated="banks that leave the filling out often count otherwise",
)
ENTRY_COUNT = declare(
    "ach.file.entry-count",
    "file",
    message="The file control counts {seen} entries and addenda; the batches have {expected}.",
    hint="Add the counts of the batch controls.",
    source=_EDITS,
)
ENTRY_HASH = declare(
    "ach.file.entry-hash",
    "file",
    message="The entry hash of the file control is {seen}; the batches add up to {expected}.",
    hint="Add the hashes of the batch controls and keep the last ten digits.",
    source=_EDITS,
)
DEBIT_TOTAL = declare(
    "ach.file.debit-total",
    "file",
    message="The file control says {seen} cents of debits; the batches add up to {expected}.",
    hint="Add the debit totals of the batch controls.",
    source=_EDITS,
)
CREDIT_TOTAL = declare(
    "ach.file.credit-total",
    "file",
    message="The file control says {seen} cents of credits; the batches add up to {expected}.",
    hint="Add the credit totals of the batch controls.",
    source=_EDITS,
)
RESERVED = declare(
    "ach.file.reserved",
    "file",
    message="A reserved field of the file control is not blank.",
    hint="Leave it blank.",
    source=_CONTROL,
    tolerated="it has no effect",
)
TOO_MANY_FAULTS = declare(
    "ach.file.too-many-faults",
    "file",
    message="Reading stopped after {count} faults.",
    hint="Correct these first; they may have one cause.",
    source="practice",
)
