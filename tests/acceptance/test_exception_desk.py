"""The exception desk from outside: payments with flaws, the payer's answers, an officer's hand.

One story of May 2000, with the dates of CRD-03: applied by hand on Friday the 5th, final on Monday
the 8th. A flaw that is remembered then lets the next payment match by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest

from customhouse.money import format_cents
from tests.acceptance.credit_fortnight import (
    FRIDAY,
    JOINING,
    MAY_1,
    MONDAY,
    THURSDAY,
    TRIED,
    TUESDAY,
    WEDNESDAY,
)
from tests.acceptance.servers import serving, with_free_ports
from tests.acceptance.wharf import BROKER, OTHER_BROKER, PORTS, Wharf
from tests.conftest import MakeSettings

pytestmark = pytest.mark.timeout(600)
OFFICER = "Ada Officer"
QUESTION = "Which statement does it pay?"
MOST = 1_000


@dataclass
class Desk:
    """The officer's and the payers' doors, and what was seen at them."""

    wharf: Wharf
    token: str = ""
    numbers: dict[str, str] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)

    def due_cents(self, port: str) -> int:
        """Give what is due on the statement of a port."""
        return 100_000 * (PORTS.index(port) + 1) + 3_358

    def push(self, port: str, flaw: str) -> None:
        """Let the broker's bank push the exact amount for a port's statement, with a flaw."""
        dollars = format_cents(self.due_cents(port)).replace(",", "")
        self.wharf.push(f"{BROKER}:{self.numbers[port]}={dollars}!{flaw}")

    def command(self, *arguments: str, code: int = 0) -> str:
        """Run a command of the desk."""
        return self.wharf.command("desk", *arguments, code=code)

    def decide(self, *arguments: str, code: int = 0) -> str:
        """Run a command of the desk that decides something."""
        given = (*arguments, "--officer", OFFICER)
        if arguments[0] != "ask":
            given = (*given, "--reason", "As the payer answered.")
        return self.command(*given, code=code)

    def listed(self, **filters: str) -> dict[str, Any]:
        """Get the work list over the API."""
        return self.api("GET", "/api/v1/desk/parts", params=filters).json()

    def api(self, method: str, path: str, *, token: str = "", **values: Any) -> httpx2.Response:
        """Ask the agency's API, as the officer unless another token is given."""
        headers = {"Authorization": f"Bearer {token or self.token}"}
        url = f"{self.wharf.settings.agency_url}{path}"
        return httpx2.request(method, url, headers=headers, timeout=30, **values)

    def payer(self, *arguments: str, filer: str = BROKER, code: int = 0) -> str:
        """Run a command as a payer."""
        kept = self.wharf.folder / f"token-{filer}"
        kept.write_text(self.wharf.credentials[filer]["token"])
        url = ("--url", self.wharf.settings.agency_url)
        return self.wharf.command("credits", *arguments, *url, "--token-file", str(kept), code=code)

    def next_day(self, day: date) -> None:
        """Finish a day; note the finals that the next morning brings."""
        wharf = self.wharf
        before = set(wharf.statements("F"))
        wharf.finish(day)
        self.said[f"finals after {day}"] = set(wharf.statements("F")) - before


def play(desk: Desk) -> None:
    """Play the story up to the Friday on which the officer sits down."""
    wharf = desk.wharf
    wharf.settle_in(JOINING, start="2000-01-03")
    wharf.enrol(BROKER)
    desk.next_day(JOINING)
    desk.next_day(TRIED)
    wharf.command("day", "--until", MAY_1.isoformat(), "--part", "morning", "--yes")
    wharf.command("bank", "day", "--until", "2000-04-28", "--yes")
    wharf.load_entries(
        [
            wharf.row(
                n,
                f"{n}000.00",
                processing_port=port,
                entry_date="2000-04-24",
                print_date=TUESDAY.isoformat(),
            )
            for n, port in enumerate(PORTS, 1)
        ]
    )
    desk.next_day(MAY_1)
    for number, statement in wharf.statements("P").items():
        desk.numbers[statement.port] = number
    desk.next_day(TUESDAY)
    desk.push(PORTS[0], "type")
    desk.push(PORTS[1], "transposed")
    desk.push(PORTS[0], "bare")
    desk.next_day(WEDNESDAY)
    desk.next_day(THURSDAY)
    credentials = wharf.folder / "officer.json"
    assert wharf.appoint() == OFFICER
    desk.token = json.loads(credentials.read_text())[0]["token"]


