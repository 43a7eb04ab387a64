"""Where the source documents differ, the configured policy decides: the other choice is played."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from customhouse.database import connect
from customhouse.formats.nacha_file import BatchHeader, read_items
from customhouse.settings import Settings
from tests.acceptance.servers import serving, with_free_ports
from tests.acceptance.wharf import FRIDAY, MONDAY, TUESDAY, WEDNESDAY, Wharf

THANKSGIVING = date(2026, 11, 26)


@pytest.fixture
def wharf(settings: Settings) -> Iterator[Wharf]:
    """Serve a house that waits for treasury and counts bank holidays as business days."""
    chosen = replace(
        with_free_ports(settings),
        clock="rehearsal",
        final_statement_policy="treasury-confirmed",
        debit_calendar="calendar-days-without-weekends",
    )
    with serving(chosen, "bank"), serving(chosen, "agency"):
        wharf = Wharf(chosen, chosen.data_directory)
        wharf.settle_in()
        yield wharf


@pytest.mark.requirement("DEB-08", "DEB-11")
def test_final_waits_for_treasury_and_the_debit_is_expected_on_a_bank_holiday(wharf: Wharf) -> None:
    """Expected on Thanksgiving, debited on Friday, final on Monday."""
    wharf.load_entries([wharf.row(1, "1000.00")])
    wharf.finish(MONDAY)
    ((number, statement),) = wharf.statements().items()
    order = (number, statement.preliminary.amount_cents, wharf.units["broker"])
    assert wharf.authorize(order)[0].accepted
    with connect(wharf.settings, "agency") as connection:
        expected = connection.execute("select debit_on from authorization_attempt").fetchall()
    assert expected == [(THANKSGIVING,)]
    wharf.finish(TUESDAY)
    assert wharf.statements("F") == {}, "not before the funds are confirmed"
    wharf.finish(WEDNESDAY)
    assert wharf.statements("F") == {}
    wharf.finish(FRIDAY)
    assert set(wharf.statements("F")) == {number}
    (path,) = (wharf.settings.exchange_directory / "archive" / "outbound").glob("*.ach")
    with path.open("rb") as stream:
        headers = [item for item in read_items(stream) if isinstance(item, BatchHeader)]
    assert [header.effective_entry_date for header in headers] == [FRIDAY]
