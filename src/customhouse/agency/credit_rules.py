"""Rules that officers let the desk remember: how an originator spells one payer's payments.

A rule mends an addendum that cannot be read or names nobody, before it is matched, and says why
(CRD-04). It never touches an addendum that is readable and right, and its money goes to its own
payer or nowhere. Pure but for ``load``; what can be learned is in credit_rules_learning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, Protocol

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import credit_payers
from customhouse.agency import credit_rules_store as sql
from customhouse.formats import txp
from customhouse.formats.txp import CUSTOMS_PROFILE, TxpProfile, TxpReading
from customhouse.formats.txp_values import SEGMENT
from customhouse.identifiers import IdentifierError, ImporterNumber

Flaw = Literal["payer-alias", "type-alias", "document-spelling", "document-element"]
# In this order they are tried on one addendum.
FLAWS: Final[tuple[Flaw, ...]] = (
    "payer-alias",
    "type-alias",
    "document-spelling",
    "document-element",
)
# What is wrong with the segment itself and not with an element. Written anew from its elements it
# would look whole, with an amount that may have been cut or is one of two.
_BROKEN: Final = frozenset(
    (
        "segment-missing",
        "separator-missing",
        "too-long",
        "not-printable",
        "two-segments",
        "terminator-missing",
    )
)
_NOT_PLAIN: Final = re.compile(r"[^0-9A-Z]")
_DOCUMENT: Final = re.compile(r"[0-9A-Z]{3}[0-9]{4}[0-9A-Z]{3,4}")


class Flawed(Protocol):
    """What a flaw is, in a rule or in one that is to be made; as in CreditRule."""

    @property
    def flaw(self) -> Flaw:
        """Give what kind of flaw it is."""

    @property
    def element(self) -> int:
        """Give the element's place, from 1."""

    @property
    def seen(self) -> str:
        """Give an alias as it is sent."""

    @property
    def meant(self) -> str:
        """Give what the alias means."""

    @property
    def prefix(self) -> str:
        """Give what stands before a document number."""

    @property
    def suffix(self) -> str:
        """Give what stands behind a document number."""


@dataclass(frozen=True, slots=True)
class CreditRule:
    """A rule in force: what ``company_identification`` sends, and what it means for one payer.

    ``element`` counts the addendum's elements from 1. An alias has ``seen`` and ``meant``, a
    document number what stands before and behind it (``prefix``, ``suffix``).
    """

    payer_party_id: int
    rule_id: int
    payer_identifier: str
    company_identification: str
    flaw: Flaw
    element: int
    seen: str
    meant: str
    prefix: str
    suffix: str
    starts_on: date
    made_by: str

    @property
    def words(self) -> str:
        """Say what the rule does."""
        return words_of(self)


def load(
    connection: Connection, company_identifications: Sequence[str]
) -> Mapping[str, Sequence[CreditRule]]:
    """Give the rules in force for some originators, by company identification.

    An alias that means a registered payer by now, in whatever spelling, is left out.
    """
    found: dict[str, list[CreditRule]] = {}
    if not company_identifications:
        return found
    values = {"companies": list(company_identifications)}
    with connection.cursor(row_factory=class_row(CreditRule)) as cursor:
        rules = cursor.execute(sql.RULES_IN_FORCE, values).fetchall()
    aliases = sorted({rule.seen for rule in rules if rule.flaw == "payer-alias"})
    taken = credit_payers.taken(connection, aliases)
    for rule in rules:
        if rule.flaw != "payer-alias" or rule.seen not in taken:
            found.setdefault(rule.company_identification, []).append(rule)
    return found


def apply(
    reading: TxpReading, rules: Sequence[CreditRule], *, profile: TxpProfile = CUSTOMS_PROFILE
) -> tuple[TxpReading, str]:
    """Give a reading as the rules mend it, and why; unchanged and empty where none fits.

    Where the rules of two payers fit, neither is taken: nothing is guessed. A segment that is
    broken as a whole, cut or with a second one behind it, stays as it is (C15).
    """
    if not rules or (reading.fault is not None and reading.fault.code in _BROKEN):
        return reading, ""
    payers = sorted({rule.payer_identifier for rule in rules})
    mended = []
    for payer in payers:
        own = [rule for rule in rules if rule.payer_identifier == payer]
        result = _mended(reading, own, profile)
        if result is not None:
            mended.append(result)
    return mended[0] if len(mended) == 1 else (reading, "")


