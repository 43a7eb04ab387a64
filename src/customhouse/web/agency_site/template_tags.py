"""Filters of the pages' templates: dollars, dates and numbers as people read them."""

from __future__ import annotations

from datetime import date

from django import template

from customhouse.formats.abi_statement import EntryLine
from customhouse.identifiers import EntryNumber
from customhouse.money import format_dollars
from customhouse.web.agency_site import plain_words

register = template.Library()


@register.filter
def dollars(cents: int) -> str:
    """Show whole cents as dollars: 104608 becomes $1,046.08."""
    return format_dollars(cents)


@register.filter
def long_date(day: date | None) -> str:
    """Show a date as ``Mon 23 Nov 2026``; nothing for None."""
    return "" if day is None else f"{day:%a} {day.day} {day:%b %Y}"


@register.filter
def spelled(line: EntryLine) -> str:
    """Spell the entry number of a line as people write it: B76-0324527-8."""
    return str(EntryNumber(line.filer_code, line.entry_number))


@register.filter
def return_reason(code: str | None) -> str:
    """Say in words why a bank returned a debit."""
    return plain_words.return_reason(code or "")
