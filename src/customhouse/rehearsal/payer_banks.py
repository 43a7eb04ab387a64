"""The payers' banks, simulated: they send what payers push, and hear of what is refused.

A payer orders by a line of the script (push_script) or drops a finished ACH file into the folder
``drop``. A bank checks such a file by the operator's rules, gives each entry a trace number of its
own and holds each batch until the banking day before its effective date. What goes out on one day
is one file for the agency's bank, the settlement day written in. The agency's books are not known
here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, count
from pathlib import Path
from typing import Final

from customhouse.business_days import FEDERAL_RESERVE
from customhouse.rehearsal.ach_checks import PRENOTE_CODES, REMITTANCE_ONLY_CODES, check_file
from customhouse.rehearsal.ach_reading import AchFile, BatchItem, EntryItem, Unreadable, read_file
from customhouse.rehearsal.ach_writing import Envelope
from customhouse.rehearsal.plain_files import write_whole
from customhouse.rehearsal.push_books import PushBooks, PushedEntry, PushKind, sum_cents
from customhouse.rehearsal.push_script import Push, PushScript
from customhouse.rehearsal.push_writing import (
    Originator,
    PushedItem,
    bank_of,
    render_pushes,
    traces_for,
)
from customhouse.settings import COLLECTION_ACCOUNT, COLLECTION_ROUTING

CREDITS: Final = ".cr.ach"
CREATED_AT: Final = "1730"
MODIFIERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
# Both ends of the file, ten characters each: the operator and the agency's bank.
OPERATOR_END, BANK_END = " 010203046", " 123456780"
# A filer's bank and an importer's; both are fictitious participants.
FILERS_BANK: Final = "091000022"
IMPORTERS_BANK: Final = "107000000"
SOMEBODY_ELSES_ACCOUNT: Final = "55000000001"
CREDIT, DEBIT, PRENOTE_CODE, ZERO_DOLLAR = "22", "27", "23", "24"
DESCRIPTION, REVERSAL = "CUSTOMSDTY", "REVERSAL"
RECEIVER: Final = "CUSTOMS"


@dataclass(frozen=True, slots=True)
class CollectionPoint:
    """Where payers push money to: the agency's own account, as they were told it."""

    routing_number: str = COLLECTION_ROUTING
    account_number: str = field(default=COLLECTION_ACCOUNT, repr=False)


@dataclass(slots=True)
class PushReport:
    """What the payers' banks did on one day; amounts in cents."""

    file: str = ""
    sent: list[PushedEntry] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    returned: list[PushedEntry] = field(default_factory=list)

    @property
    def payments(self) -> list[PushedEntry]:
        """Give the entries that bring money."""
        return [entry for entry in self.sent if entry.kind == "payment"]

    @property
    def paid_cents(self) -> int:
        """Give the money that was sent."""
        return sum_cents(self.payments)

    @property
    def did_something(self) -> bool:
        """Tell whether anything went out, was refused or came back."""
        return bool(self.sent or self.refused or self.returned)


@dataclass(frozen=True, slots=True)
class _Ordered:
    """An entry that is to be sent, and what it was ordered by."""

    item: PushedItem
    ordered_as: str


@dataclass(frozen=True, slots=True)
class _DueFile:
    """The batches of a payer's file that go out today, by their place in it.

    ``is_last`` tells that none of the file is held any longer.
    """

    path: Path
    identity: str
    batches: dict[int, BatchItem]
    is_last: bool

    def ordered(self, on: date) -> Iterator[_Ordered]:
        """Give the entries that are to be sent."""
        for batch in self.batches.values():
            settles_on = _settlement(batch, on)
            for entry in batch.entries:
                yield _Ordered(_item(batch, entry, settles_on), self.path.name)


