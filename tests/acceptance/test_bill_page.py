"""The bill of a returned debit on the filer's page, on a phone and a desk."""

from __future__ import annotations

import json
from datetime import date

import pytest
from playwright.sync_api import expect

from customhouse import rails
from customhouse.agency import bank_events
from customhouse.clock import RehearsalClock
from customhouse.database import connect
from tests.acceptance.site import SIDEWAYS, WIDTHS, Site, shoot

pytestmark = pytest.mark.browser


CENTS = 1_235_200
SETTLED_ON, RETURNED_ON = date(2026, 11, 27), date(2026, 12, 1)


@pytest.fixture(scope="module")
def billed(site: Site) -> str:
    """Let the bank report that an authorized debit settled and came back; give its statement."""
    number = site.numbers.authorized
    events = [
        _event(101, "settled", number, on=SETTLED_ON, code=""),
        _event(102, "returned", number, on=RETURNED_ON, code="R01"),
    ]
    bodies = {each.event_id: json.dumps(rails.to_json(each)) for each in events}
    clock = RehearsalClock(date(2026, 12, 2))
    with connect(site.settings, "agency") as connection:
        connection.execute(
            "update authorization_attempt set state = 'with_bank' where state = 'accepted'"
        )
        taken = bank_events.apply(connection, events, bodies=bodies, clock=clock)
    assert (taken.settled, taken.returned) == (1, 1)
    return number


def _event(
    sequence: int, kind: rails.EventKind, number: str, *, on: date, code: str
) -> rails.BankEvent:
    return rails.BankEvent(
        sequence=sequence,
        event_id=f"bill/{kind}/{number}",
        kind=kind,
        instruction_id=f"B76-{number}-1",
        amount_cents=CENTS,
        effective_on=on,
        trace_number="123456780000001",
        code=code,
        detail="",
    )


@pytest.mark.requirement("DEB-04")
@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
def test_a_returned_debit_shows_its_bill(site: Site, billed: str, device: str, width: int) -> None:
    """C6: number, reason, amount and the day due, until it is paid."""
    page = site.signed_in(width=width)
    page.goto(f"/statements/{billed}")
    bill = page.get_by_role("table", name="What returned debits").get_by_role("row").nth(1)
    expect(bill).to_contain_text("$12,352.00")
    expect(bill).to_contain_text("There is not enough money in the account.")
    expect(bill).to_contain_text("Not paid")
    assert not page.evaluate(SIDEWAYS)
    shoot(page, f"bill-{device}")


def test_a_statement_that_was_not_returned_has_no_bill(site: Site) -> None:
    page = site.signed_in()
    page.goto(f"/statements/{site.numbers.final}")
    expect(page.get_by_role("heading", name="Authorizations")).to_be_visible()
    expect(page.get_by_role("heading", name="Bills")).to_have_count(0)
