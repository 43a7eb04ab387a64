"""Joining ACH Credit and being told, through the doors: commands, API, bank files and mails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx2
import pytest

from customhouse.business_days import FEDERAL_OFFICES
from customhouse.settings import COLLECTION_ACCOUNT
from tests.acceptance.servers import serving, with_free_ports
from tests.acceptance.wharf import BROKER, MONDAY, OTHER_BROKER, Wharf
from tests.conftest import MakeSettings

IMPORTER, OTHER_IMPORTER = "12-345678900", "98-765432100"
PRINTED = date(2026, 12, 7)
NOBODY = "55-555555500"
MAIL = "treasury@imports-x.example"

pytestmark = pytest.mark.timeout(600)


@dataclass
class Joined:
    """What an importer and its broker saw, from the form to the first statement."""

    wharf: Wharf
    said: dict[str, str] = field(default_factory=dict)
    notices: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def token_file(self, name: str, token: str) -> str:
        """Keep a token in a file of its own; give its path."""
        path = self.wharf.folder / f"{name}.token"
        path.write_text(token)
        return str(path)

    def run(self, *arguments: str, who: str, code: int = 0) -> str:
        """Run a command of ``credits`` over HTTP with somebody's token."""
        url = self.wharf.settings.agency_url
        path = str(self.wharf.folder / f"{who}.token")
        options = ("--url", url, "--token-file", path)
        return self.wharf.command("credits", *arguments, *options, code=code)

    def inbox(self, who: str = "importer") -> list[dict[str, Any]]:
        """Give somebody's notices as the command writes them."""
        return [json.loads(line) for line in self.run("notices", "--json", who=who).splitlines()]

    def mails(self) -> list[EmailMessage]:
        """Give the mails in the folder, by notice."""
        folder = self.wharf.settings.data_directory / "mail"
        files = sorted(folder.glob("*.eml"), key=lambda path: int(path.stem.split("-")[-1]))
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]

    def form(self, name: str, **values: Any) -> str:
        """Write a form; give its path."""
        form = {
            "purpose": "new",
            "importer_number": IMPORTER,
            "company_name": "Fictitious Imports X",
            "address": ["1 Example Pier", "Chicago IL 60601"],
            "contact_name": "Pat Example",
            "contact_phone": "+1 312 555 0100",
            "contact_email": MAIL,
            "official_name": "Chris Sample",
            "official_title": "Treasurer",
            "notify_by": "e-mail",
            "bank_lead_days": 1,
        }
        path = self.wharf.folder / f"{name}.json"
        path.write_text(json.dumps(form | values))
        return str(path)

    def get(self, path: str, token: str) -> httpx2.Response:
        """Ask the agency with a token."""
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.wharf.settings.agency_url}{path}"
        return httpx2.get(url, headers=headers, trust_env=False, timeout=30)


def play(seen: Joined) -> None:
    """Play it: form, approval, a zero-dollar entry without addendum, a good one, statements."""
    wharf = seen.wharf
    wharf.settle_in()
    for code in (BROKER, OTHER_BROKER):
        seen.token_file(code, wharf.credentials[code]["token"])
    seen.said["enrol"] = seen.run("enrol", seen.form("new"), who=BROKER)
    seen.said["list"] = wharf.command("credits", "enrolments", "list")
    number = seen.said["enrol"].split()[1]
    seen.said["without a file"] = wharf.command(
        "credits", "enrolments", "approve", number, "--officer", wharf.appoint(), code=2
    )
    kept = wharf.folder / "importer.json"
    seen.said["approve"] = wharf.command(
        *("credits", "enrolments", "approve", number, "--officer", "Ada Officer"),
        *("--credentials", str(kept)),
    )
    (credential,) = json.loads(kept.read_text())
    assert credential["payer"] == IMPORTER
    assert kept.stat().st_mode & 0o777 == 0o600
    seen.token_file("importer", credential["token"])
    seen.said["approved"] = seen.run("enrolment", who="importer")
    # While the newest form is the broker's: a test has the importer file another one.
    for name, who, values in (
        ("of nobody", BROKER, {"importer_number": NOBODY}),
        ("of another", OTHER_BROKER, {}),
        ("again", BROKER, {}),
    ):
        seen.said[name] = seen.run("enrol", seen.form("again", **values), who=who, code=7)
    wharf.push(f"{IMPORTER}:prenote!bare")
    day = wharf.finish(MONDAY)
    wharf.push(f"{IMPORTER}:prenote")
    while day < PRINTED:
        if day == FEDERAL_OFFICES.previous(PRINTED):
            _load(wharf)
        day = wharf.finish(day)
    seen.said["active"] = seen.run("enrolment", who="importer")
    seen.said["statements"] = seen.run("statements", who="importer")
    seen.notices["printed"] = seen.inbox()
    wharf.remove(2)
    (line,) = seen.run("statements", "--json", who="importer").splitlines()
    statement = json.loads(line)
    dollars = f"{statement['amount_cents'] // 100}.{statement['amount_cents'] % 100:02}"
    wharf.push(f"{IMPORTER}:{statement['statement_number']}={dollars}!transposed")
    for _ in range(2):
        day = wharf.finish(day)
    wharf.evening(day)
    seen.notices["end"] = seen.inbox()


