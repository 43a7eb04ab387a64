"""Two brokers pay their duties over ten days, seen from outside: one week is played once.

The scenario runs through the public doors only and keeps what they said; each test then holds
one requirement against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from customhouse.bank.day import STEPS as BANK_STEPS
from customhouse.formats.abi_messages import AuthorizationAnswer
from customhouse.formats.abi_statement import DailyStatement
from customhouse.formats.nacha_file import BatchHeader, Entry, read_items
from customhouse.identifiers import PayerUnitNumber
from customhouse.money import format_dollars
from customhouse.rehearsal.receiving_banks import Script, ScriptLine
from customhouse.settings import SIDES
from customhouse.trade.client_abi import check_totals
from tests.acceptance.servers import serving, with_free_ports
from tests.acceptance.wharf import (
    ACCOUNTS,
    IMPORTER_X,
    IMPORTER_Y,
    MONDAY,
    OTHER_BROKER,
    TUESDAY,
    WEDNESDAY,
    Wharf,
    codes,
)
from tests.conftest import MakeSettings
from tests.dumps import dump

DONE = date(2026, 12, 4)
X = f"{IMPORTER_X}00"
Y = f"{IMPORTER_Y}00"


@dataclass
class Week:
    """What was seen at the doors during the week."""

    wharf: Wharf
    numbers: dict[str, str] = field(default_factory=dict)
    preliminary: dict[str, DailyStatement] = field(default_factory=dict)
    finals_on: dict[date, dict[str, DailyStatement]] = field(default_factory=dict)
    removals: dict[str, str] = field(default_factory=dict)
    answers: dict[str, tuple[AuthorizationAnswer, ...]] = field(default_factory=dict)
    files_before: int = 0

    @property
    def ach_files(self) -> list[Path]:
        """Give the bank's files in the order in which they were released."""
        folder = self.wharf.settings.exchange_directory / "archive" / "outbound"
        return sorted(folder.glob("*.ach"))

    def debits(self) -> list[tuple[BatchHeader, Entry]]:
        """Give every debit of every file with its batch header."""
        found = []
        for path in self.ach_files:
            with path.open("rb") as stream:
                for item in read_items(stream):
                    if isinstance(item, BatchHeader):
                        header = item
                    if isinstance(item, Entry):
                        found.append((header, item))
        return found


def _load(wharf: Wharf) -> None:
    wharf.load_entries(
        [
            wharf.row(1, "1000.00"),
            wharf.row(2, "250.00", importer_number=IMPORTER_Y),
            wharf.row(3, "300.00", payment_type="3"),
            wharf.row(4, "400.00", payment_type="3", importer_number=IMPORTER_Y),
            wharf.row(5, "500.00", processing_port="3902"),
            wharf.row(6, "600.00", processing_port="3903"),
            wharf.row(1, "700.00", filer_code=OTHER_BROKER),
        ]
    )


def _name_statements(week: Week) -> None:
    week.preliminary = week.wharf.statements() | week.wharf.statements(filer=OTHER_BROKER)
    names = {
        ("B76", "3901", None): "mixed",
        ("B76", "3901", X): "of X",
        ("B76", "3901", Y): "of Y",
        ("B76", "3902", None): "emptied",
        ("B76", "3903", None): "returned",
        ("C08", "3901", None): "other broker's",
    }
    for number, statement in week.preliminary.items():
        importer = statement.importer_number or None
        week.numbers[names[statement.filer_code, statement.port, importer]] = number


def _act_on_tuesday(week: Week) -> None:
    wharf, number = week.wharf, week.numbers
    own, of_x = wharf.units["broker"], wharf.units["importer"]
    week.files_before = len(week.ach_files)
    week.removals["one"] = wharf.remove(2)
    week.removals["last"] = wharf.remove(5)
    say = week.answers
    say["first batch"] = wharf.authorize(
        (number["mixed"], 131_716, own),  # the total before the removal
        (number["of X"], 33_358, of_x),
        (number["of Y"], 43_358, of_x),  # X's unit for Y's statement
        (number["emptied"], 0, own),
        tag="FIRST",
    )
    say["corrected"] = wharf.authorize((number["mixed"], 103_358, own), tag="CORRECTED")
    say["returned"] = wharf.authorize((number["returned"], 63_358, own), tag="WILL RETURN")
    say["again"] = wharf.authorize((number["of X"], 33_358, of_x), tag="AGAIN")
    say["not his"] = wharf.authorize((number["of Y"], 43_358, of_x), filer=OTHER_BROKER)
    say["nobody's"] = wharf.authorize(("3927328ZZZ", 43_358, of_x), filer=OTHER_BROKER)
    say["same unit"] = wharf.authorize(
        (number["other broker's"], 73_358, of_x), filer=OTHER_BROKER, tag="SAME UNIT"
    )


