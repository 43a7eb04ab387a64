"""What the desk remembers lets the next payment match, for its own payer alone (CRD-04)."""

from __future__ import annotations

import pytest

from customhouse.agency import credit_desk_lessons, credit_rules
from customhouse.faults import Refused
from tests.integration.agency.desk_counter import DUE, Counter
from tests.integration.agency.harbor import BROKER, IMPORTER_X, IMPORTER_Y, OTHER_BROKER, Harbor

COMPANY = "1123456789"
REGISTER = """
with made as (insert into party (kind, name) values ('importer', 'Example Latecomer') returning id)
insert into importer (importer_number, party_id) select %(number)s, id from made
"""


@pytest.fixture
def counter(harbor: Harbor) -> Counter:
    """Give the desk of a harbor with two statements; both brokers have joined."""
    with harbor.connect() as connection:
        connection.execute("update filer_port set uses_client_branch = true")
    return Counter.opened(harbor, joined=(BROKER, OTHER_BROKER))


def addendum(*elements: str) -> str:
    """Spell an addendum of these elements, all 80 characters."""
    return ("*".join(("TXP", *elements)) + "\\").ljust(80)


def states(harbor: Harbor) -> list[str]:
    """Give the states of the statements in order of number."""
    return [
        state for (state,) in harbor.rows("select state from statement order by statement_number")
    ]


@pytest.mark.parametrize(
    "elements",
    [
        ("EXAMPLEPAYER", "90001", "261124", "{}", "100000"),
        (BROKER, "011", "261124", "{}", "100000"),
        (BROKER, "90001", "261124", "STMT NO {}", "100000"),
        (BROKER, "90001", "261124", "T", "100000", "", "", "", "", "{}"),
        ("EXAMPLEPAYER", "011", "261124", "T", "100000", "NO{}"),
    ],
)
def test_a_flaw_mended_once_is_mended_for_good(
    harbor: Harbor, counter: Counter, elements: tuple[str, ...]
) -> None:
    """The second payment of this originator with the same flaw pays its statement, and says why."""
    first, second = counter.statements(2)
    counter.cashier.push(DUE, addendum(*(each.format(first) for each in elements)))
    (part_id,) = counter.waiting()
    outcome = counter.decide("apply", part_id, first, remembered=True)
    assert any("is remembered" in line for line in outcome.lines)
    counter.cashier.push(DUE, addendum(*(each.format(second) for each in elements)))
    assert states(harbor) == ["paid", "paid"]
    ((matched_by,),) = harbor.rows(
        "select matched_by from credit_part where statement_number = %s", second
    )
    assert matched_by.startswith("rule")
    assert harbor.violations() == []


def test_a_rule_is_of_one_originator_and_ends(harbor: Harbor, counter: Counter) -> None:
    """Another company with the same flaw waits, and so does everybody once the rule has ended."""
    first, second = counter.statements(2)
    flawed = [addendum(BROKER, "011", "261124", number, "100000") for number in (first, second)]
    counter.cashier.push(DUE, flawed[0])
    (part_id,) = counter.waiting()
    counter.decide("apply", part_id, first, remembered=True)
    counter.cashier.push(DUE, flawed[1], company_identification="9999999999")
    assert states(harbor) == ["paid", "preliminary"]
    with harbor.connect() as connection:
        (rule,) = credit_desk_lessons.listing(connection, every=False)
        reason = "It sends the right type now."
        credit_desk_lessons.end(connection, rule.rule_id, reason=reason, desk=counter.desk())
        # Said again by the same officer it is no fault; by another it is.
        credit_desk_lessons.end(connection, rule.rule_id, reason=reason, desk=counter.desk())
        desk = counter.desk("Officer Two")
        with pytest.raises(Refused) as caught:
            credit_desk_lessons.end(connection, rule.rule_id, reason=reason, desk=desk)
        assert [fault.code for fault in caught.value.faults] == ["credit-rule-ended"]
    counter.cashier.push(DUE, flawed[1])
    assert states(harbor) == ["paid", "preliminary"]
    assert len(counter.waiting()) == 2


def test_a_rule_never_pays_for_another_payer(harbor: Harbor, counter: Counter) -> None:
    """The name stands for the payer it was learned for, who cannot pay others' statements."""
    (number,) = counter.statements()
    counter.cashier.push(DUE, addendum("EXAMPLEPAYER", "90001", "261124", number, "100000"))
    (part_id,) = counter.waiting()
    counter.decide("apply", part_id, number, remembered=True)
    harbor.entry(9, filer=OTHER_BROKER, charges={"001": DUE})
    harbor.print()
    ((other,),) = harbor.rows(
        "select statement_number from statement where filer_code = %s", OTHER_BROKER
    )
    counter.cashier.push(DUE, addendum("EXAMPLEPAYER", "90001", "261124", other, "100000"))
    rows = harbor.rows(
        "select reason, name from credit_part join party on id = payer_party_id"
        " where state = 'unapplied'"
    )
    assert rows == [("document-unknown", "Example Harbor Brokers")]


