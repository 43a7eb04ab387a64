"""Reads and writes the TXP segment of an addendum: who pays which document how much (CRD-02).

Reading never raises and never guesses. What is unusual but certain is read and noted; what is not
certain is a fault, and then the amount is None unless it stands unmistakably in its place. Whether
a payer or a document exists is not known here. Source: the tax payment banking convention.
"""

from __future__ import annotations

from customhouse.formats.txp_profile import (
    CUSTOMS_PROFILE,
    DocumentKind,
    Meaning,
    TxpElement,
    TxpProfile,
    profile_from_json,
)
from customhouse.formats.txp_reader import Reader, read_date, read_document, read_payer
from customhouse.formats.txp_values import (
    FAULT_CODES,
    NOTES,
    SEGMENT,
    WIDTH,
    TxpFault,
    TxpPayment,
    TxpReading,
)

__all__ = [
    "CUSTOMS_PROFILE",
    "FAULT_CODES",
    "NOTES",
    "DocumentKind",
    "TxpElement",
    "TxpFault",
    "TxpPayment",
    "TxpProfile",
    "TxpReading",
    "profile_from_json",
    "read",
    "render",
]


def read(text: str, profile: TxpProfile = CUSTOMS_PROFILE) -> TxpReading:
    """Read the 80 characters of an addendum; never raises (CRD-02, failure case C15)."""
    plain = profile.plain.fullmatch(text) if len(text) <= WIDTH else None
    if plain is not None:
        reading = _read_plain(plain.groups(), profile)
        if reading is not None:
            return reading
    return Reader(profile).read(text)


def render(payment: TxpPayment, profile: TxpProfile = CUSTOMS_PROFILE) -> str:
    """Write a segment; raise ValueError when it would not be read as exactly this payment."""
    code = profile.type_code(payment.document_kind)
    form = "%y%m%d" if profile.date_digits == 6 else "%Y%m%d"
    values: dict[Meaning, str] = {
        "payer": payment.payer_identifier,
        "type": code,
        "date": f"{payment.dated_on:{form}}",
        "document": payment.document_number,
        "amount": str(payment.amount_cents),
    }
    count = max(place for meaning, place in profile.places.items() if meaning in values) + 1
    elements = [""] * count
    for meaning, value in values.items():
        elements[profile.places[meaning]] = value
    text = profile.separator.join((SEGMENT, *elements)) + profile.terminator
    reading = read(text, profile)
    if reading.fault is not None:
        raise ValueError(reading.fault.sentence)
    if reading.notes or not _says(reading, payment):
        raise ValueError(f"the segment {text!a} would be read as another payment")
    return text


def _says(reading: TxpReading, payment: TxpPayment) -> bool:
    return (
        reading.payer_identifier,
        reading.document_kind,
        reading.document_number,
        reading.dated_on,
        reading.amount_cents,
    ) == (
        payment.payer_identifier,
        payment.document_kind,
        payment.document_number,
        payment.dated_on,
        payment.amount_cents,
    )


def _read_plain(elements: tuple[str, ...], profile: TxpProfile) -> TxpReading | None:
    """Read what has no blank, fault or oddity; None for everything else."""
    places = profile.places
    type_code = elements[places["type"]]
    kind = profile.kinds.get(type_code)
    if kind is None or kind == "prenote":
        return None
    written, number = elements[places["payer"]], elements[places["document"]]
    payer, payer_note = read_payer(written, profile)
    if payer_note is not None or read_document(number, kind, profile=profile) != (number, None):
        return None
    dated_on = read_date(elements[places["date"]])
    if dated_on is None:
        return None
    cents = int(elements[places["amount"]])
    return TxpReading(payer, type_code, kind, number, dated_on, cents, None, (), elements)