def _play(wharf: Wharf) -> Week:
    week = Week(wharf)
    _load(wharf)
    wharf.finish(MONDAY)
    _name_statements(week)
    _act_on_tuesday(week)
    script = Script(wharf.folder / "operator" / "script.json")
    script.add([ScriptLine(week.numbers["returned"], "R01")])
    day = TUESDAY
    while day < DONE:
        day = wharf.finish(day)
        week.finals_on[day] = wharf.statements("F") | wharf.statements("F", OTHER_BROKER)
        if "after the return" not in week.answers and "was opened again" in _reasons(wharf):
            order = (week.numbers["returned"], 63_358, wharf.units["broker"])
            week.answers["after the return"] = wharf.authorize(order, tag="ONCE MORE")
    return week


def _reasons(wharf: Wharf) -> str:
    with wharf.client() as client:
        return "\n".join(message.reason for message in client.outbox())


@pytest.fixture(scope="module")
def week(make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    """Play the week once on real processes."""
    folder = tmp_path_factory.mktemp("week")
    with make_settings(folder) as fresh:
        settings = replace(with_free_ports(fresh), clock="rehearsal")
        with serving(settings, "bank"), serving(settings, "agency"):
            wharf = Wharf(settings, folder)
            wharf.settle_in()
            yield _play(wharf)


@pytest.mark.requirement("DEB-01")
def test_scheduled_entries_come_as_preliminary_statements(week: Week) -> None:
    """Each statement holds its entries, adds up, and went to the filer through ABI."""
    assert len(week.numbers) == len(week.preliminary) == 6
    for statement in week.preliminary.values():
        check_totals(statement)
    mixed = week.preliminary[week.numbers["mixed"]]
    assert [line.amount_due_cents for line in mixed.lines] == [103_358, 28_358]
    assert mixed.preliminary.amount_cents == 131_716


@pytest.mark.requirement("DEB-03")
def test_deletion_tells_the_new_amount_and_an_emptied_statement_is_cancelled(week: Week) -> None:
    """The new amount is in the same answer; a statement without entries cannot be paid."""
    (left,) = [line for line in week.removals["one"].splitlines() if line.startswith("H3")]
    assert left[19:40] == f"{week.numbers['mixed']}{103_358:011}"
    (left,) = [line for line in week.removals["last"].splitlines() if line.startswith("H3")]
    assert left[19:40] == f"{week.numbers['emptied']}{0:011}"
    assert codes(week.answers["first batch"][3]) == ["D02", "998"]


@pytest.mark.requirement("DEB-04")
def test_one_live_authorization_and_a_new_attempt_after_a_return(week: Week) -> None:
    """A second one is refused; after the returned debit the statement is paid by a new attempt."""
    assert codes(week.answers["again"][0]) == ["D03", "998"]
    assert codes(week.answers["after the return"][0]) == ["D00"]
    paid = [entry for _, entry in week.debits() if entry.amount_cents == 63_358]
    assert len(paid) == 2
    assert len({entry.trace_number for entry in paid}) == 2


@pytest.mark.requirement("DEB-05")
def test_nothing_is_debited_without_an_authorization(week: Week) -> None:
    """No file existed before the first authorization, and what was never accepted is in none."""
    assert week.files_before == 0
    debited = {entry.identification_number.strip() for _, entry in week.debits()}
    assert week.numbers["of Y"] not in debited
    assert week.numbers["emptied"] not in debited


@pytest.mark.requirement("DEB-06")
def test_right_authorization_is_answered_with_an_acceptance(week: Week) -> None:
    """The answer repeats number, unit and amount, and its disposition is accepted."""
    answer = week.answers["corrected"][0]
    assert (answer.accepted, codes(answer)) == (True, ["D00"])
    assert (answer.statement_number, answer.payer_unit_number, int(answer.amount_text)) == (
        week.numbers["mixed"],
        week.wharf.units["broker"],
        103_358,
    )


@pytest.mark.requirement("DEB-07", "SEC-07")
def test_wrong_total_is_refused_with_both_totals_and_corrected(week: Week) -> None:
    """The wrong one shows both totals, the right one beside it passes, the corrected one too."""
    wrong, right, *_ = week.answers["first batch"]
    assert codes(wrong) == ["D04", "998"]
    assert wrong.conditions[0].narrative == "AMT 0000131716 NOT STMT TOTAL 0000103358"
    assert right.accepted
    assert week.answers["corrected"][0].accepted


@pytest.mark.requirement("DEB-08")
def test_final_statement_comes_the_next_business_day_and_is_the_receipt(week: Week) -> None:
    """Authorized on Tuesday, final on Wednesday: every entry listed, the deleted one named."""
    finals = week.finals_on[WEDNESDAY]
    accepted = ("mixed", "of X", "returned", "other broker's")
    assert set(finals) == {week.numbers[name] for name in accepted}
    for final in finals.values():
        check_totals(final)
    mixed = finals[week.numbers["mixed"]]
    assert mixed.paid is not None
    assert (mixed.preliminary.amount_cents, mixed.paid.amount_cents) == (131_716, 103_358)
    assert [(each.entry_number, each.source) for each in mixed.removed] == [
        (mixed.lines[1].entry_number, "ABI")
    ]


@pytest.mark.requirement("DEB-09", "DEB-13")
def test_each_payment_is_one_debit_of_its_own(week: Week) -> None:
    """One entry for each accepted authorization, never consolidated, each in a valid file."""
    debited = sorted(
        (entry.identification_number.strip(), entry.amount_cents) for _, entry in week.debits()
    )
    assert debited == sorted(
        [
            (week.numbers["mixed"], 103_358),
            (week.numbers["of X"], 33_358),
            (week.numbers["other broker's"], 73_358),
            (week.numbers["returned"], 63_358),
            (week.numbers["returned"], 63_358),
        ]
    )
    for path in week.ach_files:
        week.wharf.command("ach", "check", str(path))


@pytest.mark.requirement("DEB-12")
def test_bank_statement_shows_customs_and_the_statement_number(week: Week) -> None:
    """The batch carries the customs notation, the addendum the statement number (CCD+)."""
    for header, entry in week.debits():
        assert "CUSTOMS" in header.company_name
        assert header.sec_code == "CCD"
        (addendum,) = entry.addenda
        assert entry.identification_number.strip() in addendum.text


@pytest.mark.requirement("DEB-11")
def test_effective_entry_date_is_a_banking_day(week: Week) -> None:
    """Accepted on Tuesday: debited on Friday, because Thursday is Thanksgiving."""
    first = next(header.effective_entry_date for header, _ in week.debits())
    assert first == date(2026, 11, 27)


@pytest.mark.requirement("SEC-01", "SEC-04")
def test_one_unit_is_used_for_all_payments_by_each_designated_broker(week: Week) -> None:
    """The importer's unit pays through both brokers; each shows as a debit of its own."""
    assert week.answers["same unit"][0].accepted
    assert week.answers["first batch"][1].accepted
    used = {
        answer.payer_unit_number
        for answers in week.answers.values()
        for answer in answers
        if answer.accepted
    }
    assert used == {str(PayerUnitNumber.parse(unit)) for unit in week.wharf.units.values()}


@pytest.mark.requirement("SEC-05")
def test_only_the_filer_of_the_entries_can_pay(week: Week) -> None:
    """Another filer is told the same of this statement as of one that does not exist."""
    real, none = week.answers["not his"][0], week.answers["nobody's"][0]
    assert codes(real) == codes(none) == ["D01", "998"]
    assert real.conditions == none.conditions


@pytest.mark.requirement("SEC-06")
def test_importers_unit_pays_only_that_importer(week: Week) -> None:
    """The designated broker may pay X's statement with X's unit, and not Y's."""
    assert week.answers["first batch"][1].accepted
    assert codes(week.answers["first batch"][2]) == ["D06", "998"]


@pytest.mark.requirement("SEC-02")
def test_agency_holds_no_account_number(week: Week) -> None:
    """Neither the agency's dump nor any file but the bank's own holds a captured number."""
    settings = week.wharf.settings
    dumped = dump(settings, "agency")
    assert week.numbers["mixed"].encode() in dumped
    exchange = settings.exchange_directory
    files = [p for p in week.wharf.folder.rglob("*") if p.is_file()]
    outside = [
        p
        for p in files
        if not p.is_relative_to(exchange) and not p.is_relative_to(week.wharf.folder / "operator")
    ]
    inside = b"".join(p.read_bytes() for p in files if p.is_relative_to(exchange))
    assert outside
    for number in (account.encode() for account in ACCOUNTS.values()):
        assert number in inside
        assert number not in dumped
        assert [p for p in outside if number in p.read_bytes()] == []


def test_ledger_is_clean_and_agrees_with_the_bank(week: Week) -> None:
    """Every invariant holds, and what the treasury got is what the debits were."""
    week.wharf.command("ledger", "check")
    lines = week.wharf.command("ledger", "balances").splitlines()
    # The names have spaces in them; the columns are set apart by two and more.
    rows = [re.split(r" {2,}", line) for line in lines]
    balances = {row[0]: row[3] for row in rows if len(row) == 5}
    settled = format_dollars(103_358 + 33_358 + 73_358 + 63_358)
    assert (balances["treasury"], balances["revenue"]) == (settled, settled)
    assert balances["bills receivable"] == balances["debits in transit"] == "$0.00"


def test_a_day_may_be_run_again_without_effect(week: Week) -> None:
    """The agency's morning, the bank's last day and its intake: no row changes but the bank's log.

    The bank keeps the latest run of each step with its summary; those lines name their step.
    """
    settings = week.wharf.settings
    before = {side: dump(settings, side) for side in SIDES}
    week.wharf.morning(DONE)
    week.wharf.command("bank", "day", "--until", "2026-12-03")
    week.wharf.command("bank", "intake")
    for side in SIDES:
        changed = set(dump(settings, side).splitlines()) ^ set(before[side].splitlines())
        log = {line for line in changed if side == "bank" and _names_a_step(line)}
        assert changed == log, side


def _names_a_step(line: bytes) -> bool:
    fields = line.decode().split("\t")
    return len(fields) == 4 and fields[1] in {step.name for step in BANK_STEPS}