def _load(wharf: Wharf) -> None:
    values = {"payment_type": "3", "print_date": PRINTED.isoformat(), "entry_date": "2026-11-27"}
    theirs = values | {"filer_code": OTHER_BROKER, "payment_type": "2"}
    ours = [wharf.row(1, "1000.00", **values), wharf.row(2, "500.00", **values)]
    wharf.load_entries([*ours, wharf.row(3, "70.00", **theirs)])


@pytest.fixture(scope="module")
def seen(make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Joined]:
    """Play the story once, with both sides as processes of their own."""
    folder: Path = tmp_path_factory.mktemp("joining")
    with make_settings(folder) as fresh:
        settings = replace(with_free_ports(fresh), clock="rehearsal")
        played = Joined(Wharf(settings, folder))
        with serving(settings, "bank"), serving(settings, "agency"):
            play(played)
            yield played


@pytest.mark.requirement("CRD-12")
def test_a_broker_files_for_its_importer_and_an_officer_approves(seen: Joined) -> None:
    """The account to push to is told after the approval, to the payer, and in no mail."""
    assert "is received" in seen.said["enrol"]
    assert IMPORTER in seen.said["list"]
    for said in (seen.said["list"], seen.said["approve"]):
        assert f"filed by the sender of {BROKER}" in said
        assert "WARNING" not in said
    assert f"approved form   by the sender of {BROKER}" in seen.said["approved"]
    assert "payer-token-file-missing" in seen.said["without a file"]
    assert COLLECTION_ACCOUNT in seen.said["approved"]
    assert "zero-dollar entry with an addendum" in seen.said["approved"]
    assert "prenote 90000" in seen.said["approved"]
    assert all(COLLECTION_ACCOUNT not in each.as_string() for each in seen.mails())


@pytest.mark.requirement("CRD-12")
def test_a_zero_dollar_entry_without_an_addendum_does_not_join(seen: Joined) -> None:
    """An officer sees it with its company; the good one of the next day counts."""
    listed = seen.wharf.command("credits", "enrolments", "prenotes")
    assert "addendum-missing" in listed
    kinds = [each["kind"] for each in seen.notices["printed"]]
    assert kinds.index("enrolment-approved") < kinds.index("prenote-accepted")
    lines = dict(line.split(maxsplit=1) for line in seen.said["active"].splitlines())
    assert lines["enrolment"] == "active"
    (accepted,) = [each for each in seen.notices["printed"] if each["kind"] == "prenote-accepted"]
    effective = date.fromisoformat(accepted["created_on"]).toordinal() + 10
    assert date.fromordinal(effective).isoformat() in seen.said["active"]


@pytest.mark.requirement("CRD-13")
def test_an_importer_sees_what_its_broker_lets_it_pay(seen: Joined) -> None:
    """Number, amount, due date, and the latest day with its bank's own day on top."""
    (line,) = seen.said["statements"].splitlines()
    (told,) = [each for each in seen.notices["printed"] if each["kind"] == "statement-due"]
    assert line.startswith(told["statement_number"])
    assert "$1,567.16" in line
    assert "Example Harbor Brokers" in line
    assert "originate by" in line
    assert "$1,567.16 is due on" in told["text"]


