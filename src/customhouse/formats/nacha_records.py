"""The records of an ACH file as frozen values: amounts in whole cents, dates as dates.

Values only. Their columns are in nacha_layouts, reading and writing in nacha_file, the rules in
nacha_check. An account number never shows in the representation of a value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from customhouse.formats.nacha_codes import TRANSACTION_CODES, TransactionCode


@dataclass(frozen=True, slots=True)
class FileHeader:
    """Record 1. Destination and origin are nine digits, or the origin is a ten-character id.

    ``creation_time`` is "HHMM" or empty; ``file_id_modifier`` is A to Z or 0 to 9 and tells files
    of one origin, date and time apart.
    """

    immediate_destination: str
    immediate_origin: str
    creation_date: date
    creation_time: str
    file_id_modifier: str
    destination_name: str = ""
    origin_name: str = ""
    reference_code: str = ""


@dataclass(frozen=True, slots=True)
class BatchHeader:
    """Record 5. ``settlement_day`` is the day of the year that the operator wrote, if any.

    ``odfi_identification`` is the first eight digits of the originating bank's routing number, in
    a batch of returns those of the returning bank's. ``effective_entry_date`` may be blank (None).
    """

    service_class_code: int
    company_name: str
    company_discretionary_data: str
    company_identification: str
    sec_code: str
    entry_description: str
    descriptive_date: str
    effective_entry_date: date | None
    settlement_day: int | None
    originator_status_code: str
    odfi_identification: str
    batch_number: int


@dataclass(frozen=True, slots=True)
class Addenda05:
    """Payment information: ``text`` of at most 80 characters, ``sequence`` from 1 up.

    ``entry_sequence`` is the last seven digits of the entry's trace number.
    """

    text: str
    sequence: int
    entry_sequence: str

    @classmethod
    def of(cls, trace_number: str, text: str, *, sequence: int = 1) -> Addenda05:
        """Make the addendum of the entry that has this trace number."""
        return cls(text, sequence, trace_number[-7:])


@dataclass(frozen=True, slots=True)
class Addenda98:
    """Notification of change: ``corrected_data`` as it stands, see change_codes for its parts.

    Corrected data may be an account number, so it is left out of the representation.
    """

    change_code: str
    original_trace: str
    original_dfi: str
    corrected_data: str = field(repr=False)
    trace: str


@dataclass(frozen=True, slots=True)
class RefusedAddenda98:
    """A notification of change that was refused, with the change code as it had come."""

    refused_code: str
    original_trace: str
    original_dfi: str
    corrected_data: str = field(repr=False)
    change_code: str
    trace_sequence: str
    trace: str


@dataclass(frozen=True, slots=True)
class Addenda99:
    """A return: the reason, the entry that comes back and the returner's own trace number.

    ``date_of_death`` belongs to R14 and R15. ``information`` may name anything, an account too,
    so it is left out of the representation.
    """

    return_code: str
    original_trace: str
    original_dfi: str
    date_of_death: date | None
    information: str = field(repr=False)
    trace: str


@dataclass(frozen=True, slots=True)
class DishonoredAddenda99:
    """A return that the originating bank sends back (R61, R62, R67 to R70)."""

    return_code: str
    original_trace: str
    original_dfi: str
    return_trace: str
    return_settlement_day: int
    return_reason: str
    information: str = field(repr=False)
    trace: str


@dataclass(frozen=True, slots=True)
class ContestedAddenda99:
    """A dishonored return that the receiving bank contests (R71 to R77)."""

    return_code: str
    original_trace: str
    date_returned: date | None
    original_dfi: str
    original_settlement_day: int | None
    return_trace: str
    return_settlement_day: int
    return_reason: str
    dishonored_trace: str
    dishonored_settlement_day: int
    dishonored_reason: str
    trace: str


Addenda = (
    Addenda05 | Addenda98 | RefusedAddenda98 | Addenda99 | DishonoredAddenda99 | ContestedAddenda99
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Record 6 with its addenda; ``amount_cents`` is never negative, the code has the direction.

    ``addenda_count`` is what columns 55 to 58 of a CTX entry say where that is not the number of
    its addenda, as a return may leave it; None means the number of addenda.
    """

    transaction_code: int
    receiving_dfi: str
    check_digit: str
    account_number: str = field(repr=False)
    amount_cents: int
    identification_number: str
    receiving_name: str
    discretionary_data: str
    trace_number: str
    addenda: tuple[Addenda, ...] = ()
    addenda_count: int | None = None

    @property
    def code(self) -> TransactionCode:
        """Say what the transaction code means; raise KeyError when it is unknown."""
        return TRANSACTION_CODES[self.transaction_code]

    @property
    def remittance_text(self) -> str:
        """Give the text of all 05 addenda in one: segments may cross from one to the next."""
        return joined_text(one for one in self.addenda if isinstance(one, Addenda05))


@dataclass(frozen=True, slots=True)
class BatchControl:
    """Record 8. ``entry_hash`` is the last ten digits of the sum of the receiving DFIs."""

    service_class_code: int
    entries_and_addenda: int
    entry_hash: int
    debit_cents: int
    credit_cents: int
    company_identification: str
    message_authentication_code: str
    odfi_identification: str
    batch_number: int


@dataclass(frozen=True, slots=True)
class FileControl:
    """Record 9: what the whole file adds up to."""

    batches: int
    blocks: int
    entries_and_addenda: int
    entry_hash: int
    debit_cents: int
    credit_cents: int


Item = FileHeader | BatchHeader | Entry | BatchControl | FileControl


def joined_text(addenda: Iterable[Addenda05]) -> str:
    """Join the texts of 05 addenda at their full width of 80, without blanks at the very end."""
    return "".join(one.text.ljust(80) for one in addenda).rstrip()
