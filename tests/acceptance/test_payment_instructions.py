"""Pushing payments as a payer does it: instructions, the bank's file, and what it pays."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest

from customhouse.database import connect
from customhouse.formats.nacha_check import check_file
from customhouse.rehearsal import ach_checks, ach_reading
from tests.acceptance.servers import COMMAND, environment, serving, with_free_ports
from tests.acceptance.wharf import (
    BROKER,
    FRIDAY,
    IMPORTER_X,
    IMPORTER_Y,
    MONDAY,
    OTHER_BROKER,
    TUESDAY,
    WEDNESDAY,
    Wharf,
)
from tests.conftest import MakeSettings

pytestmark = pytest.mark.timeout(600)

BANK = {
    "bank_routing": "091000022",
    "company_identification": "1123456789",
    "company_name": "EXAMPLE HARBOR",
}
OPTIONS = (
    "--bank-routing",
    "091000022",
    "--company-id",
    "1123456789",
    "--company-name",
    "EXAMPLE HARBOR",
)
PATH = "/payment-instructions"
DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "how-to" / "pay-by-ach-credit.md").read_text(encoding="utf-8")


@dataclass
class Treasurer:
    """A payer's treasurer at the doors, with the broker's statements by port."""

    wharf: Wharf
    numbers: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, body: Any = None, *, payer: str = BROKER, code: int = 200) -> Any:
        """Get a path, or post a body to it; give the answer, which must have this status."""
        headers = {"Authorization": f"Bearer {self.tokens[payer]}"}
        url = f"{self.wharf.settings.agency_url}/api/v1{path}"
        method = "GET" if body is None else "POST"
        response = httpx2.request(
            method, url, json=body, headers=headers, trust_env=False, timeout=30
        )
        assert response.status_code == code, response.text
        is_json = "json" in response.headers["Content-Type"]
        return response.json() if is_json else response.content

    def command(self, *words: str, payer: str = BROKER, code: int = 0) -> str:
        """Run a command of the credits group against the agency."""
        path = self.wharf.folder / f"{payer}.token"
        path.write_text(self.tokens[payer])
        agency = ("--url", self.wharf.settings.agency_url, "--token-file", str(path))
        return self.wharf.command("credits", *words, *agency, code=code)


@pytest.fixture(scope="module")
def treasurer(
    make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Treasurer]:
    """Give a treasurer whom nobody's payment disturbs: these tests only ask."""
    with _at_the_doors(make_settings, tmp_path_factory.mktemp("instructions")) as found:
        yield found


@pytest.fixture
def paying_treasurer(make_settings: MakeSettings, tmp_path: Path) -> Iterator[Treasurer]:
    """Give a treasurer of a world of its own, in which something is paid."""
    with _at_the_doors(make_settings, tmp_path) as found:
        yield found


@contextmanager
def _at_the_doors(make_settings: MakeSettings, folder: Path) -> Iterator[Treasurer]:
    """Print three statements of the broker on Tuesday; it and importer X have joined."""
    with make_settings(folder) as fresh:
        settings = replace(with_free_ports(fresh), clock="rehearsal")
        with serving(settings, "bank"), serving(settings, "agency"):
            wharf = Wharf(settings, folder)
            wharf.settle_in()
            _join(wharf)
            ports = ("3901", "3902", "3903")
            owners = (IMPORTER_X, IMPORTER_Y, IMPORTER_Y)
            wharf.load_entries(
                [
                    wharf.row(n, f"{n}000.00", processing_port=port, importer_number=owner)
                    for n, (port, owner) in enumerate(zip(ports, owners, strict=True), 1)
                ]
            )
            wharf.finish(MONDAY)
            found = Treasurer(wharf)
            found.numbers = {each.port: number for number, each in wharf.statements("P").items()}
            found.tokens = {code: each["token"] for code, each in wharf.credentials.items()}
            found.tokens[IMPORTER_X] = _importer_token(wharf)
            yield found


def _blocks(language: str) -> list[str]:
    """Give the page's blocks of a language, or those that show answers."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [text for named, text in found if named == language]


def _join(wharf: Wharf) -> None:
    """Let two payers have joined three weeks ago; how one joins is another test's."""
    with connect(wharf.settings, "agency") as connection:
        connection.execute(
            "insert into credit_enrolment (payer_party_id, payer_identifier, state, effective_on)"
            " select party_id, filer_code, 'active', '2026-11-02'::date from filer"
            " where filer_code = 'B76' union all"
            " select party_id, importer_number, 'active', '2026-11-02' from importer"
            " where importer_number = '12-345678900'"
        )


