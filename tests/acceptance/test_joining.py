"""Joining ACH Debit through the doors: application, approval, prenote, and who is told (DEB-17)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from customhouse import database
from customhouse.rehearsal.operator import Operator
from customhouse.rehearsal.receiving_banks import ScriptLine
from customhouse.settings import Settings
from tests.acceptance.servers import serving
from tests.acceptance.site import SIDEWAYS, press, shoot
from tests.acceptance.wharf import (
    BROKER,
    FRIDAY,
    IMPORTER_Y,
    MONDAY,
    NEXT_MONDAY,
    ROUTING,
    TUESDAY,
    WEDNESDAY,
    Wharf,
    codes,
)
from tests.dumps import dump

# The days of the story take more than a single test may.
pytestmark = pytest.mark.timeout(400)

GOOD_ACCOUNT, BAD_ACCOUNT = "70310001000073", "70310001000097"
BAD_RECEIVER = "NOBODYS LAMPS"
WANTED = "2026-11-25"
TOTAL_CENTS = 13_358


@dataclass
class Joined:
    """What was said on the way, by those who are not to learn the number, and by the contact."""

    wharf: Wharf
    heard: list[str] = field(default_factory=list)
    tickets: dict[str, dict[str, str]] = field(default_factory=dict)
    told: dict[str, dict] = field(default_factory=dict)
    refusals: dict[str, list[str]] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        """Give the number that the contact was told."""
        return self.told["matured"]["payer_unit_number"]

    def status(self, name: str, *, code: int = 200, **changes: str) -> dict:
        """Ask as the contact does, over the API."""
        ticket = {**self.tickets[name], **changes}
        url = f"{self.wharf.settings.agency_url}/api/v1/joining/status"
        answer = httpx2.post(url, json=ticket, trust_env=False)
        assert answer.status_code == code, answer.text
        return answer.json()


def _application(token: str, **values: object) -> dict[str, object]:
    return {
        "importer_number": f"{IMPORTER_Y}00",
        "contact_name": "Pat Example",
        "contact_email": "pat@example.com",
        "contact_phone": "555 0100 200",
        "account_token": token,
        "requested_on": WANTED,
        "filer_codes": [BROKER],
        **values,
    }


def _capture(wharf: Wharf, number: str, holder: str) -> str:
    """Give an account to the bank's own door; nothing else ever sees its number."""
    token = wharf.command("bank", "tokens", "add", "--scope", "capture").strip()
    details = {
        "routing_number": ROUTING,
        "account_number": number,
        "account_type": "checking",
        "holder_name": holder,
    }
    answer = httpx2.post(
        f"{wharf.settings.bank_url}/accounts",
        json=details,
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["account_token"])


def _apply_on_paper(joined: Joined, name: str, application: dict[str, object]) -> None:
    path = joined.wharf.folder / f"{name}.json"
    path.write_text(json.dumps(application))
    said = joined.wharf.command("joining", "apply", str(path))
    found = re.search(r"application +(\S+)\nsecret +(\S+)", said)
    assert found is not None
    joined.tickets[name] = {"application_number": found[1], "secret": found[2]}


def _apply_over_api(joined: Joined, application: dict[str, object], key: str) -> httpx2.Response:
    token = joined.wharf.credentials[BROKER]["token"]
    return httpx2.post(
        f"{joined.wharf.settings.agency_url}/api/v1/joining",
        json=application,
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
        trust_env=False,
    )


def _approve(joined: Joined, name: str) -> None:
    number = joined.tickets[name]["application_number"]
    wharf = joined.wharf
    joined.heard.append(wharf.command("joining", "approve", number, "--officer", "R. Officer"))
    joined.heard.append(wharf.command("joining", "list", "--all"))


def _try_to_pay(joined: Joined, name: str, unit: str) -> None:
    """Authorize the statement of importer Y with a unit, on the open day; keep the codes."""
    statement = next(iter(joined.wharf.statements().values()))
    order = (statement.number, TOTAL_CENTS, unit)
    (answer,) = joined.wharf.authorize(order, tag=name.upper())
    joined.refusals[name] = codes(answer)


