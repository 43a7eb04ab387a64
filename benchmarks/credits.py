"""Times a day of pushed payments: a file at the bank, its door, the agency's books, the treasury.

Every step runs in a process of its own, so that its memory is its own; the bank's door is a real
server. The payments are those of benchmarks.pushes, and what bounds each step is benchmarks.
bare_credits: the same rows by SQL alone. Give the number of payments (100,000 by default) and then
of statements that are there beside theirs (none).
"""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from benchmarks import bare_credits, harbor, pushes, rows
from customhouse import database
from customhouse.agency import checkpoints, credits, treasury_days, treasury_exports
from customhouse.agency.bank_link import BankLink
from customhouse.agency.credit_invariants import CREDIT_INVARIANTS
from customhouse.agency.credit_parts import Today
from customhouse.bank import credits as bank_credits
from customhouse.bank import inbound
from customhouse.bank.day import open_office
from customhouse.clock import RehearsalClock
from customhouse.formats.txp import CUSTOMS_PROFILE
from customhouse.ledger.invariants import INVARIANTS, check
from customhouse.rails import IncomingCredit
from customhouse.settings import Settings
from customhouse.trade.kept_files import as_bytes, keep

PAYMENTS, QUICK_PAYMENTS = 100_000, 5_000
SECONDS_IN_ALL, SECONDS_OF_CTX = 60.0, 2.0
MOST_MB: Final = 300
CLOCK: Final = RehearsalClock(harbor.TUESDAY)
STEP: Final = "take credits"


@dataclass(frozen=True, slots=True)
class Done:
    """What a process did: seconds by the clock and by the processor, its peak, what it gave."""

    wall: float
    processor: float
    mb: int
    gave: Any = None


@dataclass(frozen=True)
class Door:
    """The bank's door with a watch beside it."""

    link: BankLink
    seconds: list[float] = field(default_factory=list)

    def credits_after(self, sequence: int) -> list[IncomingCredit]:
        """Fetch a page."""
        began = time.perf_counter()
        try:
            return self.link.credits_after(sequence)
        finally:
            self.seconds.append(time.perf_counter() - began)


def apart(settings: Settings, work: Callable[[], Any], *, server: int = 0) -> Done:
    """Do some work in a process of its own; ``server`` is another one that works for it."""
    source, target = os.pipe()
    busy = _busy(settings, server)
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.close(source)
        gave = work()
        used = time.process_time()
        with os.fdopen(target, "wb") as pipe:
            pickle.dump((used, rows.peak_mb(), gave), pipe)
        os._exit(0)
    os.close(target)
    with os.fdopen(source, "rb") as pipe:
        said = pipe.read()
    wall = time.perf_counter() - began
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) or not said:
        raise SystemExit("a step did not come to its end")
    used, mb, gave = pickle.loads(said)  # noqa: S301 - our own child wrote it
    return Done(wall, used + _busy(settings, server) - busy, mb, gave)


def _busy(settings: Settings, server: int) -> float:
    own = harbor.processor_seconds(server) if server else 0.0
    return harbor.server_seconds(settings) + own


def bring(settings: Settings) -> None:
    """Let the bank take in what was delivered and tell it: check, keep, give sequences."""
    with open_office(settings) as opened:
        office = replace(opened, clock=CLOCK)
        taken = inbound.take_in(office)
        if taken.taken != 1:
            raise AssertionError(f"the file was not taken in: {taken}")
        bank_credits.tell_settled(office, harbor.TUESDAY)


def take(there: harbor.Harbor) -> tuple[float, dict[str, int]]:
    """Let the agency take what the bank tells; give the seconds at the door, and its figures."""
    settings = there.settings
    door = Door(BankLink(settings.bank_url, settings.rails_token))
    today = Today(harbor.TUESDAY, CLOCK)
    credits.take_credits(there.connect, door, profile=CUSTOMS_PROFILE, today=today, step=STEP)
    with there.connect() as connection:
        return sum(door.seconds), dict(checkpoints.figures(connection, harbor.TUESDAY, STEP))


def compare(there: harbor.Harbor) -> int:
    """Compare the day with the ledger, keep it as CSV and BAI2; give the movements that agree."""
    settings = there.settings
    link = BankLink(settings.bank_url, settings.rails_token)
    taking = treasury_days.take(there.connect, link, day=harbor.TUESDAY, clock=CLOCK)
    with treasury_days.compared(there.connect, taking, clock=CLOCK) as day:
        if day.totals.differing or day.totals.difference_cents:
            raise AssertionError("the bank and the ledger differ")
        folder = settings.data_directory
        keep(folder / "day.csv", treasury_exports.csv_pieces(day))
        lines = treasury_exports.bai2_lines(
            day,
            routing=settings.collection_routing,
            account=settings.collection_account,
            created=CLOCK.now(),
        )
        keep(folder / "day.bai2", as_bytes(lines))
        return day.totals.bank_lines