def _importer_token(wharf: Wharf) -> str:
    kept = wharf.folder / "importer.json"
    desk = str(wharf.folder / "officer.json")
    wharf.command("desk", "officers", "add", "Ada Officer", "--credentials", desk)
    why = ("--officer", "Ada Officer", "--reason", "It joined three weeks ago.")
    wharf.command("credits", "token", "renew", IMPORTER_X, *why, "--credentials", str(kept))
    values = json.loads(kept.read_text())
    first = values[0] if isinstance(values, list) else values
    return str(first["token"])


@pytest.mark.requirement("CRD-01")
def test_a_payer_is_told_all_that_its_bank_needs(treasurer: Treasurer) -> None:
    """Number, amount, account, addendum, and the day before the due date, by API and command."""
    number = treasurer.numbers["3902"]
    answer = treasurer.ask(f"{PATH}/{number}")
    (document,) = answer["documents"]
    settings = treasurer.wharf.settings
    assert answer["payee"]["routing"] == settings.collection_routing
    assert answer["payee"]["account"] == settings.collection_account
    assert document["amount_cents"] == 203_358
    # Entered on Friday 20 November: ten working days, and Thanksgiving is none.
    assert (document["due_on"], document["originate_by"]) == ("2026-12-07", "2026-12-04")
    assert document["addendum"] == f"TXP*B76*90001*261207*{number}*203358\\"
    said = treasurer.command("instruct", number, "--lead-days", "2")
    assert "$2,033.58" in said
    assert "give it to your bank by 2026-12-02" in said
    assert document["addendum"] in said


@pytest.mark.requirement("CRD-01")
def test_the_file_is_the_same_by_api_command_and_without_a_server(treasurer: Treasurer) -> None:
    folder = treasurer.wharf.folder
    numbers = [treasurer.numbers["3902"], treasurer.numbers["3903"]]
    for form in ("CCD", "CTX"):
        asked = {"documents": numbers, "settle_on": "2026-11-25", "form": form, **BANK}
        by_api = treasurer.ask(f"{PATH}/file", asked)
        path, answer, offline = (folder / name for name in ("a.ach", "answer.json", "b.ach"))
        day = ("--settle-on", "2026-11-25")
        treasurer.command("instruct", *numbers, *day, "--file", str(path), "--form", form, *OPTIONS)
        assert path.read_bytes() == by_api
        answer.write_text(treasurer.command("instruct", *numbers, *day, "--json"))
        written = ("file", str(answer), "-o", str(offline), "--form", form, *OPTIONS)
        treasurer.wharf.command("credits", *written)
        assert offline.read_bytes() == by_api
        assert list(check_file(io.BytesIO(by_api))) == []
        assert ach_checks.check_file(ach_reading.read_file(by_api)) == []
        said = treasurer.wharf.command("credits", "explain", str(offline))
        assert all(f"for statement {number}" in said for number in numbers)


def test_whoever_has_not_joined_is_not_told_the_account(treasurer: Treasurer) -> None:
    account = treasurer.wharf.settings.collection_account
    refused = treasurer.ask(f"{PATH}?until=2026-12-31", payer=OTHER_BROKER, code=409)
    assert refused["code"] == "credit-payer-not-joined"
    assert account not in json.dumps(refused)


def test_somebody_elses_statement_is_as_unknown_as_none(treasurer: Treasurer) -> None:
    own, other = treasurer.numbers["3901"], treasurer.numbers["3902"]
    body = {"documents": [own, other, "3999999ZZZ"]}
    answer = treasurer.ask(PATH, body, payer=IMPORTER_X)
    outcomes = [each["outcome"] for each in answer["documents"]]
    assert outcomes == ["ready", "refused", "refused"]
    told = [each["faults"][0]["code"] for each in answer["documents"][1:]]
    assert told == ["credit-document-unknown"] * 2
    addendum = answer["documents"][0]["addendum"]
    assert addendum.startswith("TXP*12-345678900*90001*")
    # A file holds everything that was asked for, or is not written.
    path = treasurer.wharf.folder / "none.ach"
    said = treasurer.command(
        "instruct", own, other, "--file", str(path), *OPTIONS, payer=IMPORTER_X, code=7
    )
    assert "no file was written" in said
    assert not path.exists()
    refused = treasurer.ask(f"{PATH}/file", {**body, **BANK}, payer=IMPORTER_X, code=404)
    assert len(refused["faults"]) == 2