class PayerBanks:
    """Plays the payers' banks between a folder of their own and the exchange folder."""

    def __init__(
        self, exchange: Path, home: Path, collection: CollectionPoint | None = None
    ) -> None:
        self.inbound = exchange / "inbound"
        self.drop = home / "drop"
        self.home = home
        self.collection = collection or CollectionPoint()
        self.script = PushScript(home / "pushes.json")
        self.books = PushBooks.open(home / "books.json")

    def put(self, name: str, raw: bytes) -> Path:
        """Hand a payer's finished file to its bank, under a name that ends in .ach.

        A name is used once: what comes under it again is another payment, whatever is in it, and
        gets a number behind its name. Gives the path under which the bank holds the file.
        """
        path = self.drop / self._free_name(name)
        write_whole(path, raw)
        return path

    def waiting_files(self) -> list[Path]:
        """Give the payers' files that were handed in and not sent yet."""
        if not self.drop.is_dir():
            return []
        return sorted(path for path in self.drop.glob("*.ach") if not path.name.startswith("."))

    def send(self, on: date) -> PushReport:
        """Send what payers ordered and is due: deliver the file first, then book it."""
        report = PushReport()
        pushes = self.script.pushes()
        ordered = [
            each for push in pushes[self.books.lines_done :] for each in self._order(push, on)
        ]
        due = [each for path in self.waiting_files() if (each := self._due(path, on, report))]
        for each in due:
            ordered += each.ordered(on)
        if not ordered:
            return report
        self._deliver(ordered, on, report)
        self.books.lines_done = len(pushes)
        for each in due:
            self._note_sent(each)
        self.books.keep()
        for each in due:
            if each.is_last:
                self._put_away(each.path, "taken")
        return report

    def _due(self, path: Path, on: date, report: PushReport) -> _DueFile | None:
        """Give what goes out today of a payer's file; put away what is refused or was sent."""
        raw = path.read_bytes()
        identity = f"{path.name} {hashlib.sha256(raw).hexdigest()}"
        if identity in self.books.taken:
            self._put_away(path, "taken")
            return None
        try:
            file = _checked(raw, self.collection.routing_number)
        except _NotTaken as error:
            report.refused[path.name] = str(error)
            self._refuse(path, str(error))
            return None
        sent = self.books.batches_sent.get(identity, [])
        held = {
            position: batch
            for position, batch in enumerate(file.batches, 1)
            if position not in sent
        }
        due = {position: batch for position, batch in held.items() if _is_due(batch, on)}
        return _DueFile(path, identity, due, is_last=len(due) == len(held)) if due else None

    def _note_sent(self, due: _DueFile) -> None:
        sent = self.books.batches_sent.pop(due.identity, [])
        if due.is_last:
            self.books.taken.append(due.identity)
        else:
            self.books.batches_sent[due.identity] = [*sent, *due.batches]

    def take_return(self, entry: EntryItem, on: date) -> PushedEntry | None:
        """Hear that the agency's bank sent an entry back; None when it is nobody's here.

        The caller keeps the books.
        """
        text = entry.addenda[0].text if entry.addenda else ""
        booked = self.books.entry(text[6:21]) if text.startswith("799R") else None
        if booked is None or booked.code:
            return None
        booked.code, booked.returned_on = text[3:6], on
        return booked

    def _deliver(self, ordered: list[_Ordered], on: date, report: PushReport) -> None:
        items = [each.item for each in ordered]
        modifier = MODIFIERS[len(self.books.files) % len(MODIFIERS)]
        envelope = Envelope(BANK_END, OPERATOR_END, on, CREATED_AT, modifier)
        traces = traces_for(items, len(self.books.entries) + 1)
        report.file = f"{on:%Y%m%d}-{modifier}{CREDITS}"
        raw = render_pushes(envelope, zip(traces, items, strict=True))
        write_whole(self.inbound / report.file, raw)
        self.books.files.append(report.file)
        for trace, each in zip(traces, ordered, strict=True):
            report.sent.append(self._booked(trace, each, report.file, on=on))
        self.books.entries.extend(report.sent)

    def _booked(self, trace: str, ordered: _Ordered, file: str, *, on: date) -> PushedEntry:
        item = ordered.item
        ours = (self.collection.routing_number, self.collection.account_number)
        return PushedEntry(
            trace=trace,
            file=file,
            ordered_as=ordered.ordered_as,
            company_name=item.originator.company_name,
            kind=_kind(item),
            amount_cents=item.amount_cents,
            addenda=len(item.addenda),
            sent_on=on,
            settles_on=item.settles_on,
            astray=(item.routing_number, item.account_number.strip()) != ours,
        )

    def _free_name(self, name: str) -> str:
        """Give the name, or with -2, -3 before its suffix when a file was handed in under it."""
        used = {identity.rpartition(" ")[0] for identity in self.books.taken}
        for folder in (self.drop, self.home / "taken", self.home / "refused"):
            used |= {path.name for path in folder.glob("*.ach")}
        stem = name.removesuffix(".ach")
        numbered = (f"{stem}-{number}.ach" for number in count(2))
        return next(each for each in chain([name], numbered) if each not in used)

    def _put_away(self, path: Path, folder: str) -> None:
        target = self.home / folder
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.replace(target / path.name)

    def _refuse(self, path: Path, why: str) -> None:
        write_whole(self.home / "refused" / f"{path.name}.why.txt", f"{why}\n".encode())
        self._put_away(path, "refused")

    def _order(self, push: Push, on: date) -> Iterator[_Ordered]:
        """Make the entries of a line: one, or two when it is sent twice."""
        after = push.after
        settles_on = FEDERAL_RESERVE.add(on, after) if after else on
        addenda = push.addenda(settles_on)
        astray = "account" in push.flaws
        item = PushedItem(
            originator=_originator(push, addenda),
            transaction_code=_transaction_code(push, addenda),
            routing_number=self.collection.routing_number,
            account_number=SOMEBODY_ELSES_ACCOUNT if astray else self.collection.account_number,
            amount_cents=push.entry_cents,
            identification=_identification(push),
            name=RECEIVER,
            addenda=addenda,
            settles_on=settles_on,
        )
        for _ in range(2 if "twice" in push.flaws else 1):
            yield _Ordered(item, push.spelled())


