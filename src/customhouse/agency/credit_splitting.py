"""How the money of one incoming entry is told apart into portions, one for each addendum.

Pure. An addendum that can be read gets what it says; what cannot be read gets what is left, and
where the sums do not agree the whole entry stays together (CRD-02, C15). Nothing is dropped and
nothing guessed: the portions of an entry always come to its amount.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from customhouse.formats.txp import TxpReading
from customhouse.money import format_dollars
from customhouse.rails import AddendaFault, IncomingCredit

# Where the money of an entry is not told apart, its portion has this place.
WHOLE = 0
ADDENDUM_MISSING = "addendum-missing"
UNREADABLE = "addendum-unreadable"
SUM_MISMATCH = "sum-mismatch"
TYPE_UNKNOWN = "type-unknown"
_PLACES_TOLD = 20
_NONE_CAME = "The entry came without an addendum, so that nothing says what it pays."
_FAULTS: dict[AddendaFault, str] = {
    "": "",
    "missing": "The entry announces an addendum and none came, so that nothing says what it pays.",
    "unannounced": "The entry says that it has no addendum, and one came.",
    "miscounted": "The entry announces another number of addenda than came, which is {came:,}.",
    "misnumbered": "The addenda are not numbered from 1 on: one may be lost or out of its place.",
    "other-entry": "An addendum names another entry than the one that it came with.",
}


@dataclass(frozen=True, slots=True)
class Portion:
    """Some of an entry's money, in cents; a reason when what it pays cannot be told.

    ``position`` is the addendum's place in the entry, from 1, or WHOLE. Without a reading of its
    own ``sole_payer`` is the one payer whom all addenda of the entry name, or empty.
    """

    position: int
    amount_cents: int
    reading: TxpReading | None
    reason: str = ""
    detail: str = ""
    sole_payer: str = ""

    @property
    def payer_identifier(self) -> str:
        """Give who pays, as the addenda spell it; empty where they do not say."""
        return self.sole_payer if self.reading is None else self.reading.payer_identifier


def split(credit: IncomingCredit, readings: Sequence[TxpReading]) -> list[Portion]:
    """Tell a payment's money apart; ``readings`` are those of its addenda, in order."""
    if not readings:
        detail = _fault(credit) or _NONE_CAME
        return [Portion(WHOLE, credit.amount_cents, None, ADDENDUM_MISSING, detail)]
    if credit.addenda_fault:
        return [_whole(credit, readings, reason=UNREADABLE, detail=_fault(credit))]
    stated = sum(reading.amount_cents or 0 for reading in readings)
    unstated = [
        (position, reading)
        for position, reading in enumerate(readings, 1)
        if reading.amount_cents is None
    ]
    rest = credit.amount_cents - stated
    if rest < 0 or (rest > 0 and not unstated):
        return [_mismatch(credit, readings, stated)]
    portions = [
        _stated(position, reading, reading.amount_cents)
        for position, reading in enumerate(readings, 1)
        if reading.amount_cents
    ]
    if rest:
        portions.append(_unstated(unstated, rest, sole_payer=_sole_payer(readings)))
    return sorted(portions, key=lambda portion: portion.position)


def _fault(credit: IncomingCredit) -> str:
    return _FAULTS[credit.addenda_fault].format(came=len(credit.addenda))


def _mismatch(credit: IncomingCredit, readings: Sequence[TxpReading], stated_cents: int) -> Portion:
    said = "Its addendum says" if len(readings) == 1 else f"Its {len(readings):,} addenda say"
    detail = (
        f"{said} {format_dollars(stated_cents)}, the entry carries"
        f" {format_dollars(credit.amount_cents)}."
    )
    return _whole(credit, readings, reason=SUM_MISMATCH, detail=detail)


def _whole(
    credit: IncomingCredit, readings: Sequence[TxpReading], *, reason: str, detail: str
) -> Portion:
    """Keep all of an entry together; a single addendum is shown with it."""
    reading = readings[0] if len(readings) == 1 else None
    position = 1 if reading is not None else WHOLE
    return Portion(
        position,
        credit.amount_cents,
        reading,
        reason=reason,
        detail=detail,
        sole_payer=_sole_payer(readings),
    )


def _sole_payer(readings: Sequence[TxpReading]) -> str:
    named = {reading.payer_identifier for reading in readings if reading.payer_identifier}
    return named.pop() if len(named) == 1 else ""


def _stated(position: int, reading: TxpReading, amount_cents: int) -> Portion:
    if reading.fault is None:
        return Portion(position, amount_cents, reading)
    reason = TYPE_UNKNOWN if reading.fault.code == TYPE_UNKNOWN else UNREADABLE
    return Portion(position, amount_cents, reading, reason, reading.fault.sentence)


def _unstated(
    unstated: Sequence[tuple[int, TxpReading]], rest_cents: int, *, sole_payer: str
) -> Portion:
    """Give what is left to the addenda whose amount cannot be read, all of them together."""
    position, reading = unstated[0]
    detail = reading.fault.sentence if reading.fault is not None else ""
    if len(unstated) == 1:
        return Portion(position, rest_cents, reading, UNREADABLE, detail)
    places = ", ".join(str(place) for place, _ in unstated[:_PLACES_TOLD])
    more = " and others" if len(unstated) > _PLACES_TOLD else ""
    detail = f"The amounts of addenda {places}{more} cannot be read. The first: {detail}"
    return Portion(position, rest_cents, None, UNREADABLE, detail[:300], sole_payer)
