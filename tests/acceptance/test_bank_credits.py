"""Pushed payments through the bank's real doors: its commands and its end of the rails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import httpx2
import pytest

from customhouse import rails
from customhouse.bank.exchange import Exchange
from customhouse.settings import COLLECTION_ACCOUNT
from tests.acceptance.servers import Served, serving, with_free_ports
from tests.acceptance.test_bank_commands import run
from tests.conftest import MakeSettings
from tests.integration.bank.branch import TUESDAY, WEDNESDAY
from tests.integration.bank.credit_files import STRANGER, Push, batch, entry, written
from tests.integration.bank.operator_files import deliver

TEXT = "TXP*B76*90001*261124*S*0000104608*3927327001\\"


@dataclass(frozen=True)
class Rails:
    """The bank's end of the rails, served."""

    served: Served

    def get(self, path: str, *, token: str = "", **parameters: str) -> httpx2.Response:
        """Ask, with the rails' token or another one; no account may be in an answer."""
        bearer = token or self.served.settings.rails_token
        with httpx2.Client(base_url=self.served.url, timeout=10.0, trust_env=False) as client:
            headers = {"Authorization": f"Bearer {bearer}"}
            answer = client.get(path, params=parameters, headers=headers)
        assert STRANGER not in answer.text
        assert COLLECTION_ACCOUNT not in answer.text
        return answer


@pytest.fixture(scope="module")
def lived(make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rails]:
    """Deliver one file by which something of everything comes, run a day, and serve the bank."""
    with make_settings(tmp_path_factory.mktemp("credits")) as made:
        settings = replace(with_free_ports(made), clock="rehearsal")
        exchange = Exchange(settings.exchange_directory)
        exchange.prepare()
        today = [
            entry(Push(texts=[TEXT]), 1),
            entry(Push(code=27, amount_cents=32, texts=()), 2),
            entry(Push(account=STRANGER, amount_cents=33), 3),
        ]
        later = [entry(Push(amount_cents=250_000, texts=["A", "B"]), 4)]
        tomorrow = batch(WEDNESDAY, sec_code="CTX", number=2)
        file = written([(batch(TUESDAY), today), (tomorrow, later)])
        # The last entry announces an addendum more than comes.
        deliver(exchange, "one.cr.ach", file.replace(b"0002EXAMPLE CUS", b"0003EXAMPLE CUS"))
        done = run(settings, "day", "--until", "2026-11-24")
        assert "tell the agency of the credits that settled: 2 told" in done.stdout
        with serving(settings, "bank") as served:
            yield Rails(served)


@pytest.mark.requirement("CRD-02")
def test_the_agency_polls_what_settled(lived: Rails) -> None:
    answer = lived.get(rails.CREDITS_PATH, after="0").json()
    found = [rails.credit_from_json(each) for each in answer["credits"]]
    assert [(each.kind, each.amount_cents, each.code) for each in found] == [
        ("payment", 104_608, ""),
        ("debit_refused", 32, "R29"),
    ]
    assert found[0].addenda == (TEXT.ljust(80),)
    assert answer["next_after"] == 2
    assert lived.get(rails.CREDITS_PATH, after="2").json() == {"credits": [], "next_after": 2}
    one = lived.get(rails.CREDITS_PATH, after="0", limit="1").json()
    assert [each["sequence"] for each in one["credits"]] == [1]


def test_only_the_agency_may_ask(lived: Rails) -> None:
    for path in (rails.CREDITS_PATH, rails.TREASURY_DAYS_PATH, rails.CREDIT_RETURNS_PATH):
        assert lived.get(path, token="another", date="2026-11-24").status_code == 401


