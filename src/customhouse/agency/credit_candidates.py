"""Which documents a payment that was not matched may have meant, and what speaks for each.

Pure. A candidate has at least one piece of evidence that points at it: its number, its amount or
what the payer said. Nothing is ever applied because of it: an officer reads it and decides
(CRD-04). What is on file is loaded in credit_candidates_loading.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, islice
from typing import Final

from customhouse.money import format_dollars

MOST_CANDIDATES: Final = 20
# Among so many open documents of a payer sums are tried.
MOST_IN_SUMS: Final = 200
MOST_TOKENS: Final = 16
# Statement numbers have 10 places, bill numbers 11.
_LENGTHS: Final = (10, 11)
_PLACES_OF_DIGITS: Final = 7
_TOKEN: Final = re.compile(r"[0-9A-Z]{9,12}")
_NOT_PLAIN: Final = re.compile(r"[^0-9A-Z]")
# Letters that people type or read for digits.
_LOOK_ALIKE: Final = str.maketrans("OILZSB", "011258")
_ENTRY: Final = re.compile(r"[0-9A-Z]{3}[0-9]{8}")

SAID_BY_PAYER: Final = 100
CLAIMED: Final = 50
SAME_NUMBER: Final = 60
ELSEWHERE: Final = 55
LOOKS_ALIKE: Final = 50
ENTRY_NAMED: Final = 50
TRANSPOSED: Final = 45
DIGIT_OFF: Final = 40
DIGIT_COUNT: Final = 35
SAME_AMOUNT: Final = 40
IN_A_SUM: Final = 25
READ_PAYER: Final = 20
EARLIER_PAYER: Final = 15


@dataclass(frozen=True, slots=True)
class Subject:
    """A part that waits: cents, what was read, and what else its entry holds.

    ``elements`` are the addendum's, ``elsewhere`` the entry's own fields. ``earlier`` says how many
    applied payments of this originator went to each payer. ``named_party_id`` is who the addendum
    names or an officer found; ``said`` the documents that its payer answered with, ``claimed``
    says by document who names it and claims the money, who may be anybody.
    """

    amount_cents: int
    collected_on: date
    document_number: str
    elements: tuple[str, ...]
    elsewhere: tuple[str, ...]
    named_party_id: int | None
    earlier: Mapping[int, int]
    said: tuple[str, ...] = ()
    claimed: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OnFile:
    """A document that may be meant; cents. ``due_cents`` is what is still to come for it.

    ``payable_by`` are the parties that may pay it, by name; ``state`` is its statement's. Of its
    entries ``entry_named`` is one that the payment holds the number of, ``entry_short`` one whose
    charges are what the amount is short of; empty where there is none.
    """

    kind: str
    number: str
    filer_code: str
    statement_number: str
    state: str
    total_cents: int
    due_cents: int
    due_on: date | None
    payer_party_id: int
    payer_name: str
    payable_by: tuple[int, ...]
    entry_named: str = ""
    entry_short: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence: how much it weighs, and a sentence."""

    weight: int
    sentence: str
    points: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document with all that speaks for it, the weightiest first, and what applying comes to."""

    document: OnFile
    evidence: tuple[Evidence, ...]
    advice: str

    @property
    def weight(self) -> int:
        """Give the weight of all evidence together."""
        return sum(piece.weight for piece in self.evidence)


def numbers_to_look_up(subject: Subject) -> list[str]:
    """Give every document number that is near one that the payment holds; some hundreds."""
    found: dict[str, None] = dict.fromkeys((*subject.said, *subject.claimed))
    for token in _tokens(subject):
        found.update(dict.fromkeys(_near(token)))
    return list(found)


def entries_to_look_up(subject: Subject) -> list[str]:
    """Give what may be an entry number in place of a statement's: filer code and eight digits."""
    return [token for token in _tokens(subject) if _ENTRY.fullmatch(token)]


def candidates(subject: Subject, documents: Sequence[OnFile]) -> list[Candidate]:
    """Give the likely documents, the likeliest first; at most twenty."""
    sums = _sums(subject, documents)
    found = []
    for document in documents:
        pieces = sorted(_evidence(subject, document, sums), key=lambda piece: -piece.weight)
        if any(piece.points for piece in pieces):
            advice = _advice(subject, document)
            found.append(Candidate(document, tuple(pieces), advice))
    found.sort(key=lambda each: (-each.weight, each.document.number))
    return found[:MOST_CANDIDATES]


