"""Rules learned from a flaw: they mend it, and leave other payments alone (CRD-04)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.agency import credit_rules
from customhouse.agency.credit_rules import CreditRule
from customhouse.agency.credit_rules_learning import RightAddendum, learn
from customhouse.formats import txp
from customhouse.formats.txp import CUSTOMS_PROFILE, TxpPayment, TxpReading
from customhouse.identifiers import StatementNumber

PAYER = "12-345678900"
OTHER_PAYER = "98-765432100"
NUMBER = "3927327001"
RIGHT = RightAddendum(PAYER, "statement", NUMBER)
WORDS = st.text(alphabet="ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=1, max_size=8)
NUMBERS = st.builds(
    lambda day, n: str(StatementNumber.compose("39", day, n=n)),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(1, 5_000),
)
AMOUNTS = st.integers(1, 9_999_999_999)


def reading(*elements: str) -> TxpReading:
    """Read a segment of these elements."""
    return txp.read("*".join(("TXP", *elements)) + "\\")


def rules(wrong: TxpReading, right: RightAddendum = RIGHT) -> list[CreditRule]:
    """Learn from a wrong addendum; give the rules as they would be kept."""
    lessons = learn(wrong, right, profile=CUSTOMS_PROFILE)
    return [
        CreditRule(
            payer_party_id=1,
            rule_id=number,
            payer_identifier=right.payer_identifier,
            company_identification="1234567890",
            starts_on=date(2026, 11, 23),
            made_by="Officer One",
            **asdict(lesson),
        )
        for number, lesson in enumerate(lessons, 1)
    ]


def flaws(wrong: TxpReading) -> list[str]:
    """Name what is learned from a wrong addendum."""
    return [rule.flaw for rule in rules(wrong)]


@pytest.mark.parametrize(
    ("elements", "learned"),
    [
        ((PAYER, "90001", "261123", f"STMT{NUMBER}", "104608"), ["document-spelling"]),
        ((PAYER, "90001", "261123", f"INV {NUMBER}/00", "104608"), ["document-spelling"]),
        ((PAYER, "90001", "261123", "T", "104608", NUMBER), ["document-element"]),
        ((PAYER, "90001", "261123", "T", "104608", "", "", "", "", NUMBER), ["document-element"]),
        ((PAYER, "011", "261123", NUMBER, "104608"), ["type-alias"]),
        (("FICTX", "90001", "261123", NUMBER, "104608"), ["payer-alias"]),
        (
            ("FICTX", "011", "261123", f"NO{NUMBER}", "104608"),
            ["payer-alias", "type-alias", "document-spelling"],
        ),
    ],
)
def test_a_general_flaw_is_learned_and_mended(
    elements: tuple[str, ...], learned: list[str]
) -> None:
    """What is wrong in every payment of an originator becomes rules that mend the same one."""
    wrong = reading(*elements)
    assert [rule.flaw for rule in rules(wrong)] == learned
    mended, why = credit_rules.apply(wrong, rules(wrong))
    assert (mended.fault, mended.payer_identifier, mended.document_number) == (None, PAYER, NUMBER)
    assert mended.amount_cents == 104_608
    assert why.startswith("rule")
    assert "Officer One" in why


@pytest.mark.parametrize(
    "elements",
    [
        # A wrong digit, a number that is another's, an amount with letters, nothing at all.
        (PAYER, "90001", "261123", "3927327002", "104608"),
        (PAYER, "90001", "261123", "392732700I", "104608"),
        (PAYER, "90001", "261123", NUMBER, "1O4608"),
        (PAYER, "90001", "261123", "", "104608"),
        ("",),
        (NUMBER, "90001", "261123", "", "104608"),
    ],
)
def test_a_slip_teaches_nothing(elements: tuple[str, ...]) -> None:
    """A mere slip has nothing general in it."""
    assert flaws(reading(*elements)) == []


def test_the_name_alone_is_learned_where_the_document_was_a_slip() -> None:
    """Who pays can be remembered although the number had a wrong digit; the number cannot."""
    wrong = reading("FICTX", "90001", "261123", "3927327002", "104608")
    assert flaws(wrong) == ["payer-alias"]
    mended, _ = credit_rules.apply(wrong, rules(wrong))
    assert (mended.payer_identifier, mended.document_number) == (PAYER, "3927327002")


def test_a_readable_right_addendum_is_never_touched() -> None:
    """A rule about documents or types changes nothing in a segment without a fault."""
    wrong = reading(PAYER, "90001", "261123", "T", "104608", "", "", "", "", NUMBER)
    right = reading(PAYER, "90001", "261123", "3927328002", "500", "", "", "", "", NUMBER)
    assert right.fault is None
    assert credit_rules.apply(right, rules(wrong)) == (right, "")


def test_rules_of_two_payers_that_both_fit_are_not_taken() -> None:
    """Where one name would mean two payers nothing is guessed."""
    wrong = reading("FICTX", "90001", "261123", NUMBER, "104608")
    both = rules(wrong) + rules(wrong, RightAddendum(OTHER_PAYER, "statement", NUMBER))
    assert credit_rules.apply(wrong, both) == (wrong, "")


@given(prefix=WORDS | st.just(""), suffix=WORDS | st.just(""), numbers=st.tuples(NUMBERS, NUMBERS))
def test_a_spelling_learned_once_mends_the_next(
    prefix: str, suffix: str, numbers: tuple[str, str]
) -> None:
    """What was learned from one number holds for the next number, of this payer alone."""
    if not prefix and not suffix:
        return
    first, following = numbers
    wrong = reading(PAYER, "90001", "261123", f"{prefix}{first}{suffix}", "104608")
    known = rules(wrong, RightAddendum(PAYER, "statement", first))
    again = reading(PAYER, "90001", "261124", f"{prefix}{following}{suffix}", "77")
    mended, why = credit_rules.apply(again, known)
    assert (mended.fault, mended.document_number, mended.amount_cents) == (None, following, 77)
    assert why
    others = reading(OTHER_PAYER, "90001", "261124", f"{prefix}{following}{suffix}", "77")
    assert credit_rules.apply(others, known) == (others, "")


@given(alias=WORDS, payer=st.sampled_from([PAYER, OTHER_PAYER]), number=NUMBERS, cents=AMOUNTS)
def test_rules_leave_right_payments_alone(alias: str, payer: str, number: str, cents: int) -> None:
    """No rule changes a payment that is written as it should be."""
    learned = rules(reading(alias, "9X", "261123", f"{alias}{NUMBER}", "104608"))
    text = txp.render(TxpPayment(payer, "statement", number, date(2026, 11, 23), cents))
    right = txp.read(text)
    assert credit_rules.apply(right, learned) == (right, "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"TXP*EXAMPLEPAYER*90001*261124*{NUMBER}*{'1046':0>39}", "terminator-missing"),
        (
            f"TXP*EXAMPLEPAYER*90001*261124*{NUMBER}*1046\\TXP*{PAYER}*90001*261124",
            "two-segments",
        ),
        (f"TXP*EXAMPLEPAYER*90001*261124*{NUMBER}*1046\\\x07", "not-printable"),
    ],
)
def test_a_rule_never_makes_a_broken_segment_whole(text: str, code: str) -> None:
    """An amount that may be cut, or is one of two, is not read because a name was learned (C15)."""
    learned = rules(reading("EXAMPLEPAYER", "90001", "261124", NUMBER, "104608"))
    broken = txp.read(text)
    assert broken.fault is not None
    assert broken.fault.code == code
    assert credit_rules.apply(broken, learned) == (broken, "")