def decide(desk: Desk) -> None:
    """Let the officer see, ask, hear and decide on Friday; push once more with the old flaw."""
    said = desk.said
    said["list"] = desk.listed()
    parts = {each["reason"]: each["part_id"] for each in said["list"]["parts"]}
    flawed, misspelled = parts["type-unknown"], parts["document-unknown"]
    said["shown"] = desk.api("GET", f"/api/v1/desk/parts/{misspelled}").json()
    path = f"/api/v1/desk/parts/{misspelled}"
    desk.api("POST", f"{path}/ask", json={"question": QUESTION}).raise_for_status()
    said["waiting"] = desk.payer("waiting")
    said["notices"] = desk.payer("notices")
    said["others"] = desk.payer("waiting", filer=OTHER_BROKER)
    said["refused"] = desk.payer("answer", misspelled, "--refund", filer=OTHER_BROKER, code=7)
    number = desk.numbers[PORTS[1]]
    written = f"{number[:4]}-{number[4:7]}-{number[7:]}"
    said["kept"] = desk.payer("answer", misspelled, "--document", written)
    said["again"] = desk.payer("answer", misspelled, "--document", number)
    said["answered"] = desk.command("show", misspelled)
    body = {"document": number, "reason": "As the payer answered."}
    tried = desk.api("POST", f"{path}/apply", json={**body, "try": True})
    said["tried"] = tried.json()
    said["applied"] = desk.api("POST", f"{path}/apply", json=body).json()
    said["applied again"] = desk.api("POST", f"{path}/apply", json=body).json()
    other = {**body, "reason": "Another reason."}
    said["used"] = desk.api("POST", f"{path}/apply", json=other)
    said["remembered"] = desk.decide("apply", flawed, desk.numbers[PORTS[0]], "--remember")
    bare = parts["addendum-missing"]
    said["nobody's"] = desk.decide("refund", bare, code=7)
    said["assigned"] = desk.decide("assign", bare, BROKER)
    dollars = format_cents(desk.due_cents(PORTS[0]) - 100).replace(",", "")
    said["split"] = desk.decide("split", f"{bare}.1", f"{dollars}=refund", "1.00=refund")
    desk.command("list", "--csv", str(desk.wharf.folder / "waiting.csv"))
    said["left"] = desk.command("list")
    desk.push(PORTS[2], "type")
    desk.next_day(FRIDAY)
    desk.next_day(MONDAY)