def _evidence(
    subject: Subject, document: OnFile, sums: Mapping[str, tuple[str, ...]]
) -> Iterator[Evidence]:
    if document.number in subject.said:
        yield Evidence(SAID_BY_PAYER, "The payer answered that it pays this one.", points=True)
    if document.number in subject.claimed:
        names = " and ".join(subject.claimed[document.number])
        sentence = f"It pays this one, says who claims the money: {names}."
        yield Evidence(CLAIMED, sentence, points=True)
    yield from _number_evidence(subject, document.number)
    if document.entry_named:
        sentence = f"Entry {document.entry_named}, which the payment names, is on it."
        yield Evidence(ENTRY_NAMED, sentence, points=True)
    if document.due_cents == subject.amount_cents:
        amount = format_dollars(document.due_cents)
        yield Evidence(
            SAME_AMOUNT, f"The amount {amount} is what is due on it, to the cent.", points=True
        )
    elif document.due_cents == 0 and document.total_cents == subject.amount_cents:
        amount = format_dollars(document.total_cents)
        yield Evidence(IN_A_SUM, f"The amount {amount} is what it came to.", points=True)
    elif document.number in sums:
        others = " and ".join(sums[document.number])
        yield Evidence(
            IN_A_SUM, f"Together with {others} it comes to the amount, to the cent.", points=True
        )
    elif document.entry_short:
        short = format_dollars(document.due_cents - subject.amount_cents)
        sentence = f"The amount is what is due on it but for entry {document.entry_short}, {short}."
        yield Evidence(IN_A_SUM, sentence, points=True)
    yield from _payer_evidence(subject, document)


def _payer_evidence(subject: Subject, document: OnFile) -> Iterator[Evidence]:
    named = subject.named_party_id
    if named is not None and named in document.payable_by:
        yield Evidence(READ_PAYER, "The payer of this money may pay it.", points=False)
    elif named is not None:
        sentence = f"It is not the payer's of this money: it is {document.payer_name}'s."
        yield Evidence(0, sentence, points=False)
    count = sum(subject.earlier.get(party, 0) for party in document.payable_by)
    if count:
        times = "payment" if count == 1 else "payments"
        sentence = f"{count:,} earlier {times} of this originator went to a payer of it."
        yield Evidence(EARLIER_PAYER, sentence, points=False)


def _number_evidence(subject: Subject, number: str) -> Iterator[Evidence]:
    """Compare a number with each that the payment holds, and look for it in every text."""
    compared = [_compared(plain(subject.document_number), number, where="The number read")]
    inside = []
    for place, element in enumerate(subject.elements, 1):
        text, where = plain(element), f"Element {place:02d}"
        tokens = _TOKEN.findall(text) or [text]
        compared += [_compared(token, number, where=where) for token in tokens]
        inside.append(_inside(text, number, where=f"element {place:02d}"))
    for text in subject.elsewhere:
        inside.append(_inside(plain(text), number, where="the entry's own fields"))
    pieces = [piece for piece in compared if piece is not None]
    nearest = max(pieces, key=lambda piece: piece.weight, default=None)
    if nearest is not None:
        yield nearest
    if nearest is None or nearest.weight < SAME_NUMBER:
        yield from [piece for piece in inside if piece is not None][:1]


def _inside(text: str, number: str, *, where: str) -> Evidence | None:
    if number in text and text != number:
        return Evidence(ELSEWHERE, f"Its number stands in {where}, with more around.", points=True)
    if number == text:
        return Evidence(ELSEWHERE, f"Its number stands in {where}.", points=True)
    if _folded(number) in _folded(text):
        sentence = f"Its number stands in {where}, with letters that look like digits."
        return Evidence(LOOKS_ALIKE, sentence, points=True)
    return None


def _compared(token: str, number: str, *, where: str) -> Evidence | None:
    """Say how a number that was read differs from a document's, where it is near."""
    if token == number:
        return Evidence(SAME_NUMBER, f"{where}, {token}, is its number.", points=True)
    if _folded(token) == _folded(number):
        pairs = dict.fromkeys((a, b) for a, b in zip(token, number, strict=True) if a != b)
        seen = ", ".join(f"{a} for {b}" for a, b in pairs)
        sentence = f"{where}, {token}, looks like its number: {seen}."
        return Evidence(LOOKS_ALIKE, sentence, points=True)
    if len(token) == len(number):
        return _misread(token, number, where)
    longer, shorter = sorted((token, number), key=len, reverse=True)
    if len(longer) != len(shorter) + 1 or len(shorter) < _LENGTHS[0] - 1:
        return None
    if all(longer[:at] + longer[at + 1 :] != shorter for at in range(len(longer))):
        return None
    what = "one character too many" if token == longer else "one character too few"
    return Evidence(DIGIT_COUNT, f"{where}, {token}, has {what} for it.", points=True)


