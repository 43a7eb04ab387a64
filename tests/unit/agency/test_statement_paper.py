"""One paper, many shapes: whatever is on a statement, they say the same to the cent."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import fastjsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from customhouse.agency.statement_csv import COLUMNS, csv_pieces
from customhouse.agency.statement_json import document_of, json_of
from customhouse.agency.statement_paper import (
    PaperCredit,
    PaperEntry,
    PaperHead,
    PaperPayment,
    StatementPaper,
    entry_of,
    paper_of,
)
from customhouse.agency.statement_pdf import pdf_of
from customhouse.agency.statement_text import text_of
from customhouse.formats.abi_statement import EntryLine, totals_of
from tests import paper_readings

SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "statement.schema.json"
DAY = date(2026, 11, 24)
LINE = EntryLine(
    port_of_entry="3901",
    filer_code="B76",
    entry_number="00000018",
    importer_number="12-345678900",
    print_date=date(2026, 11, 24),
    duty_cents=100_000,
    tax_cents=0,
    deferred_tax=False,
    broker_reference="REF1",
    consolidated=False,
    entry_type="01",
    antidumping_cents=0,
    countervailing_cents=0,
    payment_type="2",
    payable=True,
    countervailing_paid=True,
    antidumping_paid=True,
    team_number="701",
    interest_cents=0,
    fees=(("499", 3_358),),
)
PAYMENT = PaperPayment(
    attempt=1,
    state="with_bank",
    payer_unit_number="100001",
    accepted_on=date(2026, 11, 24),
    estimated_debit_on=date(2026, 11, 27),
    settled_on=None,
    returned_on=None,
    return_code=None,
)
CENTS = st.integers(0, 9_999_999)
LINES = st.builds(
    replace,
    st.just(LINE),
    duty_cents=CENTS,
    tax_cents=CENTS,
    deferred_tax=st.booleans(),
    antidumping_cents=CENTS,
    countervailing_cents=CENTS,
    antidumping_paid=st.booleans(),
    countervailing_paid=st.booleans(),
    payable=st.booleans(),
    interest_cents=CENTS,
    fees=st.dictionaries(st.sampled_from(["056", "311", "499", "501", "ZZ9"]), CENTS).map(
        lambda fees: tuple(sorted(fees.items()))
    ),
)


def paper(
    *entries: PaperEntry,
    payment: PaperPayment | None = None,
    credits: tuple[PaperCredit, ...] = (),
    **values: object,
) -> StatementPaper:
    """Give the paper of a statement with these entries; other facts of it may be given."""
    live = [entry.line for entry in entries if entry.removed_on is None]
    facts: dict[str, object] = {
        "number": "3927328001",
        "state": "preliminary",
        "payment_type": "2",
        "filer_code": "B76",
        "filer_name": "Example Harbor Brokers",
        "port": "3901",
        "importer_number": None,
        "importer_name": None,
        "client_branch": "",
        "print_date": date(2026, 11, 24),
        "due_on": date(2026, 12, 8),
        "final_on": None,
        "preliminary_cents": totals_of(entry.line for entry in entries).amount_cents,
        "total_cents": totals_of(live).amount_cents,
    }
    return paper_of(PaperHead(**(facts | values)), entries, payment=payment, credits=credits)


def numbered(lines: list[EntryLine]) -> list[EntryLine]:
    """Give lines entry numbers of their own."""
    return [replace(line, entry_number=f"{n:08}") for n, line in enumerate(lines, start=1)]


def csv_bytes(one: StatementPaper) -> bytes:
    """Give the whole CSV."""
    return b"".join(csv_pieces(one))


def rows(one: StatementPaper) -> list[dict[str, str]]:
    """Give the rows of the CSV."""
    return list(csv.DictReader(io.StringIO(csv_bytes(one).decode(), newline=""), strict=True))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(LINES, st.booleans()), min_size=1, max_size=8))
def test_every_shape_says_the_same(drawn: list[tuple[EntryLine, bool]]) -> None:
    lines = numbered([line for line, _ in drawn])
    entries = [
        entry_of(line, removed_on=date(2026, 11, 25), removed_source="ABI")
        if is_gone
        else entry_of(line)
        for line, (_, is_gone) in zip(lines, drawn, strict=True)
    ]
    one = paper(*entries)
    expected = paper_readings.of_json(json_of(one))
    assert len(expected.entries) == len(lines)
    assert paper_readings.of_csv(csv_bytes(one)) == expected
    assert paper_readings.of_text(text_of(one)) == expected
    assert paper_readings.of_pdf(pdf_of(one)) == expected
    fastjsonschema.validate(json.loads(SCHEMA.read_text()), document_of(one))
    sums = [total for total in one.totals if total.is_due]
    assert sum(total.now_cents for total in sums) == one.head.total_cents
    assert sum(total.difference_cents for total in sums) == one.difference_cents


def test_a_charge_that_is_not_due_says_why() -> None:
    line = replace(LINE, tax_cents=500, deferred_tax=True, antidumping_cents=700)
    told = entry_of(replace(line, antidumping_paid=False)).charges
    assert [(one.kind, one.remark) for one in told if not one.is_due] == [
        ("deferred-tax", "deferred"),
        ("antidumping", "secured by a bond"),
    ]
    assert {one.remark for one in entry_of(replace(line, payable=False)).charges} == {
        "entry not payable"
    }


def test_no_paper_is_made_of_lines_that_do_not_add_up() -> None:
    with pytest.raises(AssertionError, match="do not add up"):
        paper(entry_of(LINE), total_cents=1)


@pytest.mark.parametrize(
    ("state", "attempt_state", "status", "words", "heading"),
    [
        ("preliminary", None, "preliminary", "Total due", "Now"),
        ("preliminary", "returned", "preliminary", "Total due", "Now"),
        ("preliminary", "negated", "preliminary", "Total due", "Now"),
        ("authorized", "accepted", "preliminary", "Total authorized", "Now"),
        ("final", "with_bank", "final", "Total authorized", "Final"),
        ("final", "settled", "final", "Total paid", "Paid"),
    ],
)
def test_it_is_called_paid_only_once_the_debit_has_settled(
    state: str, attempt_state: str | None, status: str, words: str, heading: str
) -> None:
    payment = replace(PAYMENT, state=attempt_state) if attempt_state else None
    one = paper(entry_of(LINE), payment=payment, state=state)
    assert (one.status, one.total_words, one.now_heading) == (status, words, heading)
    is_expected = attempt_state in {"accepted", "with_bank"}
    assert (one.estimated_debit_on is not None) == is_expected
    assert ("Estimated debit date" in text_of(one)) == is_expected
    told = " ".join(text_of(one).split())
    assert ("Hold the funds" in told) == (attempt_state != "settled")


def test_a_text_that_looks_like_a_formula_is_no_formula_in_the_csv() -> None:
    """F4, H6: a reference and names may begin with anything; a spreadsheet must not run them."""
    texts = ['=HYPERLINK("http://x.example","a, b")', "+1", "-2", "@SUM(A1)", "\t=1", 'say "hi"']
    for text in texts:
        line = replace(LINE, broker_reference=text)
        one = paper(entry_of(line), filer_name=text, importer_number="12-345678900")
        for row in rows(one):
            assert not any(value.startswith(("=", "+", "-", "@", "\t")) for value in row.values())
            assert row["filer_name"].removeprefix("'") == text
            assert row["filer_name"].startswith("'") == (text != texts[-1])


def test_the_csv_is_of_rfc_4180_and_has_a_row_for_an_entry_without_charges() -> None:
    free = replace(LINE, duty_cents=0, fees=())
    one = paper(entry_of(free), filer_name='Brokers "East", Fictitious')
    lines = csv_bytes(one).decode().split("\r\n")
    assert lines[0] == ",".join(COLUMNS)
    assert lines[-1] == ""
    assert '"Brokers ""East"", Fictitious"' in lines[1]
    assert "\n" not in "".join(lines)
    first, last = rows(one)
    assert (first["record"], first["charge"], first["amount_cents"]) == ("charge", "duty", "0")
    assert (last["record"], last["now_cents"]) == ("sum", "0")


def test_a_long_statement_has_its_title_table_head_and_number_on_each_page() -> None:
    lines = numbered([replace(LINE, tax_cents=500)] * 200)
    one = paper(*(entry_of(line) for line in lines))
    raw = pdf_of(one)
    pages = PdfReader(io.BytesIO(raw)).pages
    assert len(pages) > 10
    for number, page in enumerate(pages, start=1):
        text = page.extract_text()
        assert f"Page {number} of {len(pages)}" in text
        assert text.startswith("Preliminary daily statement 3927328001")
        assert ("Entry summary" in text) == ("B76-" in text)
    assert pdf_of(one) == raw, "the same paper gives the same bytes"


def test_a_note_stands_at_the_foot_of_every_page_and_above_the_text() -> None:
    one = paper(*(entry_of(line) for line in numbered([LINE] * 60)))
    pages = PdfReader(io.BytesIO(pdf_of(one, "Made up."))).pages
    assert len(pages) > 2
    assert all("Made up." in page.extract_text() for page in pages)
    assert text_of(one, "Made up.") == f"Made up.\n\n{text_of(one)}"


def test_a_pdf_holds_any_name() -> None:
    """H6: what would end a text of the PDF, or is in no built-in font, does no harm."""
    name = "Imports (\\) of Łódź) Tj ET"
    (page,) = PdfReader(io.BytesIO(pdf_of(paper(entry_of(LINE), filer_name=name)))).pages
    assert "B76 Imports (\\) of ?ód?) Tj ET" in page.extract_text()


def test_what_ach_credit_paid_is_paid_whatever_was_tried_before() -> None:
    """CRD-07: the collection date stands on every shape; nothing is debited or to be held."""
    credits = (
        PaperCredit("C263280910000100000010.1", "091000010000001", DAY, 60_000, 60_000),
        PaperCredit("C263280910000100000020.1", "091000010000002", DAY, 90_000, 43_358),
    )
    tried = replace(PAYMENT, state="returned", returned_on=DAY, return_code="R01")
    for state, status in (("paid", "preliminary"), ("final", "final")):
        one = paper(entry_of(LINE), payment=tried, credits=credits, state=state, paid_on=DAY)
        assert (one.status, one.payment_state, one.advice) == (status, "paid-by-credit", "")
        assert (one.total_words, one.now_heading) == ("Total paid", "Paid")
        document = document_of(one)
        fastjsonschema.validate(json.loads(SCHEMA.read_text()), document)
        assert document["payment"]["paid_on"] == "2026-11-24"
        assert document["payment"]["return_code"] is None
        assert document["totals"]["paid_cents"] == 103_358
        applied = [each["applied_cents"] for each in document["payment"]["credits"]]
        assert sum(applied) == one.head.total_cents
        payments = [row for row in rows(one) if row["record"] == "payment"]
        assert [int(row["amount_cents"]) for row in payments] == applied
        assert {row["paid_on"] for row in rows(one)} == {"2026-11-24"}
        printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf_of(one))).pages)
        for told in (text_of(one), printed):
            assert "Paid by ACH Credit. Nothing is debited." in told
            assert "Trace 091000010000002, of $900.00" in told
            assert "$433.58" in told
            for words in ("Hold the funds", "stimate", "returned", "uthoriz"):
                assert words not in told
        assert paper_readings.of_text(text_of(one)) == paper_readings.of_json(json_of(one))
        assert all(len(line) <= 80 for line in text_of(one).splitlines())


def test_what_waits_for_the_rest_is_told_with_the_balance_due() -> None:
    """CRD-06: a statement is never partly paid."""
    one = paper(entry_of(LINE), waiting_cents=60_000)
    assert document_of(one)["payment"]["waiting_cents"] == 60_000
    assert {row["waiting_cents"] for row in rows(one)} == {"60000"}
    told = " ".join(text_of(one).split())
    assert "$600.00 arrived and waits for the rest; nothing is applied yet" in told
    assert "Balance due: $433.58" in told
    assert one.total_words == "Total due"
