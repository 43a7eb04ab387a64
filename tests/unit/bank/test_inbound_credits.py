"""What a file of pushed payments must be, and what is read of one; no database."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from customhouse.bank.inbound_credits import ArrivedEntry, check_credits, read_credits
from customhouse.bank.inbound_forms import FormRefused
from customhouse.formats.nacha_bulk import check_bulk
from customhouse.formats.nacha_check import check_file
from customhouse.formats.nacha_reading import read_entry
from customhouse.formats.nacha_rules import RULES, Profile
from tests.integration.bank.branch import TUESDAY
from tests.integration.bank.credit_files import (
    MONDAY,
    STRANGER,
    Push,
    batch,
    entry,
    header,
    pushed,
    without_settlement_day,
    written,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "credits"
TWO = (Push(), Push(amount_cents=5, texts=()))


def rules_of(content: bytes) -> list[str]:
    """Give the rules for which a file is refused; none when it is taken."""
    try:
        check_credits(io.BytesIO(content))
    except FormRefused as refused:
        return [fault.rule for fault in refused.faults]
    return []


def read(content: bytes) -> list[ArrivedEntry]:
    """Check a file and read its entries."""
    assert rules_of(content) == []
    return list(read_credits(io.BytesIO(content)))


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.cr.ach")), ids=lambda path: path.name)
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b""])
def test_a_sound_file_is_read_with_any_line_ends(path: Path, line_end: bytes) -> None:
    content = path.read_bytes()
    plain = read(content)
    ended = read(content.replace(b"\n", line_end))
    assert [(each.record, each.addenda) for each in ended] == [
        (each.record, each.addenda) for each in plain
    ]


def test_an_addendum_is_passed_on_at_its_full_width() -> None:
    """CRD-02: a segment may cross from one addendum to the next, so nothing is stripped."""
    first, second = read((GOLDEN / "ctx_payment.cr.ach").read_bytes())
    assert len(first.addenda) == 240
    assert "3927327001\\TXP*B76*90001*261124*S*0000020000*3927327002\\  " in first.addenda
    assert (first.amount_cents, first.transaction_code, first.trace_number) == (
        124_608,
        22,
        "111111110000001",
    )
    assert second.addenda == "ONE".ljust(80)
    assert first.batch.settled_on == TUESDAY


def test_an_account_number_never_shows_in_a_representation() -> None:
    (stranger,) = read(pushed(Push(account=STRANGER), settled_on=TUESDAY))
    assert stranger.account_number.strip() == STRANGER
    assert STRANGER not in repr(stranger)


def test_the_year_of_settlement_is_the_nearest_one() -> None:
    """A file of the last days of December settles in January."""
    last, first = date(2026, 12, 31), date(2027, 1, 4)
    content = written([(batch(first), [entry(Push(), 1)])], head=header(last))
    assert read(content)[0].batch.settled_on == first


def refused_files() -> dict[str, tuple[bytes, str]]:
    """Give what is refused, by a name, with the rule that it breaks."""
    good = pushed(*TWO, settled_on=TUESDAY)
    elsewhere = written(
        [(batch(TUESDAY), [entry(Push(), 1)])],
        head=replace(header(), immediate_destination="222222226"),
    )
    far = written([(batch(date(2026, 12, 31)), [entry(Push(), 1)])], head=header(MONDAY))
    ctx = pushed(Push(texts=["A", "B", "C"]), settled_on=TUESDAY, sec_code="CTX")
    return {
        "for another bank": (elsewhere, "credits-destination"),
        "no settlement day": (without_settlement_day(good), "credits-settlement-day"),
        "settles on a Thanksgiving": (good.replace(b"3281", b"3301"), "credits-settlement-date"),
        "settles in five weeks": (far, "credits-settlement-date"),
        "settles on day 400": (good.replace(b"3281", b"4001"), "ach.batch.settlement-day"),
        "another class": (good.replace(b"CCD", b"PPD"), "ach.batch.sec-code-unsupported"),
        "a count of addenda that is no number": (
            ctx.replace(b"0003EXAMPLE CUS", b"   EXAMPLE CUS "),
            "ach.entry.ctx-count-numeric",
        ),
        "a lost addendum": (
            b"\n".join(line for line in ctx.split(b"\n") if not line.startswith(b"705B ")),
            "ach.batch.entry-count",
        ),
        "an addendum twice": (
            ctx.replace(b"705B ", b"705B ".ljust(83) + b"00020000001\n705B ", 1),
            "ach.batch.entry-count",
        ),
        "an addendum of another type": (ctx.replace(b"705B ", b"799B "), "ach.entry.addenda-type"),
        "a second addendum of CCD": (ctx.replace(b"CTX", b"CCD"), "ach.entry.addenda-too-many"),
        "an indicator that is neither": (
            good.replace(b" 1111111110000001", b" 2111111110000001"),
            "ach.entry.addenda-indicator",
        ),
        "another amount": (
            good.replace(b"0000104608RE", b"0000104609RE"),
            "ach.batch.credit-total",
        ),
        "cut off": (good[:-380], "ach.file.control-missing"),
        "empty": (b"", "ach.file.empty"),
    }


@pytest.mark.parametrize("name", sorted(refused_files()))
def test_a_broken_file_is_refused_by_the_rule_that_it_breaks(name: str) -> None:
    """C4: told by rule and line, never by what stands there."""
    content, rule = refused_files()[name]
    assert rule in rules_of(content)


@pytest.mark.parametrize(
    ("old", "new", "sec_code", "fault", "rule"),
    [
        (b" 0111111110000002", b" 1111111110000002", "CCD", "missing", "addenda-missing"),
        (b" 1111111110000001", b" 0111111110000001", "CCD", "unannounced", "addenda-unannounced"),
        (b"0003EXAMPLE", b"0002EXAMPLE", "CTX", "miscounted", "ctx-count"),
        (b"00020000001", b"00030000001", "CTX", "misnumbered", "addenda-sequence"),
        (b"00020000001", b"00020000002", "CTX", "other-entry", "addenda-entry-sequence"),
        (b"00010000001", b"00010000009", "CCD", "other-entry", "addenda-entry-sequence"),
    ],
)
def test_addenda_that_do_not_fit_are_told_with_an_entry_that_is_whole(
    old: bytes, new: bytes, sec_code: str, fault: str, rule: str
) -> None:
    """C15: counts, hash and totals agree, so that the money is real; other entries are sound.

    The same fault in a file whose counts do not agree refuses it: a record was lost.
    """
    pushes = (Push(texts=["A", "B", "C"]) if sec_code == "CTX" else Push(), TWO[1])
    good = pushed(*pushes, settled_on=TUESDAY, sec_code=sec_code)
    assert good.count(old) == 1
    content = good.replace(old, new)
    found = read(content)
    assert [each.addenda for each in found] == [each.addenda for each in read(good)]
    assert sorted(each.addenda_fault for each in found) == ["", fault]
    assert rule_ids(content, "receiver") == [f"ach.entry.{rule}"]
    count = b"%06d" % sum(line[:1] in b"67" for line in good.split(b"\n") if line)
    uncounted = content.replace(b"8200" + count, b"8200000099")
    assert "ach.batch.entry-count" in rules_of(uncounted)


def rule_ids(content: bytes, profile: Profile) -> list[str]:
    """Give the rules that both checkers say are broken in a file."""
    faults = list(check_bulk(io.BytesIO(content), profile))
    assert faults == list(check_file(io.BytesIO(content), profile))
    return [fault.rule for fault in faults]


def test_a_long_file_with_one_such_entry_is_taken() -> None:
    """The run of entries around it is judged by columns all the same."""
    pushes = [Push(amount_cents=cents) for cents in range(1, 400)]
    content = pushed(*pushes, settled_on=TUESDAY)
    spoiled = content.replace(b"00010000200", b"00010000201")
    assert rule_ids(spoiled, "receiver") == ["ach.entry.addenda-entry-sequence"]
    faulty = [each for each in read(spoiled) if each.addenda_fault]
    assert [(each.amount_cents, each.addenda_fault) for each in faulty] == [(200, "other-entry")]


@pytest.mark.parametrize("name", ["returns", "changes", "dishonored"])
def test_returns_and_notifications_do_not_belong_here(name: str) -> None:
    content = (GOLDEN.parent / "ach" / f"{name}.ach").read_bytes()
    assert any(rule.startswith("credits-") for rule in rules_of(content))


def test_the_largest_entry_is_taken_and_one_addendum_more_is_not() -> None:
    """9,999 addenda are the most (Nacha appendix 3); check_bulk says what check_file says."""
    texts = [f"LINE {place}" for place in range(9_999)]
    largest = pushed(Push(texts=texts), settled_on=TUESDAY, sec_code="CTX")
    assert len(read(largest)[0].addenda) == 80 * 9_999
    lines = largest.decode().splitlines()
    at = max(place for place, line in enumerate(lines) if line.startswith("7"))
    one_more = "\n".join([*lines[: at + 1], lines[at], *lines[at + 1 :], ""]).encode()
    assert "ach.entry.addenda-too-many" in rules_of(one_more)
    assert list(check_bulk(io.BytesIO(one_more))) == list(check_file(io.BytesIO(one_more)))


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.cr.ach")), ids=lambda path: path.name)
def test_any_change_is_refused_or_read_and_never_fails(path: Path) -> None:
    """C4: a file that is none of ours is a fault, never an error."""
    chance = random.Random(path.name)
    spared = {rule.rule for rule in RULES.values() if rule.spares_entry}
    good = path.read_bytes()
    outcomes = set()
    for _ in range(400):
        content = bytearray(good)
        for place in chance.sample(range(len(good)), chance.randint(1, 3)):
            content[place] = chance.choice(b" 09AZaz-*\\~!\x00\n\xff")
        rules = rules_of(bytes(content))
        outcomes.add(bool(rules))
        if not rules:
            told = spared & set(rule_ids(bytes(content), "receiver"))
            found = list(read_credits(io.BytesIO(bytes(content))))
            assert bool(told) == any(each.addenda_fault for each in found)
            for each in found:
                read_entry(each.record, (), is_ctx=each.batch.header.sec_code == "CTX")
    assert outcomes == {True, False}
