"""What a filer's program writes, and that it adds a statement up again before it pays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from customhouse.faults import Refused
from customhouse.formats.abi_batch import Batch, OutBlock, render_notice
from customhouse.formats.abi_statement import (
    DailyStatement,
    EntryLine,
    RemovedEntry,
    heading_of,
    to_records,
    totals_of,
)
from customhouse.formats.layout import LayoutError
from customhouse.identifiers import EntryNumber
from customhouse.trade.abi_explained import judge_batch
from customhouse.trade.client import OutboxMessage
from customhouse.trade.client_abi import (
    Authorization,
    Sender,
    Update,
    amount_to_authorize,
    authorization_batch,
    check_totals,
    read_statements,
    statements_in,
    update_batch,
)

MONDAY = date(2026, 11, 23)
SENDER = Sender("3901", "B76", "SECRET")


def _line(entry_number: str, duty_cents: int) -> EntryLine:
    return EntryLine(
        port_of_entry="3901",
        filer_code="B76",
        entry_number=entry_number,
        importer_number="12-345678900",
        print_date=MONDAY,
        duty_cents=duty_cents,
        tax_cents=0,
        deferred_tax=False,
        broker_reference="REF000001",
        consolidated=False,
        entry_type="01",
        antidumping_cents=25_000,
        countervailing_cents=0,
        payment_type="2",
        payable=True,
        countervailing_paid=True,
        antidumping_paid=False,
        team_number="",
        interest_cents=0,
        fees=(("499", 3_358), ("501", 1_250)),
    )


def _statement(*, is_final: bool = False, removed: tuple[str, ...] = ()) -> DailyStatement:
    lines = (_line("03245278", 100_000), _line("03246011", 7))
    left = [line for line in lines if line.entry_number not in removed]
    return DailyStatement(
        status="F" if is_final else "P",
        number="3927327001",
        print_date=MONDAY,
        payment_type="2",
        importer_number=None,
        filer_code="B76",
        port="3901",
        lines=lines,
        preliminary=totals_of(lines),
        paid=totals_of(left) if is_final else None,
        removed=tuple(RemovedEntry("B76", number, "ABI") for number in removed),
    )


def _content(statement: DailyStatement) -> str:
    block = OutBlock("3901", "B76", "", "", to_records(statement), heading_of(statement))
    return render_notice(
        "3901", "B76", office_code="", prepared_on=MONDAY, application="PF", blocks=[block]
    )


def _authorization(
    cents: int, *, filer_code: str = "B76", number: str = "3927327001"
) -> Authorization:
    return Authorization("3901", filer_code, number, "123456", cents)


def test_an_authorization_is_written_as_published() -> None:
    """The columns of abi.md example 10.2, to the byte."""
    text = authorization_batch(SENDER, [_authorization(104_608)], transmitted_on=MONDAY)
    assert [line.rstrip() for line in text.splitlines()] == [
        "A3901B76SECRET112326     RM",
        "B  3901B76RM",
        "PT12345602B76 39273270010000104608",
        "Y  3901B76RM",
        "Z3901B76      112326",
    ]
    assert all(len(line) == 80 for line in text.splitlines())


def test_an_update_is_written_as_published() -> None:
    """The columns of abi.md example 10.6; without a date the entry goes off statements."""
    entry = EntryNumber.parse("B76-0324527-8")
    moved = Update("3901", "3901", entry, "3", date(2026, 11, 24))
    taken_off = Update("3901", "3902", entry, "1")
    lines = update_batch(SENDER, [moved, taken_off], transmitted_on=MONDAY).splitlines()
    assert lines[2].rstrip() == "H3901B76  032452783112426"
    assert lines[3].rstrip() == "H3902B76  032452781"


def test_each_run_of_a_filer_gets_a_block_and_order_is_kept() -> None:
    items = [_authorization(1), _authorization(2), _authorization(3, filer_code="C08")]
    items.append(_authorization(4))
    batch = judge_batch(authorization_batch(SENDER, items, user_data="REF 7").encode())
    assert isinstance(batch, Batch)
    assert [(block.filer_code, len(block.records)) for block in batch.blocks] == [
        ("B76", 2),
        ("C08", 1),
        ("B76", 1),
    ]
    assert batch.user_data == "REF 7"


def test_an_amount_that_does_not_fit_is_never_cut() -> None:
    with pytest.raises(LayoutError):
        authorization_batch(SENDER, [_authorization(10_000_000_000)])


def test_a_sender_does_not_show_its_password() -> None:
    assert "SECRET" not in repr(SENDER)


@pytest.mark.parametrize("is_final", [False, True])
def test_a_statement_comes_back_as_it_was_sent_and_adds_up(*, is_final: bool) -> None:
    statement = _statement(is_final=is_final, removed=("03246011",))
    message = OutboxMessage(
        1, datetime(2026, 11, 23, 14, tzinfo=UTC), "PF", "", None, _content(statement)
    )
    assert read_statements(message) == [statement]
    check_totals(statement)
    assert amount_to_authorize(statement) == 100_000 + 3_358 + 1_250


def test_a_total_that_is_not_the_sum_is_not_to_be_paid() -> None:
    """The amounts seen and recomputed are both told."""
    right = _statement()
    wrong = replace(right, preliminary=replace(right.preliminary, amount_cents=1))
    with pytest.raises(Refused, match=r"says \$0\.01, but its entries add up to \$1,092\.23"):
        check_totals(wrong)


def test_a_fee_that_is_not_the_sum_is_found_though_the_amount_agrees() -> None:
    right = _statement()
    wrong = replace(right, preliminary=replace(right.preliminary, fees=(("499", 9_216),)))
    with pytest.raises(Refused) as refused:
        check_totals(wrong)
    assert refused.value.faults[0].code == "statement-total-wrong"


def test_both_totals_of_a_final_are_checked() -> None:
    right = _statement(is_final=True, removed=("03246011",))
    assert right.paid is not None
    wrong = replace(
        right,
        preliminary=replace(right.preliminary, duty_cents=0),
        paid=replace(right.paid, amount_cents=5),
    )
    with pytest.raises(Refused) as refused:
        check_totals(wrong)
    assert [fault.values["part"] for fault in refused.value.faults] == [
        "entries",
        "remaining entries",
    ]


@pytest.mark.parametrize("cut", [0, 80, 400, -2, -82])
def test_a_message_cut_short_is_refused(cut: int) -> None:
    content = _content(_statement())
    with pytest.raises(Refused) as refused:
        statements_in(content[:cut])
    assert refused.value.faults[0].code == "statement-unreadable"
