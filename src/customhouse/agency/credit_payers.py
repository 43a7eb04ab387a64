"""Payers of ACH Credit as payments name them: who it is, and whether it has joined.

An addendum spells an identifier in its own way: an importer number with or without its suffix and
its hyphens, or a filer code. A payer with several suffixes joins with one of them (CBP Form 401)
and is meant by all of them. Whether a payer may pay a certain document is not judged here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import credit_payers_store as sql
from customhouse.identifiers import FilerCode, IdentifierError, ImporterNumber, without_suffix

PayerKind = Literal["filer", "importer"]
EnrolmentState = Literal["received", "approved", "active", "refused", "removed"]

_LONGEST: Final = 20
# How far a payer is from paying, by the state of its enrolment.
_DISTANCE: Final[dict[EnrolmentState | None, int]] = {
    "active": 0,
    "approved": 1,
    "received": 2,
    "refused": 3,
    "removed": 3,
    None: 4,
}
_SEPARATORS: Final = re.compile(r"[ -]")


@dataclass(frozen=True, slots=True)
class CreditPayer:
    """A registered party as a payer: by importer number with hyphens, or by filer code.

    ``state`` is None for one that never applied; ``effective_on`` the first day on which a payment
    may be originated, None before its zero-dollar entry was accepted (CRD-12). ``removed_on`` is
    the business date from which a removed one may not pay any more.
    """

    payer_party_id: int
    payer_identifier: str
    name: str
    kind: PayerKind
    state: EnrolmentState | None
    effective_on: date | None
    removed_on: date | None = None

    def is_effective_on(self, day: date) -> bool:
        """Tell whether a payment that is collected on a day may be applied.

        One that was collected before its payer was removed may, whenever it is told.
        """
        if self.effective_on is None or day < self.effective_on:
            return False
        if self.state == "removed":
            return self.removed_on is not None and day < self.removed_on
        return self.state == "active"


def load(connection: Connection, identifiers: Sequence[str]) -> dict[str, CreditPayer]:
    """Give the payers of some identifiers, under each as it was spelled; unknown ones are absent.

    A spelling that may mean two registered payers names neither.
    """
    meant = _meant(connection, identifiers)
    return {spelled: payers[0] for spelled, payers in meant.items() if len(payers) == 1}


def taken(connection: Connection, identifiers: Sequence[str]) -> set[str]:
    """Give those spellings that mean a registered payer, or may mean one of two."""
    return set(_meant(connection, identifiers))


def _meant(connection: Connection, identifiers: Sequence[str]) -> dict[str, list[CreditPayer]]:
    """Give all payers that each spelling may mean; one that means nobody is absent."""
    meant = {spelled: readings_of(spelled) for spelled in identifiers}
    numbers = sorted({number for readings in meant.values() for number in readings})
    if not numbers:
        return {}
    bases = sorted({_base(number) for number in numbers})
    values = {"numbers": numbers, "bases": bases}
    with connection.cursor(row_factory=class_row(CreditPayer)) as cursor:
        rows = cursor.execute(sql.PAYERS, values).fetchall()
    suffixes: dict[str, list[CreditPayer]] = {}
    for row in rows:
        suffixes.setdefault(_base(row.payer_identifier), []).append(row)
    found = {}
    for spelled, readings in meant.items():
        payers = {
            payer.payer_party_id: payer
            for payer in (_payer_of(each, suffixes.get(_base(each), ())) for each in readings)
            if payer is not None
        }
        if payers:
            found[spelled] = list(payers.values())
    return found


def readings_of(spelled: str) -> tuple[str, ...]:
    """Give the canonical identifiers that a spelling may mean; none for a text that is no form.

    Blanks and hyphens may be missing or stand elsewhere: nine digits are an employer's or a social
    security number, eleven an employer's with suffix or one that the agency assigned.
    """
    text = spelled.strip().upper()
    if len(text) > _LONGEST:
        return ()
    if _parsed(text) is not None:
        return (str(_parsed(text)),)
    bare = _SEPARATORS.sub("", text)
    forms = {
        9: (f"{bare[:2]}-{bare[2:]}", f"{bare[:3]}-{bare[3:5]}-{bare[5:]}"),
        11: (f"{bare[:2]}-{bare[2:]}", f"{bare[:6]}-{bare[6:]}"),
    }.get(len(bare), ())
    parsed = (_parsed(form) for form in forms)
    return tuple(dict.fromkeys(each for each in parsed if each is not None))


def _payer_of(number: str, suffixes: Sequence[CreditPayer]) -> CreditPayer | None:
    """Give the payer of one number, of those with any suffix of it: who has joined for all of it.

    One that was removed or refused stands behind one that joined since.
    """
    meant = [each for each in suffixes if each.payer_identifier == number or each.state is not None]
    return min(
        meant,
        key=lambda each: (_DISTANCE[each.state], each.payer_identifier != number),
        default=None,
    )


def _base(number: str) -> str:
    return without_suffix(number)


def _parsed(text: str) -> str | None:
    try:
        return str(FilerCode.parse(text)) if len(text) <= 3 else str(ImporterNumber.parse(text))
    except IdentifierError:
        return None
