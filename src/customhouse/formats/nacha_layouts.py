"""The 94-column records of Nacha as data: where each field stands and what it may hold.

Field tables only; the values' meaning is in nacha_records, the rules are in nacha_check. Source:
Nacha Operating Rules, appendix 3 and, for returns and notifications, appendices 4 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from customhouse.formats.layout import Field, Kind, Layout

RECORD_LENGTH: Final = 94
BLOCKING_FACTOR: Final = 10

_Plan = tuple[str, int, str]


def _layout(name: str, title: str, *plan: _Plan) -> Layout:
    """Lay fields side by side: a kind of "N" or "A", with "!" when mandatory, "_", or a constant.

    A constant is written as "=" and its text; "_" is a reserved field of blanks.
    """
    fields, start = [], 1
    for field_name, width, kind in plan:
        fields.append(_field(field_name, kind, columns=(start, start + width - 1)))
        start += width
    return Layout(name, title, RECORD_LENGTH, tuple(fields))


def _field(name: str, kind: str, *, columns: tuple[int, int]) -> Field:
    description, (start, end) = name.replace("_", " "), columns
    if kind.startswith("="):
        return Field(name, start, end, Kind.NACHA_TEXT, "M", description, kind[1:])
    if kind == "_":
        return Field(f"{name}_{start}", start, end, Kind.SPACES, "M", description)
    nacha_kind = Kind.NACHA_NUMBER if kind[0] == "N" else Kind.NACHA_TEXT
    return Field(name, start, end, nacha_kind, "M" if kind.endswith("!") else "O", description)


FILE_HEADER: Final = _layout(
    "file header",
    "File header, record type 1",
    ("record_type", 1, "=1"),
    ("priority_code", 2, "=01"),
    ("immediate_destination", 10, "A!"),
    ("immediate_origin", 10, "A!"),
    ("creation_date", 6, "N!"),
    ("creation_time", 4, "N"),
    ("file_id_modifier", 1, "A!"),
    ("record_size", 3, "=094"),
    ("blocking_factor", 2, "=10"),
    ("format_code", 1, "=1"),
    ("destination_name", 23, "A"),
    ("origin_name", 23, "A"),
    ("reference_code", 8, "A"),
)

BATCH_HEADER: Final = _layout(
    "batch header",
    "Company/batch header, record type 5",
    ("record_type", 1, "=5"),
    ("service_class_code", 3, "N!"),
    ("company_name", 16, "A!"),
    ("company_discretionary_data", 20, "A"),
    ("company_identification", 10, "A!"),
    ("sec_code", 3, "A!"),
    ("entry_description", 10, "A!"),
    ("descriptive_date", 6, "A"),
    ("effective_entry_date", 6, "N"),
    ("settlement_day", 3, "N"),
    ("originator_status_code", 1, "A!"),
    ("odfi_identification", 8, "N!"),
    ("batch_number", 7, "N!"),
)

_ENTRY_START: Final[tuple[_Plan, ...]] = (
    ("record_type", 1, "=6"),
    ("transaction_code", 2, "N!"),
    ("receiving_dfi", 8, "N!"),
    ("check_digit", 1, "N!"),
    ("account_number", 17, "A"),
    ("amount_cents", 10, "N!"),
    ("identification_number", 15, "A"),
)
_ENTRY_END: Final[tuple[_Plan, ...]] = (
    ("discretionary_data", 2, "A"),
    ("addenda_indicator", 1, "N!"),
    ("trace_number", 15, "N!"),
)

ENTRY: Final = _layout(
    "entry",
    "Entry detail, record type 6",
    *_ENTRY_START,
    ("receiving_name", 22, "A"),
    *_ENTRY_END,
)

CTX_ENTRY: Final = _layout(
    "CTX entry",
    "Corporate entry detail, record type 6",
    *_ENTRY_START,
    ("addenda_count", 4, "N!"),
    ("receiving_name", 16, "A"),
    ("reserved", 2, "_"),
    *_ENTRY_END,
)

ADDENDA_05: Final = _layout(
    "addenda 05",
    "Payment related information, record type 7",
    ("record_type", 3, "=705"),
    ("text", 80, "A"),
    ("sequence", 4, "N!"),
    ("entry_sequence", 7, "N!"),
)

ADDENDA_98: Final = _layout(
    "addenda 98",
    "Notification of change, record type 7",
    ("record_type", 3, "=798"),
    ("change_code", 3, "A!"),
    ("original_trace", 15, "N!"),
    ("reserved", 6, "_"),
    ("original_dfi", 8, "N!"),
    ("corrected_data", 29, "A"),
    ("reserved", 15, "_"),
    ("trace", 15, "N!"),
)

ADDENDA_98_REFUSED: Final = _layout(
    "refused addenda 98",
    "Refused notification of change, record type 7",
    ("record_type", 3, "=798"),
    ("refused_code", 3, "A!"),
    ("original_trace", 15, "N!"),
    ("reserved", 6, "_"),
    ("original_dfi", 8, "N!"),
    ("corrected_data", 29, "A"),
    ("change_code", 3, "A!"),
    ("trace_sequence", 7, "N!"),
    ("reserved", 5, "_"),
    ("trace", 15, "N!"),
)

ADDENDA_99: Final = _layout(
    "addenda 99",
    "Return, record type 7",
    ("record_type", 3, "=799"),
    ("return_code", 3, "A!"),
    ("original_trace", 15, "N!"),
    ("date_of_death", 6, "N"),
    ("original_dfi", 8, "N!"),
    ("information", 44, "A"),
    ("trace", 15, "N!"),
)

ADDENDA_99_DISHONORED: Final = _layout(
    "dishonored addenda 99",
    "Dishonored return, record type 7",
    ("record_type", 3, "=799"),
    ("return_code", 3, "A!"),
    ("original_trace", 15, "N!"),
    ("reserved", 6, "_"),
    ("original_dfi", 8, "N!"),
    ("reserved", 3, "_"),
    ("return_trace", 15, "N!"),
    ("return_settlement_day", 3, "N!"),
    ("return_reason", 2, "N!"),
    ("information", 21, "A"),
    ("trace", 15, "N!"),
)

ADDENDA_99_CONTESTED: Final = _layout(
    "contested addenda 99",
    "Contested dishonored return, record type 7",
    ("record_type", 3, "=799"),
    ("return_code", 3, "A!"),
    ("original_trace", 15, "N!"),
    ("date_returned", 6, "N"),
    ("original_dfi", 8, "N!"),
    ("original_settlement_day", 3, "N"),
    ("return_trace", 15, "N!"),
    ("return_settlement_day", 3, "N!"),
    ("return_reason", 2, "N!"),
    ("dishonored_trace", 15, "N!"),
    ("dishonored_settlement_day", 3, "N!"),
    ("dishonored_reason", 2, "N!"),
    ("reserved", 1, "_"),
    ("trace", 15, "N!"),
)

BATCH_CONTROL: Final = _layout(
    "batch control",
    "Company/batch control, record type 8",
    ("record_type", 1, "=8"),
    ("service_class_code", 3, "N!"),
    ("entries_and_addenda", 6, "N!"),
    ("entry_hash", 10, "N!"),
    ("debit_cents", 12, "N!"),
    ("credit_cents", 12, "N!"),
    ("company_identification", 10, "A!"),
    ("message_authentication_code", 19, "A"),
    ("reserved", 6, "_"),
    ("odfi_identification", 8, "N!"),
    ("batch_number", 7, "N!"),
)

FILE_CONTROL: Final = _layout(
    "file control",
    "File control, record type 9",
    ("record_type", 1, "=9"),
    ("batches", 6, "N!"),
    ("blocks", 6, "N!"),
    ("entries_and_addenda", 8, "N!"),
    ("entry_hash", 10, "N!"),
    ("debit_cents", 12, "N!"),
    ("credit_cents", 12, "N!"),
    ("reserved", 39, "_"),
)

LAYOUTS: Final = (
    FILE_HEADER,
    BATCH_HEADER,
    ENTRY,
    CTX_ENTRY,
    ADDENDA_05,
    ADDENDA_98,
    ADDENDA_98_REFUSED,
    ADDENDA_99,
    ADDENDA_99_DISHONORED,
    ADDENDA_99_CONTESTED,
    BATCH_CONTROL,
    FILE_CONTROL,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one field stands: as a slice of its record, and as people spell its columns."""

    slice: slice
    columns: str


def cell(layout: Layout, name: str) -> Cell:
    """Find a field of a layout, so that columns are written down only once."""
    one = next(field for field in layout.fields if field.name == name)
    columns = str(one.start) if one.start == one.end else f"{one.start}-{one.end}"
    return Cell(slice(one.start - 1, one.end), columns)
