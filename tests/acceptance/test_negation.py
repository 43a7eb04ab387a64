"""A payment undone on its day: what was authorized can be changed until the cut-off, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx2
import pytest

from customhouse.formats.nacha_file import Entry, read_items
from customhouse.settings import Settings
from tests.acceptance.servers import serving, with_free_ports
from tests.acceptance.wharf import FRIDAY, TUESDAY, WEDNESDAY, Wharf, codes

pytestmark = pytest.mark.requirement("DEB-04")


@pytest.fixture
def wharf(settings: Settings) -> Iterator[Wharf]:
    """Give a house with one statement of two entries, printed on Tuesday morning."""
    chosen = replace(with_free_ports(settings), clock="rehearsal")
    with serving(chosen, "bank"), serving(chosen, "agency"):
        house = Wharf(chosen, chosen.data_directory)
        house.settle_in()
        house.load_entries([house.row(1, "1000.00"), house.row(2, "500.00")])
        house.morning(TUESDAY)
        yield house


def test_a_payment_is_undone_mended_and_made_again(wharf: Wharf) -> None:
    """A10, DEB-03, DEB-04: negate, take an entry off, authorize the new total; one debit leaves."""
    (number,) = wharf.statements()
    unit, other = wharf.units["broker"], wharf.units["importer"]
    (accepted,) = wharf.authorize((number, 156_716, unit))
    assert codes(accepted) == ["D00"]
    assert "P02" in wharf.remove(2)
    refused = wharf.negate((number, 156_715, unit), (number, 156_716, other))
    assert [codes(each) for each in refused] == [["D18", "998"], ["D19", "998"]]
    (undone,) = wharf.negate((number, 156_716, unit))
    assert codes(undone) == ["D40"]
    assert undone.disposition.narrative == "PAYMENT AUTHORIZATION NEGATED"
    (again,) = wharf.negate((number, 156_716, unit))
    assert codes(again) == ["D40"], "the same bytes are answered as before"
    assert "P12" in wharf.remove(2)
    (old, new) = wharf.authorize((number, 156_716, unit), (number, 103_358, unit))
    assert (codes(old), codes(new)) == (["D04", "998"], ["D00"])
    wharf.evening(TUESDAY)
    (closed,) = wharf.negate((number, 103_358, unit))
    assert codes(closed) == ["D14", "998"]
    wharf.banks(TUESDAY)
    wharf.morning(WEDNESDAY)
    (late,) = wharf.negate((number, 103_358, unit))
    assert codes(late) == ["D16", "998"]
    assert list(wharf.statements("F")) == [number]
    wharf.finish(WEDNESDAY)
    assert [entry.amount_cents for entry in debits(wharf)] == [103_358]
    wharf.command("ledger", "check")


def test_a_negated_payment_leaves_nothing_behind(wharf: Wharf) -> None:
    """A10: no debit, no receipt, no money on the books; the statement waits to be paid."""
    (number,) = wharf.statements()
    order = (number, 156_716, wharf.units["broker"])
    assert [codes(each) for each in wharf.authorize(order)] == [["D00"]]
    assert [codes(each) for each in wharf.negate(order)] == [["D40"]]
    wharf.run_to(TUESDAY, FRIDAY)
    assert debits(wharf) == []
    assert wharf.statements("F") == {}
    balances = wharf.command("ledger", "balances")
    assert "1,567.16" not in balances
    assert [codes(each) for each in wharf.authorize(order)] == [["D00"]]


def test_a_payment_is_undone_by_command_and_by_program(wharf: Wharf) -> None:
    """A10: the JSON door undoes by the same rules; sent again, nothing is undone twice."""
    (number,) = wharf.statements()
    unit = wharf.units["broker"]
    assert [codes(each) for each in wharf.authorize((number, 156_716, unit))] == [["D00"]]
    token = wharf.folder / "token"
    token.write_text(wharf.credentials["B76"]["token"])
    door = ("--url", wharf.settings.agency_url, "--token-file", str(token))

    def undo(amount: str, *, code: int = 0) -> str:
        order = ("statements", "negate", f"{number}={amount}", "--unit", unit)
        return wharf.command(*order, *door, code=code)

    wrong = undo("1567.15", code=7)
    assert "refused" in wrong
    assert "negation-amount-not-equal" in wrong
    for _ in range(2):
        assert "1 authorization undone; 0 refused" in undo("1567.16")
    assert [codes(each) for each in wharf.authorize((number, 156_716, unit))] == [["D00"]]
    assert "1 authorization undone; 0 refused" in undo("1567.16")
    body = {"filer_code": "B76", "payer_unit_number": unit, "all_due": True}
    assert _posted(wharf, body).status_code == 422
    body = {
        "filer_code": "B76",
        "payer_unit_number": unit,
        "statements": [{"statement_number": number, "amount_cents": 156_716}],
    }
    dated = {"statement_number": number, "amount_cents": 156_716, "debit_on": "2026-11-27"}
    (outcome,) = _posted(wharf, {**body, "statements": [dated]}, key="dated").json()["outcomes"]
    assert [each["code"] for each in outcome["faults"]] == ["order-field-unknown"]
    answer = _posted(wharf, body).json()
    assert answer["undone"] == 0
    assert [each["code"] for each in answer["outcomes"][0]["faults"]] == ["nothing-to-negate"]
    wharf.evening(TUESDAY)
    assert _posted(wharf, body, key="later").json()["code"] == "day-closed"


def _posted(wharf: Wharf, body: dict[str, object], key: str = "now") -> httpx2.Response:
    """Post an order to undo authorizations."""
    headers = {
        "Authorization": f"Bearer {wharf.credentials['B76']['token']}",
        "Idempotency-Key": key,
    }
    url = f"{wharf.settings.agency_url}/api/v1/negations"
    return httpx2.post(url, json=body, headers=headers, trust_env=False, timeout=30)


def debits(wharf: Wharf) -> list[Entry]:
    """Give every debit in the bank's files."""
    found = []
    for path in wharf.settings.exchange_directory.rglob("*.ach"):
        with path.open("rb") as stream:
            found += [item for item in read_items(stream) if isinstance(item, Entry)]
    return found
