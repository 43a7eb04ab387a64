"""The ACH operator, simulated: takes the bank's files, answers, settles, brings returns back.

It plays by docs/reference/exchange.md and by what the Nacha Operating Rules say of an operator,
with checks and books of its own. One call of ``run`` is one banking day. A file is booked, then
answered; settlements and returns are delivered before they are booked, and are the same bytes when
a day is run again after a crash.
"""

from __future__ import annotations

import hashlib
import string
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from customhouse.business_days import FEDERAL_RESERVE
from customhouse.rehearsal.ach_checks import OF_FORWARD_ENTRIES, Finding, check_file
from customhouse.rehearsal.ach_reading import AchFile, BatchItem, EntryItem, Unreadable, read_file
from customhouse.rehearsal.ach_writing import Comeback, Envelope, render_comebacks
from customhouse.rehearsal.dishonored import (
    ANSWERS,
    CONTESTED,
    DishonoredReturn,
    contest_columns,
)
from customhouse.rehearsal.operator_books import BookedEntry, Books, TakenFile
from customhouse.rehearsal.payer_banks import CollectionPoint, PayerBanks, PushReport
from customhouse.rehearsal.plain_files import write_json, write_whole
from customhouse.rehearsal.receiving_banks import (
    Script,
    corrected_data,
    is_prenote,
    receiver_of,
    remittance_agrees,
    statement_number_of,
)

# Nacha Operating Rules, Effective Entry Date: a debit may ask for settlement at most this many
# banking days after it is processed.
DEBIT_WINDOW = 1
CREATED_AT = "1700"
MODIFIERS = string.ascii_uppercase + string.digits


@dataclass(slots=True)
class OperatorReport:
    """What one day did; amounts in cents. ``closed`` when the banks do not work that day."""

    on: date
    closed: bool = False
    accepted: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    again: list[str] = field(default_factory=list)
    settled_count: int = 0
    settled_cents: int = 0
    prenotes: int = 0
    returned: list[BookedEntry] = field(default_factory=list)
    changed: list[BookedEntry] = field(default_factory=list)
    dishonored: int = 0
    pushed: PushReport = field(default_factory=PushReport)

    @property
    def did_something(self) -> bool:
        """Tell whether any file, debit or pushed payment was touched."""
        files = (*self.accepted, *self.refused, *self.again)
        items = self.settled_count + self.prenotes
        return bool(files or items or self.returned or self.changed or self.pushed.did_something)

    @property
    def returned_cents(self) -> int:
        """Give what came back on this day."""
        return sum(entry.amount_cents for entry in self.returned)


