"""Three days of a bank, stage by stage, each able to burn a fuse at every boundary it has.

A boundary here is a statement to the database, a step that the bank's office names, a sync of a
file, a rename or a removal. The world is small, but every stage has several pieces.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from customhouse import database
from customhouse.bank import (
    bank_file_bytes,
    bank_files,
    credits,
    inbound,
    matching_answers,
    unanswered,
    vault,
)
from customhouse.bank.exchange import Exchange, digest
from customhouse.bank.faults import BANK_DAY_RUNNING
from customhouse.faults import Refused
from customhouse.settings import Settings
from tests.integration.bank.branch import (
    FRIDAY,
    TUESDAY,
    WEDNESDAY,
    Branch,
    branch_of,
    details,
    instruction,
)
from tests.integration.bank.credit_files import STRANGER, Push, batch, entry, header, written
from tests.integration.bank.operator_files import (
    acknowledgement,
    deliver,
    outbound,
    returns,
    sent,
    settlement,
)
from tests.siege.fuses import Fuse, fused

MONDAY, TUESDAY_AFTER = date(2026, 11, 30), date(2026, 12, 1)
PIECES = {
    (bank_file_bytes, "ENTRIES_AT_ONCE"): 2,
    (bank_files, "ENTRIES_AT_ONCE"): 2,
    (matching_answers, "DEBITS_AT_ONCE"): 2,
    (inbound, "ITEMS_AT_ONCE"): 2,
    (credits, "ENTRIES_AT_ONCE"): 2,
    (credits, "TOLD_AT_ONCE"): 2,
    (vault, "REWRAP_CHUNK"): 1,
}
# What must be the same in the end. Instants, identity numbers and counts of repeated deliveries
# are left out, and so is the log of openings: a file that is written again is opened again.
ROWS = {
    "file": "select name, entries, debit_cents, effective_on, state, sha256 from bank_file",
    "entry": "select file.name, entry.position, entry.instruction_id, entry.attempt,"
    " entry.trace_number from debit_entry entry join bank_file file using (file_id)",
    "debit": "select instruction_id, amount_cents, state, attempt, settled_on, returned_on,"
    " return_code from debit",
    "inbound": "select name, kind, outcome, faults, sha256 from inbound_file",
    "item": "select kind, trace_number, code, dated_on, amount_cents, outcome, instruction_id"
    " from inbound_item",
    "answer": "select sha256, file_name, accepted, outcome from inbound_acknowledgement",
    "alarm": "select kind, sentence, cleared_at is null from alarm",
    "event": "select sequence, event_id, kind, instruction_id, amount_cents, effective_on,"
    " trace_number, code, detail from event",
    "correction": "select item.trace_number, correction.key_version"
    " from account_correction correction join inbound_item item using (item_id)",
    "incoming": "select sequence, credit_id, kind, amount_cents, addenda, position, header_record"
    " from incoming_entry join incoming_batch using (batch_id)",
    "returned": "select credit_id, return_code, key_version, position, return_trace, return_by"
    " from entry_return join incoming_entry using (entry_id)",
    "answers": "select name, purpose, entries, debit_cents, credit_cents, state, sha256"
    " from answer_file",
    "account": "select key_version, count(*) from account group by key_version",
    "series": "select created_on, files_used from file_series",
    "trace": "select odfi, last_sequence from trace_sequence",
}

Ending = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True)
class BankDays:
    """A bank with an exchange folder, from its first debit to its last key."""

    branch: Branch
    exchange: Exchange

    @classmethod
    def begin(cls, settings: Settings) -> BankDays:
        """Give a bank with five debits that are due on Tuesday."""
        branch = branch_of(settings)
        branch.open_units(1, 2, 3)
        branch.instruct(*[instruction(number, unit=1 + number % 3) for number in range(1, 6)])
        return cls(branch, Exchange(settings.exchange_directory))

    def stages(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """Give each stage by name; what lies between two of them happens when they are asked for.

        The operator answers and reports; more debits come; an answer is lost; keys are rotated.
        """
        yield "originate", lambda: self.branch.run(TUESDAY)
        (first,) = outbound(self.exchange)
        self._report(first)
        self.branch.instruct(*[instruction(number, debit_on=FRIDAY) for number in (6, 7, 8)])
        yield "take in", lambda: self.branch.run(WEDNESDAY)
        lost = outbound(self.exchange)[-1]
        lost.unlink()
        yield "resend", lambda: self._resend(lost.name)
        deliver(self.exchange, "z.ack.json", acknowledgement(lost, reason="it came too late"))
        yield "refused", lambda: self.branch.run(FRIDAY)
        self._push()
        yield "pushed", lambda: self.branch.run(MONDAY)
        yield "rotate", self._rotate

    def _report(self, path: Path) -> None:
        one, two, *rest = sent(path)
        deliver(self.exchange, "a.ack.json", acknowledgement(path))
        deliver(self.exchange, "a.settlement.csv", settlement([one, two, *rest], WEDNESDAY))
        back = returns(
            [(one, "R01"), (two, "R02")],
            [(rest[0], "C01", "778899"), (rest[1], "C01", "998877")],
            created_on=WEDNESDAY,
            settled_on=WEDNESDAY,
        )
        deliver(self.exchange, "b.ret.ach", back)
        deliver(self.exchange, "c.settlement.csv", b"junk\n")

    def _push(self) -> None:
        """Push payments and what goes back, one entry twice, and one that settles later."""
        entries = [entry(Push(amount_cents=each), each) for each in (1, 2, 3)]
        entries += [entry(Push(account=STRANGER, amount_cents=each), each) for each in (4, 5)]
        later = batch(TUESDAY_AFTER, number=2)
        first = [(batch(MONDAY), entries), (later, [entry(Push(code=27, texts=()), 6)])]
        deliver(self.exchange, "e.cr.ach", written(first, head=header(MONDAY)))
        again = written([(batch(MONDAY), entries[1:2])], head=header(MONDAY, modifier="B"))
        deliver(self.exchange, "f.cr.ach", again)

    def _resend(self, name: str) -> None:
        with self.branch.office() as office:
            unanswered.resend(office, name)

    def _rotate(self) -> None:
        """Rotate once, whatever was broken off; then destroy the old key."""
        with self.branch.office() as office:
            keys = vault.open_keys(self.branch.settings, office.connection)
            if keys.current_version == 1:
                keys = keys.with_new_version()
            vault.rewrap(office.connection, keys)
            if 1 in keys.key_encryption_keys:
                vault.retire_key(self.branch.settings, office.connection, 1, clock=office.clock)

    def ending(self) -> Ending:
        """Give rows, names, bytes and accounts as they are now."""
        found = {name: sorted(self.branch.rows(query), key=repr) for name, query in ROWS.items()}
        root = self.exchange.root
        found["files"] = [
            (str(path.relative_to(root)), digest(path))
            for path in sorted(root.rglob("*"))
            if path.is_file()
        ]
        tokens = [str(token) for (token,) in self.branch.rows("select token from account")]
        with self.branch.office() as office:
            opened = vault.open_accounts(
                office.connection, office.keys, tokens=tokens, purpose="test", clock=office.clock
            )
        assert {*map(_spelled, opened.values())} == {_spelled(details(n)) for n in (1, 2, 3)}
        return found


def _spelled(account: Any) -> bytes:
    return bytes(account.to_bytes())


@contextmanager
def in_pieces() -> Iterator[None]:
    """Have several pieces even in a world of five debits."""
    with pytest.MonkeyPatch.context() as patch:
        for (module, name), size in PIECES.items():
            patch.setattr(module, name, size)
        yield


@contextmanager
def burning(settings: Settings, fuse: Fuse) -> Iterator[None]:
    """Burn a fuse at every statement, sync, rename and removal of the bank."""
    with pytest.MonkeyPatch.context() as patch:
        connect = fused(settings, "bank", fuse)
        patch.setattr(database, "connect", lambda _settings, _side, **_role: connect())
        for place, name in ((os, "fsync"), (Path, "rename"), (Path, "unlink")):
            patch.setattr(place, name, _burns(getattr(place, name), fuse))
        yield


def _burns(work: Callable[..., Any], fuse: Fuse) -> Callable[..., Any]:
    def burnt(*arguments: Any, **named: Any) -> Any:
        fuse.burn()
        return work(*arguments, **named)

    return burnt


def when_free(work: Callable[[], object]) -> None:
    """Do a stage again as soon as the session of the dead process is gone from the server."""
    deadline = time.monotonic() + 10
    while True:
        try:
            work()
        except Refused as refused:
            if refused.faults[0].code != BANK_DAY_RUNNING.code or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
