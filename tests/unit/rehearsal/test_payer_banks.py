"""The payers' banks on a real folder: send what was ordered, check files, hear of refusals."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest

from customhouse.formats.nacha_bulk import check_bulk
from customhouse.formats.payment_file import Originator as PayersOwn
from customhouse.formats.payment_file import Payee, PaymentOrder, write_files
from customhouse.formats.txp import TxpPayment
from customhouse.rehearsal.ach_reading import AchFile, read_file
from customhouse.rehearsal.operator import Operator
from customhouse.rehearsal.payer_banks import CollectionPoint, PayerBanks
from customhouse.rehearsal.push_script import Push
from customhouse.settings import COLLECTION_ACCOUNT
from tests.unit.rehearsal.returned_push import returned_push
from tests.unit.rehearsal.test_operator import FRIDAY, MONDAY, THANKSGIVING, WEDNESDAY

STATEMENT = "B76:3927329001=1046.08"


class Street:
    """An exchange folder with an operator that is made anew for each day."""

    def __init__(self, folder: Path) -> None:
        self.exchange = folder / "exchange"
        self.home = folder / "operator"
        self.inbound = self.exchange / "inbound"
        (self.exchange / "outbound").mkdir(parents=True)
        self.inbound.mkdir()

    @property
    def operator(self) -> Operator:
        """Give an operator that takes up the books as they are on disk."""
        return Operator(self.exchange, self.home)

    @property
    def banks(self) -> PayerBanks:
        """Give the payers' banks as they are on disk."""
        return self.operator.payer_banks

    def order(self, *lines: str) -> None:
        """Order payments by lines of the script."""
        self.banks.script.add(Push.parse(line) for line in lines)

    def file(self, name: str) -> AchFile:
        """Read a delivered file."""
        return read_file((self.inbound / name).read_bytes())


@pytest.fixture
def street(tmp_path: Path) -> Street:
    """Give an empty exchange folder."""
    return Street(tmp_path)


def test_a_payment_goes_out_with_its_settlement_day(street: Street) -> None:
    street.order(STATEMENT)
    report = street.operator.run(WEDNESDAY).pushed
    assert (report.file, report.paid_cents) == ("20261125-A.cr.ach", 104_608)
    (batch,) = street.file(report.file).batches
    assert batch.header["settlement_day"] == f"{FRIDAY:%j}"
    assert batch.effective_date == FRIDAY
    (entry,) = batch.entries
    assert (entry.record["transaction_code"], entry.amount_cents) == ("22", 104_608)
    assert entry.remittance == "TXP*B76*90001*261127*3927329001*104608\\"
    assert entry.record["account"].strip() == COLLECTION_ACCOUNT
    assert not street.operator.run(FRIDAY).pushed.did_something


def test_the_bank_s_own_checker_finds_nothing(street: Street) -> None:
    street.order(
        STATEMENT,
        "B76:3927329001=1.00!letter!twice",
        "B76:3927329001=1.00,3927329002=2.00!digit!sum",
        "B76:3927329001=1.00!bare",
        "B76:3927329001=1046.08!reversal",
        "10-000010100:prenote",
        "10-000010100:prenote!bare",
        "10-000010100:3927329003=5.00!account+0",
    )
    report = street.operator.run(WEDNESDAY).pushed
    assert [entry.kind for entry in report.sent] == [
        "payment",
        "payment",
        "payment",
        "payment",
        "payment",
        "debit",
        "prenote",
        "prenote",
        "payment",
    ]
    raw = (street.inbound / report.file).read_bytes()
    assert [fault for fault in check_bulk(io.BytesIO(raw)) if fault.severity != "warning"] == []
    traces = [entry.trace for entry in street.file(report.file).entries]
    assert len(set(traces)) == len(traces)
    assert set(traces) == {entry.trace for entry in report.sent}
    stays = [entry for entry in report.sent if entry.stays_by(FRIDAY)]
    assert sum(entry.amount_cents for entry in stays) == street.banks.books.treasury_cents(FRIDAY)
    assert [entry.astray for entry in report.sent] == [False] * 8 + [True]


