"""Reads a statement's figures back out of every shape of its paper, each in its own way.

A reading is what entries and totals say in dollars, and nothing of how the product renders them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pypdf import PdfReader

if TYPE_CHECKING:
    from playwright.sync_api import Page

ENTRY = re.compile(r"^\s*([0-9A-Z]{3}-\d{7}-\d)\b.*?(\$[\d,]+\.\d\d)\s*$", re.MULTILINE)
TOTAL = re.compile(r"^\s*(\S.*?)\s+(\$[\d,.]+)\s+(\$[\d,.]+)\s+(\$[\d,.]+)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Reading:
    """Due by entry, taken-off ones included; totals by name, as printed, now and the difference."""

    entries: dict[str, str]
    totals: dict[str, tuple[str, str, str]]


def dollars(cents: int) -> str:
    """Spell cents by a way of the test's own."""
    return f"${cents // 100:,}.{cents % 100:02}"


def of_json(raw: bytes) -> Reading:
    """Read the JSON."""
    document = json.loads(raw)
    every = [*document["entries"], *document["taken_off"]]
    sums = document["totals"]
    totals = {
        f"{one['class_name']} {one['class_code'] or ''}".strip(): _three(one)
        for one in sums["by_class"]
    }
    return Reading(
        {one["entry_number"]: dollars(one["due_cents"]) for one in every},
        totals | {"Total": _three(sums)},
    )


def of_csv(raw: bytes) -> Reading:
    """Read the CSV; what is due on an entry is added up from its rows."""
    due: dict[str, int] = defaultdict(int)
    totals = {}
    for row in csv.DictReader(io.StringIO(raw.decode(), newline=""), strict=True):
        if row["record"] == "charge":
            due[row["entry_number"]] += int(row["amount_cents"]) * (row["is_due"] == "yes")
            continue
        if row["record"] == "payment":
            continue
        three = {name: int(row[name]) for name in row if name.endswith("_cents") and row[name]}
        name = f"{row['class_name']} {row['class_code']}".strip()
        totals["Total" if row["record"] == "sum" else name] = _three(three)
    return Reading({number: dollars(cents) for number, cents in due.items()}, totals)


def of_text(text: str) -> Reading:
    """Read the text, and that of a PDF with its columns kept."""
    totals = {
        re.sub(r", not due$", "", re.sub(r"^Total .*", "Total", name)): three
        for name, *three in TOTAL.findall(text)
    }
    return Reading(
        dict(ENTRY.findall(text)), {name: tuple(three) for name, three in totals.items()}
    )


def of_pdf(raw: bytes) -> Reading:
    """Read the PDF."""
    pages = PdfReader(io.BytesIO(raw)).pages
    return of_text("\n".join(page.extract_text(extraction_mode="layout") for page in pages))


def of_page(page: Page) -> Reading:
    """Read the printed page's tables."""
    lines = page.locator("tr.entry, table.removed tbody tr, table.totals tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()).join('   '))"
    )
    return of_text("\n".join(lines))


def _three(values: dict) -> tuple[str, str, str]:
    names = ("preliminary_cents", "now_cents", "difference_cents")
    preliminary, now, difference = (dollars(values[name]) for name in names)
    return preliminary, now, difference