def test_wrong_questions_are_refused_with_what_was_seen(treasurer: Treasurer) -> None:
    for path, body in (
        (f"{PATH}?lead_days=11", None),
        (f"{PATH}?settle_on=2026-11-26", None),
        (PATH, {"documents": []}),
        (f"{PATH}/file", {"all_due": True}),
        (f"{PATH}/file", {"all_due": True, **BANK, "bank_routing": "091000023"}),
    ):
        assert treasurer.ask(path, body, code=422)["detail"]
    said = treasurer.command("instruct", "--all-due", "--file", "x.ach", code=2)
    assert "--bank-routing and --company-id and --company-name" in said


@pytest.mark.requirement("CRD-01")
def test_the_page_for_treasurers_can_be_followed(treasurer: Treasurer, tmp_path: Path) -> None:
    """Its commands run one behind the other, and the two answers that it shows are the answers."""
    assert treasurer.numbers["3902"] == "3927328002", "the page's example is a statement of ours"
    (listed,) = _blocks("csv")
    (tmp_path / "list.csv").write_text(listed)
    variables = environment(treasurer.wharf.settings)
    variables["CUSTOMHOUSE_ABI_TOKEN"] = treasurer.tokens[BROKER]
    variables["PATH"] = f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"
    said = []
    # Steps 1 to 3; what follows answers about payments that went wrong, which the desk's tests do.
    for block in _blocks("sh")[1:5]:
        done = subprocess.run(
            ["bash", "-ec", block],
            env=variables,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        said.append(done.stdout)
    first, *_, last = said
    assert first.startswith(_blocks("")[0])
    assert last == _blocks("")[1]


@pytest.mark.requirement("CRD-01", "CRD-02", "CRD-11")
def test_one_statement_is_debited_and_the_file_pays_the_others(
    paying_treasurer: Treasurer,
) -> None:
    """C17: one method for each statement; the one that is authorized is not pushed as well.

    The payer's bank takes the very file that was written, and it closes both statements.
    """
    treasurer = paying_treasurer
    wharf = treasurer.wharf
    debited, *pushed = (treasurer.numbers[port] for port in ("3903", "3902", "3901"))
    wharf.authorize((debited, 303_358, wharf.units["broker"]))
    path = wharf.folder / "pay.ach"
    day = ("--settle-on", WEDNESDAY.isoformat(), "--form", "CTX", "--file", str(path), *OPTIONS)
    said = treasurer.command("instruct", debited, *pushed, *day, code=7)
    assert "statement-already-authorized" in said
    assert not path.exists()
    treasurer.command("instruct", *pushed, *day)
    wharf.operator.payer_banks.put("b76.ach", path.read_bytes())
    wharf.finish(TUESDAY)
    wharf.finish(WEDNESDAY)
    wharf.finish(FRIDAY)
    assert {debited, *pushed} <= set(wharf.statements("F"))
    again = treasurer.ask(f"{PATH}/{pushed[0]}", code=409)
    assert again["code"] == "credit-document-paid"
    assert f"since {WEDNESDAY}" in again["detail"]
    assert "0 ready" in treasurer.command("instruct", "--all-due")
    wharf.command("ledger", "check")


@pytest.mark.requirement("CRD-01", "CRD-02")
def test_what_no_entry_holds_is_paid_by_the_file_that_was_written(
    paying_treasurer: Treasurer,
) -> None:
    """A quarter of a billion: printed as three statements, pushed by one file of three entries."""
    treasurer = paying_treasurer
    wharf = treasurer.wharf
    amounts = ("99999000.00", "99999000.00", "50001899.26")
    rows = [
        wharf.row(n, dollars, print_date=WEDNESDAY.isoformat(), processing_port="3901")
        for n, dollars in enumerate(amounts, 11)
    ]
    wharf.load_entries(rows)
    wharf.finish(TUESDAY)
    answer = treasurer.ask(PATH)
    large = [each for each in answer["documents"] if each["amount_cents"] > 1_000_000_000]
    assert [each["outcome"] for each in large] == ["ready"] * 3
    assert sum(each["amount_cents"] for each in large) == 25_000_000_000
    numbers = [each["document_number"] for each in large]
    path = wharf.folder / "large.ach"
    day = ("--settle-on", FRIDAY.isoformat(), "--form", "CTX", "--file", str(path), *OPTIONS)
    treasurer.command("instruct", *numbers, *day)
    said = wharf.command("credits", "explain", str(path))
    assert said.count("Entry 09100002") == 3
    assert list(check_file(io.BytesIO(path.read_bytes()))) == []
    wharf.operator.payer_banks.put("b76.ach", path.read_bytes())
    wharf.finish(WEDNESDAY)
    wharf.finish(FRIDAY)
    wharf.finish(date(2026, 11, 30))
    assert set(numbers) <= set(wharf.statements("F"))
    wharf.command("ledger", "check")
