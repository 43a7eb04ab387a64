"""Each invariant finds the violation that it is there for, planted behind the guards' backs."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.rows import TupleRow

from customhouse import database
from customhouse.ledger import invariants
from customhouse.ledger.invariants import INVARIANTS, check
from customhouse.settings import Settings

Connection = psycopg.Connection[TupleRow]

# What keeps the violations out; the scratch database of these tests does without.
DROP_GUARDS = """
alter table transfer drop constraint transfer_once;
alter table transfer drop constraint transfer_sides_differ;
alter table transfer drop constraint transfer_amount;
alter table transfer drop constraint transfer_names_one_other;
alter table transfer drop constraint transfer_pending_names_none;
alter table transfer drop constraint transfer_void_names_pending;
alter table transfer drop constraint transfer_correction;
alter table transfer drop constraint transfer_kind;
alter table transfer alter debit drop not null;
drop index transfer_settled_once;
drop index transfer_reversed_once;
"""
PLANT = """
insert into transfer (payer_id, id, kind, ref, debit, credit, amount_cents, status, settles,
  reverses, effective_on, recorded_at, actor)
overriding system value
values (1, %(id)s, %(kind)s, %(ref)s, %(debit)s, %(credit)s, %(cents)s, %(status)s, %(settles)s,
  %(reverses)s, %(on)s, '2026-11-24 14:00+00', 0)
"""
TRANSIT, REVENUE, TREASURY = "debits_in_transit", "revenue", "treasury"
DISPUTE = "returns_in_dispute"


def row(number: int, kind: int, *, status: str = "posted", **values: object) -> dict[str, object]:
    """Describe a row with the sides that its kind has when nothing is wrong."""
    sides = {
        2: (TREASURY, TRANSIT),
        4: ("bills_receivable", TREASURY),
        6: (DISPUTE, TREASURY),
        7: (TREASURY, DISPUTE),
        8: ("bills_receivable", DISPUTE),
        9: (TRANSIT, TREASURY),
        11: ("unapplied_credits", REVENUE),
    }.get(kind, (TRANSIT, REVENUE))
    usual = {"debit": sides[0], "credit": sides[1], "settles": None, "reverses": None}
    rest = {"ref": "A/1", "cents": 100, "on": "2026-11-24"}
    return {"id": number, "kind": kind, "status": status} | usual | rest | values


PENDING = row(1, 1, status="pending")
POSTED = row(2, 5, settles=1)
SETTLED = row(3, 2, on="2026-11-25")
SOUND = (PENDING, POSTED, SETTLED)

PLANTED = {
    "sides-equal": [row(4, 2, debit=None)],
    "sides-differ": [row(4, 2, debit=TRANSIT)],
    "amount-in-range": [row(4, 2, cents=0), row(5, 2, cents=10**12)],
    "posted-once": [SETTLED | {"id": 4}],
    "settled-once": [row(4, 3, status="voided", settles=1)],
    "settling-repeats-pending": [
        row(4, 5, settles=99),
        row(5, 5, settles=3),
        row(6, 5, settles=1, cents=101),
        row(7, 5, settles=1, credit="bills_receivable"),
        row(8, 5, settles=1, on="2026-11-23"),
        row(9, 5, settles=1, ref="B/1"),
    ],
    "kind-has-its-sides": [
        row(4, 1),
        row(5, 2, debit="interest_expense"),
        row(6, 3, status="voided", credit=TREASURY),
        row(7, 4, credit="unapplied_credits"),
        row(8, 5, settles=None, ref="B/1"),
        row(10, 6, credit=REVENUE),
        row(11, 7, debit="bills_receivable"),
        row(12, 8, debit=TREASURY),
        row(9, 77, debit=TREASURY, credit="unapplied_credits"),
    ],
    "void-names-pending": [
        row(4, 3, status="voided"),
        row(5, 1, status="pending", settles=1),
    ],
    "correction-mirrors": [
        row(4, 9, reverses=99),
        row(5, 9, reverses=1),
        row(6, 9, reverses=3, cents=99),
        row(7, 9, reverses=3, debit=TREASURY, credit=TRANSIT),
        row(8, 9),
    ],
    "corrected-once": [row(4, 9, reverses=3, ref="C/1"), row(5, 9, reverses=3, ref="C/2")],
    "dates-sane": [row(4, 2, on="2026-12-26"), row(5, 2, on="2024-11-22")],
    "transit-covered": [row(4, 2, ref="B/1")],
    "return-covered": [row(4, 4, ref="B/1", on="2026-11-25")],
    "transit-young": [
        row(4, 1, status="pending", ref="B/1", on="2026-11-13"),
        row(5, 5, ref="C/1", on="2026-11-13"),
    ],
    "dispute-covered": [row(4, 7), row(5, 8)],
    "dispute-young": [row(4, 6, on="2026-10-20")],
    "unapplied-covered": [row(4, 11)],
}


@pytest.fixture
def scratch(settings: Settings) -> Iterator[Connection]:
    """Give a connection to a ledger without guards that holds one sound debit."""
    with database.connect(settings, "agency", role="administrator") as connection:
        connection.execute(DROP_GUARDS)
        plant(connection, *SOUND)
        yield connection


def plant(connection: Connection, *rows: dict[str, object]) -> None:
    """Write rows as somebody with every right would."""
    for each in rows:
        connection.execute(PLANT, each)


def found_by(connection: Connection, name: str) -> list[dict[str, object]]:
    """Give the values of the violations that one invariant finds."""
    chosen = [each for each in INVARIANTS if each.name == name]
    return [dict(violation.values) for violation in check(connection, chosen)]


def test_a_sound_ledger_breaks_no_invariant(scratch: Connection) -> None:
    assert check(scratch, INVARIANTS) == []


def test_every_invariant_has_a_planted_violation() -> None:
    assert set(PLANTED) == {each.name for each in INVARIANTS}
    assert len({each.name for each in INVARIANTS}) == len(INVARIANTS)


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        pytest.param(name, each, id=f"{name}-{number}")
        for name, rows in PLANTED.items()
        for number, each in enumerate([rows] if name.endswith("-once") else [[x] for x in rows])
    ],
)
def test_a_planted_violation_is_found(
    scratch: Connection, name: str, planted: list[dict[str, object]]
) -> None:
    assert found_by(scratch, name) == []
    plant(scratch, *planted)
    assert len(found_by(scratch, name)) == 1


def test_a_sound_correction_and_a_voided_debit_break_nothing(scratch: Connection) -> None:
    plant(
        scratch,
        row(4, 9, reverses=3, ref="C/1", on="2026-11-26"),
        row(5, 1, status="pending", ref="B/1", on="2026-11-13"),
        row(6, 3, status="voided", settles=5, ref="B/1", on="2026-11-16"),
    )
    assert check(scratch, INVARIANTS) == []


def test_a_violation_tells_its_rule_and_its_row(scratch: Connection) -> None:
    plant(scratch, row(4, 2, ref="B/1"))
    told = [str(each) for each in check(scratch, [invariants.TRANSIT_COVERED])]
    assert told == ["transit-covered: payer_id 1, debit_ref B/1, in_transit_cents -100"]


def test_at_most_a_hundred_violations_of_one_rule_are_given(scratch: Connection) -> None:
    plant(scratch, *(row(number, 2, ref=f"N{number}/1") for number in range(10, 150)))
    assert len(found_by(scratch, "transit-covered")) == invariants.MOST_VIOLATIONS
