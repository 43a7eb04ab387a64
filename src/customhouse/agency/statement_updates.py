"""Rules of the statement update (SU): an entry moves to another day or leaves for single pay.

Pure: judges requests in input order over the rows as they were locked, and carries what an
earlier request of the same batch changed to the later ones (DEB-03, formats: SU and SQ).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from customhouse import faults
from customhouse.agency import due_dates
from customhouse.agency import update_faults as more
from customhouse.agency.print_dates import PrintDates
from customhouse.faults import Fault
from customhouse.formats.abi_messages import UpdateRequest
from customhouse.identifiers import EntryNumber, IdentifierError

SINGLE_PAY = due_dates.SINGLE_PAY
PAYMENT_TYPES = ("1", "2", "3", "5")
PERIODIC_TYPES = ("6", "7", "8")
_BRANCH = re.compile(r"[0-9A-Z]{2}", re.ASCII)
_PORT = re.compile(r"[0-9]{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """An entry as its row was when it was locked, with its statement if it is on one; cents.

    ``uses_client_branch`` tells that its filer's statements at its port are split by branch.
    """

    filer_code: str
    entry_number: str
    importer_number: str
    entry_type: str
    entry_date: date
    processing_port: str
    uses_client_branch: bool
    broker_reference: str
    payment_type: str
    print_date: date | None
    statement_number: str | None
    statement_state: str | None
    statement_total_cents: int | None
    statement_entries: int | None
    statement_billed: bool
    amount_cents: int | None


@dataclass(frozen=True, slots=True)
class Departure:
    """An entry that leaves a statement: the new total in cents; no entries left means cancelled."""

    statement_number: str
    entry_number: str
    total_cents: int
    entries_left: int


@dataclass(frozen=True, slots=True)
class Reschedule:
    """The new payment type, print date and client branch of an entry, and its last day to pay."""

    entry_number: str
    payment_type: str
    print_date: date | None
    client_branch: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class UpdateOutcome:
    """What became of one request; with no faults ``reschedule`` says what to record."""

    request: UpdateRequest
    faults: tuple[Fault, ...]
    broker_reference: str = ""
    reschedule: Reschedule | None = None
    departure: Departure | None = None


def judge(
    requests: Iterable[UpdateRequest],
    entries: Mapping[str, EntryFacts],
    *,
    filer_code: str,
    dates: PrintDates,
) -> list[UpdateOutcome]:
    """Judge a block's requests; an entry that is not this filer's is as good as unknown."""
    current = dict(entries)
    left: dict[str, Departure] = {}
    outcomes = []
    for request in requests:
        found = form_faults(request, filer_code)
        entry = current.get(request.entry_number8)
        if request.print_date is not None and request.payment_type != SINGLE_PAY:
            port = "" if entry is None else entry.processing_port
            found += dates.faults_of(request.print_date, port)
        due_on = None if entry is None else _due_on(request, entry, dates)
        found += _entry_faults(request, entry, filer_code)
        if entry is not None and request.filer_code == filer_code:
            found += _schedule_faults(request, entry, due_on)
        if found or entry is None:
            reference = entry.broker_reference if entry is not None else ""
            outcomes.append(UpdateOutcome(request, tuple(found), reference))
            continue
        outcome = _take(request, entry, left=left, due_on=due_on)
        _apply(current, left, outcome=outcome)
        outcomes.append(outcome)
    return outcomes


def form_faults(request: UpdateRequest, filer_code: str) -> list[Fault]:
    """Judge what a request says by itself: every fault for which it is refused, come what may.

    Needs neither a day nor what is on file, so that a sender can judge it offline by the same
    rules. ``filer_code`` is that of the block.
    """
    found = []
    if request.filer_code != filer_code:
        values = {"filer_code": request.filer_code, "block_filer_code": filer_code}
        found.append(Fault(faults.UPDATE_FILER_NOT_BLOCK_FILER, values))
    payment_type = request.payment_type
    if not _PORT.fullmatch(request.port_of_entry):
        values = {"port_of_entry": request.port_of_entry or "blank"}
        found.append(Fault(faults.PORT_OF_ENTRY_UNREADABLE, values))
    found += _payment_type_faults(payment_type)
    branch = request.client_branch.strip()
    if branch and not _BRANCH.fullmatch(branch):
        found.append(Fault(more.CLIENT_BRANCH_UNREADABLE, {"client_branch": branch}))
    if request.periodic_month.strip() and payment_type not in PERIODIC_TYPES:
        values = {"payment_type": payment_type}
        found.append(Fault(faults.PERIODIC_MONTH_NOT_ALLOWED, values))
    if payment_type == SINGLE_PAY:
        if request.date_columns.strip():
            found.append(Fault(faults.PRINT_DATE_NOT_ALLOWED))
    elif request.print_date is None:
        found.append(_no_date_fault(request))
    # Of another filer's entry nothing is said, its number included.
    return found + (_number_faults(request) if request.filer_code == filer_code else [])


def _payment_type_faults(payment_type: str) -> list[Fault]:
    if payment_type in PAYMENT_TYPES:
        return []
    values = {"payment_type": payment_type or "blank", "known": ", ".join(PAYMENT_TYPES)}
    if payment_type in PERIODIC_TYPES:
        return [Fault(more.PERIODIC_NOT_OFFERED, values)]
    return [Fault(faults.PAYMENT_TYPE_UNKNOWN, values)]


def _no_date_fault(request: UpdateRequest) -> Fault:
    if request.print_date_text.strip():
        return Fault(faults.PRINT_DATE_UNREADABLE, {"print_date": request.print_date_text})
    return Fault(faults.PRINT_DATE_MISSING, {"payment_type": request.payment_type or "blank"})


def _number_faults(request: UpdateRequest) -> list[Fault]:
    try:
        EntryNumber.from_parts(request.filer_code, request.entry_number8)
    except IdentifierError as error:
        spelled = f"{request.filer_code}-{request.entry_number8}"
        values = {"entry_number": spelled, "reason": str(error)}
        return [Fault(faults.ENTRY_NUMBER_UNREADABLE, values)]
    return []


def _entry_faults(request: UpdateRequest, entry: EntryFacts | None, filer_code: str) -> list[Fault]:
    if request.filer_code != filer_code:
        return []
    spelled = f"{request.filer_code}-{request.entry_number8}"
    if entry is None:
        if _number_faults(request):
            return []
        values = {"entry_number": spelled, "filer_code": filer_code}
        return [Fault(faults.ENTRY_NOT_FOUND, values)]
    if entry.statement_number is not None and entry.statement_state != "preliminary":
        values = {"entry_number": spelled, "statement_number": entry.statement_number}
        return [Fault(faults.ENTRY_STATEMENT_AUTHORIZED, values)]
    if entry.statement_number is not None and entry.statement_billed:
        # Its revenue stands on the books and its total is a receivable.
        values = {"entry_number": spelled, "statement_number": entry.statement_number}
        return [Fault(faults.STATEMENT_BILLED, values)]
    return []


def _due_on(request: UpdateRequest, entry: EntryFacts, dates: PrintDates) -> date | None:
    return due_dates.due_on(
        entry.entry_type,
        entry.entry_date,
        payment_type=request.payment_type,
        calendar=dates.calendars.of(entry.processing_port),
    )


def _schedule_faults(request: UpdateRequest, entry: EntryFacts, due_on: date | None) -> list[Fault]:
    """Hold what is wished to the entry: its class, its last day to pay, its day, its branch."""
    found = []
    number = f"{entry.filer_code}-{entry.entry_number}"
    special = due_dates.stays_on_statement(entry.entry_type)
    named: dict[str, object] = {"entry_number": number, "entry_type": entry.entry_type}
    if special and entry.statement_number is not None:
        named["statement_number"] = entry.statement_number
        found.append(Fault(more.ENTRY_STAYS_ON_STATEMENT, named))
    elif special and request.payment_type == SINGLE_PAY != entry.payment_type:
        found.append(Fault(more.ENTRY_NOT_FOR_SINGLE_PAY, named))
    print_date = request.print_date if request.payment_type in PAYMENT_TYPES[1:] else None
    if print_date is not None and print_date < entry.entry_date:
        values = {"entry_date": entry.entry_date, "print_date": print_date}
        found.append(Fault(more.ENTRY_DATE_AFTER_PRINT_DATE, values))
    if print_date is not None and due_on is not None and print_date > due_on:
        values = {"print_date": print_date, "due_on": due_on}
        found.append(Fault(more.PRINT_DATE_AFTER_DUE_DATE, values))
    return found + _branch_faults(request, entry)


def _branch_faults(request: UpdateRequest, entry: EntryFacts) -> list[Fault]:
    """Hold the client branch to what is arranged for the entry's port (as CATAIR AE 201, 219)."""
    branch = request.client_branch.strip()
    used = entry.uses_client_branch and request.payment_type != SINGLE_PAY
    if branch and not used and _BRANCH.fullmatch(branch):
        values = {"client_branch": branch, "filer_code": entry.filer_code}
        return [Fault(faults.CLIENT_BRANCH_NOT_ARRANGED, values)]
    if used and not branch and request.payment_type in PAYMENT_TYPES:
        values = {"filer_code": entry.filer_code, "port": entry.processing_port}
        return [Fault(more.CLIENT_BRANCH_MISSING, values)]
    return []