def deliver(settings: Settings, write: Callable[[Path], None], name: str) -> None:
    """Write a file into the bank's inbound folder, in a process that is not measured."""
    folder = settings.exchange_directory / "inbound"
    folder.mkdir(parents=True, exist_ok=True)
    apart(settings, lambda: write(folder / name))


def payments(there: harbor.Harbor, server: int, count: int) -> Iterator[rows.Row]:
    """Measure a day of so many CCD+ payments, step by step and in all."""
    settings = there.settings
    deliver(settings, lambda path: pushes.write_payments(settings, count, path), "1.cr.ach")
    what = f"{count:,} payments"
    brought = apart(settings, lambda: bring(settings))
    yield _row(f"{what} at the bank: checked, kept, told", brought, _bare(there, "bank"))
    taken = apart(settings, lambda: take(there), server=server)
    at_door, figures = taken.gave
    _require(figures, count)
    yield _plain(f"{what}: of it at the bank's door, pages of 1,000", at_door)
    booked = _row(f"{what} at the agency: read, matched, posted", taken, _bare(there, "agency"))
    yield replace(booked, measured=taken.wall)
    shown = apart(settings, lambda: compare(there), server=server)
    if shown.gave != count:
        raise AssertionError(f"{shown.gave} movements agree")
    yield _row(f"{what} in the treasury's day, CSV and BAI2", shown, _bare(there, "treasury"))
    steps = (brought, taken, shown)
    everything = Done(
        sum(each.wall for each in steps),
        sum(each.processor for each in steps),
        max(each.mb for each in steps),
    )
    target = SECONDS_IN_ALL * count / PAYMENTS
    yield _row(f"{what} from the file to the treasury's day", everything, None, target=target)


def remittance(there: harbor.Harbor, server: int, first: int) -> Iterator[rows.Row]:
    """Measure one CTX payment of 9,999 addenda for as many statements."""
    settings = there.settings
    places = pushes.places_of_one(first)
    pushes.lay_out(there, places)
    deliver(settings, lambda path: pushes.write_remittance(settings, places, path), "2.cr.ach")
    brought = apart(settings, lambda: bring(settings))
    taken = apart(settings, lambda: take(there), server=server)
    done = Done(
        brought.wall + taken.wall,
        brought.processor + taken.processor,
        max(brought.mb, taken.mb),
    )
    what = f"one CTX of {len(places):,} addenda"
    yield _plain(f"{what}: of it at the bank, and at its door", brought.wall + taken.gave[0])
    yield _row(f"{what}, from the file to paid statements", done, None, target=SECONDS_OF_CTX)


def _require(figures: dict[str, int], count: int) -> None:
    """Hold what became of the payments against what each was made to be."""
    shares = {"paid": 93, "waiting": 7}
    found = {name: figures.get(name, 0) for name in ("payments", *shares)}
    made = {"payments": count} | {name: count * share // 100 for name, share in shares.items()}
    if found != made:
        raise AssertionError(f"{found} is not {made}")


def _bare(there: harbor.Harbor, part: str) -> float:
    return bare_credits.seconds(there.settings, part)


def _row(what: str, done: Done, bare: float | None, *, target: float | None = None) -> rows.Row:
    return rows.Row(
        what=what,
        measured=done.wall,
        unit="s",
        processor=done.processor,
        target=target,
        less_is_better=True,
        limit=bare,
        limit_is="bare SQL",
        mb=done.mb,
        most_mb=MOST_MB,
    )


def _plain(what: str, seconds: float) -> rows.Row:
    return rows.Row(what=what, measured=seconds, unit="s", less_is_better=True)


def measured() -> Iterator[rows.Row]:
    """Measure on a house of its own; the books must be sound in the end."""
    given = [*rows.numbers(), 0, 0]
    count = given[0] or (QUICK_PAYMENTS if rows.is_quick() else PAYMENTS)
    with harbor.running() as there:
        settings = there.settings
        pushes.enroll(there)
        pushes.lay_out(there, range(count + given[1]))
        with harbor.serving(there, "bank") as server:
            yield from payments(there, server, count)
            yield from remittance(there, server, count + given[1])
        with database.connect(settings, "agency") as connection:
            found = check(connection, (*INVARIANTS, *CREDIT_INVARIANTS))
        if found:
            raise AssertionError(f"the books are not sound: {found[:3]}")


if __name__ == "__main__":
    rows.tell(measured())
