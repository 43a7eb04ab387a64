"""Returned debits over two weeks, seen from outside: late, contested, account gone, unit stopped.

One story is played once through commands, batches and files; each test holds one thing against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from customhouse.business_days import FEDERAL_RESERVE
from customhouse.rehearsal.operator import Operator
from customhouse.rehearsal.receiving_banks import Script, ScriptLine
from tests.acceptance.servers import serving, with_free_ports
from tests.acceptance.wharf import FRIDAY, TUESDAY, Wharf, codes
from tests.conftest import MakeSettings

# Two weeks through two processes and some sixty commands, on a machine that others use too.
pytestmark = pytest.mark.timeout(600)

# Accepted on Tuesday, the debits settle on Friday; Thursday is a holiday.
RETURNED_LATE = date(2026, 12, 3)
CONTESTED = date(2026, 12, 8)
DECIDED = date(2026, 12, 9)
DONE = date(2026, 12, 11)


@dataclass
class Fortnight:
    """What was seen at the doors."""

    wharf: Wharf
    numbers: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[str]] = field(default_factory=dict)

    def statement(self, cents: int) -> str:
        """Give the number of the preliminary statement with this total."""
        found = self.wharf.statements("P").values()
        (number,) = {each.number for each in found if each.preliminary.amount_cents == cents}
        return number


def _play(seen: Fortnight) -> None:
    wharf = seen.wharf
    wharf.settle_in()
    wharf.load_entries(
        [
            wharf.row(1, "1000.00"),
            wharf.row(2, "2000.00", processing_port="3902"),
            wharf.row(3, "3000.00", processing_port="3903"),
            wharf.row(4, "4000.00", print_date=FRIDAY.isoformat()),
        ]
    )
    wharf.finish(date(2026, 11, 23))
    for name, cents, unit in (
        ("stands", 103_358, "broker"),
        ("contested", 203_358, "broker"),
        ("closed", 303_358, "importer"),
    ):
        seen.numbers[name] = seen.statement(cents)
        wharf.authorize((seen.numbers[name], cents, wharf.units[unit]))
    script = Script(wharf.folder / "operator" / "script.json")
    script.add(
        [
            ScriptLine(seen.numbers["stands"], "R29", 4),
            ScriptLine(seen.numbers["contested"], "R29", 4, insists=True),
            ScriptLine(seen.numbers["closed"], "R02", 2),
        ]
    )
    wharf.run_to(TUESDAY, FRIDAY)
    _stop_a_unit_before_the_file(seen)
    _banks_only(wharf, date(2026, 12, 1), RETURNED_LATE)
    wharf.morning(date(2026, 12, 4))
    seen.said["units"] = wharf.command("units", "list")
    (answer,) = wharf.authorize((seen.numbers["closed"], 303_358, wharf.units["importer"]))
    seen.answers["suspended"] = codes(answer)
    seen.said["late"] = wharf.command("bank", "disputes", "list")
    seen.said["books while late"] = wharf.command("ledger", "balances")
    _banks_only(wharf, date(2026, 12, 4), CONTESTED)
    seen.said["contested"] = wharf.command("bank", "disputes", "list")
    seen.said["alarms"] = wharf.command("bank", "alarms")
    _decide(seen)
    _banks_only(wharf, DECIDED, date(2026, 12, 10))
    wharf.morning(DONE)
    seen.said["bills"] = wharf.command("bills", "list")
    seen.said["ended"] = wharf.command("bank", "disputes", "list", "--all")
    days = (date(2026, 11, 27) + timedelta(days=n) for n in range(14))
    seen.said["treasury"] = "".join(wharf.command("treasury", "day", str(day)) for day in days)
    seen.said["check"] = wharf.command("ledger", "check")


def _banks_only(wharf: Wharf, first: date, last: date) -> None:
    """Run the bank and the operator day by day; the agency takes the news afterwards."""
    day = first
    while day <= last:
        wharf.command("bank", "day", "--until", day.isoformat())
        Operator(wharf.settings.exchange_directory, wharf.folder / "operator").run(day)
        day = FEDERAL_RESERVE.next(day)
    wharf.command("bank", "intake")


def _stop_a_unit_before_the_file(seen: Fortnight) -> None:
    """Accepted and handed to the bank on Friday; the unit is stopped before the file is built."""
    wharf = seen.wharf
    seen.numbers["stopped"] = seen.statement(403_358)
    wharf.authorize((seen.numbers["stopped"], 403_358, wharf.units["importer"]))
    wharf.evening(FRIDAY)
    unit, words = wharf.units["importer"], ("--by", "Ada Officer", "--reason", "revoked")
    seen.said["suspend"] = wharf.command("units", "suspend", unit, *words)
    _banks_only(wharf, FRIDAY, date(2026, 11, 30))
    wharf.morning(date(2026, 12, 1))
    words = ("--by", "Ada Officer", "--reason", "given back")
    seen.said["lift"] = wharf.command("units", "lift", unit, *words)


def _decide(seen: Fortnight) -> None:
    """Accept the contested return: its number is the one that waits for a person."""
    lines = seen.said["contested"].splitlines()
    (number,) = [line.split()[0] for line in lines if line.split()[1] == "contested"]
    words = ("--by", "Ben Banker", "--reason", "it was in time after all")
    seen.said["accept"] = seen.wharf.command("bank", "disputes", "accept", number, *words)


@pytest.fixture(scope="module")
def fortnight(
    make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fortnight]:
    """Play the story once, with both sides as processes of their own."""
    folder: Path = tmp_path_factory.mktemp("returned-debits")
    with make_settings(folder) as fresh:
        settings = replace(with_free_ports(fresh), clock="rehearsal")
        seen = Fortnight(Wharf(settings, folder))
        with serving(settings, "bank"), serving(settings, "agency"):
            _play(seen)
            yield seen


@pytest.mark.requirement("DEB-09")
def test_a_unit_stopped_before_the_file_debits_nothing(fortnight: Fortnight) -> None:
    """A9: held at file build, the statement is open again, the filers are told."""
    assert "the bank knows" in fortnight.said["suspend"]
    number = fortnight.numbers["stopped"]
    folder = fortnight.wharf.settings.exchange_directory / "archive" / "outbound"
    assert not [path for path in folder.iterdir() if number in path.read_text("ascii")]
    reopened = [each for each in _reasons(fortnight) if number in each]
    assert any("was opened again" in each for each in reopened)


@pytest.mark.requirement("DEB-04")
def test_a_closed_account_suspends_its_unit_and_is_billed(fortnight: Fortnight) -> None:
    """C6: the unit is refused until an officer lifts it, and the bill is due in 15 days."""
    assert "R02" in fortnight.said["units"]
    assert fortnight.wharf.units["importer"] in fortnight.said["units"]
    assert fortnight.answers["suspended"][0] == "D30"
    (line,) = [
        each for each in fortnight.said["bills"].splitlines() if fortnight.numbers["closed"] in each
    ]
    assert "$3,033.58" in line
    found = re.search(r"R02, issued ([0-9-]+), due ([0-9-]+)", line)
    assert found is not None
    issued, due = (date.fromisoformat(text) for text in found.groups())
    assert (due - issued).days == 15


def test_a_late_return_is_in_suspense_while_it_is_disputed(fortnight: Fortnight) -> None:
    """C7: both late returns are disputed; their money is neither treasury's nor the payer's."""
    assert fortnight.said["late"].count("R68 for R29") == 2
    (line,) = [
        each for each in fortnight.said["books while late"].splitlines() if "in dispute" in each
    ]
    assert "$3,067.16" in line


def test_one_dispute_is_won_and_the_contested_one_was_decided(fortnight: Fortnight) -> None:
    """C7: dishonored and not contested, the debit stands; accepted, it has come back."""
    assert "contests dispute" in fortnight.said["alarms"]
    ended = {
        word: fortnight.numbers[name] for name, word in (("stands", "won"), ("contested", "lost"))
    }
    for word, number in ended.items():
        (line,) = [each for each in fortnight.said["ended"].splitlines() if number in each]
        assert line.split()[1] == word
    bills = fortnight.said["bills"]
    assert fortnight.numbers["contested"] in bills
    assert fortnight.numbers["stands"] not in bills


def test_the_books_hold(fortnight: Fortnight) -> None:
    """C6, C7: bills equal the receivable, nothing is left in dispute, every rule holds."""
    assert "bills-are-receivable" in fortnight.said["check"]
    assert "BAD" not in fortnight.said["check"]
    balances = fortnight.wharf.command("ledger", "balances")
    (line,) = [each for each in balances.splitlines() if "in dispute" in each]
    assert line.split()[-4:] == ["$3,067.16", "$3,067.16", "$0.00", "$0.00"]


def test_no_account_number_is_said(fortnight: Fortnight) -> None:
    """SEC-02: no command and no answer named an account."""
    said = "\n".join(fortnight.said.values())
    assert said
    assert "7001000100" not in said


def _reasons(fortnight: Fortnight) -> list[str]:
    with fortnight.wharf.client() as client:
        return [each.reason for each in client.outbox()]


def test_every_day_at_the_bank_agrees_with_the_ledger(fortnight: Fortnight) -> None:
    """Settled, returned, returned too late and disputed: each on its day, on both sides."""
    told = fortnight.said["treasury"]
    assert told.count("Difference     $0.00") == 14
    for words in ("debit settled", "debit returned", "return disputed"):
        assert words in told
