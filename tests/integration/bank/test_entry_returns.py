"""What this bank does not take: debits, and entries for other accounts; each sent back once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from customhouse.bank import profile
from customhouse.bank.exchange import Exchange, digest
from customhouse.formats.nacha_records import (
    Addenda99,
    BatchHeader,
    DishonoredAddenda99,
    Entry,
)
from customhouse.rails import IncomingCredit
from tests.integration.bank.answers import answers
from tests.integration.bank.branch import FRIDAY, TUESDAY, WEDNESDAY, Branch
from tests.integration.bank.credit_files import (
    MONDAY,
    STRANGER,
    Push,
    batch,
    entry,
    items,
    pushed,
    written,
)
from tests.integration.bank.operator_files import deliver
from tests.integration.bank.test_credits import alarm_kinds, told


def returned(path: Path) -> list[tuple[Entry, Addenda99]]:
    """Give the entries of a file of returns, each with its addendum."""
    found = []
    for item in items(path):
        if isinstance(item, Entry):
            (addenda,) = item.addenda
            assert isinstance(addenda, Addenda99)
            found.append((item, addenda))
    return found


def acknowledged(path: Path, reason: str = "") -> bytes:
    """Answer a file of returns."""
    entries = [entry for entry, _ in returned(path)]
    credit = sum(each.amount_cents for each in entries if each.code.direction == "credit")
    values = {
        "file": path.name,
        "sha256": digest(path),
        "accepted": not reason,
        "reason": reason,
        "entries": len(entries),
        "debit_cents": sum(each.amount_cents for each in entries) - credit,
        "credit_cents": credit,
    }
    return json.dumps(values).encode()


def deadline_alarms(branch: Branch) -> list[str]:
    """Give the kinds of the open alarms about the time of a return."""
    return [kind for kind in alarm_kinds(branch) if kind.startswith("entry-return")]


def kinds(messages: list[IncomingCredit]) -> list[tuple[str, int, str]]:
    """Give what the agency was told: kind, cents and return code."""
    return [(each.kind, each.amount_cents, each.code) for each in messages]


@pytest.mark.requirement("CRD-09")
@pytest.mark.parametrize(
    ("pushed_cents", "settled_on", "code"),
    [(700, TUESDAY, "R29"), (701, TUESDAY, "R17"), (700, WEDNESDAY, "R29")],
)
def test_a_reversal_is_refused_and_the_payment_stays(
    branch: Branch, exchange: Exchange, pushed_cents: int, settled_on: date, code: str
) -> None:
    """C18: returned the same day; the agency is told, and an alarm keeps it in mind.

    A reversal of a payment that came is a debit that nobody authorized; one that has nothing to
    reverse is improper.
    """
    first = Push(amount_cents=pushed_cents)
    deliver(exchange, "one.cr.ach", pushed(first, settled_on=TUESDAY))
    branch.run(TUESDAY)
    back = Push(code=27, amount_cents=700, texts=(), sequence=77)
    reversal = pushed(back, settled_on=settled_on, description="REVERSAL", modifier="B")
    deliver(exchange, "two.cr.ach", reversal)
    branch.run(settled_on)

    assert kinds(told(branch)) == [("payment", pushed_cents, ""), ("debit_refused", 700, code)]
    (path,) = answers(exchange)
    ((sent, addenda),) = returned(path)
    assert (sent.transaction_code, sent.amount_cents, addenda.return_code) == (26, 700, code)
    assert (addenda.original_trace, addenda.original_dfi) == ("111111110000077", "12345678")
    assert sent.receiving_dfi == "11111111"
    (header,) = [item for item in items(path) if isinstance(item, BatchHeader)]
    assert (header.company_name, header.entry_description) == ("EXAMPLE IMPORTER", "REVERSAL")
    assert header.odfi_identification == "12345678"
    assert alarm_kinds(branch) == ["debit-refused"]


def reversal_of(cents: int, settled_on: date) -> bytes:
    """Write a file with one reversal."""
    back = Push(code=27, amount_cents=cents, texts=(), sequence=77)
    return pushed(back, settled_on=settled_on, description="REVERSAL", modifier="B")


def test_a_reversal_may_be_delivered_before_its_payment(branch: Branch, exchange: Exchange) -> None:
    """C18: files come in any order; what counts is what is here when the return is made."""
    deliver(exchange, "a.cr.ach", reversal_of(700, TUESDAY))
    deliver(exchange, "b.cr.ach", pushed(Push(amount_cents=700), settled_on=TUESDAY))
    branch.run(TUESDAY)
    (path,) = answers(exchange)
    assert [addenda.return_code for _, addenda in returned(path)] == ["R29"]
    assert sorted(kinds(told(branch))) == [("debit_refused", 700, "R29"), ("payment", 700, "")]
    ((sentence,),) = branch.rows("select sentence from alarm where kind = 'debit-refused'")
    assert "R17" not in str(sentence)


def test_what_was_told_of_a_reversal_stays_when_its_payment_comes(
    branch: Branch, exchange: Exchange
) -> None:
    """C18: no payment was here when the agency was told, so the return says the same later."""
    branch.run(TUESDAY)
    deliver(exchange, "a.cr.ach", reversal_of(700, TUESDAY))
    branch.intake()
    deliver(exchange, "b.cr.ach", pushed(Push(amount_cents=700), settled_on=TUESDAY))
    branch.run(WEDNESDAY)
    (path,) = answers(exchange)
    assert [addenda.return_code for _, addenda in returned(path)] == ["R17"]
    assert kinds(told(branch)) == [("debit_refused", 700, "R17"), ("payment", 700, "")]


def test_a_reversal_of_a_payment_six_banking_days_ago_is_improper(
    branch: Branch, exchange: Exchange
) -> None:
    """C18: five banking days are the time in which an entry may be reversed at all."""
    deliver(exchange, "one.cr.ach", pushed(Push(amount_cents=700), settled_on=MONDAY))
    branch.run(MONDAY)
    for place, day in enumerate((date(2026, 12, 1), date(2026, 12, 2))):
        push = Push(code=27, amount_cents=700, texts=(), sequence=80 + place)
        name, modifier = f"r{place}.cr.ach", "BC"[place]
        file = pushed(push, settled_on=day, description="REVERSAL", modifier=modifier)
        deliver(exchange, name, file)
        branch.run(day)
    codes = [each.code for each in told(branch) if each.kind == "debit_refused"]
    assert codes == ["R29", "R17"]


@pytest.mark.requirement("CRD-10")
def test_a_payment_to_another_account_goes_back_with_the_reason(
    branch: Branch, exchange: Exchange
) -> None:
    """Returned the same day: no account, or no such form of one; the agency never hears of it."""
    file = pushed(
        Push(account=STRANGER, amount_cents=11),
        Push(account="99-0000", amount_cents=12, code=32),
        Push(account=STRANGER, amount_cents=0, code=23, texts=()),
        Push(account=STRANGER, amount_cents=13, code=37, texts=()),
        settled_on=TUESDAY,
    )
    deliver(exchange, "one.cr.ach", file)
    branch.run(TUESDAY)

    (path,) = answers(exchange)
    found = [(e.transaction_code, e.amount_cents, a.return_code) for e, a in returned(path)]
    assert found == [(21, 11, "R03"), (31, 12, "R04"), (21, 0, "R03"), (36, 13, "R03")]
    accounts = [sent.account_number for sent, _ in returned(path)]
    assert accounts == [STRANGER, "99-0000", STRANGER, STRANGER]
    assert told(branch) == []
    assert branch.rows("select debit_cents, credit_cents, state from answer_file") == [
        (13, 23, "released")
    ]


def test_a_ctx_entry_comes_back_without_its_addenda(branch: Branch, exchange: Exchange) -> None:
    """Nacha appendix 4: a returned CTX carries the 99 only; its count of addenda stays."""
    push = Push(account=STRANGER, texts=["A", "B", "C"])
    deliver(exchange, "one.cr.ach", pushed(push, settled_on=TUESDAY, sec_code="CTX"))
    branch.run(TUESDAY)
    (path,) = answers(exchange)
    ((sent, addenda),) = returned(path)
    assert (sent.addenda_count, sent.receiving_name) == (3, "EXAMPLE CUSTOMS")
    assert addenda.return_code == "R03"


def test_what_goes_back_is_grouped_by_the_batch_it_came_in(
    branch: Branch, exchange: Exchange
) -> None:
    """Each batch comes back under its own header, whatever else was in it."""
    entries = [entry(Push(account=STRANGER, amount_cents=each), each) for each in (1, 2, 3, 4)]
    good = entry(Push(), 9)
    file = written(
        [
            (batch(TUESDAY), entries[:2]),
            (batch(TUESDAY, description="OTHER", number=2), [good]),
            (batch(WEDNESDAY, sec_code="CTX", number=3), entries[2:]),
        ]
    )
    deliver(exchange, "one.cr.ach", file)
    branch.run(TUESDAY)
    (path,) = answers(exchange)
    shapes = [
        (item.sec_code, item.batch_number) if isinstance(item, BatchHeader) else item.amount_cents
        for item in items(path)
        if isinstance(item, BatchHeader | Entry)
    ]
    assert shapes == [("CCD", 1), 1, 2, ("CTX", 2), 3, 4]


@pytest.mark.parametrize("service_class", [200, 220, 225])
def test_what_is_odd_but_no_fault_goes_back_all_the_same(
    branch: Branch, exchange: Exchange, service_class: int
) -> None:
    """Blanks and hyphens in an account, no effective date: none of it holds a file back."""
    code = 27 if service_class == 225 else 22
    odd = replace(batch(TUESDAY), service_class_code=service_class, effective_entry_date=None)
    pushes = [Push(account=account, code=code) for account in (" 99 00-1", "a", "X" * 17)]
    entries = [entry(push, place) for place, push in enumerate(pushes, 1)]
    deliver(exchange, "one.cr.ach", written([(odd, entries)]))
    branch.run(TUESDAY)
    assert branch.rows("select state from answer_file") == [("released",)]
    (path,) = answers(exchange)
    assert [addenda.return_code for _, addenda in returned(path)] == ["R04", "R04", "R03"]


def test_refused_returns_go_out_in_another_file_and_acknowledged_ones_never(
    branch: Branch, exchange: Exchange
) -> None:
    """As with every file: a refusal means that the operator did nothing with it (C14)."""
    deliver(exchange, "one.cr.ach", pushed(Push(account=STRANGER), settled_on=TUESDAY))
    branch.run(TUESDAY)
    (first,) = answers(exchange)
    deliver(exchange, "one.ack.json", acknowledged(first, "unknown sender"))
    branch.run(WEDNESDAY)
    _, second = answers(exchange)
    assert first.read_bytes() != second.read_bytes()
    assert returned(second)[0][1].original_trace == "111111110000001"
    deliver(exchange, "two.ack.json", acknowledged(second))
    branch.run(FRIDAY)
    assert len(answers(exchange)) == 2
    assert branch.rows("select state from answer_file order by 1") == [
        ("acknowledged",),
        ("rejected",),
    ]


def test_a_return_that_nobody_takes_raises_an_alarm_until_it_is_taken(
    branch: Branch, exchange: Exchange
) -> None:
    """It has to be there by the opening of the second banking day after settlement."""
    deliver(exchange, "one.cr.ach", pushed(Push(account=STRANGER), settled_on=TUESDAY))
    branch.run(TUESDAY)
    assert deadline_alarms(branch) == []
    branch.run(WEDNESDAY)
    assert deadline_alarms(branch) == ["entry-return-due"]
    branch.run(FRIDAY)
    assert deadline_alarms(branch) == ["entry-return-due", "entry-return-late"]
    (path,) = answers(exchange)
    deliver(exchange, "one.ack.json", acknowledged(path))
    branch.intake()
    assert deadline_alarms(branch) == []
    branch.run(date(2026, 11, 30))
    assert deadline_alarms(branch) == []


def dishonored(path: Path, *, settled_on: date) -> bytes:
    """Give the payer's bank's answer to the one return in a file: it came too late (R68)."""
    ((sent, addenda),) = returned(path)
    trace = "111111110000900"
    answer = DishonoredAddenda99(
        return_code="R68",
        original_trace=addenda.original_trace,
        original_dfi=addenda.original_dfi,
        return_trace=sent.trace_number,
        return_settlement_day=settled_on.timetuple().tm_yday,
        return_reason=addenda.return_code[1:],
        information="",
        trace=trace,
    )
    routing = profile.BANK_ROUTING
    back = replace(
        sent,
        receiving_dfi=routing.dfi,
        check_digit=routing.check_digit,
        trace_number=trace,
        addenda=(answer,),
    )
    return written([(batch(settled_on), [back])])


def test_a_dishonored_return_is_kept_and_calls_a_person(branch: Branch, exchange: Exchange) -> None:
    """The payer's bank says that our return came too late; the rest of its file is read."""
    deliver(exchange, "one.cr.ach", pushed(Push(account=STRANGER), settled_on=TUESDAY))
    branch.run(TUESDAY)
    (path,) = answers(exchange)
    deliver(exchange, "one.ack.json", acknowledged(path))
    deliver(exchange, "one.ret.ach", dishonored(path, settled_on=WEDNESDAY))
    branch.run(WEDNESDAY)
    assert branch.rows("select kind, trace_number, code from inbound_item") == [
        ("dishonored", "111111110000001", "R68")
    ]
    assert alarm_kinds(branch) == ["entry-return-dishonored"]
    branch.run(FRIDAY)
    assert alarm_kinds(branch) == ["entry-return-dishonored"]


def test_nothing_is_sent_back_while_the_settings_name_another_bank(
    branch: Branch, exchange: Exchange
) -> None:
    """Every payment would be a stranger's; the file is in quarantine and can come again."""
    file = pushed(Push(), settled_on=TUESDAY)
    deliver(exchange, "one.cr.ach", file)
    wrong = Branch(replace(branch.settings, collection_routing="111111118"))
    wrong.run(TUESDAY)
    assert answers(exchange) == []
    (side,) = exchange.quarantine.glob("*.faults.json")
    assert json.loads(side.read_text())["faults"][0]["rule"] == "credits-collection-account"
    deliver(exchange, "one.cr.ach", file)
    branch.run(TUESDAY)
    assert kinds(told(branch)) == [("payment", 104_608, "")]
    assert alarm_kinds(branch) == []
