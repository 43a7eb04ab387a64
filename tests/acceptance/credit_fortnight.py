"""Two weeks of May 2000 in which money arrives by itself, played once through files and commands.

The dates are those of CRD-03: paid on Thursday 4 May 2000, final on Friday the 5th; applied by hand
on that Friday, final on Monday the 8th. Each statement of the broker is printed at a port of its
own, so that each has its own amount: a thousand dollars for each port, and the fee.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from customhouse.business_days import FEDERAL_OFFICES
from customhouse.database import connect
from customhouse.money import format_cents
from customhouse.rehearsal.operator import OperatorReport
from tests.acceptance.servers import serving, with_free_ports
from tests.acceptance.wharf import BROKER, IMPORTER_X, Wharf
from tests.conftest import MakeSettings

JOINING = date(2000, 4, 17)
TRIED = date(2000, 4, 18)
MAY_1, TUESDAY, WEDNESDAY = date(2000, 5, 1), date(2000, 5, 2), date(2000, 5, 3)
THURSDAY, FRIDAY = date(2000, 5, 4), date(2000, 5, 5)
MONDAY, TUESDAY_AFTER = date(2000, 5, 8), date(2000, 5, 9)
CASES = (
    "exact",
    "transposed",
    "over",
    "short",
    "twice",
    "debit",
    "first of three",
    "second of three",
    "third of three",
    "sum",
    "unreadable",
    "blanks",
)
PORTS = tuple(f"39{n:02}" for n in range(1, len(CASES) + 1))
EXCESS, MISSING = 2_510, 10_000
# Each with a flaw of its own, a dollar more each, all for the statement that stays open.
UNREADABLE = ("letter", "two", "separators", "text", "zero", "negative", "type", "bare", "stranger")


@dataclass
class Fortnight:
    """What was seen at the doors; ``on`` is the agency's open day."""

    wharf: Wharf
    numbers: dict[str, str] = field(default_factory=dict)
    finals: dict[date, set[str]] = field(default_factory=dict)
    reports: dict[date, OperatorReport] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def due_cents(self, case: str) -> int:
        """Give what is due on a case's statement."""
        return 100_000 * (CASES.index(case) + 1) + 3_358

    def line(self, case: str, *, more: int = 0, flaws: str = "") -> str:
        """Give the line by which the broker pays a case's statement, some cents more or less."""
        dollars = format_cents(self.due_cents(case) + more).replace(",", "")
        return f"{BROKER}:{self.numbers[case]}={dollars}{flaws}"

    def rows(self, query: str, *values: object) -> list[tuple]:
        """Look into the agency's books, which nobody changes from here."""
        with connect(self.wharf.settings, "agency") as connection:
            return connection.execute(query, values or None).fetchall()

    def parts(self, case: str) -> list[tuple]:
        """Give what became of the money for a case: state, cents applied and owed back, day."""
        return self.rows(
            "select state, applied_cents, refundable_cents, collected_on from credit_part"
            " where statement_number = %s and state <> 'moved' order by collected_on, part_id",
            self.numbers[case],
        )

    def waiting(self, reason: str, *, cents: int) -> list[str]:
        """Give the parts of some cents that wait for a reason."""
        query = "select part_id from credit_part where reason = %s and amount_cents = %s"
        found = self.rows(f"{query} and state = 'unapplied'", reason, cents)
        return [part_id for (part_id,) in found]

    def claims(self, case: str) -> list[tuple]:
        """Give what is owed back from payments of a case: why, cents, since when."""
        query = "select cause, amount_cents, claimed_on from refund_claim"
        return self.rows(f"{query} where statement_number = %s order by 3", self.numbers[case])

    def paid_on(self, case: str) -> tuple:
        """Give the days on which a case's statement was paid by credit and known as paid."""
        query = "select paid_on, paid_known_on from statement where statement_number = %s"
        ((paid_on, known_on),) = self.rows(query, self.numbers[case])
        return paid_on, known_on

    def revenue_days(self, case: str) -> list[tuple]:
        """Give the effective days and cents of what payers' money brought a case's statement."""
        return self.rows(
            "select effective_on, amount_cents from transfer"
            " where debit = 'unapplied_credits' and credit = 'revenue'"
            " and ref in (select part_id from credit_part where statement_number = %s)"
            " order by effective_on, amount_cents",
            self.numbers[case],
        )

    def notices(self, number: str | None) -> list[str]:
        """Give what payers were told about a statement, or about no statement."""
        query = "select text from payer_notice where statement_number is not distinct from %s"
        return [text for (text,) in self.rows(query, number)]

    def finals_on(self, day: date) -> set[str]:
        """Give the statements whose finals came with a morning."""
        return self.finals.get(day, set())

    def next_day(self, day: date) -> date:
        """Finish a day and note which statements' finals the next morning brought."""
        wharf = self.wharf
        wharf.evening(day)
        wharf.command("bank", "day", "--until", day.isoformat())
        self.reports[day] = wharf.operator.run(day)
        wharf.command("bank", "intake")
        following = FEDERAL_OFFICES.next(day)
        self.said[f"morning {following}"] = wharf.morning(following)
        known = set().union(*self.finals.values()) if self.finals else set()
        self.finals[following] = set(wharf.statements("F")) - known
        return following