def words_of(rule: Flawed) -> str:
    """Say what a rule does, or would do."""
    if rule.flaw == "payer-alias":
        return f"{rule.seen} as the payer means {rule.meant}"
    if rule.flaw == "type-alias":
        return f"payment type {rule.seen} means {rule.meant}"
    around = [
        f"{word} {text}"
        for word, text in (("behind", rule.prefix), ("before", rule.suffix))
        if text
    ]
    where = f"the document number stands in element {rule.element:02d}"
    return " ".join([where, " and ".join(around)]).strip()


def canonical(identifier: str) -> str:
    """Spell a payer's identifier in the one way in which it is compared."""
    try:
        return ImporterNumber.parse(identifier).canonical
    except IdentifierError:
        return identifier


def spelled(text: str) -> str:
    """Give an element without blanks and in capitals: how an alias is kept and compared."""
    return "".join(text.upper().split())


def plain(text: str) -> str:
    """Give only the digits and letters of an element: what a document number is found in."""
    return _NOT_PLAIN.sub("", text.upper())


def _mended(
    reading: TxpReading, rules: Sequence[CreditRule], profile: TxpProfile
) -> tuple[TxpReading, str] | None:
    """Mend with one payer's rules: all that fit, or who pays alone where more is wrong."""
    aliases = [rule for rule in rules if rule.flaw == "payer-alias"]
    # A readable addendum is at most told whom its payer's name means.
    attempts = [rules, aliases] if reading.fault is not None else [aliases]
    for attempt in attempts:
        elements, used = _rewritten(reading, attempt, profile)
        if not used:
            continue
        text = profile.separator.join((SEGMENT, *elements)) + profile.terminator
        result = txp.read(text, profile)
        if canonical(result.payer_identifier) != canonical(rules[0].payer_identifier):
            continue
        if reading.amount_cents not in (None, result.amount_cents):
            continue
        if result.fault is None or attempt is aliases:
            return result, _why(used)
    return None


def _rewritten(
    reading: TxpReading, rules: Sequence[CreditRule], profile: TxpProfile
) -> tuple[list[str], list[CreditRule]]:
    elements = list(reading.elements)
    used = []
    for rule in sorted(rules, key=lambda rule: (FLAWS.index(rule.flaw), rule.rule_id)):
        changed = _changed(elements, rule, profile)
        if changed is not None:
            elements = changed
            used.append(rule)
    return elements, used


def _changed(elements: Sequence[str], rule: CreditRule, profile: TxpProfile) -> list[str] | None:
    """Give the elements as one rule changes them, None where it does not fit."""
    if rule.element > len(elements):
        return None
    text = elements[rule.element - 1]
    changed = list(elements)
    if rule.flaw in ("payer-alias", "type-alias"):
        if rule.seen not in (spelled(text), canonical(spelled(text))):
            return None
        changed[rule.element - 1] = rule.meant
        return changed
    number = document_in(text, prefix=rule.prefix, suffix=rule.suffix)
    if number is None:
        return None
    place = profile.places["document"]
    if place >= len(elements):
        return None
    if rule.element - 1 != place:
        # Where the profile has a meaning, what stood in the number's place belongs; else nothing.
        has_meaning = rule.element - 1 in profile.places.values()
        changed[rule.element - 1] = elements[place] if has_meaning else ""
    changed[place] = number
    return changed


def document_in(text: str, *, prefix: str, suffix: str) -> str | None:
    """Give the document number between two texts in an element, None where there is none."""
    whole = plain(text)
    if not (whole.startswith(prefix) and whole.endswith(suffix)):
        return None
    number = whole[len(prefix) : len(whole) - len(suffix)]
    return number if _DOCUMENT.fullmatch(number) else None


def _why(used: Sequence[CreditRule]) -> str:
    first = used[0]
    numbers = " and ".join(str(rule.rule_id) for rule in used)
    words = "; ".join(rule.words for rule in used)
    noun = "rule" if len(used) == 1 else "rules"
    return f"{noun} {numbers} of {first.made_by} from {first.starts_on}: {words}"[:300]
