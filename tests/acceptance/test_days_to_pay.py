"""The last day to pay, client branches, type 5 and closings, through the public doors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import httpx2
import pytest

from customhouse.settings import Settings
from tests.acceptance.servers import serving, with_free_ports
from tests.acceptance.wharf import (
    BROKER,
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    PORT,
    TUESDAY,
    WEDNESDAY,
    Wharf,
    codes,
    entry_number,
)

ENTERED = "2026-11-12"


@pytest.fixture
def wharf(settings: Settings) -> Iterator[Wharf]:
    """Give a wharf with both sides served, Monday open."""
    chosen = replace(with_free_ports(settings), clock="rehearsal")
    with serving(chosen, "bank"), serving(chosen, "agency"):
        wharf = Wharf(chosen, chosen.data_directory)
        wharf.settle_in()
        yield wharf


def _sent(wharf: Wharf, *entries: dict[str, object]) -> list[dict[str, object]]:
    """Send entry summaries over the JSON API; give their outcomes."""
    response = httpx2.post(
        f"{wharf.settings.agency_url}/api/v1/entry-summaries",
        json=list(entries),
        headers={
            "Authorization": f"Bearer {wharf.credentials[BROKER]['token']}",
            "Idempotency-Key": f"key-{hash(json.dumps(entries))}",
        },
        trust_env=False,
        timeout=30,
    )
    assert response.status_code == 200, response.text
    return list(response.json()["outcomes"])


def _entry(wharf: Wharf, serial: int, **values: object) -> dict[str, object]:
    row: dict[str, object] = {**wharf.row(serial, "100.00"), "entry_date": ENTERED, **values}
    row["charges"] = {"001": row.pop("charge_001"), "499": row.pop("charge_499")}
    return {name: value for name, value in row.items() if value != ""}


def _statements(wharf: Wharf) -> list[dict[str, object]]:
    """Give the broker's statements as the JSON API lists them."""
    response = httpx2.get(
        f"{wharf.settings.agency_url}/api/v1/statements?filer_code={BROKER}",
        headers={"Authorization": f"Bearer {wharf.credentials[BROKER]['token']}"},
        trust_env=False,
        timeout=30,
    )
    return list(response.json()["statements"])


@pytest.mark.requirement("DEB-14")
def test_a_quota_class_has_ten_more_days_on_a_statement(wharf: Wharf) -> None:
    """Single pay is due with the entry, a statement ten working days after it; it stays there."""
    quota = _entry(wharf, 1, entry_type="02")
    single = _entry(wharf, 2, entry_type="02", payment_type="1", print_date="")
    late = _entry(wharf, 3, print_date=NEXT_MONDAY.isoformat())
    outcomes = _sent(wharf, quota, single, late, _entry(wharf, 4, entry_date="2026-11-20"))
    assert [each["due_on"] for each in outcomes] == [
        FRIDAY.isoformat(),
        ENTERED,
        None,
        "2026-12-07",
    ]
    (fault,) = outcomes[2]["faults"]  # type: ignore[misc]
    assert fault["code"] == "print-date-after-due-date"
    assert "2026-11-27" in fault["next_step"]
    wharf.finish(MONDAY)
    (statement,) = _statements(wharf)
    assert (statement["due_on"], statement["total_cents"]) == (FRIDAY.isoformat(), 26716)
    assert "P19   QUOTA CLASS ENTRY MUST STAY ON STATEMENT" in wharf.remove(1)
    assert "P19" in wharf.remove(1, to=WEDNESDAY)
    assert "P12" in wharf.remove(4, to=WEDNESDAY)
    (statement,) = _statements(wharf)
    assert (statement["due_on"], statement["total_cents"]) == (FRIDAY.isoformat(), 13358)


@pytest.mark.requirement("DEB-01", "SEC-06")
def test_type_5_and_branches_go_all_the_way(wharf: Wharf) -> None:
    """Two suffixes and one branch make one statement, paid by the importer's unit to its final."""
    document = {
        "filers": [
            {
                "filer_code": BROKER,
                "name": "Example Harbor Brokers",
                "ports": [PORT, "3902"],
                "client_branch_ports": [PORT],
            }
        ],
        "importers": [{"importer_number": "12-3456789AB", "name": "Fictitious Imports X East"}],
    }
    wharf.load_parties(document)
    rows = [
        wharf.row(serial, "100.00", payment_type="5", client_branch="0A", importer_number=number)
        for serial, number in ((1, "12-3456789"), (2, "12-3456789AB"))
    ]
    bare = {**wharf.row(3, "100.00"), "client_branch": ""}
    said = wharf.load_entries([*rows, bare], code=7)
    assert "2 accepted" in said
    assert "client-branch-missing" in said
    wharf.finish(MONDAY)
    ((number, statement),) = wharf.statements().items()
    assert (statement.payment_type, statement.importer_number) == ("5", "12-3456789")
    assert (statement.client_branch, len(statement.lines)) == ("0A", 2)
    (answer,) = wharf.authorize(
        (number, statement.preliminary.amount_cents, wharf.units["importer"])
    )
    assert codes(answer) == ["D00"]
    wharf.finish(TUESDAY)
    final = wharf.statements("F")[number]
    assert (final.importer_number, final.client_branch) == ("12-3456789", "0A")
    assert final.paid is not None
    assert final.paid.amount_cents == 26716
    wharf.command("ledger", "check")


def test_a_closing_is_loaded_and_moves_what_waits(wharf: Wharf) -> None:
    """E3: Wednesday's statements come on Friday; the closed day is not run."""
    rows = [wharf.row(1, "100.00"), wharf.row(2, "100.00", print_date=WEDNESDAY.isoformat())]
    wharf.load_entries(rows)
    wharf.finish(MONDAY)
    closings = wharf.folder / "closings.json"
    storm = {"closed_on": WEDNESDAY.isoformat(), "reason": "Storm over the example harbor"}
    closings.write_text(json.dumps([storm, {"closed_on": "2026-11-26", "reason": "again"}]))
    said = wharf.command("day", "closures", str(closings), code=7)
    assert "closure-on-closed-day" in said
    assert "were moved: 1" in said
    assert "all ports closed: Storm over the example harbor" in wharf.command("day", "closures")
    late = wharf.row(3, "100.00", print_date=WEDNESDAY.isoformat())
    assert "print-date-not-business-day" in wharf.load_entries([late], code=7)
    assert "print-date-produced" in wharf.load_entries([wharf.row(4, "100.00")], code=7)
    wharf.evening(TUESDAY)
    wharf.morning(FRIDAY)
    assert sorted(str(each["print_date"]) for each in _statements(wharf)) == [
        TUESDAY.isoformat(),
        FRIDAY.isoformat(),
    ]
    assert entry_number(BROKER, 2).digits in str(wharf.statements())
