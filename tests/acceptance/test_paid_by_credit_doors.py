"""A statement that ACH Credit paid, at every door by which somebody may still want to pay it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import httpx2
import pytest

from customhouse.agency import registration
from tests.acceptance import credit_pages
from tests.acceptance.credit_pages import CENTS, DEC_3, Pushed
from tests.acceptance.servers import COMMAND, environment
from tests.acceptance.site import Site
from tests.integration.agency.harbor import BROKER, BROKER_UNIT, Harbor, dispositions

pytestmark = pytest.mark.requirement("CRD-08")

CODE = "statement-paid-by-credit"


@pytest.fixture(scope="module")
def pushed(site: Site) -> Pushed:
    """Push payments for statements of the site."""
    return credit_pages.push_for(site.settings, site.numbers)


@pytest.fixture(scope="module")
def harbor(site: Site, pushed: Pushed) -> Harbor:
    """Give the harbor with a sender of the broker's whose credential is new."""
    harbor = Harbor(site.settings, today=DEC_3)
    with harbor.connect() as connection:
        credential = registration.renew_credential(connection, "3901", id_code=BROKER)
    assert credential is not None
    harbor.passwords[BROKER] = credential.password
    harbor.passwords["token"] = credential.token
    return harbor


@pytest.fixture(scope="module")
def api(site: Site, harbor: Harbor) -> Iterator[httpx2.Client]:
    """Give an HTTP client that shows the broker's token."""
    headers = {"Authorization": f"Bearer {harbor.passwords['token']}"}
    with httpx2.Client(base_url=site.url, headers=headers, timeout=30.0, trust_env=False) as client:
        yield client


def amounts(pushed: Pushed) -> dict[str, int]:
    """Give the totals of a paid statement and of one whose final is out."""
    return {pushed.paid: CENTS + 2, pushed.final: CENTS}


def customhouse(site: Site, harbor: Harbor, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as the broker."""
    variables = environment(site.settings) | {"CUSTOMHOUSE_ABI_TOKEN": harbor.passwords["token"]}
    command = [COMMAND, *words]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def test_abi_refuses_its_authorization(api: httpx2.Client, harbor: Harbor, pushed: Pushed) -> None:
    """C17: it was paid by a push; a debit would be the second payment."""
    records = [
        f"PT{BROKER_UNIT}02{BROKER} {number}{cents:010}"
        for number, cents in amounts(pushed).items()
    ]
    sent = api.post(
        "/abi/batches",
        content=harbor.batch("RM", records),
        headers={"Content-Type": "text/plain"},
    )
    assert sent.status_code == 200, sent.text
    answer = sent.text
    assert dispositions(answer) == ["D20", "998", "D20", "998"], answer
    assert "STATEMENT WAS PAID BY ACH CREDIT" in answer


@pytest.mark.parametrize("path", ["/api/v1/authorizations", "/api/v1/authorizations/preview"])
def test_the_api_refuses_an_order_and_says_why(
    api: httpx2.Client, pushed: Pushed, path: str
) -> None:
    wanted = [
        {"statement_number": number, "amount_cents": cents}
        for number, cents in amounts(pushed).items()
    ]
    order = {"filer_code": BROKER, "payer_unit_number": BROKER_UNIT, "statements": wanted}
    sent = api.post(path, json=order, headers={"Idempotency-Key": f"paid-{path[-7:]}"})
    assert sent.status_code == 200, sent.text
    for outcome in sent.json()["outcomes"]:
        (fault,) = outcome["faults"]
        assert (outcome["outcome"], fault["code"]) == ("refused", CODE)
        assert fault["next_step"] == "Pay nothing: its final statement is the receipt."
        assert outcome["standing"] is None


def test_all_that_is_due_has_no_paid_statement_in_it(api: httpx2.Client, pushed: Pushed) -> None:
    order = {"filer_code": BROKER, "payer_unit_number": BROKER_UNIT, "all_due": True}
    tried = api.post("/api/v1/authorizations/preview", json=order).json()
    due = [each["statement_number"] for each in tried["outcomes"]]
    assert pushed.waiting in due
    assert not {pushed.paid, pushed.final, pushed.returned, pushed.billed} & set(due)


def test_the_list_by_command_knows_the_state(site: Site, harbor: Harbor, pushed: Pushed) -> None:
    paid = customhouse(site, harbor, "statements", "list", "--state", "paid")
    assert paid.stdout.split() == [
        *(pushed.paid, "paid", "$5,000.02", "paid", "by", "ACH", "Credit", "2026-12-03")
    ]
    every = customhouse(site, harbor, "statements", "list").stdout.splitlines()
    (waiting,) = [line for line in every if line.startswith(pushed.waiting)]
    assert waiting.endswith("$2,000.00 arrived by ACH Credit, $3,000.01 missing")
    (final,) = [line for line in every if line.startswith(pushed.final)]
    assert final.endswith("paid by ACH Credit 2026-12-02")


def test_the_command_refuses_and_gives_the_hint(site: Site, harbor: Harbor, pushed: Pushed) -> None:
    order = f"{pushed.paid}=5000.02"
    for verb in ("preview", "authorize"):
        done = customhouse(site, harbor, "statements", verb, "--unit", BROKER_UNIT, order)
        assert done.returncode == 7
        assert f"{CODE}: Statement {pushed.paid} was paid by ACH Credit." in done.stdout
        assert "hint: Pay nothing: its final statement is the receipt." in done.stdout


def test_an_entry_stays_on_a_paid_statement(
    api: httpx2.Client, harbor: Harbor, pushed: Pushed
) -> None:
    """What was paid is not changed by a statement update."""
    ((entry,),) = harbor.rows(
        "select entry_number from statement_entry where statement_number = %s", pushed.paid
    )
    batch = harbor.batch("SU", [f"H3901{BROKER}  {entry}1"])
    sent = api.post("/abi/batches", content=batch, headers={"Content-Type": "text/plain"})
    assert dispositions(sent.text)[0] == "P02", sent.text


def test_a_bill_that_was_pushed_for_is_listed_as_paid_by_credit(
    site: Site, harbor: Harbor, pushed: Pushed
) -> None:
    listed = customhouse(site, harbor, "bills", "list", "--all").stdout
    (bill,) = [line for line in listed.splitlines() if pushed.billed in line]
    assert bill.endswith("paid 2026-12-02 by ACH Credit")
    assert customhouse(site, harbor, "bills", "list").stdout.strip() == "No bill is open."
