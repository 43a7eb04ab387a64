"""What the operator delivers, from file to event, on a real database and real files."""

from __future__ import annotations

import json
import os
from datetime import date
from itertools import permutations

import pytest

from customhouse.bank import inbound, vault
from customhouse.bank.exchange import Exchange
from customhouse.bank.vault import SealedRecord
from customhouse.settings import Settings
from tests.conftest import MakeSettings
from tests.integration.bank.branch import (
    FRIDAY,
    TUESDAY,
    WEDNESDAY,
    Branch,
    branch_of,
    instruction,
)
from tests.integration.bank.operator_files import (
    Sent,
    acknowledgement,
    deliver,
    outbound,
    returns,
    sent,
    settlement,
)


def send(branch: Branch, exchange: Exchange, *numbers: int) -> list[Sent]:
    """Instruct debits and give them as the operator reads them from their one file."""
    branch.open_units(1)
    branch.instruct(*[instruction(number) for number in numbers])
    branch.run(TUESDAY)
    return sent(outbound(exchange)[-1])


def kinds(branch: Branch) -> list[str]:
    return [event.kind for event in branch.events()]


def alarms(branch: Branch) -> list[str]:
    return [str(kind) for (kind,) in branch.rows("select kind from alarm where cleared_at is null")]


def test_an_accepted_file_settles_and_is_told_once(branch: Branch, exchange: Exchange) -> None:
    debits = send(branch, exchange, 1, 2)
    (path,) = outbound(exchange)
    deliver(exchange, "a.ack.json", acknowledgement(path))
    branch.intake()
    assert branch.rows("select state from bank_file") == [("acknowledged",)]
    deliver(exchange, "a.settlement.csv", settlement(debits, WEDNESDAY))
    branch.intake()
    branch.intake()
    assert kinds(branch) == ["in_file"] * 2 + ["acknowledged"] * 2 + ["settled"] * 2
    settled = branch.events()[-1]
    assert settled.effective_on == WEDNESDAY
    assert settled.amount_cents == 104_608
    assert settled.trace_number == debits[1].trace_number
    assert set(branch.states().values()) == {"settled"}
    assert list(exchange.inbound.iterdir()) == []
    assert len(list(exchange.archive("inbound").iterdir())) == 2


@pytest.mark.requirement("DEB-09")
def test_a_return_after_settlement_is_told_with_its_code_and_date(
    branch: Branch, exchange: Exchange
) -> None:
    first, second = send(branch, exchange, 1, 2)
    deliver(exchange, "a.settlement.csv", settlement([first, second], WEDNESDAY))
    back = returns([(first, "R01")], created_on=FRIDAY, settled_on=FRIDAY)
    deliver(exchange, "b.ret.ach", back)
    branch.intake()
    returned = branch.events()[-1]
    assert (returned.kind, returned.code, returned.effective_on) == ("returned", "R01", FRIDAY)
    assert branch.states() == {"3927327001": "returned", "3927327002": "settled"}
    assert alarms(branch) == []


def test_the_same_file_under_another_name_has_no_second_effect(
    branch: Branch, exchange: Exchange
) -> None:
    (debit,) = send(branch, exchange, 1)
    back = returns([(debit, "R02")], created_on=WEDNESDAY, settled_on=WEDNESDAY)
    for name in ("a.ret.ach", "a.ret.ach", "another.ret.ach"):
        deliver(exchange, name, back)
        branch.intake()
    assert kinds(branch) == ["in_file", "returned"]
    assert branch.rows("select deliveries from inbound_file") == [(3,)]
    assert list(exchange.inbound.iterdir()) == []


def test_the_same_item_in_another_file_has_no_second_effect(
    branch: Branch, exchange: Exchange
) -> None:
    first, second = send(branch, exchange, 1, 2)
    deliver(exchange, "a.settlement.csv", settlement([first], WEDNESDAY))
    branch.intake()
    deliver(exchange, "b.settlement.csv", settlement([first, second], WEDNESDAY))
    branch.intake()
    assert kinds(branch) == ["in_file"] * 2 + ["settled"] * 2
    assert alarms(branch) == []


