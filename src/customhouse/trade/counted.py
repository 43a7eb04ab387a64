"""Numbers with their nouns, for lines that people read."""

from __future__ import annotations


def counted(number: int, noun: str, *, plural: str = "") -> str:
    """Spell a count: "1 entry", "2 entries"; without a plural of its own a noun takes an s."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
