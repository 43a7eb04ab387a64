"""Whatever payments a sum comes in, and in whatever order they are told, the end is the same.

One statement for each order, all of the same amount, told in orders and pages of their own. A few
seeded examples with every test; many with SIEGE=all.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from customhouse.rails import IncomingCredit
from tests.conftest import MakeSettings
from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.harbor import BROKER, MONDAY, TUESDAY, Harbor
from tests.simulation.test_statements import EVERYTHING, pytestmark

__all__ = ["pytestmark"]
EXAMPLES = 100 if EVERYTHING else 4
ORDERS = 3
DUE = 100_000
FRIDAY = MONDAY - timedelta(days=3)
DAYS = (FRIDAY, MONDAY, TUESDAY)
SEED = os.environ.get("SIEGE_SEED", "1126")
END = """
select s.state, s.paid_on, sum(p.applied_cents)::bigint, sum(p.refundable_cents)::bigint,
       array_agg(c.cause order by c.cause) filter (where c.cause is not null)
from statement s
join credit_part p using (filer_code, statement_number)
left join refund_claim c on c.payer_party_id = p.payer_party_id and c.part_id = p.part_id
where s.statement_number = %s
group by s.state, s.paid_on
"""
PAID_BACK = """
select distinct t.kind, t.effective_on, sum(t.amount_cents) over (partition by t.kind,
  t.effective_on)::bigint
from transfer t join credit_part p on p.payer_party_id = t.payer_id and p.part_id = t.ref
where p.statement_number = %s order by 1, 2
"""


@dataclass(frozen=True)
class Pushed:
    """Payments as cents and collection dates."""

    payments: tuple[tuple[int, date], ...]

    @property
    def total(self) -> int:
        """Add them up."""
        return sum(cents for cents, _ in self.payments)


def pushed_of(chance: random.Random, *, extra: int) -> Pushed:
    """Cut a sum into up to five payments on up to three days."""
    whole = DUE + extra
    cuts = sorted(chance.sample(range(1, whole), chance.randint(0, 4)))
    amounts = [end - begin for begin, end in zip([0, *cuts], [*cuts, whole], strict=True)]
    return Pushed(tuple((cents, chance.choice(DAYS)) for cents in amounts))


@pytest.fixture(scope="module")
def cashier(
    make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cashier]:
    """Give a harbor on its Tuesday, whose broker has long joined."""
    with make_settings(tmp_path_factory.mktemp("partitions")) as made:
        cashier = Cashier(Harbor.build(made))
        cashier.enroll(effective_on=FRIDAY)
        yield cashier


def _statement(cashier: Cashier) -> str:
    """Print one more statement."""
    harbor = cashier.harbor
    (printed,) = harbor.rows("select count(*)::int from statement")[0]
    harbor.entry(printed + 1, charges={"001": DUE})
    harbor.print_one_statement(printed)
    ((number,),) = harbor.rows("select statement_number from statement order by 1 desc limit 1")
    return str(number)


def _tell(cashier: Cashier, chance: random.Random, credits: list[IncomingCredit]) -> None:
    """Tell credits in an order and in pages of their own."""
    waiting = chance.sample(credits, len(credits))
    while waiting:
        size = chance.randint(1, len(waiting))
        cashier.tell(*waiting[:size])
        waiting = waiting[size:]


def _end(cashier: Cashier, number: str) -> tuple[object, ...]:
    return (*cashier.harbor.rows(END, number), tuple(cashier.harbor.rows(PAID_BACK, number)))


def _credits(cashier: Cashier, pushed: Pushed, number: str) -> list[IncomingCredit]:
    return [
        cashier.credit(cents, txp(BROKER, number, cents), collected_on=day)
        for cents, day in pushed.payments
    ]


@pytest.mark.requirement("CRD-06", "CRD-07")
@pytest.mark.parametrize("example", range(EXAMPLES))
def test_any_partition_in_any_order_pays_on_the_day_that_completes_it(
    cashier: Cashier, example: int
) -> None:
    """C3, C16: told in any order over three days, it is paid as of the last collection date."""
    chance = random.Random(f"{SEED}/whole/{example}")
    pushed = pushed_of(chance, extra=0)
    last = max(day for _, day in pushed.payments)
    for _ in range(ORDERS):
        number = _statement(cashier)
        before = Counter(cashier.balances())
        _tell(cashier, chance, _credits(cashier, pushed, number))
        received = Counter[date]()
        for cents, day in pushed.payments:
            received[day] += cents
        assert _end(cashier, number) == (
            ("paid", last, DUE, 0, None),
            (*((10, day, cents) for day, cents in sorted(received.items())), (11, last, DUE)),
        )
        assert _moved(cashier, before) == {"treasury": DUE, "revenue": -DUE}
    assert cashier.harbor.violations() == []


@pytest.mark.requirement("CRD-05", "CRD-08")
@pytest.mark.parametrize("example", range(EXAMPLES))
def test_too_much_in_any_order_of_a_day_ends_alike(cashier: Cashier, example: int) -> None:
    """C3, C16, C17: days come in order, payments of a day in any; every account ends the same."""
    chance = random.Random(f"{SEED}/more/{example}")
    pushed = pushed_of(chance, extra=chance.randint(1, DUE))
    ends = []
    for _ in range(ORDERS):
        number = _statement(cashier)
        before = Counter(cashier.balances())
        credits = _credits(cashier, pushed, number)
        for day in sorted({each.collected_on for each in credits}):
            _tell(cashier, chance, [each for each in credits if each.collected_on == day])
        assert _moved(cashier, before) == {
            "treasury": pushed.total,
            "revenue": -DUE,
            "refunds_payable": DUE - pushed.total,
        }
        ((*end, _causes), _transfers) = _end(cashier, number)
        ends.append(end)
    assert ends == [["paid", _completed(pushed), DUE, pushed.total - DUE]] * ORDERS
    assert cashier.harbor.violations() == []


def _moved(cashier: Cashier, before: Counter[str]) -> dict[str, int]:
    after = Counter(cashier.balances())
    accounts = {*after, *before}
    found = {account: after[account] - before[account] for account in accounts}
    return {account: cents for account, cents in found.items() if cents}


def _completed(pushed: Pushed) -> date:
    """Give the first day by whose end enough was there."""
    return min(
        day
        for _, day in pushed.payments
        if sum(cents for cents, other in pushed.payments if other <= day) >= DUE
    )
