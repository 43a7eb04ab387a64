"""The lines by which payers push money: read, spelled again, and spoiled exactly as they say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from customhouse.formats import txp
from customhouse.rehearsal.push_script import (
    ADDENDUM_FLAWS,
    FLAWS,
    BadPush,
    Item,
    Push,
    PushScript,
    kind_of,
    one_digit_off,
    transposed,
)

SETTLES_ON = date(2026, 11, 18)
# What the agency's reader says of each spoiled addendum; empty where it reads without a fault.
READ_AS = {
    "digit": "",
    "transposed": "",
    "stranger": "",
    "blanks": "",
    "letter": "amount-malformed",
    "zero": "amount-zero",
    "negative": "amount-malformed",
    "type": "type-unknown",
    "two": "two-segments",
    "separators": "separator-missing",
    "text": "segment-missing",
}


def test_a_right_payment() -> None:
    push = Push.parse("B76:3927337001=1079.66")
    assert push == Push("B76", (Item("3927337001", 107_966),))
    assert push.addenda(SETTLES_ON) == ("TXP*B76*90001*261118*3927337001*107966\\",)
    assert (push.entry_cents, push.words(), push.is_debit) == (107_966, "", False)
    reading = txp.read(push.addenda(SETTLES_ON)[0])
    assert (reading.fault, reading.amount_cents, reading.document_kind) == (
        None,
        107_966,
        "statement",
    )


@pytest.mark.parametrize(
    "text",
    [
        "B76:3927337001=1079.66",
        "B76:3927337001=1079.66+0",
        "10-000010100:3927337001=1079.66!letter!twice+2",
        "B76:3927337001=1000.00,3927337002=79.66!digit!sum",
        "B76:prenote",
        "B76:prenote!bare",
        "B76:3927337001=1079.66!reversal",
    ],
)
def test_a_line_is_spelled_as_it_was_read(text: str) -> None:
    assert Push.parse(text).spelled() == text


def test_flaws_of_the_entry_are_told_from_those_of_an_addendum() -> None:
    push = Push.parse("B76:3927337001=1000.00,3927337002=79.66!digit!sum")
    assert push.flaws == ("sum",)
    assert [item.flaws for item in push.items] == [(), ("digit",)]
    assert push.entry_cents == 107_966 + 100
    assert push.words() == f"{FLAWS['digit']}; {FLAWS['sum']}"


@pytest.mark.parametrize("flaw", sorted(ADDENDUM_FLAWS))
def test_each_flaw_is_read_as_what_it_is(flaw: str) -> None:
    """C15: the spoiled addendum is what the exception desk will see."""
    (text,) = Push.parse(f"B76:3927337001=1079.66!{flaw}").addenda(SETTLES_ON)
    assert len(text) <= 80
    reading = txp.read(text)
    assert (reading.fault.code if reading.fault else "") == READ_AS[flaw]
    if flaw in ("digit", "transposed"):
        assert reading.document_number != "3927337001"
    if flaw == "blanks":
        assert reading.document_number == "3927337001"
        assert reading.notes


def test_what_has_no_addendum() -> None:
    assert Push.parse("B76:3927337001=1.00!bare").addenda(SETTLES_ON) == ()
    assert Push.parse("B76:3927337001=1.00!reversal").addenda(SETTLES_ON) == ()
    assert Push.parse("B76:prenote!bare").addenda(SETTLES_ON) == ()
    (text,) = Push.parse("B76:prenote").addenda(SETTLES_ON)
    reading = txp.read(text)
    assert (reading.fault, reading.document_kind, reading.payer_identifier) == (
        None,
        "prenote",
        "B76",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3927337001=1079.66", "is not of the form B76:3927337001=1079.66"),
        ("B76:3927337001", "is not of the form 3927337001=1079.66"),
        ("B76:3927337001=1,079.66", "a comma stands between documents and never in an amount"),
        ("B76:3927337001=1.079", "the amount '1.079' is not dollars and cents like 1046.08"),
        ("B76:3927337001=-1.00", "no sign, comma, space or exponent"),
        ("B76:3927337001=", "the amount '' is not dollars and cents"),
        ("B76:3927337001=0.00", "the amount is zero: a zero-dollar entry is PAYER:prenote"),
        ("B76:3927337001=100000000.00", "one entry holds at most 99,999,999.99"),
        ("B76:3927337001=99999999999.00", "is not dollars and cents"),
        ("B76:3927337001=1.00!rude", "!rude is not one of"),
        ("B76:3927337001=99999999.99,3927337002=1.00", "one entry holds at most 99,999,999.99"),
        ("B76:prenote!letter", "a prenote has no amount"),
    ],
)
def test_a_line_that_cannot_be_followed_says_why(text: str, said: str) -> None:
    with pytest.raises(BadPush, match=said.replace("(", r"\(")):
        Push.parse(text)


def test_slips_of_the_pen() -> None:
    assert one_digit_off("3927337009") == "3927337000"
    assert one_digit_off("392733700A") == "392733701A"
    assert transposed("3927337001") == "3927337010"
    assert transposed("3927337011") == "3927337101"
    assert [kind_of(each) for each in ("3927337001", "39263370001", "B7632452701")] == [
        "statement",
        "bill",
        "entry",
    ]


def test_the_script_is_kept(tmp_path: Path) -> None:
    script = PushScript(tmp_path / "pushes.json")
    assert script.pushes() == []
    first = Push.parse("B76:3927337001=1000.00,3927337002=79.66!digit!sum+2")
    script.add([first])
    script.add([Push.parse("D31:prenote")])
    assert PushScript(script.path).pushes() == [first, Push.parse("D31:prenote")]