def test_a_day_run_again_before_it_was_booked_delivers_the_same_bytes(street: Street) -> None:
    street.order(STATEMENT, "B76:prenote")
    first = street.operator.run(WEDNESDAY).pushed
    raw = (street.inbound / first.file).read_bytes()
    (street.home / "payer-banks" / "books.json").unlink()
    second = street.operator.run(WEDNESDAY).pushed
    assert second.file == first.file
    assert (street.inbound / second.file).read_bytes() == raw


def test_a_payer_s_file_is_held_until_it_is_due_and_taken_once(street: Street) -> None:
    raw = _as_a_payer_writes_it(street)
    street.banks.put("pay.ach", raw)
    assert not street.operator.run(WEDNESDAY).pushed.did_something
    report = street.operator.run(FRIDAY).pushed
    assert [(e.amount_cents, e.settles_on, e.ordered_as) for e in report.sent] == [
        (104_608, MONDAY, "pay.ach")
    ]
    (entry,) = street.file(report.file).entries
    assert entry.remittance == "TXP*B76*90001*261127*3927329001*104608\\"
    home = street.home / "payer-banks"
    (home / "taken" / "pay.ach").replace(home / "drop" / "pay.ach")
    assert not street.operator.run(MONDAY).pushed.did_something
    assert street.banks.put("pay.ach", raw).name == "pay-2.ach"
    assert len(street.operator.run(MONDAY).pushed.sent) == 1


def test_each_batch_of_a_payer_s_file_is_held_until_it_is_due(street: Street) -> None:
    """A batch for Tuesday does not go out with the one for Monday that is before it."""
    elsewhere = PayerBanks(street.exchange, street.home / "elsewhere")
    lines = (Push.parse(STATEMENT), Push.parse("B76:3927329002=5.00"))
    elsewhere.script.add(replace(line, after=days) for days, line in enumerate(lines, 2))
    path = street.inbound / elsewhere.send(WEDNESDAY).file
    raw = re.sub(rb"(?m)^(5.{74})...", rb"\1   ", path.read_bytes())
    path.unlink()
    street.banks.put("two.ach", raw)
    drop = street.home / "payer-banks" / "drop" / "two.ach"

    sent = [street.operator.run(day).pushed.sent for day in (WEDNESDAY, FRIDAY, FRIDAY)]
    assert [[each.settles_on for each in entries] for entries in sent] == [[], [MONDAY], []]
    assert drop.exists()
    (last,) = street.operator.run(MONDAY).pushed.sent
    assert (last.amount_cents, last.settles_on) == (500, MONDAY + timedelta(days=1))
    assert not drop.exists()
    assert street.banks.books.batches_sent == {}


def test_files_of_one_name_are_payments_of_their_own(street: Street) -> None:
    """Each is sent, be it the same content: the payer's bank was told twice to pay."""
    raw = _as_a_payer_writes_it(street)
    names = [street.banks.put("pay.ach", raw).name for _ in range(3)]
    assert names == ["pay.ach", "pay-2.ach", "pay-3.ach"]
    sent = street.operator.run(FRIDAY).pushed.sent
    assert sorted(each.ordered_as for each in sent) == sorted(names)
    street.banks.put("cut.ach", raw[:-95])
    street.operator.run(MONDAY)
    assert street.banks.put("cut.ach", raw).name == "cut-2.ach"