def test_a_refusal_is_taken_at_the_rails(lived: Rails) -> None:
    """Again without effect; never of what is no payment, of another amount, or of another body."""
    credit_id = "C26328111111110000001"
    refusal = {"credit_id": credit_id, "amount_cents": 104_608, "refused_on": "2026-11-24"}
    url, path = lived.served.url, rails.CREDIT_RETURNS_PATH

    def post(body: object, token: str = "") -> httpx2.Response:
        bearer = token or lived.served.settings.rails_token
        headers = {"Authorization": f"Bearer {bearer}"}
        with httpx2.Client(base_url=url, timeout=10.0, trust_env=False) as client:
            return client.post(path, json=body, headers=headers)

    assert post(refusal, token="another").status_code == 401
    for body, code in [
        ({**refusal, "amount_cents": 1}, "credit-return-other-amount"),
        ({**refusal, "credit_id": "C26328111111110000002"}, "credit-return-unknown"),
        ({**refusal, "credit_id": "C26329111111110000004"}, "credit-return-unknown"),
        ({**refusal, "refused_on": "soon"}, "instruction-unreadable"),
        ({**refusal, "more": 1}, "members-wrong"),
    ]:
        assert post(body).json()["code"] == code
    taken = [post(refusal), post(refusal)]
    assert [(each.status_code, each.json()) for each in taken] == [(202, refusal)] * 2
    assert lived.get(path, after="0").json() == {"returned": [], "next_after": 0}
    assert "goes back            R23, to be there by 2026-11-27" in said(lived, "show", credit_id)


def test_what_cannot_be_read_is_refused(lived: Rails) -> None:
    asked = [
        lived.get(rails.CREDITS_PATH, after="-1"),
        lived.get(rails.CREDITS_PATH, after="0", limit="1001"),
        lived.get(rails.CREDITS_PATH, after="soon"),
        lived.get(rails.TREASURY_DAYS_PATH),
        lived.get(rails.TREASURY_DAYS_PATH, date="yesterday"),
        lived.get(rails.TREASURY_DAYS_PATH, date="2026-11-24", limit="0"),
    ]
    for answer in asked:
        assert answer.status_code == 422, answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_treasury_day_lists_what_moved(lived: Rails) -> None:
    answer = lived.get(rails.TREASURY_DAYS_PATH, date="2026-11-24").json()
    (line,) = [rails.treasury_line_from_json(each) for each in answer.pop("lines")]
    assert (line.kind, line.amount_cents, line.reference) == (
        "credit_received",
        104_608,
        "C26328111111110000001",
    )
    assert answer == {
        "date": "2026-11-24",
        "business_date": "2026-11-24",
        "next_after": line.line_id,
        "totals": {"lines": 1, "credit_cents": 104_608, "debit_cents": 0},
    }


def said(lived: Rails, *arguments: str) -> str:
    """Run a command about credits; no account may be in what it says."""
    done = run(lived.served.settings, "credits", *arguments)
    assert done.returncode == 0, done.stderr
    assert STRANGER not in done.stdout
    assert COLLECTION_ACCOUNT not in done.stdout
    return done.stdout


@pytest.mark.requirement("CRD-10")
def test_a_person_lists_and_looks_without_an_account_number(lived: Rails) -> None:
    listed = said(lived, "list")
    assert listed == said(lived, "list", "--date", "2026-11-24")
    assert [line.split("  ")[0].split()[0] for line in listed.splitlines()] == [
        "C26328111111110000001",
        "C26328111111110000002",
        "C26328111111110000003",
    ]
    assert "debit, refused R29" in listed
    assert "sent back R03" in listed
    waiting = said(lived, "list", "--waiting")
    assert "settles 2026-11-25  CTX from 11111111, EXAMPLE IMPORTER, 2 addenda" in waiting
    assert said(lived, "list", "--date", "2026-11-27") == "No entry settles on 2026-11-27.\n"
    shown = said(lived, "show", "C26328111111110000001")
    assert f"addendum 1           {TEXT}\n" in shown
    assert "wrong with addenda" not in shown
    misfit = said(lived, "show", "C26329111111110000004")
    assert "wrong with addenda   not as many as announced\n" in misfit
    back = said(lived, "show", "C26328111111110000003")
    assert "goes back            R03, to be there by 2026-11-27\n" in back
    assert "return               12345678-20261124-0900-A.ret.ach (released), trace" in back


def test_the_report_of_the_day_counts_what_was_pushed(lived: Rails) -> None:
    done = run(lived.served.settings, "report", "--on", "2026-11-24")
    assert "pushed           2 payments, $3,546.08; 2 to send back\n" in done.stdout


def test_what_is_not_there_is_told(lived: Rails) -> None:
    settings = lived.served.settings
    unknown = run(settings, "credits", "show", "C1")
    assert unknown.returncode != 0
    assert unknown.stderr.startswith("incoming-entry-unknown: No incoming entry C1 is at the bank.")
    both = run(settings, "credits", "list", "--waiting", "--date", "2026-11-24")
    assert both.returncode == 2