@pytest.fixture(scope="module")
def joined(module_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Joined]:
    """Let one importer join with a good account and one with an account that does not exist."""
    settings = replace(module_settings, prenote="required")
    folder = tmp_path_factory.mktemp("joining")
    with serving(settings, "agency"), serving(settings, "bank"):
        wharf = Wharf(settings, folder)
        wharf.settle_in()
        joined = Joined(wharf)
        good = _capture(wharf, GOOD_ACCOUNT, "EXAMPLE IMPORTS Y")
        bad = _capture(wharf, BAD_ACCOUNT, BAD_RECEIVER)
        _apply_on_paper(joined, "good", _application(good))
        wanting = _application(bad)
        first = _apply_over_api(joined, wanting, "key-1")
        again = _apply_over_api(joined, wanting, "key-1")
        assert (first.status_code, again.status_code) == (201, 201), first.text
        joined.tickets["bad"] = again.json()
        joined.tickets["overtaken"] = first.json()
        joined.told["received"] = joined.status("good")
        _approve(joined, "good")
        _approve(joined, "bad")
        joined.told["approved"] = joined.status("good")
        _play(joined)
        yield joined


def _play(joined: Joined) -> None:
    """Play the days on which the prenotes go out, settle, come back or mature."""
    wharf = joined.wharf
    operator = Operator(wharf.settings.exchange_directory, wharf.folder / "operator")
    operator.script.add([ScriptLine(BAD_RECEIVER, "R03", 1)])
    row = wharf.row(1, "100.00", importer_number=IMPORTER_Y, payment_type="3")
    wharf.load_entries([row])
    wharf.finish(MONDAY)
    joined.told["sent"] = joined.status("good")
    wharf.finish(TUESDAY)
    _try_to_pay(joined, "early", joined.told["approved"]["payer_unit_number"])
    wharf.finish(WEDNESDAY)
    joined.told["failed"] = joined.status("bad")
    _try_to_pay(joined, "failed", joined.told["failed"]["payer_unit_number"])
    wharf.finish(FRIDAY)
    joined.told["matured"] = joined.status("good")
    _try_to_pay(joined, "matured", joined.told["matured"]["payer_unit_number"])
    # Accepted on Monday, the debit settles on Wednesday and is in Tuesday's file.
    wharf.finish(wharf.finish(NEXT_MONDAY))


def _artefacts(joined: Joined) -> list[Path]:
    """Give every file of logs, of what the processes said and of what the agency exchanged."""
    folder = joined.wharf.settings.data_directory
    found = [path for path in (folder / "logs").rglob("*") if path.is_file()]
    return [*found, *folder.glob("served-*.txt")]


@pytest.mark.requirement("DEB-17")
def test_the_contact_alone_is_told_the_number(joined: Joined) -> None:
    received, approved = joined.told["received"], joined.told["approved"]
    assert (received["state"], received["payer_unit_number"]) == ("received", None)
    assert received["usual_decision"] == ["2026-12-03", "2026-12-08"]
    assert approved["state"] == "approved"
    assert re.fullmatch(r"[0-9]{6}", approved["payer_unit_number"])
    assert approved["effective_on"] is None, "the bank has sent nothing yet"
    officers = "".join(joined.heard)
    assert joined.tickets["good"]["application_number"] in officers
    paths = _artefacts(joined)
    assert len(paths) >= 4
    for told in (joined.told["approved"], joined.told["failed"]):
        number = told["payer_unit_number"]
        assert number not in officers
        assert [path.name for path in paths if number in path.read_text()] == []


@pytest.mark.requirement("DEB-17", "SEC-01")
def test_a_unit_is_effective_once_its_account_is_verified(joined: Joined) -> None:
    assert joined.told["sent"]["effective_on"] == NEXT_MONDAY.isoformat()
    assert "D07" in joined.refusals["early"]
    assert joined.told["matured"]["effective_on"] == NEXT_MONDAY.isoformat()
    assert "was verified" in joined.told["matured"]["account_news"]
    assert joined.refusals["matured"] == ["D00"]
    operator = Operator(joined.wharf.settings.exchange_directory, joined.wharf.folder / "operator")
    live = [entry for entry in operator.books.entries if not entry.prenote]
    assert [entry.amount_cents for entry in live] == [TOTAL_CENTS]


@pytest.mark.requirement("DEB-17")
def test_an_account_that_does_not_exist_is_found_without_a_dollar(joined: Joined) -> None:
    """C19: the prenote comes back, the unit is unusable, and the contact is told why."""
    failed = joined.told["failed"]
    assert failed["effective_on"] is None
    assert "R03" in failed["account_news"]
    assert "Apply again" in failed["account_news"]
    assert joined.refusals["failed"][0] == "D30"


def test_a_repeated_request_is_the_same_application_under_a_new_secret(joined: Joined) -> None:
    overtaken, kept = joined.tickets["overtaken"], joined.tickets["bad"]
    assert overtaken["application_number"] == kept["application_number"]
    assert joined.status("overtaken", code=404)["code"] == "joining-not-found"
    other = _application("acct_" + "a" * 26)
    answer = _apply_over_api(joined, other, "key-1")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")