@pytest.mark.requirement("CRD-13")
def test_a_change_is_told_in_the_way_it_chose(seen: Joined) -> None:
    (told,) = [each for each in seen.notices["end"] if each["kind"] == "statement-changed"]
    assert "$1,033.58 is due on" in told["text"]
    number = told["statement_number"]
    subjects = [each["Subject"] for each in seen.mails()]
    assert f"A statement is to be paid: {number}" in subjects
    assert f"A statement to be paid was changed: {number}" in subjects


@pytest.mark.requirement("CRD-04")
def test_a_payment_that_matches_nothing_is_told_at_once(seen: Joined) -> None:
    """C15: in the inbox and by mail, with what is missing."""
    (told,) = [each for each in seen.notices["end"] if each["kind"] == "credit-unmatched"]
    assert "could not be applied" in told["text"]
    assert "$1,033.58" in told["text"]
    (mail,) = [each for each in seen.mails() if "could not be applied" in each["Subject"]]
    assert told["text"].split(".")[0] in " ".join(mail.get_content().split())


@pytest.mark.requirement("NOT-02")
def test_each_notice_is_one_mail(seen: Joined) -> None:
    mails = seen.mails()
    assert len(mails) == len(seen.notices["end"])
    assert len({each["Message-ID"] for each in mails}) == len(mails)
    assert {each["To"] for each in mails} == {MAIL}
    assert "did not arrive" not in seen.wharf.command("credits", "mail", "list")


@pytest.mark.requirement("CRD-12")
def test_another_payers_things_and_unknown_ones_are_one_fault(seen: Joined) -> None:
    assert seen.run("notices", who=OTHER_BROKER).strip() == "Nothing was told."
    refused = [
        seen.run("enrolment", who=OTHER_BROKER, code=7),
        seen.run("enrolment", "--filer", OTHER_BROKER, who=BROKER, code=7),
        seen.run("enrol", seen.form("theirs", purpose="change"), who=BROKER, code=7),
    ]
    assert [text.split(":")[0] for text in refused] == ["payer-not-found"] * 3
    joined = seen.said["of another"]
    assert joined.startswith("enrolment-form-not-taken")
    assert joined.replace(IMPORTER, NOBODY) == seen.said["of nobody"]
    assert seen.said["again"].startswith("enrolment-exists")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/payer/statements?after=%00", 422, "query-wrong"),
        ("/api/v1/payer/statements?after=392%27", 422, "query-wrong"),
        ("/api/v1/credit-enrolments/E%00", 404, "enrolment-form-unknown"),
    ],
)
def test_odd_characters_are_faults(seen: Joined, path: str, status: int, code: str) -> None:
    answer = seen.get(path, (seen.wharf.folder / f"{BROKER}.token").read_text())
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_wrong_form_tells_all_that_is_wrong(seen: Joined) -> None:
    form = seen.form("wrong", notify_by="fax", contact_email="no", bank_lead_days=99)
    said = seen.run("enrol", form, who=BROKER, code=7)
    assert said.count("enrolment-field-wrong") == 3
    assert "no such" not in said


@pytest.mark.requirement("CRD-12")
def test_an_officer_is_warned_of_a_stranger_before_the_approval(seen: Joined) -> None:
    """Any broker may file for any importer: list and show say who it was, approval asks again."""
    stranger = seen.form("stranger", importer_number=OTHER_IMPORTER)
    number = seen.run("enrol", stranger, who=OTHER_BROKER).split()[1]
    warning = f"the sender of {OTHER_BROKER} has no standing with {OTHER_IMPORTER}"
    credits = ("credits", "enrolments")
    assert f"WARNING: {warning}" in seen.wharf.command(*credits, "list")
    shown = seen.wharf.command(*credits, "show", OTHER_IMPORTER)
    assert f"filed by        the sender of {OTHER_BROKER}" in shown
    assert f"WARNING         {warning}" in shown
    token = (seen.wharf.folder / f"{OTHER_BROKER}.token").read_text()
    told = seen.get(f"/api/v1/credit-enrolments/{number}", token).json()
    assert told["filed_by"] == {"how": "sender", "filer_codes": [OTHER_BROKER], "filers": 1}
    kept = str(seen.wharf.folder / "other.json")
    approve = (*credits, "approve", number, "--officer", "Ada Officer", "--credentials", kept)
    refused = seen.wharf.command(*approve, code=7)
    assert "enrolment-filer-strange" in refused
    assert warning in refused
    assert f"WARNING: {warning}" in seen.wharf.command(*credits, "list")
    done = seen.wharf.command(*approve, "--confirmed")
    assert f"WARNING: {warning}" in done