class _NotTaken(Exception):
    """A payer's file is refused by its bank; says why, never a record's contents."""


def _checked(raw: bytes, routing_number: str) -> AchFile:
    """Check a payer's file as its bank does; raise _NotTaken with the first thing found."""
    try:
        file = read_file(raw)
    except Unreadable as error:
        raise _NotTaken(str(error)) from None
    found = [f"line {each.line}: {each.sentence}" for each in check_file(file)]
    found += [
        f"line {entry.record.line}: this operator reaches no other bank than {routing_number}"
        for entry in file.entries
        if entry.record["receiving_dfi"] + entry.record["check_digit"] != routing_number
    ]
    if not file.entries:
        found.append("there is no entry in it")
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise _NotTaken(f"{found[0]}{more}")
    return file


def _is_due(batch: BatchItem, on: date) -> bool:
    """Tell whether a batch is to settle by the next banking day, or asks for no day."""
    day = batch.effective_date
    return day is None or day <= FEDERAL_RESERVE.next(on)


def _settlement(batch: BatchItem, on: date) -> date:
    """Give the effective date, moved to a banking day; the next one when it is past or blank."""
    wanted = batch.effective_date
    if wanted is None or wanted <= on:
        return FEDERAL_RESERVE.next(on)
    return FEDERAL_RESERVE.on_or_after(wanted)


def _item(batch: BatchItem, entry: EntryItem, settles_on: date) -> PushedItem:
    header, record = batch.header, entry.record
    is_ctx = header["sec_code"] == "CTX"
    return PushedItem(
        originator=Originator(
            odfi=header["odfi"],
            company_name=header["company_name"].rstrip(),
            company_identification=header["company_identification"].rstrip(),
            description=header["description"].rstrip(),
            sec_code=header["sec_code"],
        ),
        transaction_code=record["transaction_code"],
        routing_number=record["receiving_dfi"] + record["check_digit"],
        account_number=record["account"],
        amount_cents=entry.amount_cents,
        identification=record["identification"].rstrip(),
        name=record["name"][4:20].rstrip() if is_ctx else record["name"].rstrip(),
        addenda=tuple(addendum["text"] for addendum in entry.addenda),
        settles_on=settles_on,
    )


def _kind(item: PushedItem) -> PushKind:
    if item.is_debit:
        return "debit"
    zero = PRENOTE_CODES | REMITTANCE_ONLY_CODES
    return "prenote" if item.transaction_code in zero else "payment"


def _originator(push: Push, addenda: tuple[str, ...]) -> Originator:
    """Say who sends: an importer's number has hyphens, and its bank is another than a filer's."""
    bank = IMPORTERS_BANK if "-" in push.payer else FILERS_BANK
    return Originator(
        odfi=bank_of(bank),
        company_name=push.company_name or f"PAYER {push.payer}",
        company_identification=push.payer.replace("-", "")[-10:],
        description=REVERSAL if "reversal" in push.flaws else DESCRIPTION,
        sec_code="CTX" if len(addenda) > 1 else "CCD",
    )


def _transaction_code(push: Push, addenda: tuple[str, ...]) -> str:
    if push.is_debit:
        return DEBIT
    if push.is_prenote:
        return ZERO_DOLLAR if addenda else PRENOTE_CODE
    return CREDIT


def _identification(push: Push) -> str:
    if push.is_prenote:
        return "PRENOTE"
    return push.items[0].document if len(push.items) == 1 else f"{len(push.items)} DOCUMENTS"
