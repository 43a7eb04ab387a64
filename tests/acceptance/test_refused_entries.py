"""Money of strangers goes back through the banks: an officer, the day's files, the payer's bank.

Both sides are processes of their own; the payers' banks' own books say what arrived there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import pytest

from customhouse.rehearsal.push_books import PushedEntry
from tests.acceptance.servers import serving, with_free_ports
from tests.acceptance.wharf import FRIDAY, MONDAY, TUESDAY, WEDNESDAY, Wharf
from tests.conftest import MakeSettings

pytestmark = pytest.mark.timeout(600)
STRANGERS = "Z99:3927327001=1000.00!text"
OTHERS = "Z98:3927327001=25.00!bare"
REASON = "It was meant for the gas company."


@dataclass
class Seen:
    """The house and what was said at its doors."""

    wharf: Wharf
    token: str = ""
    said: dict[str, Any] = field(default_factory=dict)

    def api(self, method: str, path: str, **values: Any) -> httpx2.Response:
        """Ask the desk's API as the officer."""
        url = f"{self.wharf.settings.agency_url}/api/v1/desk/{path}"
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx2.request(method, url, headers=headers, timeout=30, **values)

    def part(self, cents: int) -> str:
        """Give the part of that amount on the work list."""
        parts = self.api("GET", "parts").json()["parts"]
        (found,) = [each["part_id"] for each in parts if each["amount_cents"] == cents]
        return found

    def pushed(self, cents: int) -> PushedEntry:
        """Give what the payers' banks know of the entry of that amount."""
        entries = self.wharf.operator.payer_banks.books.entries
        (found,) = [each for each in entries if each.amount_cents == cents]
        return found


def play(seen: Seen) -> None:
    """Push on Monday, settle on Tuesday, refuse on Wednesday, go back on Friday."""
    wharf, said = seen.wharf, seen.said
    wharf.settle_in(MONDAY)
    wharf.push(STRANGERS, OTHERS)
    wharf.finish(MONDAY)
    wharf.finish(TUESDAY)
    wharf.appoint()
    seen.token = json.loads((wharf.folder / "officer.json").read_text())[0]["token"]
    part = seen.part(100_000)
    credit = part.partition(".")[0]
    path, body = f"parts/{credit}/return", {"reason": REASON}
    said["tried"] = seen.api("POST", path, json={**body, "try": True}).json()
    said["refused"] = seen.api("POST", path, json=body).json()
    said["again"] = seen.api("POST", path, json=body).json()
    said["on its way"] = seen.api("GET", "returns").json()
    said["by command"] = wharf.desk("return", seen.part(2_500), reason=REASON)
    said["returns"] = wharf.command("desk", "returns")
    said["too late"] = seen.api("POST", f"parts/{part}/refund", json=body)
    said["waiting"] = wharf.command("desk", "list")
    said["evening"] = wharf.evening(WEDNESDAY)
    wharf.banks(WEDNESDAY)
    said["at the bank"] = wharf.command("bank", "credits", "show", credit)
    wharf.morning(FRIDAY)
    said["on Friday"] = wharf.command("desk", "show", part)
    said["check on Friday"] = wharf.command("ledger", "check")
    wharf.finish(FRIDAY)
    said["on Monday"] = wharf.command("desk", "show", part)
    said["Friday's money"] = wharf.command("treasury", "day", FRIDAY.isoformat())
    said["Tuesday's money"] = wharf.command("treasury", "day", TUESDAY.isoformat())
    said["settled"] = wharf.command("bank", "credits", "show", credit)
    said["check"] = wharf.command("ledger", "check")
    said["alarms"] = wharf.command("bank", "alarms")
    said["balances"] = wharf.command("ledger", "balances")


@pytest.fixture(scope="module")
def seen(make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Play the story once."""
    folder = tmp_path_factory.mktemp("refused")
    with make_settings(folder) as fresh:
        settings = replace(with_free_ports(fresh), clock="rehearsal")
        seen = Seen(Wharf(settings, folder))
        with serving(settings, "bank"), serving(settings, "agency"):
            play(seen)
            yield seen


@pytest.mark.requirement("CRD-04", "CRD-10")
def test_the_senders_bank_gets_the_entry_back(seen: Seen) -> None:
    """C15, C17: with R23, on the night of the decision; nobody else is told."""
    for cents in (100_000, 2_500):
        entry = seen.pushed(cents)
        assert (entry.code, entry.returned_on, entry.settles_on) == ("R23", WEDNESDAY, TUESDAY)
    assert "2 payments to be sent back" in seen.said["evening"]


@pytest.mark.requirement("CRD-04")
def test_an_officer_refuses_by_api_and_by_command(seen: Seen) -> None:
    """A try does nothing, the same request again neither; nothing else can be done with it."""
    said = seen.said
    assert said["tried"]["tried"] is True
    assert (said["refused"]["done_before"], said["again"]["done_before"]) == (False, True)
    assert said["refused"]["came_to"] == said["again"]["came_to"]
    assert "$1,000.00 goes back to who sent it" in said["refused"]["came_to"][0]
    (leaving,) = said["on its way"]["entries"]
    assert (leaving["state"], leaving["amount_cents"]) == ("decided", 100_000)
    assert "$25.00 goes back to who sent it" in said["by command"]
    assert said["returns"].count(REASON) == 2
    assert said["too late"].status_code == 409
    assert "decided to go back through the bank" in said["too late"].json()["detail"]
    assert said["waiting"] == "Nothing waits.\n"


def test_the_books_hold_the_money_until_its_return_settled(seen: Seen) -> None:
    """Pending over Thanksgiving, posted as of Friday; both sides' days agree line by line."""
    said = seen.said
    assert "returning" in said["on Friday"]
    assert "returned" in said["on Monday"]
    assert f"return, {REASON}" in said["on Monday"]
    assert "R23, to be there by 2026-11-30" in said["at the bank"]
    assert f"return settled       {FRIDAY.isoformat()}" in said["settled"]
    for day in ("Friday's money", "Tuesday's money"):
        assert "ONLY" not in said[day]
        assert "ANOTHER" not in said[day]
    assert "credit returned" in said["Friday's money"]
    assert said["alarms"] == "Nothing needs a person.\n"
    balances = {line.split("$")[0].strip(): line.split() for line in said["balances"].splitlines()}
    assert balances["unapplied credits"][-2:] == ["$0.00", "$0.00"]