class Operator:
    """Plays the operator, and the payers' banks behind it, between an exchange folder and a home.

    ``collection`` is the agency's account as payers know it; the default one when it is left out.
    """

    def __init__(
        self, exchange: Path, home: Path, collection: CollectionPoint | None = None
    ) -> None:
        self.exchange = exchange
        self.received = home / "received"
        self.script = Script(home / "script.json")
        self.books = Books.open(home / "books.json")
        self.payer_banks = PayerBanks(exchange, home / "payer-banks", collection)

    def run(self, on: date) -> OperatorReport:
        """Do one day's work: take files, settle, bring back returns, send what was pushed."""
        if not FEDERAL_RESERVE.is_business_day(on):
            return OperatorReport(on, closed=True)
        report = OperatorReport(on)
        for path in self._waiting_files():
            self._take(path, report)
        self._settle(report)
        self._bring_back(report)
        self.books.keep()
        returned = report.pushed.returned
        report.pushed = self.payer_banks.send(on)
        report.pushed.returned = returned
        return report

    def waits_in_vain(self, statement_number: str) -> bool:
        """Tell whether the script has more lines for a statement than it has debits to follow."""
        lines = [each for each in self.script.lines() if each.statement_number == statement_number]
        usable = [
            each
            for each in self.books.entries
            if each.statement_number == statement_number
            and (each.scripted or each.state == "accepted")
        ]
        return len(lines) > len(usable)

    def _waiting_files(self) -> list[Path]:
        """Give the files that are there: renamed to their name, and no links."""
        outbound = self.exchange / "outbound"
        if not outbound.is_dir():
            return []
        files = (path for path in outbound.glob("*.ach") if not path.name.startswith("."))
        return sorted(path for path in files if path.is_file() and not path.is_symlink())

    def _take(self, path: Path, report: OperatorReport) -> None:
        """Read one file, answer it and take it out of the folder."""
        raw = path.read_bytes()
        digest = hashlib.sha256(raw).hexdigest()
        try:
            file = read_file(raw)
        except Unreadable as error:
            self._answer(path, refusal(path.name, digest, reason=str(error)))
            report.refused[path.name] = str(error)
            return
        known = self.books.file_known_as(file.identity)
        if known is not None and known.sha256 == digest:
            self._answer(path, known.acknowledgement)
            report.again.append(path.name)
            return
        answers = path.name.endswith(ANSWERS)
        reason = _reason_to_refuse(file, known, passed_over=OF_FORWARD_ENTRIES if answers else ())
        if reason:
            self._answer(path, refusal(path.name, digest, reason=reason))
            report.refused[path.name] = reason
            return
        write_whole(self.received / path.name, raw)
        if answers:
            self._take_answers(path, file, report)
            return
        taken = TakenFile(
            file.identity,
            path.name,
            digest,
            report.on,
            acceptance(file, name=path.name, digest=digest),
        )
        self._book(file, taken)
        self.books.keep()
        self._answer(path, taken.acknowledgement)
        report.accepted.append(path.name)

    def _take_answers(self, path: Path, file: AchFile, report: OperatorReport) -> None:
        """Pass on dishonored returns and refused payments, each to the bank that sent the entry.

        A dishonored return's money is back with the originator, unless it is contested.
        """
        digest = hashlib.sha256((self.received / path.name).read_bytes()).hexdigest()
        accepted = acceptance(file, name=path.name, digest=digest)
        for entry in file.entries:
            answer = DishonoredReturn.read(entry)
            pushed = self.payer_banks.take_return(entry, report.on) if answer is None else None
            if pushed is not None:
                report.pushed.returned.append(pushed)
            booked = self.books.returned_entry(answer.original_trace) if answer else None
            if answer is None or booked is None:
                continue
            report.dishonored += 1
            booked.state = "settled"
            if booked.insists:
                settles_on = FEDERAL_RESERVE.next(report.on)
                booked.dishonored = answer.described(settles_on)
                booked.answer = CONTESTED
                booked.answer_on = FEDERAL_RESERVE.next(settles_on)
        self.books.files.append(TakenFile(file.identity, path.name, digest, report.on, accepted))
        self.payer_banks.books.keep()
        self.books.keep()
        self._answer(path, accepted)
        report.accepted.append(path.name)

    def _answer(self, path: Path, acknowledgement: dict[str, object]) -> None:
        """Deliver the acknowledgement, then take the file away."""
        write_json(self.exchange / "inbound" / f"{path.stem}.ack.json", acknowledgement)
        path.unlink()

    def _book(self, file: AchFile, taken: TakenFile) -> None:
        """Write an accepted file's entries into the books, those to be returned at once marked."""
        findings = {found.line: found for found in check_file(file)}
        for batch in file.batches:
            settles_on, too_far = settlement_date(batch, taken.taken_on)
            for entry in batch.entries:
                booked = BookedEntry(
                    trace=entry.trace,
                    file=taken.name,
                    statement_number=_subject(entry),
                    amount_cents=entry.amount_cents,
                    settles_on=settles_on,
                )
                code = "R18" if too_far else _operator_code(findings.get(entry.record.line))
                if code:
                    booked.answer, booked.answer_on = code, taken.taken_on
                booked.prenote = is_prenote(entry)
                self.books.misaddressed += not (booked.prenote or remittance_agrees(entry))
                self.books.entries.append(booked)
        self.books.files.append(taken)

    def _settle(self, report: OperatorReport) -> None:
        """Settle what is due and report it to the bank in one file for the day."""
        due = [
            entry
            for entry in self.books.entries
            if entry.state == "accepted" and entry.settles_on <= report.on and not entry.answer
        ]
        if not due:
            return
        for entry in due:
            entry.state, entry.settled_on = "settled", report.on
            self._ask_receiving_bank(entry)
        # A prenote moves no money: it reaches its bank and is in no report of settlements.
        live = [entry for entry in due if not entry.prenote]
        if live:
            rows = [f"{e.trace},{e.amount_cents},{e.settles_on.isoformat()}" for e in live]
            text = "\n".join(["trace_number,amount_cents,settlement_date", *rows]) + "\n"
            name = f"{report.on:%Y%m%d}.settlement.csv"
            write_whole(self.exchange / "inbound" / name, text.encode("ascii"))
        report.prenotes = len(due) - len(live)
        report.settled_count = len(live)
        report.settled_cents = sum(entry.amount_cents for entry in live)

    def _ask_receiving_bank(self, entry: BookedEntry) -> None:
        followed = self.books.followed(entry.statement_number)
        line = self.script.line_for(entry.statement_number, followed)
        if line is None:
            return
        entry.answer, entry.scripted, entry.insists = line.code, True, line.insists
        after = line.after
        entry.answer_on = (
            FEDERAL_RESERVE.add(entry.settles_on, after) if after else entry.settles_on
        )

    def _bring_back(self, report: OperatorReport) -> None:
        """Deliver returns and notifications that fall due, in one file for the day."""
        due = [
            entry
            for entry in self.books.entries
            if entry.answer and entry.answer_on is not None and entry.answer_on <= report.on
        ]
        if not due:
            return
        origin = self._original_file(due[0].file).header
        envelope = Envelope(
            destination=origin["origin"].strip().rjust(10),
            origin=origin["destination"].strip().rjust(10),
            created_on=report.on,
            created_at=CREATED_AT,
            modifier=MODIFIERS[len(self.books.comeback_files) % len(MODIFIERS)],
        )
        content = render_comebacks(
            envelope, self._comebacks(due, report.on), first_trace=self.books.next_trace
        )
        name = f"{report.on:%Y%m%d}-{envelope.modifier}.ret.ach"
        write_whole(self.exchange / "inbound" / name, content)
        self.books.comeback_files.append(name)
        self.books.next_trace += len(due)
        for entry in due:
            self._book_comeback(entry, report)

    def _book_comeback(self, entry: BookedEntry, report: OperatorReport) -> None:
        if entry.answer.startswith("C"):
            report.changed.append(entry)
        else:
            entry.state = "returned"
            entry.returned_on = report.on
            report.returned.append(entry)
        entry.answer_on = None

    def _comebacks(self, due: Sequence[BookedEntry], on: date) -> list[Comeback]:
        """Find each entry again in the operator's copy of its file."""
        found: list[Comeback] = []
        for booked in due:
            batch, entry = self._original_entry(booked)
            data = corrected_data(entry, booked.answer)
            contest = contest_columns(booked) if booked.answer == CONTESTED else ""
            found.append(Comeback(batch.header, entry, booked.answer, on, data, contest))
        return found

    def _original_entry(self, booked: BookedEntry) -> tuple[BatchItem, EntryItem]:
        for batch in self._original_file(booked.file).batches:
            for entry in batch.entries:
                if entry.trace == booked.trace:
                    return batch, entry
        raise AssertionError(f"trace number {booked.trace} is not in {booked.file}")

    def _original_file(self, name: str) -> AchFile:
        return read_file((self.received / name).read_bytes())