@pytest.mark.parametrize("form", ["CCD", "CTX"])
def test_the_client_s_own_file_goes_through_unchanged_but_for_its_traces(
    street: Street, form: Literal["CCD", "CTX"]
) -> None:
    payments = tuple(
        TxpPayment("B76", "statement", f"392732900{n}", MONDAY, 100_000 * n) for n in (1, 2, 3)
    )
    order = PaymentOrder(
        payments=payments,
        originator=PayersOwn("091000022", "1123456789", "EXAMPLE HARBOR"),
        payee=Payee("123456780", COLLECTION_ACCOUNT, "CUSTOMHOUSE"),
        created_on=WEDNESDAY,
        form=form,
    )
    (file,) = write_files(order)
    street.banks.put("pay.ach", file.content)
    report = street.operator.run(FRIDAY).pushed
    assert report.refused == {}
    assert (report.paid_cents, {each.settles_on for each in report.sent}) == (600_000, {MONDAY})
    (batch,) = street.file(report.file).batches
    assert (batch.header["sec_code"], len(batch.entries)) == (form, 1 if form == "CTX" else 3)
    given = [each["text"] for e in read_file(file.content).entries for each in e.addenda]
    sent = [each["text"] for entry in batch.entries for each in entry.addenda]
    assert sent == given
    raw = (street.inbound / report.file).read_bytes()
    assert [fault for fault in check_bulk(io.BytesIO(raw)) if fault.severity != "warning"] == []


def test_a_payer_s_broken_file_is_refused_with_the_reason(street: Street) -> None:
    raw = _as_a_payer_writes_it(street)
    street.banks.put("cut.ach", raw[:-95])
    street.banks.put("sum.ach", raw.replace(b"0000104608392", b"0000104609392"))
    far_off = CollectionPoint("107000000", "12345678")
    street.banks.put("far.ach", _as_a_payer_writes_it(street, far_off))
    refused = street.operator.run(FRIDAY).pushed.refused
    assert "whole blocks" in refused["cut.ach"]
    assert "counted 104609" in refused["sum.ach"]
    assert "reaches no other bank" in refused["far.ach"]
    kept = street.home / "payer-banks" / "refused"
    assert "whole blocks" in (kept / "cut.ach.why.txt").read_text()
    assert not street.operator.run(MONDAY).pushed.did_something


def test_a_refused_entry_comes_back_to_its_bank(street: Street) -> None:
    """C18: the payer's bank hears with which code the reversal came back."""
    street.order("B76:3927329001=1046.08!reversal")
    sent = street.operator.run(WEDNESDAY).pushed
    header = street.file(sent.file).batches[0].header
    raw = returned_push(header, street.file(sent.file).entries[0], code="R17", on=FRIDAY)
    (street.exchange / "outbound" / "12345678-20261127-0900-A.ret.ach").write_bytes(raw)
    report = street.operator.run(FRIDAY)
    assert report.refused == {}
    assert [(e.code, e.amount_cents, e.kind) for e in report.pushed.returned] == [
        ("R17", 104_608, "debit")
    ]
    assert street.banks.books.entries[0].returned_on == FRIDAY


def test_the_books_and_the_words_hold_no_account_number(street: Street) -> None:
    """SEC-02: the number is in the ACH file, and nowhere else."""
    street.order(STATEMENT)
    report = street.operator.run(WEDNESDAY).pushed
    assert COLLECTION_ACCOUNT.encode() in (street.inbound / report.file).read_bytes()
    kept = (street.home / "payer-banks" / "books.json").read_text()
    assert COLLECTION_ACCOUNT not in kept
    assert json.loads(kept)["files"] == ["20261125-A.cr.ach"]
    assert COLLECTION_ACCOUNT not in repr(CollectionPoint())


def test_on_a_bank_holiday_nothing_is_sent(street: Street) -> None:
    street.order(STATEMENT)
    assert street.operator.run(THANKSGIVING).closed
    assert street.banks.books.entries == []


def _as_a_payer_writes_it(street: Street, point: CollectionPoint | None = None) -> bytes:
    """Give a file as a payer orders it for Monday: the settlement day is not its to write."""
    point = point or CollectionPoint()
    elsewhere = PayerBanks(street.exchange, street.home / point.routing_number, point)
    elsewhere.script.add([Push.parse(STATEMENT)])
    report = elsewhere.send(WEDNESDAY)
    path = street.inbound / report.file
    raw = path.read_bytes()
    path.unlink()
    settled = f"{FRIDAY:%y%m%d}{FRIDAY:%j}1".encode()
    return raw.replace(settled, f"{MONDAY:%y%m%d}   1".encode())