@pytest.fixture(scope="module")
def seen(make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Play the story once, with both sides as processes of their own."""
    folder: Path = tmp_path_factory.mktemp("desk")
    with make_settings(folder) as fresh:
        settings = replace(with_free_ports(fresh), clock="rehearsal")
        desk = Desk(Wharf(settings, folder))
        with serving(settings, "bank"), serving(settings, "agency"):
            play(desk)
            decide(desk)
            yield desk


@pytest.mark.requirement("CRD-04")
def test_what_was_not_matched_waits_with_reason_and_evidence(seen: Desk) -> None:
    """C15: both payments are on the list, the one meant is the first candidate."""
    rows = {each["reason"]: each for each in seen.said["list"]["parts"]}
    assert set(rows) == {"type-unknown", "document-unknown", "addendum-missing"}
    assert rows["addendum-missing"]["sender"] is None
    assert rows["document-unknown"]["collected_on"] == THURSDAY.isoformat()
    assert rows["document-unknown"]["sender"] == "Example Harbor Brokers"
    first = seen.said["shown"]["candidates"][0]
    assert first["number"] == seen.numbers[PORTS[1]]
    assert any("exchanged" in sentence for sentence in first["evidence"])
    (addendum,) = seen.said["shown"]["addenda"]
    assert len(addendum["raw"]) == 80


@pytest.mark.requirement("CRD-04")
def test_the_payer_is_asked_and_answers_what_is_its_own(seen: Desk) -> None:
    """Told at once what is missing, then the question; the answer reaches the desk, once."""
    assert "could not be applied" in seen.said["notices"]
    assert "customhouse credits answer C" in seen.said["notices"]
    assert QUESTION in seen.said["notices"]
    assert QUESTION in seen.said["waiting"]
    assert "Nothing of yours waits." in seen.said["others"]
    assert "credit-part-unknown" in seen.said["refused"]
    assert (seen.said["kept"], seen.said["again"]) == (
        "kept; an officer decides\n",
        "you said so before\n",
    )
    assert "The payer answered that it pays this one." in seen.said["answered"]
    assert "is equal to what is due on all of them" in seen.said["answered"]


@pytest.mark.requirement("CRD-03", "CRD-04", "CRD-07")
def test_applied_by_hand_on_friday_final_on_monday(seen: Desk) -> None:
    """Paid as of Thursday, the collection date; the final goes out behind the decision."""
    number = seen.numbers[PORTS[1]]
    assert seen.said["tried"]["tried"] is True
    assert seen.said["applied"]["came_to"][-1] == (
        f"Statement {number} is paid as of {THURSDAY.isoformat()}."
    )
    assert seen.said["finals after 2000-05-05"] == {seen.numbers[PORTS[0]], number}


@pytest.mark.requirement("CRD-05")
def test_nobodys_money_is_assigned_and_then_owed_back(seen: Desk) -> None:
    """Not before somebody is known; in two shares, each of them told."""
    assert "desk-refund-to-nobody" in seen.said["nobody's"]
    assert "B76's, Example Harbor Brokers; it waits for a document." in seen.said["assigned"]
    assert seen.said["split"].count("is owed back.") == 2
    assert seen.said["left"] == "Nothing waits.\n"
    assert (seen.wharf.folder / "waiting.csv").read_text().startswith("part_id,reason,age_days")
    assert "as was decided: As the payer answered." in seen.payer("notices")


def test_the_same_request_is_answered_again_and_another_refused(seen: Desk) -> None:
    """Idempotent over the API, and clear where it is too late."""
    assert seen.said["applied again"]["done_before"] is True
    assert seen.said["applied again"]["came_to"] == seen.said["applied"]["came_to"]
    assert seen.said["used"].status_code == 409
    assert seen.said["used"].json()["code"] == "credit-part-used"


@pytest.mark.requirement("CRD-04")
def test_the_next_payment_with_the_same_flaw_matches_by_itself(seen: Desk) -> None:
    """The rule says why; it is listed, and can be ended."""
    assert "Rule 1 is remembered: payment type 04100 means 90001." in seen.said["remembered"]
    assert seen.said["finals after 2000-05-08"] == {seen.numbers[PORTS[2]]}
    assert seen.listed()["parts"] == []
    rules = seen.api("GET", "/api/v1/desk/rules").json()["rules"]
    assert [(each["payer_identifier"], each["made_by"]) for each in rules] == [(BROKER, OFFICER)]
    received = seen.payer("received", "--json").splitlines()
    matched = [json.loads(line)["matched_by"] for line in received if line.startswith("{")]
    assert any(each.startswith("rule 1 of Ada Officer") for each in matched)
    seen.decide("rules", "end", "1")
    assert seen.api("GET", "/api/v1/desk/rules").json()["rules"] == []


def test_wrong_requests_are_refused_one_by_one(seen: Desk) -> None:
    """Tokens, members, types, unknown parts: each with its own fault."""
    parts = "/api/v1/desk/parts"
    assert seen.api("GET", parts, token="wrong").status_code == 401
    bare = httpx2.get(f"{seen.wharf.settings.agency_url}{parts}", timeout=30)
    assert (bare.status_code, bare.json()["code"]) == (401, "officer-token-unknown")
    sender = seen.wharf.credentials[BROKER]["token"]
    assert seen.api("GET", parts, token=sender).json()["code"] == "officer-token-unknown"
    assert seen.api("GET", "/api/v1/payer/credits").status_code == 401
    unknown = f"{parts}/C00000000000000000000.1"
    assert seen.api("GET", unknown).json()["code"] == "credit-part-unknown"
    for body, code in (
        ({}, "desk-request-wrong"),
        ({"reason": 5}, "desk-request-wrong"),
        ({"reason": "x", "more": 1}, "desk-request-wrong"),
        ([], "desk-request-wrong"),
        ({"reason": "x"}, "credit-part-unknown"),
    ):
        assert seen.api("POST", f"{unknown}/refund", json=body).json()["code"] == code
    again = seen.api("POST", f"{unknown}/reapply", json={"reason": "x"})
    assert again.json()["code"] == "credit-part-unknown"
    for query in ({"limit": "0"}, {"older_than": "x"}, {"min_cents": "-1"}, {"answered": "yes"}):
        assert seen.api("GET", parts, params=query).status_code == 422
    rules = seen.api("GET", "/api/v1/desk/rules", params={"all": "yes"})
    assert rules.json()["code"] == "query-wrong"
    assert "desk-share-unreadable" in seen.decide("split", "C1.1", "5=", code=7)
    assert "officer-unknown" in seen.command(
        "refund", "C1.1", "--officer", "Nobody", "--reason", "x", code=7
    )


def test_a_claim_is_kept_and_never_says_whether_there_is_such_money(seen: Desk) -> None:
    """Named exactly or not, the payer reads the same."""
    given = ("claim", "12.00", "2000-05-04", "091000010000099")
    assert seen.payer(*given) == "kept; the desk compares it\n"
    assert seen.payer(*given) == "you claimed it before\n"


def test_what_goes_back_for_good_is_not_applied_after_all(seen: Desk) -> None:
    """CRD-08: only what a debit caused is listed as owed back for an open statement."""
    assert seen.api("GET", "/api/v1/desk/owed-back").json() == {"parts": []}
    assert seen.command("owed-back") == "Nothing is owed back for a statement that is due again.\n"
    bare = next(each for each in seen.said["list"]["parts"] if each["sender"] is None)
    back = f"{bare['part_id']}.1.1"
    path = f"/api/v1/desk/parts/{back}"
    assert seen.api("GET", path).json()["state"] == "refundable"
    refused = seen.api("POST", f"{path}/reapply", json={"reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "desk-claim-stands")
    assert "desk-claim-stands" in seen.decide("reapply", back, code=7)


def test_the_books_hold_after_all_of_it(seen: Desk) -> None:
    """Every unapplied cent has an owner."""
    seen.wharf.command("ledger", "check")