def settlement_date(batch: BatchItem, on: date) -> tuple[date, bool]:
    """Give the day a debit settles when processed on a day, and whether it asks too far ahead.

    A stale, blank or impossible effective date settles on the next banking day (Nacha Operating
    Rules, Effective Entry Date).
    """
    following = FEDERAL_RESERVE.next(on)
    wanted = batch.effective_date
    if wanted is None or wanted <= on:
        return following, False
    wanted = FEDERAL_RESERVE.on_or_after(wanted)
    return wanted, wanted > FEDERAL_RESERVE.add(on, DEBIT_WINDOW)


def refusal(name: str, digest: str, *, reason: str) -> dict[str, object]:
    """Make the acknowledgement of a file that is not taken: nothing was done with any item."""
    return {
        "file": name,
        "sha256": digest,
        "accepted": False,
        "reason": reason[:200],
        "entries": 0,
        "debit_cents": 0,
        "credit_cents": 0,
    }


def acceptance(file: AchFile, *, name: str, digest: str) -> dict[str, object]:
    """Make the acknowledgement of a file that is taken: what was counted in it."""
    return {
        "file": name,
        "sha256": digest,
        "accepted": True,
        "reason": "",
        "entries": len(file.entries),
        "debit_cents": sum(e.amount_cents for e in file.entries if e.is_debit),
        "credit_cents": sum(e.amount_cents for e in file.entries if not e.is_debit),
    }


def _subject(entry: EntryItem) -> str:
    """Give what the script names an entry by: its statement, or the receiver of a prenote."""
    return receiver_of(entry) if is_prenote(entry) else statement_number_of(entry)


def _operator_code(finding: Finding | None) -> str:
    return finding.return_code if finding is not None else ""


def _reason_to_refuse(
    file: AchFile, known: TakenFile | None, *, passed_over: Collection[str]
) -> str:
    """Say why a file is refused as a whole; empty when it is taken."""
    if known is not None:
        return f"another file was already taken as {file.identity}"
    fatal = [
        finding
        for finding in check_file(file)
        if finding.refuses_file and finding.sentence not in passed_over
    ]
    if not fatal:
        return ""
    more = f" (and {len(fatal) - 1} more)" if len(fatal) > 1 else ""
    return f"line {fatal[0].line}: {fatal[0].sentence}{more}"
