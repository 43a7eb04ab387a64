"""The demo world is what it promises: fictitious, the same at every run, right in its details."""

from __future__ import annotations

from collections import Counter

import pytest

from customhouse.identifiers import EntryNumber, ImporterNumber, PayerUnitNumber
from customhouse.rehearsal.ach_checks import routing_number_is_valid
from customhouse.rehearsal.world_data import FILERS, IMPORTERS, account_numbers
from customhouse.rehearsal.world_entries import (
    business_days,
    number_of,
    part_of,
    processing_fee_cents,
    world_entries,
)

ENTRIES = world_entries()


def test_ten_business_days_without_thanksgiving() -> None:
    days = [day.isoformat() for day in business_days()]
    assert len(days) == 10
    assert days[0] == "2026-11-16"
    assert days[-1] == "2026-11-30"
    assert "2026-11-26" not in days


def test_same_at_every_run() -> None:
    assert world_entries() == ENTRIES


def test_some_three_thousand_entries_with_right_numbers() -> None:
    assert 2_700 < len(ENTRIES) < 3_300
    numbers = {(entry.filer_code, entry.entry_number) for entry in ENTRIES}
    assert len(numbers) == len(ENTRIES)
    assert str(number_of(ENTRIES[0])) == "B76-0324527-8"
    for entry in ENTRIES:
        assert number_of(entry) == EntryNumber(entry.filer_code, entry.entry_number)


def test_every_statement_has_something_to_pay() -> None:
    due: Counter[tuple[object, ...]] = Counter()
    for entry in ENTRIES:
        own = entry.importer_number if entry.payment_type == "3" else ""
        due[entry.print_date, entry.filer_code, entry.port, own] += entry.amount_due_cents
    assert len(due) > 90
    assert min(due.values()) > 0


def test_kinds_of_charges_all_occur() -> None:
    assert any(not entry.payable for entry in ENTRIES)
    assert any(entry.deferred_tax and "017" in entry.charges for entry in ENTRIES)
    assert any(not entry.antidumping_paid and "012" in entry.charges for entry in ENTRIES)
    assert any(not entry.countervailing_paid and "013" in entry.charges for entry in ENTRIES)
    fees = {entry.charges.get("499", 0) for entry in ENTRIES}
    assert {3_358, 65_150} <= fees


def test_left_out_charges_are_not_due() -> None:
    bonded = next(e for e in ENTRIES if not e.antidumping_paid and "012" in e.charges and e.payable)
    left_out = bonded.charges["012"]
    if not bonded.countervailing_paid:
        left_out += bonded.charges.get("013", 0)
    assert bonded.amount_due_cents == sum(bonded.charges.values()) - left_out


@pytest.mark.parametrize(
    ("value_cents", "fee_cents"), [(1, 3_358), (1_000_000, 3_464), (10**9, 65_150)]
)
def test_processing_fee_has_a_floor_and_a_ceiling(value_cents: int, fee_cents: int) -> None:
    assert processing_fee_cents(value_cents) == fee_cents


def test_half_a_cent_is_rounded_up() -> None:
    assert [part_of(cents, rate=1, of=2) for cents in (1, 2, 3)] == [1, 1, 2]


def test_parties_are_well_formed_and_accounts_used_once() -> None:
    for importer in IMPORTERS:
        assert str(ImporterNumber.parse(importer.number)) == importer.number
        assert set(importer.filers) <= {filer.code for filer in FILERS}
    owners = [owner for owner in (*FILERS, *IMPORTERS) if owner.payer_unit]
    units = [PayerUnitNumber.parse(owner.payer_unit) for owner in owners]
    assert len(set(units)) == len(units)
    assert len(set(account_numbers())) == len(units)
    assert all(len(number) == 17 for number in account_numbers())
    for owner in owners:
        assert owner.account is not None
        assert routing_number_is_valid(owner.account.routing_number)
        assert owner.account.account_number not in repr(owner)
    assert sum(filer.share for filer in FILERS) == 100
