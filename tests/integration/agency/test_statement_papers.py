"""A statement's paper from real rows: a full one in bounded time and memory, and whose it is."""

from __future__ import annotations

import csv
import io
import json
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import fastjsonschema
import pytest
from pypdf import PdfReader

from customhouse.agency.statement_csv import csv_pieces
from customhouse.agency.statement_json import document_of, json_of
from customhouse.agency.statement_paper import StatementPaper
from customhouse.agency.statement_papers import statement_paper
from customhouse.agency.statement_pdf import pdf_of
from customhouse.agency.statement_text import text_of
from customhouse.faults import Refused
from tests import paper_readings
from tests.integration.agency.harbor import BROKER, OTHER_BROKER, Harbor

SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "statement.schema.json"
MOST_ENTRIES = 2_000
PEAK_BYTES = 60_000_000

_ENTRIES = """
insert into entry_summary (filer_code, entry_number, importer_number, port_of_entry,
  processing_port, entry_type, entry_date, payment_type, print_date, broker_reference, received_at)
select 'B76', lpad(n::text, 8, '0'), '12-345678900', '3901', '3901', '01', '2026-11-23', '2',
       '2026-11-24', 'REF1', '2026-11-23T14:00Z'
from generate_series(1, %s) as n
"""
_CHARGES = """
insert into entry_charge (filer_code, entry_number, class_code, amount_cents)
select 'B76', lpad(n::text, 8, '0'), c.code, c.cents
from generate_series(1, %s) as n,
     (values ('001', 100000), ('022', 500), ('056', 420), ('499', 3358), ('501', 1250))
       as c(code, cents)
"""
EACH_CENTS = 105_528


def paper_of(harbor: Harbor, number: str, *filers: str) -> StatementPaper:
    """Load a statement's paper for these filers."""
    with harbor.connect() as connection:
        return statement_paper(connection, filers, number)


@pytest.mark.timeout(300)
def test_a_full_statement_comes_in_every_shape_in_bounded_time_and_memory(
    harbor: Harbor,
) -> None:
    with harbor.connect() as connection:
        for query in (_ENTRIES, _CHARGES):
            connection.execute(query, (MOST_ENTRIES,))
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    paper = paper_of(harbor, number, BROKER)
    assert paper.head.total_cents == MOST_ENTRIES * EACH_CENTS
    shapes: dict[str, Callable[[StatementPaper], bytes]] = {
        "json": json_of,
        "csv": lambda one: b"".join(csv_pieces(one)),
        "txt": lambda one: text_of(one).encode(),
        "pdf": pdf_of,
    }
    made = {}
    for name, render in shapes.items():
        tracemalloc.start()
        started = time.perf_counter()
        made[name] = render(paper)
        assert time.perf_counter() - started < 60, f"{name} takes a second on a quiet machine"
        assert tracemalloc.get_traced_memory()[1] < PEAK_BYTES, name
        tracemalloc.stop()
    assert len(list(csv_pieces(paper))) > 10, "it is written as it goes out"
    expected = paper_readings.of_json(made["json"])
    assert len(expected.entries) == MOST_ENTRIES
    assert paper_readings.of_csv(made["csv"]) == expected
    assert paper_readings.of_text(made["txt"].decode()) == expected
    pages = PdfReader(io.BytesIO(made["pdf"])).pages
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1].extract_text()
    assert "$2,110,560.00" in pages[-1].extract_text()


def test_somebody_elses_statement_is_as_unknown_as_no_statement(harbor: Harbor) -> None:
    """H1: in the query itself, whatever door asks."""
    harbor.entry(1, charges={"001": 100}, filer=OTHER_BROKER)
    harbor.print()
    ((foreign,),) = harbor.rows("select statement_number from statement")
    assert paper_of(harbor, foreign, BROKER, OTHER_BROKER).head.filer_code == OTHER_BROKER
    told = []
    for number in (foreign, "3927328ZZZ"):
        with pytest.raises(Refused) as refused:
            paper_of(harbor, number, BROKER)
        (fault,) = refused.value.faults
        told.append((fault.code, fault.sentence.replace(number, "")))
    assert told[0] == told[1]
    with pytest.raises(Refused):
        paper_of(harbor, foreign)


def test_an_importers_statement_names_the_importer(harbor: Harbor) -> None:
    harbor.entry(1, charges={"001": 100}, payment_type="3")
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    head = paper_of(harbor, number, BROKER).head
    assert (head.importer_number, head.importer_name) == ("12-345678900", "Fictitious Imports X")
    assert head.filer_name == "Example Harbor Brokers"


_TO_TYPE_5 = """
update statement set payment_type = '5', importer_number = left(importer_number, 10),
  client_branch = 'X1', due_on = '2026-12-08' returning statement_number
"""


def test_type_5_branch_and_due_date_are_in_every_shape(harbor: Harbor) -> None:
    harbor.entry(1, charges={"001": 100}, payment_type="3")
    harbor.print()
    ((number,),) = harbor.rows(_TO_TYPE_5)
    paper = paper_of(harbor, number, BROKER)
    document = document_of(paper)
    fastjsonschema.validate(json.loads(SCHEMA.read_text()), document)
    assert document["importer"] == {
        "importer_number": "12-3456789",
        "name": "Fictitious Imports X",
    }
    assert (document["client_branch"], document["due_on"]) == ("X1", "2026-12-08")
    row = next(csv.DictReader(io.StringIO(b"".join(csv_pieces(paper)).decode(), newline="")))
    assert [row[name] for name in ("importer_number", "client_branch", "due_on")] == [
        "12-3456789",
        "X1",
        "2026-12-08",
    ]
    (page,) = PdfReader(io.BytesIO(pdf_of(paper))).pages
    for text in (text_of(paper), page.extract_text()):
        assert "12-3456789 Fictitious Imports X" in text
        assert "Tue 8 Dec 2026" in text
        assert "X1" in text
