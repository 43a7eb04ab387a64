"""Which entries explain that a caller's amount is not the total of its statement on the books.

Pure. A broker's own books and the agency's differ in entries: some were taken off since the print,
some are listed on one side only, some have another amount. Telling which of them saves a phone
call. Nothing is decided or changed here; an authorization still needs the exact total (SEC-07).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final, Literal

DifferenceKind = Literal["taken-off", "not-on-statement", "not-listed", "amount-differs"]

# All choices among so few removed entries are tried; among more, only the likely ones.
_EVERY_CHOICE_UP_TO: Final = 10
_PAIRS_UP_TO: Final = 40


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """An entry of a statement as the books have it; taken off when ``removed_on`` is there.

    ``removed_source`` is ABI for the filer's own statement update, CBP for the agency.
    """

    entry_number: str
    amount_cents: int
    removed_on: date | None = None
    removed_source: str | None = None


@dataclass(frozen=True, slots=True)
class EntryDifference:
    """One entry in which the two sides differ; cents of a side that has it not are None."""

    kind: DifferenceKind
    entry_number: str
    asked_cents: int | None
    books_cents: int | None
    removed_on: date | None = None
    removed_source: str | None = None

    @property
    def effect_cents(self) -> int:
        """Give by how much this entry makes the asked amount larger than the books' total."""
        on_books = 0 if self.kind == "taken-off" else self.books_cents or 0
        return (self.asked_cents or 0) - on_books


@dataclass(frozen=True, slots=True)
class Difference:
    """How an asked amount differs from the total, in cents, and the entries that explain it.

    ``asked - total = the entries' effects + unexplained``. ``is_only_choice`` is false where other
    entries were found that would explain the difference as well as those that are named.
    """

    asked_cents: int
    total_cents: int
    entries: tuple[EntryDifference, ...]
    is_only_choice: bool = True

    @property
    def difference_cents(self) -> int:
        """Give the asked amount less the total on the books."""
        return self.asked_cents - self.total_cents

    @property
    def unexplained_cents(self) -> int:
        """Give what of the difference no entry explains."""
        return self.difference_cents - sum(each.effect_cents for each in self.entries)


def explain(
    asked_cents: int,
    total_cents: int,
    *,
    entries: Sequence[StatementEntry],
    listed: Mapping[str, int] | None,
) -> Difference:
    """Explain a difference by the caller's own list of entries (cents by number), or without one.

    Without a list it names the removed entries whose sum is the difference, if there are any: all
    of them, those taken off from some day on, one, two, or any choice among a few.
    """
    if listed is not None:
        found = tuple(_against_list(entries, listed))
        return Difference(asked_cents, total_cents, found)
    removed = [each for each in entries if each.removed_on is not None]
    choices = [set(each) for each in _choices(removed, asked_cents - total_cents)]
    if not choices:
        return Difference(asked_cents, total_cents, ())
    chosen = choices[0]
    named = tuple(_taken_off(each, each.amount_cents) for each in removed if each in chosen)
    only = all(choice == chosen for choice in choices)
    return Difference(asked_cents, total_cents, named, is_only_choice=only)


def _against_list(
    entries: Sequence[StatementEntry], listed: Mapping[str, int]
) -> Iterator[EntryDifference]:
    """Give every entry in which a caller's list differs from the books, in printed order."""
    for entry in entries:
        asked = listed.get(entry.entry_number)
        if entry.removed_on is not None:
            if asked is not None:
                yield _taken_off(entry, asked)
        elif asked is None:
            yield EntryDifference("not-listed", entry.entry_number, None, entry.amount_cents)
        elif asked != entry.amount_cents:
            yield EntryDifference("amount-differs", entry.entry_number, asked, entry.amount_cents)
    known = {entry.entry_number for entry in entries}
    for number in sorted(listed.keys() - known):
        yield EntryDifference("not-on-statement", number, listed[number], None)


def _taken_off(entry: StatementEntry, asked_cents: int) -> EntryDifference:
    return EntryDifference(
        "taken-off",
        entry.entry_number,
        asked_cents,
        entry.amount_cents,
        entry.removed_on,
        entry.removed_source,
    )


def _choices(
    removed: Sequence[StatementEntry], wanted_cents: int
) -> Iterator[tuple[StatementEntry, ...]]:
    """Give the choices of removed entries whose sum is wanted, the likeliest first."""
    if wanted_cents <= 0:
        return
    for choice in _likely(removed):
        if sum(each.amount_cents for each in choice) == wanted_cents:
            yield choice


def _likely(removed: Sequence[StatementEntry]) -> Iterator[tuple[StatementEntry, ...]]:
    # Free entries explain nothing.
    costly = [each for each in removed if each.amount_cents]
    days = sorted({each.removed_on for each in costly if each.removed_on is not None})
    for day in days:
        yield tuple(
            each for each in costly if each.removed_on is not None and each.removed_on >= day
        )
    sizes: Iterable[int] = range(1, len(costly) + 1)
    if len(costly) > _PAIRS_UP_TO:
        sizes = (1,)
    elif len(costly) > _EVERY_CHOICE_UP_TO:
        sizes = (1, 2)
    for size in sizes:
        yield from combinations(costly, size)
