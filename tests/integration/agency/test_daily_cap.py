"""A payer unit's daily cap as it is declared in the document of parties, and changed by it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from customhouse.agency.alerts import alerts_of
from customhouse.agency.party_document import read_document
from customhouse.agency.payer_units import issue_payer_units
from tests.integration.agency.harbor import (
    BROKER,
    BROKER_UNIT,
    IMPORTER_X_UNIT,
    OTHER_BROKER,
    Harbor,
    dispositions,
)

UNIT = {
    "payer_unit_number": BROKER_UNIT,
    "owner_filer_code": BROKER,
    "account_token": f"acct_{BROKER_UNIT}",
    "effective_on": "2026-01-05",
}


def load(harbor: Harbor, **values: object) -> str:
    """Load the broker's unit with these values; give what became of it."""
    document = read_document(json.dumps({"payer_units": [{**UNIT, **values}]}).encode())
    if document.unreadable:
        return document.unreadable[0].faults[0].sentence
    with harbor.connect() as connection:
        (outcome,) = issue_payer_units(connection, document.payer_units)
    return outcome.status if not outcome.faults else outcome.faults[0].sentence


def cap(harbor: Harbor) -> int | None:
    """Give the stored cap of the broker's unit."""
    query = "select daily_cap_cents from payer_unit where payer_unit_number = %s"
    ((cents,),) = harbor.rows(query, BROKER_UNIT)
    return cents


def test_a_cap_stays_until_another_is_declared(harbor: Harbor) -> None:
    assert (load(harbor), cap(harbor)) == ("unchanged", None)
    assert (load(harbor, daily_cap_cents=500_000), cap(harbor)) == ("changed", 500_000)
    assert (load(harbor), cap(harbor)) == ("unchanged", 500_000)
    assert (load(harbor, daily_cap_cents=500_000), cap(harbor)) == ("unchanged", 500_000)
    assert (load(harbor, daily_cap_cents=0), cap(harbor)) == ("changed", None)
    assert (load(harbor, daily_cap_cents=0), cap(harbor)) == ("unchanged", None)


@pytest.mark.parametrize("seen", [-1, 10**12, True, "5000"])
def test_a_cap_is_whole_cents(harbor: Harbor, seen: object) -> None:
    assert "daily_cap_cents" in load(harbor, daily_cap_cents=seen)
    assert cap(harbor) is None


def test_of_an_importers_unit_each_broker_is_told_its_own_part(harbor: Harbor) -> None:
    """Two brokers debit one importer; together they go beyond what the bank allows in a day."""
    harbor.rows(
        "insert into designation (payer_unit_number, filer_code, starts_on)"
        " values (%s, %s, %s) returning 1",
        IMPORTER_X_UNIT,
        OTHER_BROKER,
        date(2026, 1, 5),
    )
    harbor.rows("update payer_unit set daily_cap_cents = 1000 returning 1")
    harbor.entry(1, charges={"001": 600})
    harbor.entry(1, filer=OTHER_BROKER, charges={"001": 500})
    harbor.print()
    query = "select filer_code, statement_number, total_cents from statement order by 1"
    told = []
    for filer, number, cents in harbor.rows(query):
        answer = harbor.authorize(number, cents, unit=IMPORTER_X_UNIT, filer=filer)
        assert dispositions(answer) == ["D00"]
    for filer in (BROKER, OTHER_BROKER):
        with harbor.connect() as connection:
            (alert,) = alerts_of(
                connection, [filer], business_date=harbor.today, policy=harbor.policy
            )
        told.append((alert.kind, alert.amount_cents))
    assert told == [("cap-beyond", 600), ("cap-beyond", 500)]


def test_who_owns_a_unit_and_acts_for_a_designated_filer_is_told_once(harbor: Harbor) -> None:
    """One sender for both brokers reads of a day once, with the owner's sum."""
    harbor.rows(
        "insert into designation (payer_unit_number, filer_code, starts_on)"
        " values (%s, %s, %s) returning 1",
        BROKER_UNIT,
        OTHER_BROKER,
        date(2026, 1, 5),
    )
    harbor.rows("update payer_unit set daily_cap_cents = 1000 returning 1")
    harbor.entry(1, charges={"001": 1_100})
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    assert dispositions(harbor.authorize(number, 1_100)) == ["D00"]
    with harbor.connect() as connection:
        found = alerts_of(
            connection, [BROKER, OTHER_BROKER], business_date=harbor.today, policy=harbor.policy
        )
    assert [(each.kind, each.amount_cents) for each in found] == [("cap-beyond", 1_100)]