def test_an_importer_changes_its_own_enrolment(seen: Joined) -> None:
    """The form is open until it is decided; the sender that filed the first one sees that one."""
    form = seen.form("mine", purpose="change", bank_lead_days=2)
    number = seen.run("enrol", form, who="importer").split()[1]
    assert f"open form       {number}, change" in seen.run("enrolment", who="importer")
    tokens = {each: (seen.wharf.folder / f"{each}.token").read_text() for each in (BROKER, "C08")}
    filed = seen.said["enrol"].split()[1]
    told = seen.get(f"/api/v1/credit-enrolments/{filed}", tokens[BROKER])
    assert (told.json()["state"], told.json()["payer_identifier"]) == ("approved", IMPORTER)
    for path, token in ((number, tokens[BROKER]), (filed, tokens["C08"])):
        unknown = seen.get(f"/api/v1/credit-enrolments/{path}", token)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "enrolment-form-unknown")
    seen.wharf.command(
        *("credits", "enrolments", "refuse", number),
        *("--officer", "Ada Officer", "--reason", "Please call us."),
    )
    assert "open form" not in seen.run("enrolment", who="importer")
    assert "Please call us." in seen.run("notices", who="importer")


def test_former_and_revoked_tokens_are_wrong_and_wrong_ones_are_counted(seen: Joined) -> None:
    """A token that was right before passes all the same.

    One test, because each wrong token of the last minute counts; it leaves a good one behind.
    """
    former = (seen.wharf.folder / "importer.token").read_text()
    said = _renewed(seen, "Lost in a move.")
    assert "renewed by Ada Officer: Lost in a move." in said
    assert "given by Ada Officer: form E" in said
    assert "Your former one ended. If nobody of yours asked for it, call us." in said
    revoked = (seen.wharf.folder / "importer.token").read_text()
    _revoke(seen)
    _renewed(seen, "Found again.")
    path, names = "/api/v1/payer/notices", ("importer", "C08", BROKER)
    known = [(seen.wharf.folder / f"{name}.token").read_text() for name in names]
    assert {seen.get(path, token).status_code for token in known} == {200}
    # The revoked one was shown once, to see that it opens nothing.
    wrong = [former, *(f"wrong-{number}" for number in range(28))]
    assert {seen.get(path, token).status_code for token in wrong} == {401}
    for token in ("wrong-again", former, revoked):
        answer = seen.get(path, token)
        assert (answer.status_code, answer.json()["code"]) == (429, "token-tried-too-often")
    assert {seen.get(path, token).status_code for token in known} == {200}


def _renewed(seen: Joined, reason: str) -> str:
    """Give the importer another token; give what was said of it, to the officer and to it."""
    kept = seen.wharf.folder / f"{reason}.json"
    who = (IMPORTER, "--officer", "Ada Officer", "--reason", reason, "--credentials", str(kept))
    credits = ("credits", "token")
    said = seen.wharf.command(*credits, "renew", *who)
    (credential,) = json.loads(kept.read_text())
    seen.token_file("importer", credential["token"])
    said += seen.wharf.command(*credits, "history", IMPORTER) + seen.run("notices", who="importer")
    assert credential["token"] not in said
    return said


def _revoke(seen: Joined) -> None:
    """End the importer's token: it opens nothing until another one is given."""
    token = (seen.wharf.folder / "importer.token").read_text()
    command = ("credits", "token", "revoke", IMPORTER, "--officer", "Ada Officer")
    said = seen.wharf.command(*command, "--reason", "Seen with a stranger")
    assert said.strip() == f"{IMPORTER}: revoked; the payer is told"
    assert seen.get("/api/v1/payer/notices", token).status_code == 401
    again = seen.wharf.command(*command, "--reason", "Once more", code=7)
    assert again.startswith("payer-token-not-there")


def test_a_filer_has_no_token_of_its_own(seen: Joined) -> None:
    kept = str(seen.wharf.folder / "filer.json")
    who = ("--officer", "Ada Officer", "--reason", "Lost")
    command = ("credits", "token", "renew", BROKER, *who, "--credentials", kept)
    assert seen.wharf.command(*command, code=7).startswith("payer-is-a-filer")
    assert not Path(kept).exists()