def _take(
    request: UpdateRequest,
    entry: EntryFacts,
    *,
    left: Mapping[str, Departure],
    due_on: date | None,
) -> UpdateOutcome:
    """Take an entry off its statement, whose latest departure of this batch is in ``left``."""
    departure = None
    if entry.statement_number is not None:
        total_cents = _known(entry.statement_total_cents)
        entries = _known(entry.statement_entries)
        before = left.get(entry.statement_number)
        if before is not None:
            total_cents, entries = before.total_cents, before.entries_left
        departure = Departure(
            statement_number=entry.statement_number,
            entry_number=entry.entry_number,
            total_cents=total_cents - _known(entry.amount_cents),
            entries_left=entries - 1,
        )
    return UpdateOutcome(
        request=request,
        faults=(),
        broker_reference=entry.broker_reference,
        reschedule=Reschedule(
            entry_number=entry.entry_number,
            payment_type=request.payment_type,
            print_date=request.print_date,
            client_branch=request.client_branch.strip(),
            due_on=due_on,
        ),
        departure=departure,
    )


def _apply(
    current: dict[str, EntryFacts], left: dict[str, Departure], *, outcome: UpdateOutcome
) -> None:
    """Carry an outcome over to what the later requests of the batch see."""
    if outcome.reschedule is None:
        raise AssertionError("only an accepted request changes what later ones see")
    entry = current[outcome.reschedule.entry_number]
    current[entry.entry_number] = replace(
        entry,
        payment_type=outcome.reschedule.payment_type,
        print_date=outcome.reschedule.print_date,
        statement_number=None,
        statement_state=None,
    )
    if outcome.departure is not None:
        left[outcome.departure.statement_number] = outcome.departure


def _known(number: int | None) -> int:
    if number is None:
        raise AssertionError("an entry on a statement has the statement's figures")
    return number