def test_every_order_of_delivery_ends_in_the_same_states(
    make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ends = set()
    for order in permutations(["acknowledgement", "settlement", "returns"]):
        with make_settings(tmp_path_factory.mktemp("order")) as settings:
            ends.add(_end_of(settings, order))
    assert len(ends) == 1
    assert ends == {(("3927327001", "returned"), ("3927327002", "settled"))}


def _end_of(settings: Settings, order: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    branch = branch_of(settings)
    exchange = Exchange(settings.exchange_directory)
    first, second = send(branch, exchange, 1, 2)
    (path,) = outbound(exchange)
    contents = {
        "acknowledgement": ("a.ack.json", acknowledgement(path)),
        "settlement": ("a.settlement.csv", settlement([first, second], WEDNESDAY)),
        "returns": (
            "a.ret.ach",
            returns(
                [(first, "R01")], [(second, "C01", "778899")], created_on=FRIDAY, settled_on=FRIDAY
            ),
        ),
    }
    for name in order:
        deliver(exchange, *contents[name])
        branch.intake()
    assert alarms(branch) == []
    assert sorted(set(kinds(branch)) - {"acknowledged", "settled"}) == [
        "change_notified",
        "in_file",
        "returned",
    ]
    return tuple(branch.states().items())


def test_what_matches_nothing_waits_with_an_alarm_and_is_not_posted(
    branch: Branch, exchange: Exchange
) -> None:
    (debit,) = send(branch, exchange, 1)
    stranger = Sent("123456780009999", debit.amount_cents, debit.statement_number, debit.entry)
    back = returns([(stranger, "R01")], created_on=WEDNESDAY, settled_on=WEDNESDAY)
    deliver(exchange, "a.ret.ach", back)
    branch.intake()
    branch.intake()
    assert alarms(branch) == ["item-unmatched"]
    assert branch.rows("select outcome from inbound_item") == [("waiting",)]
    assert branch.states() == {"3927327001": "in_file"}
    assert kinds(branch) == ["in_file"]


def test_what_waits_matches_later_and_its_alarm_is_cleared(
    branch: Branch, exchange: Exchange
) -> None:
    """The operator reads a file before the bank has recorded its release, and is quick."""
    branch.open_units(1)
    branch.instruct(instruction(1))

    def crash(name: str) -> None:
        if name == "published":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        branch.run(TUESDAY, crash)
    (path,) = outbound(exchange)
    deliver(exchange, "a.settlement.csv", settlement(sent(path), WEDNESDAY))
    deliver(exchange, "a.ack.json", acknowledgement(path))
    with branch.office() as office:
        inbound.take_in(office)
    assert sorted(alarms(branch)) == ["acknowledgement-unmatched", "item-unmatched"]
    branch.run(TUESDAY)
    assert alarms(branch) == []
    assert branch.states() == {"3927327001": "settled"}


def test_another_amount_is_never_posted(branch: Branch, exchange: Exchange) -> None:
    (debit,) = send(branch, exchange, 1)
    other = Sent(debit.trace_number, debit.amount_cents - 1, debit.statement_number, debit.entry)
    back = returns([(other, "R01")], created_on=WEDNESDAY, settled_on=WEDNESDAY)
    deliver(exchange, "a.ret.ach", back)
    deliver(exchange, "a.settlement.csv", settlement([other], WEDNESDAY))
    branch.intake()
    assert alarms(branch) == ["item-mismatched"] * 2
    assert branch.states() == {"3927327001": "in_file"}


def test_a_refused_file_sends_its_debits_out_again_with_new_traces(
    branch: Branch, exchange: Exchange
) -> None:
    send(branch, exchange, 1, 2)
    (path,) = outbound(exchange)
    deliver(exchange, "a.ack.json", acknowledgement(path, reason="the batch control is wrong"))
    branch.intake()
    assert set(branch.states().values()) == {"received"}
    assert alarms(branch) == ["file-refused"]
    branch.run(TUESDAY)
    first, second = outbound(exchange)
    assert [debit.trace_number[-1] for debit in sent(second)] == ["3", "4"]
    assert branch.rows(
        "select instruction_id, count(*) from debit_entry group by 1 order by 1"
    ) == [
        (instruction(1).instruction_id, 2),
        (instruction(2).instruction_id, 2),
    ]
    told = [(event.kind, event.trace_number[-1]) for event in branch.events()]
    assert told == [("in_file", "1"), ("in_file", "2"), ("in_file", "3"), ("in_file", "4")]
    # What belongs to the refused file must not move its debits any more.
    deliver(exchange, "late.settlement.csv", settlement(sent(first), WEDNESDAY))
    branch.intake()
    assert set(branch.states().values()) == {"in_file"}
    assert alarms(branch).count("item-mismatched") == 2


@pytest.mark.parametrize("before", ["acknowledged", "settled"])
def test_a_file_that_was_processed_is_not_sent_again_because_it_is_refused_later(
    branch: Branch, exchange: Exchange, before: str
) -> None:
    debits = send(branch, exchange, 1)
    (path,) = outbound(exchange)
    if before == "acknowledged":
        deliver(exchange, "a.ack.json", acknowledgement(path))
    else:
        deliver(exchange, "a.settlement.csv", settlement(debits, WEDNESDAY))
    branch.intake()
    deliver(exchange, "b.ack.json", acknowledgement(path, reason="duplicate"))
    branch.intake()
    branch.run(WEDNESDAY)
    assert alarms(branch) == ["acknowledgement-mismatched"]
    assert branch.states() == {"3927327001": before}
    assert outbound(exchange) == [path]


def test_an_acknowledgement_of_other_bytes_acknowledges_nothing(
    branch: Branch, exchange: Exchange
) -> None:
    send(branch, exchange, 1)
    (path,) = outbound(exchange)
    deliver(exchange, "a.ack.json", acknowledgement(path, sha256="0" * 64))
    branch.intake()
    assert branch.states() == {"3927327001": "in_file"}
    assert alarms(branch) == ["acknowledgement-mismatched"]


def test_corrected_data_stays_in_the_bank_and_is_sealed(branch: Branch, exchange: Exchange) -> None:
    (debit,) = send(branch, exchange, 1)
    back = returns([], [(debit, "C01", "55443322110")], created_on=WEDNESDAY, settled_on=WEDNESDAY)
    deliver(exchange, "a.ret.ach", back)
    branch.intake()
    event = branch.events()[-1]
    assert (event.kind, event.code, event.amount_cents) == ("change_notified", "C01", 104_608)
    assert "55443322110" not in repr(event)
    assert branch.states() == {"3927327001": "in_file"}
    with branch.office() as office:
        row = office.connection.execute(
            "select correction_token, key_version, wrapped_key, sealed_corrected_data"
            " from account_correction"
        ).fetchone()
        assert row is not None
        opened = vault.open_record(
            office.keys, SealedRecord(*row), context=vault.CORRECTION_CONTEXT
        )
        assert opened == b"55443322110"
        rotated = vault.open_keys(branch.settings, office.connection).with_new_version()
        # The account and the corrected data.
        assert vault.rewrap(office.connection, rotated) == 2
        vault.retire_key(branch.settings, office.connection, 1, clock=office.clock)


def test_a_file_with_a_fault_is_quarantined_whole(branch: Branch, exchange: Exchange) -> None:
    first, second = send(branch, exchange, 1, 2)
    back = returns([(first, "R01"), (second, "R01")], created_on=WEDNESDAY, settled_on=WEDNESDAY)
    # The second entry's amount is changed, so that no control total fits any more.
    lines = back.decode().split("\n")
    number = [place for place, line in enumerate(lines) if line.startswith("6")][1]
    lines[number] = lines[number].replace("0000104608", "0000104609")
    deliver(exchange, "a.ret.ach", "\n".join(lines).encode())
    branch.intake()
    assert set(branch.states().values()) == {"in_file"}
    assert branch.rows("select name, outcome, faults > 0 from inbound_file") == [
        ("a.ret.ach", "quarantined", True)
    ]
    kept, side_file = sorted(exchange.quarantine.iterdir(), key=lambda path: len(path.name))
    assert kept.read_bytes() == "\n".join(lines).encode()
    told = json.loads(side_file.read_text())
    assert told["file"] == "a.ret.ach"
    assert told["faults"][0]["rule"]
    assert first.entry.account_number not in side_file.read_text()
    assert list(exchange.inbound.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ack.json", b"{"),
        ("a.ack.json", b"[" * 100_000),
        ("a.settlement.csv", b"trace_number;amount_cents\n"),
        ("a.settlement.csv", b"\x00" * 1000),
        ("a.ret.ach", b""),
        ("a.ret.ach", b"1" * 10_000),
        ("a.ret.ach", "é".encode() * 94),
        ("readme.txt", b"hello"),
    ],
)
def test_junk_is_quarantined_and_changes_nothing(
    branch: Branch, exchange: Exchange, name: str, content: bytes
) -> None:
    send(branch, exchange, 1)
    deliver(exchange, name, content)
    branch.intake()
    assert branch.rows("select outcome from inbound_file") == [("quarantined",)]
    assert branch.states() == {"3927327001": "in_file"}
    assert list(exchange.inbound.iterdir()) == []


def test_a_file_of_returns_for_another_bank_or_with_debits_is_refused(
    branch: Branch, exchange: Exchange
) -> None:
    send(branch, exchange, 1)
    (path,) = outbound(exchange)
    deliver(exchange, "ours.ret.ach", path.read_bytes())
    branch.intake()
    assert branch.rows("select outcome from inbound_file") == [("quarantined",)]


def test_what_is_not_there_yet_or_is_no_file_is_left_alone(
    branch: Branch, exchange: Exchange
) -> None:
    debits = send(branch, exchange, 1)
    report = settlement(debits, WEDNESDAY)
    (exchange.inbound / "a.settlement.csv.part").write_bytes(report[:60])
    (exchange.inbound / "a.settlement.csv.tmp").write_bytes(report)
    (exchange.inbound / ".a.settlement.csv").write_bytes(report)
    (exchange.inbound / "folder.settlement.csv").mkdir()
    secret = exchange.root / "elsewhere.csv"
    secret.write_bytes(report)
    (exchange.inbound / "link.settlement.csv").symlink_to(secret)
    os.mkfifo(exchange.inbound / "pipe.settlement.csv")
    branch.intake()
    assert branch.states() == {"3927327001": "in_file"}
    assert len(list(exchange.inbound.iterdir())) == 6
    assert list(exchange.archive("inbound").iterdir()) == []


def test_a_return_dated_by_its_settlement_day_over_the_new_year(
    branch: Branch, exchange: Exchange
) -> None:
    (debit,) = send(branch, exchange, 1)
    settled_on = date(2027, 1, 4)
    back = returns([(debit, "R05")], created_on=date(2026, 12, 31), settled_on=settled_on)
    deliver(exchange, "a.ret.ach", back)
    branch.intake()
    assert branch.events()[-1].effective_on == settled_on
