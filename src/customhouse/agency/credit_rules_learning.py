"""What can be learned from an addendum that was wrong and what an officer says it should have been.

Pure. What is general about the flaw becomes lessons: another name of the payer, another payment
type code, letters around a document number, a document number in another element. A slip (a wrong
digit, a missing amount) teaches nothing: the next one will be another (CRD-04).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from customhouse.agency import credit_rules
from customhouse.agency.credit_rules import CreditRule, Flaw, canonical, plain, spelled
from customhouse.formats.txp import DocumentKind, TxpProfile, TxpReading


@dataclass(frozen=True, slots=True)
class RightAddendum:
    """What an addendum should have named: payer, kind and number of the document."""

    payer_identifier: str
    document_kind: DocumentKind
    document_number: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """A rule before it has a number; as in CreditRule."""

    flaw: Flaw
    element: int
    seen: str = ""
    meant: str = ""
    prefix: str = ""
    suffix: str = ""


def learn(wrong: TxpReading, right: RightAddendum, *, profile: TxpProfile) -> tuple[Lesson, ...]:
    """Give the lessons of a flaw; none when it was a slip, or when they would not mend it.

    Where the payer's name can be learned and the document was a slip, the name alone is.
    """
    lessons = tuple(_lessons(wrong, right, profile))
    mended = _mended(wrong, right, lessons=lessons, profile=profile)
    if mended is not None and mended.fault is None:
        found = (mended.document_kind, mended.document_number)
        if found == (right.document_kind, right.document_number):
            return lessons
    aliases = tuple(lesson for lesson in lessons if lesson.flaw == "payer-alias")
    return aliases if _mended(wrong, right, lessons=aliases, profile=profile) else ()


def _lessons(wrong: TxpReading, right: RightAddendum, profile: TxpProfile) -> Iterator[Lesson]:
    elements, places = wrong.elements, profile.places
    if len(elements) <= places["document"]:
        return
    number = plain(right.document_number)
    if canonical(wrong.payer_identifier) != canonical(right.payer_identifier):
        seen = canonical(wrong.payer_identifier or spelled(elements[places["payer"]]))
        # A document number in the payer's place is no name of anybody.
        if seen and number not in plain(seen):
            yield Lesson(
                "payer-alias", places["payer"] + 1, seen=seen, meant=right.payer_identifier
            )
    if wrong.fault is None:
        return
    code, seen_code = profile.type_code(right.document_kind), spelled(elements[places["type"]])
    if seen_code and seen_code != code:
        yield Lesson("type-alias", places["type"] + 1, seen=seen_code, meant=code)
    if plain(elements[places["document"]]) != number:
        yield from _document_lesson(elements, number, places["document"])


def _document_lesson(elements: Sequence[str], number: str, own_place: int) -> Iterator[Lesson]:
    """Find where the number stands: in its own element first, then from the front."""
    for place in (own_place, *range(len(elements))):
        prefix, found, suffix = plain(elements[place]).partition(number)
        if found:
            flaw: Flaw = "document-spelling" if place == own_place else "document-element"
            yield Lesson(flaw, place + 1, prefix=prefix, suffix=suffix)
            return


def _mended(
    wrong: TxpReading, right: RightAddendum, *, lessons: Sequence[Lesson], profile: TxpProfile
) -> TxpReading | None:
    """Give what the lessons make of the wrong addendum; None where it is not its payer's."""
    mended, why = credit_rules.apply(wrong, _as_rules(lessons, right), profile=profile)
    named = canonical(mended.payer_identifier) == canonical(right.payer_identifier)
    return mended if why and named else None


def _as_rules(lessons: Sequence[Lesson], right: RightAddendum) -> list[CreditRule]:
    rule = CreditRule(
        payer_party_id=0,
        rule_id=0,
        payer_identifier=right.payer_identifier,
        company_identification="",
        flaw="payer-alias",
        element=1,
        seen="",
        meant="",
        prefix="",
        suffix="",
        starts_on=date.min,
        made_by="",
    )
    return [
        replace(
            rule,
            flaw=lesson.flaw,
            element=lesson.element,
            seen=lesson.seen,
            meant=lesson.meant,
            prefix=lesson.prefix,
            suffix=lesson.suffix,
        )
        for lesson in lessons
    ]
