"""What the filer's pages say of statements that ACH Credit pays, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests import paper_readings
from tests.acceptance import credit_pages
from tests.acceptance.credit_pages import Pushed
from tests.acceptance.site import SIDEWAYS, WIDTHS, Site, press, shoot

pytestmark = pytest.mark.browser

NEVER_OF_PAID = ("Debit expected", "Hold the funds", "Total authorized", "Total due")


@pytest.fixture(scope="module")
def pushed(site: Site) -> Pushed:
    """Push payments for statements of the site."""
    return credit_pages.push_for(site.settings, site.numbers)


def opened(site: Site, number: str, width: int = 1280) -> Page:
    """Open a statement's page."""
    page = site.signed_in(width=width)
    page.goto(f"/statements/{number}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    return page


@pytest.mark.requirement("CRD-03", "CRD-07")
@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
def test_what_was_pushed_is_paid_and_expects_no_debit(
    site: Site, pushed: Pushed, device: str, width: int
) -> None:
    """The collection date is the payment date; the final goes out behind it."""
    for name in ("paid", "final", "returned", "billed"):
        page = opened(site, getattr(pushed, name), width)
        main = page.get_by_role("main")
        expect(main).to_contain_text("Total paid")
        expect(main).to_contain_text("Paid by ACH Credit")
        for words in NEVER_OF_PAID:
            expect(main).not_to_contain_text(words)
        expect(page.locator(".alarm")).to_have_count(0)
        assert not page.evaluate(SIDEWAYS), name
        shoot(page, f"credit-{name}-{device}")
    page = opened(site, pushed.paid, width)
    expect(page.get_by_role("main")).to_contain_text(
        "goes out on the first business day after Thu 3 Dec 2026."
    )


@pytest.mark.requirement("CRD-05", "CRD-08")
def test_each_payment_says_what_became_of_it(site: Site, pushed: Pushed) -> None:
    """C16, C17: two payments pay it, what is too much and what came twice is owed back."""
    rows = opened(site, pushed.final).get_by_role("table", name="What payers pushed")
    first, second, third = (rows.get_by_role("row").nth(n) for n in (1, 2, 3))
    expect(first).to_contain_text("Paid this statement")
    expect(first).to_contain_text("Wed 2 Dec 2026")
    expect(second).to_contain_text("$3,000.00 paid this statement, $2,500.00 is owed back")
    expect(second).to_contain_text("Because it was more than was due.")
    expect(third).to_contain_text("$5,000.00 is owed back")
    expect(third).to_contain_text("Because another payment had paid the statement.")


@pytest.mark.requirement("CRD-06")
@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
def test_too_little_waits_and_says_what_is_missing(
    site: Site, pushed: Pushed, device: str, width: int
) -> None:
    page = opened(site, pushed.waiting, width)
    main = page.get_by_role("main")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Waits for the rest")
    expect(main).to_contain_text("$2,000.00 has arrived by ACH Credit and $3,000.01 is missing.")
    expect(main).to_contain_text("Balance due")
    expect(main).to_contain_text("Total due")
    expect(main).not_to_contain_text("Total paid")
    assert not page.evaluate(SIDEWAYS)
    shoot(page, f"credit-waiting-{device}")


@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
def test_the_list_knows_paid_statements(
    site: Site, pushed: Pushed, device: str, width: int
) -> None:
    page = site.signed_in(width=width)
    row = {
        name: page.get_by_role("row").filter(has_text=number)
        for name, number in vars(pushed).items()
    }
    expect(row["paid"]).to_contain_text("Paid by ACH Credit Thu 3 Dec 2026")
    expect(row["final"]).to_contain_text("Receipt of Thu 3 Dec 2026")
    expect(row["final"]).not_to_contain_text("Debit expected")
    expect(row["waiting"]).to_contain_text("$2,000.00 arrived by ACH Credit")
    expect(row["waiting"]).to_contain_text("$3,000.01 missing")
    assert not page.evaluate(SIDEWAYS)
    shoot(page, f"credit-list-{device}")
    press(page, page.get_by_role("link", name="Paid 1"))
    expect(page.get_by_role("rowheader")).to_have_text(pushed.paid)


def test_a_returned_statement_paid_by_credit_keeps_its_story(site: Site, pushed: Pushed) -> None:
    """The receipt of the push is not taken for one of the debit that came back."""
    page = opened(site, pushed.returned)
    attempt = page.get_by_role("table", name="Each attempt").get_by_role("row").nth(1)
    expect(attempt).to_contain_text("Final statement of Wed 25 Nov 2026")
    expect(page.get_by_role("region", name="Notices")).to_contain_text(
        "Paid by ACH Credit since, on Wed 2 Dec 2026."
    )


def test_a_bill_paid_by_credit_says_so(site: Site, pushed: Pushed) -> None:
    """C6: the bill of a returned debit is paid by a push; it has no attempt."""
    page = opened(site, pushed.billed)
    bill = page.get_by_role("table", name="What returned debits").get_by_role("row").nth(1)
    expect(bill).to_contain_text("Paid Wed 2 Dec 2026")
    expect(bill).to_contain_text("By ACH Credit")


@pytest.mark.requirement("CRD-07")
@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
def test_the_paper_says_when_and_from_what_it_was_paid(
    site: Site, pushed: Pushed, device: str, width: int
) -> None:
    page = opened(site, pushed.final, width)
    press(page, page.get_by_role("link", name="Print"))
    main = page.get_by_role("main")
    expect(main).to_contain_text("Paid by ACH Credit. Nothing is debited.")
    expect(main).to_contain_text("Wed 2 Dec 2026, the collection date that completed it")
    paid_by = page.locator("table.credits").get_by_role("row")
    expect(paid_by).to_have_count(3)
    expect(paid_by.nth(1)).to_contain_text("$2,000.00")
    expect(paid_by.nth(2)).to_contain_text("of $5,500.00")
    expect(paid_by.nth(2)).to_contain_text("$3,000.00")
    for words in NEVER_OF_PAID:
        expect(main).not_to_contain_text(words)
    assert not page.evaluate(SIDEWAYS)
    shoot(page, f"credit-paper-{device}")


@pytest.mark.requirement("CRD-06")
@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
def test_the_paper_tells_the_balance_due(
    site: Site, pushed: Pushed, device: str, width: int
) -> None:
    page = opened(site, pushed.waiting, width)
    press(page, page.get_by_role("link", name="Print"))
    main = page.get_by_role("main")
    expect(main).to_contain_text("$2,000.00 arrived and waits for the rest")
    expect(main).to_contain_text("$3,000.01")
    assert not page.evaluate(SIDEWAYS)
    shoot(page, f"credit-paper-waiting-{device}")


def test_every_shape_of_what_was_pushed_says_the_same(site: Site, pushed: Pushed) -> None:
    page = site.signed_in()

    def fetched(number: str, shape: str) -> bytes:
        return page.request.get(f"{site.url}/statements/{number}.{shape}").body()

    for number in vars(pushed).values():
        expected = paper_readings.of_json(fetched(number, "json"))
        assert expected.entries
        assert paper_readings.of_csv(fetched(number, "csv")) == expected
        assert paper_readings.of_text(fetched(number, "txt").decode()) == expected
        assert paper_readings.of_pdf(fetched(number, "pdf")) == expected