def _misread(token: str, number: str, where: str) -> Evidence | None:
    differing = [at for at in range(len(number)) if token[at] != number[at]]
    if len(differing) == 1:
        (at,) = differing
        sentence = (
            f"{where}, {token}, differs from it in one place: {token[at]} for {number[at]}"
            f" at place {at + 1}."
        )
        return Evidence(DIGIT_OFF, sentence, points=True)
    if len(differing) == 2 and differing[1] == differing[0] + 1:
        at = differing[0]
        if token[at] == number[at + 1] and token[at + 1] == number[at]:
            sentence = (
                f"{where}, {token}, is its number with places {at + 1} and {at + 2} exchanged."
            )
            return Evidence(TRANSPOSED, sentence, points=True)
    return None


def _sums(subject: Subject, documents: Sequence[OnFile]) -> dict[str, tuple[str, ...]]:
    """Find two or three open documents of one payer that come to the amount together."""
    found: dict[str, tuple[str, ...]] = {}
    groups: dict[int, list[OnFile]] = {}
    for document in documents:
        for party in document.payable_by:
            if document.due_cents > 0 and document.kind == "statement":
                groups.setdefault(party, []).append(document)
    for group in groups.values():
        some = sorted(group[:MOST_IN_SUMS], key=lambda document: document.number)
        for chosen in _chosen(subject.amount_cents, some):
            numbers = [document.number for document in chosen]
            for number in numbers:
                others = tuple(other for other in numbers if other != number)
                found.setdefault(number, others)
    return found


def _chosen(amount_cents: int, group: Sequence[OnFile]) -> list[tuple[OnFile, ...]]:
    """Give a pair, else three, that come to an amount; ``group`` is in order of number."""
    pairs = list(islice(_completed(amount_cents, group, size=1), MOST_CANDIDATES))
    return pairs or list(islice(_completed(amount_cents, group, size=2), MOST_CANDIDATES))


def _completed(
    amount_cents: int, group: Sequence[OnFile], *, size: int
) -> Iterator[tuple[OnFile, ...]]:
    """Give each choice of so many documents that one later in the group completes."""
    by_cents: dict[int, list[OnFile]] = {}
    for document in group:
        by_cents.setdefault(document.due_cents, []).append(document)
    for chosen in combinations(group, size):
        rest = amount_cents - sum(document.due_cents for document in chosen)
        later = (each for each in by_cents.get(rest, ()) if each.number > chosen[-1].number)
        last = next(later, None)
        if last is not None:
            yield (*chosen, last)


def _advice(subject: Subject, document: OnFile) -> str:
    """Say what applying would come to."""
    if document.due_cents <= 0:
        words = {"cancelled": "was cancelled"}.get(document.state, "is paid already")
        return f"It {words}: the money would be a second payment, to be refunded."
    difference = subject.amount_cents - document.due_cents
    if difference == 0:
        return "Applied, it is paid in full."
    amount = format_dollars(abs(difference))
    if difference < 0:
        return f"Applied, {amount} is still missing: it would wait."
    return f"Applied, it is paid in full and {amount} is owed back."


def plain(text: str) -> str:
    """Give only the digits and letters of a text, in capitals."""
    return _NOT_PLAIN.sub("", text.upper())


def _folded(text: str) -> str:
    """Give a text with digits for the letters that look like them."""
    return text.translate(_LOOK_ALIKE)


def _tokens(subject: Subject) -> list[str]:
    """Give what may be a document number: in the number read first, then in all other texts."""
    texts = [subject.document_number, *subject.elements, *subject.elsewhere]
    found: dict[str, None] = {}
    for text in texts:
        whole = plain(text)
        found.update(dict.fromkeys(_TOKEN.findall(whole)))
        for window in _windows(whole):
            digits, rest = _folded(window[:_PLACES_OF_DIGITS]), window[_PLACES_OF_DIGITS:]
            if digits.isdigit():
                # The last places may hold letters by right.
                found.update(dict.fromkeys((digits + rest, digits + _folded(rest))))
    return list(found)[:MOST_TOKENS]


def _windows(text: str) -> Iterator[str]:
    """Give each stretch of a text that is as long as a document number."""
    for length in _LENGTHS:
        for end in range(length, min(len(text), 60) + 1):
            yield text[end - length : end]


def _near(token: str) -> Iterator[str]:
    """Give a number and all that are one slip away from it."""
    yield token
    for at in range(len(token) - 1):
        yield token[:at] + token[at + 1] + token[at] + token[at + 2 :]
    for at in range(len(token)):
        if len(token) in _LENGTHS:
            for other in _letters(at):
                yield token[:at] + other + token[at + 1 :]
        yield token[:at] + token[at + 1 :]
    if len(token) < _LENGTHS[-1]:
        for at in range(len(token) + 1):
            for other in string.digits:
                yield token[:at] + other + token[at:]


def _letters(at: int) -> str:
    """Give what may stand at a place of a document number."""
    return string.digits if at < _PLACES_OF_DIGITS else string.digits + string.ascii_uppercase
