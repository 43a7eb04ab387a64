"""Dates on the command line: read, spelled in one way, and too many days at once refused.

Shared by the days of the agency and of the bank. Which days are run is decided by each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import typer

from customhouse.faults import Fault, Refused, declare

MOST_DAYS = 10

TOO_MANY_DAYS = declare(
    "too-many-days",
    sentence="{count} {kind}s would be run at once, {first} to {last}; no day can be undone.",
    next_step="Give an earlier date, or add --yes when all of them are meant.",
    exit_code=2,
)


def read_date(text: str, option: str) -> date:
    """Read a date YYYY-MM-DD; raise BadParameter, which names the option."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date YYYY-MM-DD", param_hint=option) from None


def spelled(on: date) -> str:
    """Spell a date for a person: Tuesday 1 December 2026."""
    return f"{on:%A} {on.day} {on:%B %Y}"


def require_few(days: Sequence[date], *, kind: str, sure: bool) -> None:
    """Refuse (too-many-days) more than ten days at once, unless the caller is sure of them.

    ``kind`` is a business day or a banking day.
    """
    if len(days) > MOST_DAYS and not sure:
        values = {"count": len(days), "kind": kind, "first": days[0], "last": days[-1]}
        raise Refused(Fault(TOO_MANY_DAYS, values))


def tell_stop(asked: date, last: date, *, kind: str) -> None:
    """Say that a date is no day of business, and at which day the run stops instead."""
    if last < asked:
        typer.echo(f"{spelled(asked)} is no {kind}: {spelled(last)} is the last before it.")
