"""What must hold at the end of the story, each thing checked by somebody who did not do it.

The operator's books against the bank's database against the agency's ledger, to the cent; the
product's checker of ACH files against the operator's own; every filer's receipts against what it
authorized. Gives rows to show; decides nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from customhouse import database
from customhouse.agency.notice_views import notices_of
from customhouse.bank import alarms, credit_returns, credits, reports
from customhouse.ledger.accounts import AccountCode
from customhouse.ledger.balances import balance, pending
from customhouse.money import format_dollars
from customhouse.rails import MOST_CREDITS
from customhouse.rehearsal.ach_checks import OF_FORWARD_ENTRIES, Finding, check_file
from customhouse.rehearsal.ach_reading import Unreadable, read_file
from customhouse.rehearsal.credit_checks import credit_checks
from customhouse.rehearsal.dishonored import ANSWERS
from customhouse.rehearsal.filer_books import HeldStatement
from customhouse.rehearsal.stage import Stage
from customhouse.rehearsal.world_data import LAST_DAY
from customhouse.rehearsal.world_entries import business_days

Check = tuple[str, bool, str]
REFUSED_DEBIT = "debit-refused"
NOT_SETTLED = frozenset({"received", "in_file", "acknowledged"})


@dataclass(frozen=True, slots=True)
class Money:
    """The same money in three books, in cents."""

    agency_treasury: int
    agency_in_transit: int
    agency_receivable: int
    bank_settled: int
    bank_on_the_way: int
    bank_not_sent: int
    operator_treasury: int
    operator_waiting: int
    agency_unapplied: int = 0
    agency_owed_back: int = 0
    payers_pushed: int = 0
    bank_credits: int = 0


def money(stage: Stage) -> Money:
    """Read the three books."""
    settings, books = stage.house.settings, stage.operator.books
    with database.connect(settings, "agency") as connection:
        treasury = balance(connection, AccountCode.TREASURY)
        in_transit = pending(connection, AccountCode.DEBITS_IN_TRANSIT)
        in_transit += balance(connection, AccountCode.DEBITS_IN_TRANSIT)
        receivable = balance(connection, AccountCode.BILLS_RECEIVABLE)
        unapplied = balance(connection, AccountCode.UNAPPLIED_CREDITS)
        owed_back = balance(connection, AccountCode.REFUNDS_PAYABLE)
    with database.connect(settings, "bank") as connection:
        states = {each.state: each.amount_cents for each in reports.debit_figures(connection)}
        told = credits.after(connection, 0, most=MOST_CREDITS)
        gone = credit_returns.after(connection, 0, most=MOST_CREDITS)
    arrived = sum(each.amount_cents for each in told if each.kind == "payment")
    arrived -= sum(each.amount_cents for each in gone)
    pushed = stage.operator.payer_banks.books.treasury_cents(LAST_DAY)
    return Money(
        agency_treasury=treasury,
        agency_in_transit=in_transit,
        agency_receivable=receivable,
        bank_settled=states.get("settled", 0) + arrived,
        bank_on_the_way=sum(cents for state, cents in states.items() if state in NOT_SETTLED),
        bank_not_sent=states.get("received", 0),
        operator_treasury=books.treasury_cents + pushed,
        operator_waiting=books.waiting_cents,
        agency_unapplied=unapplied,
        agency_owed_back=owed_back,
        payers_pushed=pushed,
        bank_credits=arrived,
    )


def checks(stage: Stage, found: Money) -> list[Check]:
    """Give every check with what it saw."""
    return [
        *_story_checks(stage),
        *money_checks(found),
        *credit_checks(stage, unapplied=found.agency_unapplied, owed_back=found.agency_owed_back),
        _ledger_check(stage),
        *_file_checks(stage),
        *_receipt_checks(stage),
        _alarm_check(stage),
    ]


def figures(stage: Stage, found: Money) -> list[tuple[str, str]]:
    """Give the figures of the ten days."""
    held = _statements(stage)
    authorized = sum(statement.accepted for statement in held)
    files = len(stage.operator.books.files)
    return [
        ("Entry summaries", f"{len(stage.entries):,}"),
        ("Preliminary statements", f"{len(held):,}"),
        ("Statements cancelled", f"{int(bool(stage.happenings.cancelled)):,}"),
        ("Authorizations accepted", f"{authorized:,}"),
        ("Authorizations refused", f"{stage.happenings.authorizations_refused:,}"),
        ("ACH files", f"{files:,}"),
        ("Debits in them", f"{len(stage.operator.books.debits):,}"),
        ("Settled in the treasury", format_dollars(found.agency_treasury)),
        ("  of it pushed by payers", format_dollars(found.payers_pushed)),
        ("Kept at the desk", format_dollars(found.agency_unapplied)),
        ("Owed back to payers", format_dollars(found.agency_owed_back)),
        ("On the way", format_dollars(found.agency_in_transit)),
        ("Returned, and paid anew", format_dollars(stage.operator.books.returned_cents)),
    ]


def _statements(stage: Stage) -> list[HeldStatement]:
    return [held for filer in stage.filers.values() for held in filer.books.statements.values()]


def _story_checks(stage: Stage) -> Iterator[Check]:
    happened = stage.happenings
    total = len(business_days())
    yield ("All ten business days were played", happened.days_done == total, f"{total} days")
    for sentence in happened.expected:
        yield (_capital(sentence), True, "")
    for sentence in happened.unexpected:
        yield (_capital(sentence), False, "see above")


def money_checks(found: Money) -> Iterator[Check]:
    """Compare the three books: what is in the treasury, what is on the way, what is owed."""
    treasury = (found.agency_treasury, found.bank_settled, found.operator_treasury)
    yield (
        "Treasury: agency, bank and operator agree to the cent",
        len(set(treasury)) == 1 and treasury[0] > 0,
        " = ".join(format_dollars(cents) for cents in treasury),
    )
    on_the_way = (
        found.agency_in_transit,
        found.bank_on_the_way,
        found.operator_waiting + found.bank_not_sent,
    )
    yield (
        "In transit: agency, bank and operator agree to the cent",
        len(set(on_the_way)) == 1,
        " = ".join(format_dollars(cents) for cents in on_the_way),
    )
    yield (
        "What was returned has been paid since",
        found.agency_receivable == 0,
        f"{format_dollars(found.agency_receivable)} receivable",
    )


def _ledger_check(stage: Stage) -> Check:
    said = stage.house.attempt("ledger", "check")
    lines = [line for line in said.output.splitlines() if line.strip()]
    held = sum(line.startswith("ok ") for line in lines)
    detail = f"{held} invariants" if said.code == 0 else "; ".join(lines[-3:])
    return ("customhouse ledger check is clean", said.code == 0, detail)


def _file_checks(stage: Stage) -> Iterator[Check]:
    """Check each released file by the product's command and with the operator's own eyes."""
    archive = stage.house.settings.exchange_directory / "archive" / "outbound"
    files = sorted(archive.glob("*.ach"))
    wrong = [f.name for f in files if stage.house.attempt("ach", "check", str(f)).code]
    yield (
        "Every bank file passes customhouse ach check",
        bool(files) and not wrong,
        ", ".join(wrong) or f"{len(files)} files",
    )
    own: list[str] = []
    for file in files:
        try:
            own.extend(
                f"{file.name} {f.line}: {f.sentence}"
                for f in check_file(read_file(file.read_bytes()))
                if not (file.name.endswith(ANSWERS) and _of_forward_entries(f))
            )
        except Unreadable as error:
            own.append(f"{file.name}: {error}")
    own.extend(stage.happenings.files_refused)
    yield ("Every bank file passes the operator's own checks", not own, "; ".join(own[:3]))
    astray = stage.operator.books.misaddressed
    yield (
        "Every debit's addendum names its statement and amount",
        astray == 0,
        f"{len(stage.operator.books.debits)} debits",
    )


def _of_forward_entries(finding: Finding) -> bool:
    """Tell a finding that is none in a file of answers: what it says holds of forward entries."""
    return not finding.refuses_file or finding.sentence in OF_FORWARD_ENTRIES


def _receipt_checks(stage: Stage) -> Iterator[Check]:
    held = _statements(stage)
    missing = [
        f"{filer.who.code} {number}"
        for filer in stage.filers.values()
        for number in filer.books.missing_finals()
    ]
    finals = sum(statement.finals for statement in held)
    yield (
        "Every authorization has its final statement",
        not missing,
        ", ".join(missing[:5]) or f"{finals} receipts",
    )
    open_still = [s.number for s in held if s.open and s.number != stage.happenings.cancelled]
    yield ("No statement is left unpaid", not open_still, ", ".join(open_still[:5]))
    paid = {
        entry.statement_number for entry in stage.operator.books.entries if entry.state == "settled"
    }
    returned = stage.happenings.returned_statement
    yield ("The returned debit was paid by a new attempt", returned in paid, returned)
    yield _change_check(stage)


def _change_check(stage: Stage) -> Check:
    """Look for the notice by which the agency told the filer of the change."""
    changed = stage.happenings.changed_statement
    codes = list(stage.filers)
    with database.connect(stage.house.settings, "agency") as connection:
        notices = notices_of(connection, codes)
    told = any(
        notice.kind == "change-notified" and notice.statement_number == changed
        for notice in notices
    )
    return ("The filer was told of the notification of change", told, changed)


def _alarm_check(stage: Stage) -> Check:
    with database.connect(stage.house.settings, "bank") as connection:
        still_open = alarms.still_open(connection)
    wrong = [alarm for alarm in still_open if alarm.kind != REFUSED_DEBIT]
    refused = len(still_open) - len(wrong)
    reversals = sum(code not in ("R03", "R23") for code in stage.happenings.sent_back)
    sentences = "; ".join(alarm.sentence for alarm in wrong[:3])
    return (
        "The bank has no open alarm but of the reversals",
        not wrong and refused == reversals,
        sentences or f"{refused} reversals",
    )


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
