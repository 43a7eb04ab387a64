"""What a reader asks of the list of statements, read from the address, and links that keep it.

Bounds and forgives: what cannot be read is said beside the form, never a failure. Looks nothing up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict

from customhouse.agency.statement_listing import STANDINGS, Criteria, compacted

STATEMENTS_A_PAGE = 25
LONGEST_TEXT = 40
LAST_PAGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was typed, what it means, and what about it could not be read."""

    text: str
    from_text: str
    to_text: str
    criteria: Criteria
    standing: str
    page: int
    problems: tuple[str, ...]

    @property
    def is_search(self) -> bool:
        """Tell whether anything was typed."""
        return bool(self.text or self.from_text or self.to_text)

    @property
    def is_home(self) -> bool:
        """Tell whether nothing at all was asked for: the page that a reader comes in by."""
        return not (self.is_search or self.standing or self.page > 1)

    def link(self, *, standing: str, page: int = 1) -> str:
        """Give the address of the same search in another standing or on another page."""
        values = {
            "q": self.text,
            "from": self.from_text,
            "to": self.to_text,
            "state": standing,
            "page": str(page) if page > 1 else "",
        }
        query = urlencode({name: value for name, value in values.items() if value})
        return f"/?{query}" if query else "/"


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of a list of ``total``; page and statement numbers count from 1."""

    page: int
    total: int

    @classmethod
    def of(cls, asked: int, total: int) -> Paging:
        """Give the page that was asked for, or the last one when there are not so many."""
        last = max(1, -(-total // STATEMENTS_A_PAGE))
        return cls(min(asked, last), total)

    @property
    def pages(self) -> int:
        """Give how many pages there are, at least one."""
        return max(1, -(-self.total // STATEMENTS_A_PAGE))

    @property
    def offset(self) -> int:
        """Give how many statements come before this page."""
        return (self.page - 1) * STATEMENTS_A_PAGE

    @property
    def first(self) -> int:
        """Give the number of the first statement on this page."""
        return self.offset + 1

    @property
    def last(self) -> int:
        """Give the number of the last statement on this page."""
        return min(self.offset + STATEMENTS_A_PAGE, self.total)


def asked_of(query: QueryDict) -> Asked:
    """Read the query of an address."""
    text = query.get("q", "").strip()
    from_text, to_text = (query.get(name, "").strip()[:LONGEST_TEXT] for name in ("from", "to"))
    printed_from, printed_to = _day(from_text), _day(to_text)
    standing = query.get("state", "")
    return Asked(
        text=text[:LONGEST_TEXT],
        from_text=from_text,
        to_text=to_text,
        criteria=Criteria(compacted(text[:LONGEST_TEXT]), printed_from, printed_to),
        standing=standing if standing in STANDINGS else "",
        page=_page(query.get("page", "")),
        problems=tuple(_problems(text, (from_text, printed_from), (to_text, printed_to))),
    )


def _problems(text: str, start: tuple[str, date | None], end: tuple[str, date | None]) -> list[str]:
    found = []
    if len(text) > LONGEST_TEXT or (text and not compacted(text)):
        found.append("Write the number with its digits and letters, 40 characters at most.")
    for name, (typed, day) in (("Printed from", start), ("Printed to", end)):
        if typed and day is None:
            found.append(f"{name}: write a date like 2026-11-24.")
    if start[1] is not None and end[1] is not None and start[1] > end[1]:
        found.append("Printed to: choose a day that is not before the first one.")
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-24") else None
    except ValueError:
        return None


def _page(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LAST_PAGE))
    return max(1, min(int(text), LAST_PAGE)) if is_number else 1
