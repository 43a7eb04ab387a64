"""The box "Pay by ACH Credit" on a statement's paper: for whom it is made, and what it says."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import fastjsonschema
import pytest
from pypdf import PdfReader

from customhouse.agency.credit_box import BoxContext, credit_box
from customhouse.agency.statement_credit_box import box_facts
from customhouse.agency.statement_json import document_of
from customhouse.agency.statement_paper import StatementPaper
from customhouse.agency.statement_papers import statement_paper
from customhouse.agency.statement_pdf import pdf_of
from customhouse.agency.statement_text import text_of
from customhouse.formats.payment_file import Payee
from customhouse.formats.txp import CUSTOMS_PROFILE
from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.harbor import BROKER, IMPORTER_X, IMPORTER_Y, Harbor

SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "statement.schema.json"
ACCOUNT = "990000000001"
PAYEE = Payee("123456780", ACCOUNT, "CUSTOMHOUSE")


def _paper(harbor: Harbor, number: str, *, on: date | None = None) -> StatementPaper:
    """Give a statement's paper with its box, as the doors make it."""
    context = BoxContext(on or harbor.today, PAYEE, CUSTOMS_PROFILE)
    with harbor.connect() as connection:
        paper = statement_paper(connection, [BROKER], number)
        return replace(paper, credit_box=credit_box(connection, BROKER, number, context=context))


def _shapes(paper: StatementPaper) -> list[str]:
    """Give the paper as text, as the words of its PDF, and as JSON that its schema allows."""
    document = document_of(paper)
    fastjsonschema.compile(json.loads(SCHEMA.read_text()))(document)
    pages = PdfReader(io.BytesIO(pdf_of(paper))).pages
    pdf = "\n".join(page.extract_text() for page in pages)
    return [text_of(paper), pdf, json.dumps(document)]


@pytest.fixture
def number(harbor: Harbor) -> str:
    """Print a statement of importer X's entries alone."""
    harbor.entry(1, charges={"001": 104_608}, due_on=date(2026, 12, 8))
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    return str(number)


@pytest.mark.requirement("CRD-01")
def test_a_filer_that_has_joined_reads_everything_on_its_paper(harbor: Harbor, number: str) -> None:
    Cashier(harbor).enroll(BROKER)
    paper = _paper(harbor, number)
    for shape in _shapes(paper):
        assert ACCOUNT in shape
        assert f"TXP*B76*90001*261208*{number}*104608\\".replace("\\", "") in shape
        assert "give it to your bank by 2026-12-07" in " ".join(shape.split())
    assert all(len(line) <= 80 for line in text_of(paper).splitlines())


@pytest.mark.requirement("CRD-13")
def test_an_importers_obligation_is_printed_without_the_account(
    harbor: Harbor, number: str
) -> None:
    """The broker hands the paper on; the account was told to the importer alone."""
    Cashier(harbor).enroll(IMPORTER_X)
    for shape in _shapes(_paper(harbor, number)):
        assert ACCOUNT not in shape
        assert "TXP*12-345678900*90001*" in shape


def test_nobody_who_may_pay_it_so_gets_a_box(harbor: Harbor, number: str) -> None:
    assert _paper(harbor, number).credit_box is None
    Cashier(harbor).enroll(IMPORTER_Y)
    paper = _paper(harbor, number)
    assert paper.credit_box is None
    assert all("Addendum" not in shape for shape in _shapes(paper))


def test_the_box_follows_what_happens_to_the_statement(harbor: Harbor, number: str) -> None:
    """C16: it asks for what is missing; a statement that is paid or authorized has none."""
    cashier = Cashier(harbor)
    cashier.enroll(BROKER)
    cashier.push(4_608, txp(BROKER, number, 4_608))
    box = _paper(harbor, number).credit_box
    assert box is not None
    assert dict(box_facts(box))["Amount"] == "$1,000.00"
    assert dict(box_facts(box))["Arrived already"] == "$46.08 of $1,046.08"
    late = _paper(harbor, number, on=date(2026, 12, 8)).credit_box
    assert late is not None
    assert dict(box_facts(late))["Give it to your bank by"] == "Mon 7 Dec 2026, which is past"
    assert "Have a debit authorized today instead" in late.advice
    cashier.push(100_000, txp(BROKER, number, 100_000))
    assert _paper(harbor, number).credit_box is None


def test_an_authorized_statement_has_no_box(harbor: Harbor, number: str) -> None:
    """C17: one method for each statement (CRD-11)."""
    Cashier(harbor).enroll(BROKER)
    harbor.authorize(number, 104_608)
    assert _paper(harbor, number).credit_box is None
