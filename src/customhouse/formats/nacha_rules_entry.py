"""The rules that concern one entry of an ACH file and its addenda.

Rows of the catalogue only. "Appendix" is that of the Nacha Operating Rules; an R code is the
reason for which the operator would return the entry.
"""

from __future__ import annotations

from customhouse.formats.nacha_rules import declare

_ADDENDA = "appendix 2, R25"
_MANDATORY = "appendix 2, R26"
_TRACE = "appendix 2, R27"
_RETURNS = "appendix 4, addenda of returns"
_CHANGES = "appendix 5, notifications of change"

ROUTING_NUMBER = declare(
    "ach.entry.routing-number",
    "entry",
    message="The receiving DFI identification is not eight digits, or is zero.",
    hint="Write the first eight digits of the receiver's routing number.",
    source="appendix 2, R13",
    tolerated="banks mask it in returns",
)
ROUTING_PREFIX = declare(
    "ach.entry.routing-prefix",
    "entry",
    message="No routing number begins as the receiving DFI identification does.",
    hint="Routing numbers begin with 00 to 12, 21 to 32, 61 to 72 or 80.",
    source="appendix 2, R13",
)
CHECK_DIGIT = declare(
    "ach.entry.check-digit",
    "entry",
    message="The check digit does not belong to the receiving DFI identification.",
    hint="Ask the receiver for the routing number again: one digit of the nine is wrong.",
    source="appendix 2, R28",
    tolerated="banks mask it in returns",
)
ACCOUNT_NUMBER = declare(
    "ach.entry.account-number",
    "entry",
    message="The account number is blank.",
    hint="Write the account number, left-justified.",
    source="appendix 3, entry detail",
    tolerated="banks blank it in returns",
)
ACCOUNT_FORM = declare(
    "ach.entry.account-form",
    "warning",
    message="The account number holds a blank or a dash, or begins with a blank.",
    hint="Leave blanks and dashes out and left-justify it.",
    source="appendix 3, entry detail",
)
AMOUNT_ZERO = declare(
    "ach.entry.amount-zero",
    "entry",
    message="The amount of a live entry is zero.",
    hint="Use a prenote or zero-dollar code if nothing is to be paid.",
    source="appendix 2, R19",
)
AMOUNT_NOT_ZERO = declare(
    "ach.entry.amount-not-zero",
    "entry",
    message="The amount of a {purpose} is not zero.",
    hint="Write zeros, or use the code of a live entry.",
    source="appendix 2, R19",
)
SAME_DAY_LIMIT = declare(
    "ach.entry.same-day-limit",
    "warning",
    message="The amount is above the same-day limit of {limit} although the date asks for it.",
    hint="It settles on the next banking day.",
    source="Same Day ACH limit of 2018, 2020-03-20 and 2022-03-18",
)
RECEIVING_NAME = declare(
    "ach.entry.receiving-name",
    "entry",
    message="The receiver's name is blank.",
    hint="Write the receiving company's name.",
    source="appendix 3, entry detail",
    tolerated="it only helps the receiving bank",
)
JUSTIFICATION = declare(
    "ach.entry.justification",
    "warning",
    message="The identification number or the name begins with a blank.",
    hint="Left-justify text.",
    source="appendix 3, data specifications",
)
LOAN_REVERSAL = declare(
    "ach.entry.loan-reversal",
    "entry",
    message="Code 55 debits a loan account, which only a reversal may.",
    hint="Describe the batch as REVERSAL, or debit another account.",
    source="appendix 3, transaction codes",
)
RESERVED = declare(
    "ach.entry.reserved",
    "entry",
    message="A reserved field is not blank.",
    hint="Leave it blank.",
    source="appendix 3, record formats",
    tolerated="it has no effect",
)
ADDENDA_INDICATOR = declare(
    "ach.entry.addenda-indicator",
    "entry",
    message="The addenda record indicator is neither 0 nor 1.",
    hint="Write 1 when addenda follow, else 0.",
    source=_ADDENDA,
)
ADDENDA_UNANNOUNCED = declare(
    "ach.entry.addenda-unannounced",
    "entry",
    message="Addenda follow although the addenda record indicator is 0.",
    hint="Write 1 in column 79.",
    source=_ADDENDA,
)
ADDENDA_MISSING = declare(
    "ach.entry.addenda-missing",
    "entry",
    message="No addenda follow although the addenda record indicator is 1.",
    hint="An addenda record is lost, or column 79 should be 0.",
    source=_ADDENDA,
)
ZERO_DOLLAR_ADDENDA = declare(
    "ach.entry.zero-dollar-addenda",
    "entry",
    message="The zero-dollar entry has no addenda.",
    hint="A zero-dollar entry exists for its addenda: add one, or use a prenote.",
    source=_ADDENDA,
)
RETURN_ADDENDA = declare(
    "ach.entry.return-addenda",
    "entry",
    message="The {purpose} has no addenda.",
    hint="Column 79 is 1 and one record of type 799 or 798 follows.",
    source=_ADDENDA,
)
ADDENDA_TYPE = declare(
    "ach.entry.addenda-type",
    "entry",
    message="The addenda type is not {expected}.",
    hint="05 goes with payments, 98 with notifications of change, 99 with returns.",
    source=_ADDENDA,
)
ADDENDA_TOO_MANY = declare(
    "ach.entry.addenda-too-many",
    "entry",
    message="The entry has more than {most} addenda.",
    hint="CCD entries, returns and notifications take one, CTX entries 9,999.",
    source=_ADDENDA,
)
ADDENDA_SEQUENCE = declare(
    "ach.entry.addenda-sequence",
    "entry",
    message="The addenda sequence number is not {expected:04d}.",
    hint="Number the addenda of an entry from 0001 without gaps.",
    source=_ADDENDA,
)
ADDENDA_ENTRY_SEQUENCE = declare(
    "ach.entry.addenda-entry-sequence",
    "entry",
    message="The addendum does not name the trace number of the entry on line {entry_line}.",
    hint="Columns 88-94 end as the trace number does; an entry may be lost.",
    source=_TRACE,
)
ADDENDA_TRACE = declare(
    "ach.entry.addenda-trace",
    "entry",
    message="The trace number of the addendum is not that of the entry on line {entry_line}.",
    hint="Columns 80-94 are the same in both; an entry may be lost.",
    source=_TRACE,
)
ADDENDA_BLANK = declare(
    "ach.entry.addenda-blank",
    "warning",
    message="The payment information is blank.",
    hint="Leave an empty addendum out.",
    source="appendix 3, addenda",
)
CTX_COUNT_NUMERIC = declare(
    "ach.entry.ctx-count-numeric",
    "entry",
    message="The number of addenda records is not four digits.",
    hint="Write 0000 to 9999.",
    source=_MANDATORY,
)
CTX_COUNT = declare(
    "ach.entry.ctx-count",
    "entry",
    message="The entry announces {seen} addenda; {expected} follow.",
    hint="An addenda record is lost, or columns 55-58 are wrong.",
    source=_ADDENDA,
)
RETURN_CODE = declare(
    "ach.entry.return-code",
    "entry",
    message="The return reason code is not assigned.",
    hint="R01 to R53, R61 to R77 and R80 to R85 have their meanings in return-codes.",
    source=_MANDATORY,
)
RETURN_CODE_CASE = declare(
    "ach.entry.return-code-case",
    "entry",
    message="The return reason code is not in upper case.",
    hint="Write R in upper case.",
    source="appendix 3, data specifications",
)
RETURN_CODE_SIDE = declare(
    "ach.entry.return-code-side",
    "warning",
    message="{code} applies to {applies_to}; the entry returned is a {direction}.",
    hint="Ask the returning bank what it means.",
    source=_RETURNS,
)
RETURN_CODE_CLASS = declare(
    "ach.entry.return-code-class",
    "warning",
    message="{code} is not a reason for entries of class {sec_code}.",
    hint="Ask the returning bank what it means; the return may be dishonored.",
    source=_RETURNS,
)
RETURN_CODE_EARLY = declare(
    "ach.entry.return-code-early",
    "warning",
    message="{code} is a reason only from {effective_on} on.",
    hint="Ask the returning bank what it means.",
    source="amendment with that effective date",
)
ORIGINAL_TRACE = declare(
    "ach.entry.original-trace",
    "entry",
    message="The original trace number is missing or not fifteen digits.",
    hint="It names the entry that comes back: ask the returning bank for it.",
    source=_TRACE,
)
ORIGINAL_DFI = declare(
    "ach.entry.original-dfi",
    "entry",
    message="The original receiving DFI identification is not eight digits.",
    hint="Write the receiving DFI of the original entry.",
    source=_RETURNS,
    tolerated="banks mask it in returns",
)
DATE_OF_DEATH = declare(
    "ach.entry.date-of-death",
    "entry",
    message="The date of death is not a day of the calendar, or the reason is not R14 or R15.",
    hint="Write YYMMDD with R14 and R15, blanks with every other reason.",
    source=_RETURNS,
    tolerated="it has no effect",
)
DATE_OF_DEATH_MISSING = declare(
    "ach.entry.date-of-death-missing",
    "warning",
    message="{code} comes without a date of death.",
    hint="Ask the returning bank for it.",
    source=_RETURNS,
)
DATE_RETURNED = declare(
    "ach.entry.date-returned",
    "entry",
    message="The date of the original return is missing or not a day of the calendar.",
    hint="Write YYMMDD; R73 rests on it.",
    source=_RETURNS,
)
ORIGINAL_SETTLEMENT_DAY = declare(
    "ach.entry.original-settlement-day",
    "entry",
    message="The settlement day of the original entry is missing or not from 001 to 366.",
    hint="Write the day of the year; R73 rests on it.",
    source=_MANDATORY,
)
FIELD_ERRORS = declare(
    "ach.entry.field-errors",
    "entry",
    message="The information of R69 is not a list of 01 to 07 divided by asterisks.",
    hint="Write for example 01*03 for a wrong account number and a wrong amount.",
    source=_MANDATORY,
)
RETURN_TRACE = declare(
    "ach.entry.return-trace",
    "entry",
    message="The trace number of the return is missing or not fifteen digits.",
    hint="Copy it from the return that is dishonored.",
    source=_TRACE,
)
RETURN_SETTLEMENT_DAY = declare(
    "ach.entry.return-settlement-day",
    "entry",
    message="The settlement day of the return is not a day of the year from 001 to 366.",
    hint="Copy it from the batch header of the return.",
    source=_MANDATORY,
)
RETURN_REASON = declare(
    "ach.entry.return-reason",
    "entry",
    message="The reason of the return is not two digits of an assigned code.",
    hint="Copy the digits of its R code.",
    source=_MANDATORY,
)
DISHONORED_TRACE = declare(
    "ach.entry.dishonored-trace",
    "entry",
    message="The trace number of the dishonored return is missing or not fifteen digits.",
    hint="Copy it from the dishonored return that is contested.",
    source=_TRACE,
)
DISHONORED_SETTLEMENT_DAY = declare(
    "ach.entry.dishonored-settlement-day",
    "entry",
    message="The settlement day of the dishonored return is not a day of the year, 001 to 366.",
    hint="Copy it from the batch header of the dishonored return.",
    source=_MANDATORY,
)
DISHONORED_REASON = declare(
    "ach.entry.dishonored-reason",
    "entry",
    message="The reason of the dishonored return is none of 61, 62 and 67 to 70.",
    hint="Copy the digits of its R code.",
    source=_MANDATORY,
)
CHANGE_CODE = declare(
    "ach.entry.change-code",
    "entry",
    message="The change code is not assigned.",
    hint="C01 to C09, C13 and C14 are; a refused notification has C61 to C69.",
    source=_MANDATORY,
)
CHANGE_CODE_CASE = declare(
    "ach.entry.change-code-case",
    "entry",
    message="The change code is not in upper case.",
    hint="Write C in upper case.",
    source="appendix 3, data specifications",
)
CHANGE_CODE_WITHDRAWN = declare(
    "ach.entry.change-code-withdrawn",
    "warning",
    message="{code} was withdrawn on {withdrawn_on}.",
    hint="Let a person decide; never apply it automatically.",
    source="amendment of 2015-03-20",
)
CORRECTED_DATA = declare(
    "ach.entry.corrected-data",
    "entry",
    message="The corrected data is blank.",
    hint="The notification may be refused with C65.",
    source=_MANDATORY,
)
CORRECTED_DATA_FORM = declare(
    "ach.entry.corrected-data-form",
    "entry",
    message="The corrected data does not have the form that {code} asks for.",
    hint="The notification may be refused with C65.",
    source=_CHANGES,
    tolerated="a person can often tell what is meant",
)
CHANGE_CODE_RECEIVED = declare(
    "ach.entry.change-code-received",
    "entry",
    message="The change code of the refused notification is not assigned.",
    hint="Copy it from the notification that is refused.",
    source=_MANDATORY,
)
TRACE_SEQUENCE_RECEIVED = declare(
    "ach.entry.trace-sequence-received",
    "entry",
    message="The trace sequence of the refused notification is not seven digits.",
    hint="Copy the last seven digits of its trace number.",
    source=_MANDATORY,
)