@pytest.mark.requirement("SEC-03")
def test_one_account_has_one_application_and_one_unit(joined: Joined) -> None:
    token = _capture(joined.wharf, GOOD_ACCOUNT, "EXAMPLE IMPORTS Y")
    answer = _apply_over_api(joined, _application(token, requested_on="2026-12-08"), "key-2")
    assert (answer.status_code, answer.json()["code"]) == (409, "joining-account-taken")


def test_what_is_wrong_with_an_application_is_said_at_once(joined: Joined) -> None:
    wrong = _application("x", contact_email="nobody", requested_on="2026-12-02", filer_codes=["!"])
    answer = _apply_over_api(joined, wrong, "key-3").json()
    text = json.dumps(answer)
    for said in ("contact_email", "account_token", "2026-12-02", "2026-12-04", "filer_codes"):
        assert said in text


def test_an_unknown_number_and_a_wrong_secret_are_one(joined: Joined) -> None:
    wrong = joined.status("good", code=404, secret="AAAAA-AAAAA-AAAAA-AAAAA")
    unknown = joined.status("good", code=404, application_number="JAAAAAAAAA")
    assert wrong == unknown
    number = joined.tickets["good"]["application_number"]
    said = joined.wharf.command(
        "joining", "status", number, given=joined.tickets["good"]["secret"] + "\n"
    )
    assert joined.unit in said
    with database.connect(joined.wharf.settings, "agency") as connection:
        rows = connection.execute(
            "select door, outcome from joining_reading where application_number = %s"
            " order by reading_id desc limit 2",
            (number,),
        ).fetchall()
    assert rows == [("command", "told"), ("api", "not told")]


@pytest.mark.requirement("DEB-17")
@pytest.mark.parametrize("width", [390, 1280])
def test_the_contacts_page(joined: Joined, browser: Browser, width: int) -> None:
    ticket = joined.tickets["good"]
    context = browser.new_context(
        base_url=joined.wharf.settings.agency_url, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.goto("/joining/")
    assert not page.evaluate(SIDEWAYS)
    shoot(page, f"joining-number-{width}")
    page.get_by_label("Application number").fill("B76")
    press(page, page.get_by_role("button", name="Find the application"))
    expect(page.get_by_role("alert")).to_contain_text("no application's number")
    page.get_by_label("Application number").fill(f" {ticket['application_number'].lower()}")
    press(page, page.get_by_role("button", name="Find the application"))
    expect(page).to_have_url(re.compile(f"/joining/{ticket['application_number']}$"))
    expect(page.locator("#payer-unit")).to_have_count(0)
    page.get_by_label("Secret").fill("WRONG")
    press(page, page.get_by_role("button", name="Show the application"))
    expect(page.get_by_role("alert")).to_contain_text("No application has this number")
    page.get_by_label("Secret").fill(ticket["secret"].lower())
    press(page, page.get_by_role("button", name="Show the application"))
    expect(page.locator("#payer-unit")).to_have_text(joined.unit)
    expect(page.get_by_role("main")).to_contain_text("Effective from")
    assert not page.evaluate(SIDEWAYS)
    assert ticket["secret"] not in page.url
    shoot(page, f"joining-{width}")
    context.close()


def test_refused_and_withdrawn(joined: Joined) -> None:
    wharf = joined.wharf
    for name, number in (("refused", "70310001000101"), ("withdrawn", "70310001000118")):
        token = _capture(wharf, number, "EXAMPLE IMPORTS Y")
        _apply_on_paper(joined, name, _application(token, requested_on="2026-12-08"))
    refused = joined.tickets["refused"]["application_number"]
    options = ("--officer", "R. Officer", "--reason", "The form is not signed.")
    wharf.command("joining", "refuse", refused, *options)
    told = joined.status("refused")
    assert (told["state"], told["reason"]) == ("refused", "The form is not signed.")
    said = wharf.command("joining", "approve", refused, "--officer", "R. Officer", code=7)
    assert "joining-state-wrong" in said
    withdrawn = joined.tickets["withdrawn"]
    wharf.command(
        "joining", "withdraw", withdrawn["application_number"], given=withdrawn["secret"] + "\n"
    )
    assert joined.status("withdrawn")["state"] == "withdrawn"


@pytest.mark.requirement("SEC-02")
def test_no_account_number_is_outside_the_bank(joined: Joined) -> None:
    accounts = (GOOD_ACCOUNT, BAD_ACCOUNT)
    dumped = dump(joined.wharf.settings, "agency")
    texts = [dumped, *joined.heard, *(path.read_bytes() for path in _artefacts(joined))]
    for text in texts:
        raw = text.encode() if isinstance(text, str) else text
        assert not any(account.encode() in raw for account in accounts)
