"""Every SQL statement of every store means something to the migrated database of its side."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import TupleRow

import customhouse
from customhouse.agency.invariants import INVARIANTS as OF_AGENCY
from customhouse.ledger.invariants import INVARIANTS as OF_LEDGER

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
SOURCE = Path(customhouse.__file__).parent


def statements(*folders: str) -> Iterator[tuple[str, str]]:
    """Give the name and the text of each statement in the stores of some folders."""
    for folder in folders:
        for path in sorted((SOURCE / folder).glob("*_store.py")):
            module = importlib.import_module(f"customhouse.{folder}.{path.stem}")
            for name, value in vars(module).items():
                if name.isupper() and isinstance(value, str):
                    yield f"{folder}/{path.stem}.{name}", value


def as_prepared(statement: str) -> str:
    """Write the named parameters as PostgreSQL numbers them."""
    names = list(dict.fromkeys(PLACEHOLDER.findall(statement)))
    numbered = PLACEHOLDER.sub(lambda match: f"${names.index(match[1]) + 1}", statement)
    return numbered.replace("%%", "%")


@cache
def of_agency() -> dict[str, str]:
    """Give the statements that run on the agency's database, the invariants' among them."""
    named = {f"invariant {each.name}": each.sql for each in (*OF_LEDGER, *OF_AGENCY)}
    return named | dict(statements("ledger", "agency"))


@cache
def of_bank() -> dict[str, str]:
    """Give the statements that run on the bank's database."""
    return dict(statements("bank"))


def faults_of(
    connection: psycopg.Connection[TupleRow], statements_by_name: dict[str, str]
) -> list[str]:
    """Prepare each statement; give those that the database refuses, with its reason."""
    connection.autocommit = True
    found = []
    for name, statement in statements_by_name.items():
        try:
            result = connection.pgconn.prepare(b"", as_prepared(statement).encode())
        except psycopg.Error as error:
            found.append(f"{name}: {error}")
            continue
        if result.error_message:
            found.append(f"{name}: {result.get_error_message()}")
    return found


def test_statements_of_ledger_and_agency_prepare(
    agency_connection: psycopg.Connection[TupleRow],
) -> None:
    assert len(of_agency()) > len(OF_LEDGER) + len(OF_AGENCY)
    found = faults_of(agency_connection, of_agency())
    assert not found, "\n".join(found)


def test_statements_of_the_bank_prepare(bank_connection: psycopg.Connection[TupleRow]) -> None:
    assert of_bank()
    found = faults_of(bank_connection, of_bank())
    assert not found, "\n".join(found)


@pytest.mark.parametrize("statement", ["select nothing_such from transfer", "selct 1"])
def test_a_wrong_statement_is_found(
    agency_connection: psycopg.Connection[TupleRow], statement: str
) -> None:
    assert faults_of(agency_connection, {"WRONG": statement})


def test_named_parameters_are_numbered_once_each() -> None:
    text = "select %(a)s, %(b)s, %(a)s, 5 %% 2"
    assert as_prepared(text) == "select $1, $2, $1, 5 % 2"