def test_an_identifier_of_somebodys_own_is_never_learned(harbor: Harbor, counter: Counter) -> None:
    """A registered importer's number stays its own, whoever sent it once."""
    (number,) = counter.statements(importer=IMPORTER_X)
    counter.cashier.push(DUE, addendum(IMPORTER_Y, "90001", "261124", number, "100000"))
    (part_id,) = counter.waiting()
    assigned = counter.decide("assign", part_id, BROKER)
    with pytest.raises(Refused) as caught:
        counter.decide("apply", assigned.parts[0], number, remembered=True)
    assert [fault.code for fault in caught.value.faults] == ["credit-rule-alias-taken"]
    assert states(harbor) == ["preliminary"]
    assert harbor.rows("select count(*) from credit_rule") == [(0,)]


def test_a_name_stands_for_one_payer_at_an_originator(harbor: Harbor, counter: Counter) -> None:
    """What means one payer cannot be remembered for another at the same time."""
    (number,) = counter.statements()
    counter.cashier.push(DUE, addendum("EXAMPLEPAYER", "90001", "261124", number, "100000"))
    (part_id,) = counter.waiting()
    counter.decide("apply", part_id, number, remembered=True)
    harbor.entry(9, filer=OTHER_BROKER, charges={"001": DUE})
    harbor.print()
    ((other,),) = harbor.rows(
        "select statement_number from statement where filer_code = %s", OTHER_BROKER
    )
    counter.cashier.push(DUE, addendum("EXAMPLEPAYER", "90001", "261124", other, "100000"))
    (part_id,) = counter.waiting()
    assigned = counter.decide("assign", part_id, OTHER_BROKER)
    with pytest.raises(Refused) as caught:
        counter.decide("apply", assigned.parts[0], other, remembered=True)
    assert [fault.code for fault in caught.value.faults] == ["credit-rule-alias-taken"]


@pytest.mark.parametrize("spelled", [IMPORTER_Y.replace("-", ""), f"{IMPORTER_Y[:-2]}AB"])
def test_a_spelling_of_somebodys_own_number_is_never_learned(
    harbor: Harbor, counter: Counter, spelled: str
) -> None:
    """A registered importer's number stays its own without hyphens and with another suffix."""
    counter.cashier.enroll(IMPORTER_Y)
    (number,) = counter.statements(importer=IMPORTER_X)
    counter.cashier.push(DUE, addendum(spelled, "90001", "261124", number, "100000"))
    (part_id,) = counter.waiting()
    assigned = counter.decide("assign", part_id, BROKER)
    with pytest.raises(Refused) as caught:
        counter.decide("apply", assigned.parts[0], number, remembered=True)
    assert [fault.code for fault in caught.value.faults] == ["credit-rule-alias-taken"]
    assert harbor.rows("select count(*) from credit_rule") == [(0,)]


def test_a_rule_gives_way_to_who_registers_with_its_name(harbor: Harbor, counter: Counter) -> None:
    """What was learned when nobody had the number is not held against its owner later."""
    (number,) = counter.statements()
    spelled = "77-7654321"
    bare = spelled.replace("-", "")
    counter.cashier.push(DUE, addendum(bare, "90001", "261124", number, "100000"))
    (part_id,) = counter.waiting()
    counter.decide("apply", part_id, number, remembered=True)
    with harbor.connect() as connection:
        assert list(credit_rules.load(connection, [COMPANY])) == [COMPANY]
        connection.execute(REGISTER, {"number": f"{spelled}00"})
        assert credit_rules.load(connection, [COMPANY]) == {}


def test_a_try_uses_up_no_number(harbor: Harbor, counter: Counter) -> None:
    """However often it is tried, the first rule is number 1 and the next ones follow."""
    first, second = counter.statements(2)
    elements = ("EXAMPLEPAYER", "011", "261124", "{}", "100000")
    counter.cashier.push(DUE, addendum(*(each.format(first) for each in elements)))
    (part_id,) = counter.waiting()
    for _ in range(3):
        tried = counter.decide("apply", part_id, first, remembered=True, tried=True)
        assert any(line.startswith("Rule 1 is remembered") for line in tried.lines)
    assert harbor.rows("select count(*) from credit_rule") == [(0,)]
    counter.decide("apply", part_id, first, remembered=True)
    counter.cashier.push(DUE, addendum(BROKER, "012", "261124", second, "100000"))
    (part_id,) = counter.waiting()
    outcome = counter.decide("apply", part_id, second, remembered=True)
    assert any(line.startswith("Rule 3 is remembered") for line in outcome.lines)
    assert harbor.rows("select rule_id from credit_rule order by 1") == [(1,), (2,), (3,)]
