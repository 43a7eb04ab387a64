"""The payer picks the day on which its money leaves; the bank's file carries that day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from customhouse.formats.nacha_file import BatchHeader, Entry, read_items
from customhouse.settings import Settings
from tests.acceptance.servers import serving, with_free_ports
from tests.acceptance.wharf import TUESDAY, WEDNESDAY, Wharf

CHOSEN = date(2026, 12, 2)


@pytest.fixture
def wharf(settings: Settings) -> Iterator[Wharf]:
    """Give a house with two statements, printed on Tuesday morning."""
    chosen = replace(with_free_ports(settings), clock="rehearsal")
    with serving(chosen, "bank"), serving(chosen, "agency"):
        house = Wharf(chosen, chosen.data_directory)
        house.settle_in()
        rows = [house.row(1, "1000.00"), house.row(2, "500.00", processing_port="3902")]
        house.load_entries(rows)
        house.morning(TUESDAY)
        yield house


@pytest.mark.requirement("DEB-15", "DEB-08")
def test_a_chosen_day_is_the_day_of_the_banks_file(wharf: Wharf) -> None:
    """One statement on the day that was chosen, the other as soon as the bank can."""
    numbers = sorted(wharf.statements())
    token = wharf.folder / "token"
    token.write_text(wharf.credentials["B76"]["token"])
    pay = ("statements", "authorize", "--unit", wharf.units["broker"])
    door = ("--url", wharf.settings.agency_url, "--token-file", str(token))
    on = ("--debit-on", CHOSEN.isoformat())
    said = wharf.command(*pay, f"{numbers[0]}=1033.58", *on, *door)
    assert "2026-12-02 (the day you chose)" in said
    assert "2026-11-27" in wharf.command(*pay, f"{numbers[1]}=533.58", *door)
    wharf.run_to(TUESDAY, WEDNESDAY)
    assert sorted(wharf.statements("F")) == numbers, "both are paid as of their acceptance"
    wharf.run_to(WEDNESDAY, date(2026, 12, 3))
    assert effective_dates(wharf) == {53_358: date(2026, 11, 27), 103_358: CHOSEN}
    wharf.command("ledger", "check")


def effective_dates(wharf: Wharf) -> dict[int, date | None]:
    """Give the effective entry date of each debit in the bank's files, by its cents."""
    found = {}
    for path in wharf.settings.exchange_directory.rglob("*.ach"):
        with path.open("rb") as stream:
            for item in read_items(stream):
                if isinstance(item, BatchHeader):
                    header = item
                if isinstance(item, Entry):
                    found[item.amount_cents] = header.effective_entry_date
    return found