def play(seen: Fortnight) -> None:
    """Play it from the first enrolment to the last final statement."""
    wharf = seen.wharf
    wharf.settle_in(JOINING, start="2000-01-03", ports=PORTS)
    _join(seen)
    _print(seen)
    _push_on_wednesday(seen)
    seen.next_day(WEDNESDAY)
    seen.next_day(THURSDAY)
    _act_on_friday(seen)
    seen.next_day(FRIDAY)
    seen.next_day(MONDAY)
    seen.said["rules"] = wharf.command("desk", "rules", "list")
    seen.said["alarms"] = wharf.command("bank", "alarms")
    seen.said["check"] = wharf.command("ledger", "check")


def _join(seen: Fortnight) -> None:
    """Join by form and prenote, which settles on Tuesday and is accepted on Wednesday."""
    wharf = seen.wharf
    for payer in (BROKER, IMPORTER_X):
        wharf.enrol(payer)
    seen.next_day(JOINING)
    seen.next_day(TRIED)
    seen.said["enrolment"] = wharf.command("credits", "enrolments", "show", BROKER)
    wharf.command("day", "--until", MAY_1.isoformat(), "--part", "morning", "--yes")
    wharf.command("bank", "day", "--until", "2000-04-28", "--yes")


def _print(seen: Fortnight) -> None:
    wharf = seen.wharf
    wharf.load_entries(
        [
            wharf.row(
                n,
                f"{n}000.00",
                processing_port=port,
                entry_date="2000-04-24",
                print_date=TUESDAY.isoformat(),
            )
            for n, port in enumerate(PORTS, 1)
        ]
    )
    seen.next_day(MAY_1)
    for number, statement in wharf.statements("P").items():
        seen.numbers[CASES[PORTS.index(statement.port)]] = number
    seen.next_day(TUESDAY)


def _push_on_wednesday(seen: Fortnight) -> None:
    """Push everything that settles on Thursday."""
    wharf = seen.wharf
    cents = seen.due_cents("debit")
    wharf.authorize((seen.numbers["debit"], cents, wharf.units["broker"]))
    three = ",".join(
        seen.line(case).removeprefix(f"{BROKER}:") + ("!transposed" if case[0] == "t" else "")
        for case in ("first of three", "second of three", "third of three")
    )
    wharf.push(
        seen.line("exact"),
        seen.line("transposed", flaws="!transposed"),
        seen.line("over", more=EXCESS),
        seen.line("short", more=-MISSING),
        seen.line("twice", flaws="!twice"),
        seen.line("debit"),
        f"{BROKER}:{three}",
        seen.line("sum", flaws="!sum"),
        *(seen.line("unreadable", more=100 * n, flaws=f"!{f}") for n, f in enumerate(UNREADABLE)),
        f"{IMPORTER_X}:{seen.line('blanks').partition(':')[2]}!blanks",
        seen.line("unreadable", flaws="!account"),
        seen.line("over", more=-1, flaws="!reversal"),
    )


def _act_on_friday(seen: Fortnight) -> None:
    wharf = seen.wharf
    (part,) = seen.waiting("document-unknown", cents=seen.due_cents("transposed"))
    seen.said["shown"] = wharf.command("desk", "show", part)
    reason = "two digits changed place, the amount is equal"
    seen.said["applied"] = wharf.desk("apply", part, seen.numbers["transposed"], reason=reason)
    seen.said["listed"] = wharf.command("desk", "list")
    (typed,) = seen.waiting("type-unknown", cents=seen.due_cents("unreadable") + 600)
    seen.said["type-unknown"] = typed
    remember = (typed, seen.numbers["unreadable"], "--remember")
    wharf.desk("apply", *remember, reason="this bank writes another agency's type")
    wharf.push(
        seen.line("third of three", flaws="!type"),
        f"{BROKER}:{seen.numbers['short']}={format_cents(MISSING)}",
        seen.line("exact"),
        seen.line("exact", flaws="!reversal"),
    )


@contextmanager
def fortnight(make_settings: MakeSettings, folder: Path) -> Iterator[Fortnight]:
    """Play the two weeks with both sides as processes of their own."""
    with make_settings(folder) as fresh:
        settings = replace(with_free_ports(fresh), clock="rehearsal")
        seen = Fortnight(Wharf(settings, folder))
        with serving(settings, "bank"), serving(settings, "agency"):
            play(seen)
            yield seen
