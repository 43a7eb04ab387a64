"""Two business days of the agency as stages that can be struck: each ends alike however often.

The bank is the real one in its own database, asked through its gateway; what its operator would
report is written as its events. Every stage may be run again after a blow.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from itertools import islice
from typing import Any

from psycopg import Connection

from customhouse import rails
from customhouse.agency import abi_door, credit_officers, credit_parts, credits, day
from customhouse.agency.credit_desk_cases import Desk
from customhouse.agency.credit_parts import Today
from customhouse.agency.credit_return_acts import send_back
from customhouse.agency.entry_intake import EntryOutcome
from customhouse.agency.intake_csv import read_csv
from customhouse.agency.intake_loads import Load, finish, take_chunk
from customhouse.bank import (
    answer_files,
    credit_returns,
    events,
    gateway,
    inbound,
    unit_standings,
    vault,
)
from customhouse.bank import credits as bank_credits
from customhouse.bank.exchange import Exchange
from customhouse.clock import Clock, RehearsalClock
from customhouse.database import connect
from customhouse.faults import Refused
from customhouse.formats.txp import CUSTOMS_PROFILE
from customhouse.settings import Settings
from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.harbor import (
    BROKER,
    BROKER_UNIT,
    IMPORTER_X_UNIT,
    MONDAY,
    OTHER_BROKER,
    TUESDAY,
    WEDNESDAY,
    Harbor,
    entry_number,
)
from tests.integration.bank.answers import answers
from tests.integration.bank.branch import branch_of, details
from tests.integration.bank.credit_files import Push, pushed
from tests.integration.bank.operator_files import deliver
from tests.integration.bank.test_entry_returns import acknowledged
from tests.siege.fuses import Fuse, fused

NO_FUSE = Fuse()
OFFICER = "Officer One"
FRIDAY = date(2026, 11, 27)
CHUNK = 2
PATIENCE_SECONDS = 10.0

Connect = Callable[[], AbstractContextManager[Connection[Any]]]


@dataclass(frozen=True)
class Rails:
    """The rails without HTTP between them; a boundary before and after each call."""

    settings: Settings
    clock: Clock
    fuse: Fuse

    def instruct(self, bodies: Sequence[dict[str, Any]]) -> list[bool]:
        """Deliver instructions to the bank's gateway."""
        self.fuse.burn()
        with connect(self.settings, "bank") as connection:
            answers = gateway.take_each(connection, bodies, clock=self.clock)
        self.fuse.burn()
        return [answer.state in ("received", "refused") for answer in answers]

    def events_after(self, sequence: int) -> list[rails.BankEvent]:
        """Poll the bank's events."""
        self.fuse.burn()
        with connect(self.settings, "bank") as connection:
            return gateway.list_events(connection, sequence, most=2)

    def credits_after(self, sequence: int) -> list[rails.IncomingCredit]:
        """Poll the payments that were pushed."""
        self.fuse.burn()
        with connect(self.settings, "bank") as connection:
            return bank_credits.after(connection, sequence, most=2)

    def refuse_credit(self, refusal: rails.CreditRefusal) -> str:
        """Hand an officer's decision to the bank, which takes it."""
        self.fuse.burn()
        with connect(self.settings, "bank") as connection:
            on = refusal.refused_on
            credit_returns.take(connection, refusal, told_on=on, clock=self.clock)
        self.fuse.burn()
        return ""

    def returned_after(self, sequence: int) -> list[rails.ReturnedCredit]:
        """Poll the credits that went back."""
        self.fuse.burn()
        with connect(self.settings, "bank") as connection:
            return credit_returns.after(connection, sequence, most=2)

    def tell_standing(self, standing: rails.PayerUnitStanding) -> None:
        """Tell the bank whether a payer unit is suspended."""
        self.fuse.burn()
        with connect(self.settings, "bank") as connection:
            unit_standings.take_standing(connection, standing, clock=self.clock)
        self.fuse.burn()

    def prenotes_after(self, sequence: int) -> list[object]:
        """Poll the news of prenotes; the voyage's accounts were bound without one."""
        del sequence
        self.fuse.burn()
        return []


def bind_units(settings: Settings) -> None:
    """Capture an account at the bank for each payer unit of the harbor."""
    with branch_of(settings).office() as office:
        for number, unit in enumerate((BROKER_UNIT, IMPORTER_X_UNIT)):
            bank, keys, clock = office.connection, office.keys, office.clock
            token = vault.capture(bank, keys, details=details(number), clock=clock)
            gateway.bind_payer_unit(bank, rails.PayerUnitBinding(unit, token), clock=clock)


@dataclass
class Voyage:
    """A harbor on its way through Tuesday and Wednesday; its stages in order."""

    settings: Settings
    harbor: Harbor
    told: dict[str, str] = field(default_factory=dict)

    @classmethod
    def begin(cls, settings: Settings) -> Voyage:
        """Register everybody, bind the units, schedule entries and close Monday."""
        bind_units(settings)
        harbor = Harbor.build(settings)
        for serial in range(1, 4):
            harbor.entry(serial, charges={"001": 10_000 * serial, "499": 3_358})
        harbor.entry(4, charges={"001": 70_000}, payment_type="3")
        harbor.entry(5, charges={"001": 80_000}, port="3902")
        harbor.entry(1, filer=OTHER_BROKER, charges={"001": 50_000})
        harbor.entry(2, filer=OTHER_BROKER, charges={"001": 5_000})
        for identifier in (BROKER, OTHER_BROKER):
            Cashier(harbor).enroll(identifier)
        with harbor.connect() as connection:
            # Made by a transaction that vanishes it would leave a gap, and have another number.
            credit_parts.agency_party(connection)
            credit_officers.add(connection, OFFICER, added_on=MONDAY)
        voyage = cls(settings, harbor)
        voyage._day(MONDAY, "evening", connect=harbor.connect, fuse=NO_FUSE)
        return voyage

    def stages(self) -> list[Stage]:
        """Give what is done, in order; each takes the way to connect and the fuse to burn."""
        return [
            Stage("morning", lambda to, fuse: self._day(TUESDAY, "morning", connect=to, fuse=fuse)),
            Stage("authorize", lambda to, _: self._send("pay", self._payments(), to)),
            Stage("push", lambda to, _: self._push("1.cr.ach", self._pushes()), struck=False),
            Stage("credits", self._take_credits),
            Stage("refuse", lambda to, _: self._refuse(to)),
            Stage("remove", lambda to, _: self._remove(to)),
            Stage("load", lambda to, _: self._load(to)),
            Stage("late", lambda to, _: self._push("2.cr.ach", self._late_pushes()), struck=False),
            Stage("evening", lambda to, fuse: self._day(TUESDAY, "evening", connect=to, fuse=fuse)),
            Stage("news", lambda to, _: self._settle(), struck=False),
            Stage("next", lambda to, fuse: self._day(WEDNESDAY, "morning", connect=to, fuse=fuse)),
        ]

    def _day(self, business_date: date, part: day.Part, *, connect: Connect, fuse: Fuse) -> None:
        self.harbor.today = business_date
        clock = RehearsalClock(business_date)
        link: Any = Rails(self.settings, clock, fuse)
        agency = day.Agency(connect, link, self.harbor.policy, clock)
        day.run(agency, business_date, part=part, report=lambda *_: None)

    def _due(self, cents: int) -> str:
        """Give the number of the statement that was printed with some cents."""
        query = "select statement_number from statement where preliminary_cents = %s"
        ((number,),) = self.harbor.rows(query, cents)
        return str(number)

    def _pushes(self) -> list[Push]:
        """Push too little for two statements, one of them in two parts, and what pays nothing."""
        return [
            Push(50_000, [txp(OTHER_BROKER, self._due(55_000), 50_000)]),
            Push(40_000, [txp(BROKER, self._due(70_000), 40_000)]),
            Push(80_000, [txp(BROKER, self._due(80_000), 80_000)]),
            Push(123, [txp(BROKER, "9927327001", 123)]),
            Push(456, ["PAYMENT OF DUTY"]),
            Push(0, [txp(BROKER, "", 0, kind="90000")], code=24),
        ]

    def _late_pushes(self) -> list[Push]:
        """Push what is missing and a little more, and take some of it back."""
        return [
            Push(30_007, [txp(BROKER, self._due(70_000), 30_007)], sequence=11),
            Push(40_000, (), code=27, sequence=12),
            Push(9, [txp(BROKER, self._due(70_000), 9)], sequence=13),
        ]

    def _push(self, name: str, pushes: list[Push]) -> None:
        """Let the bank take in what payers' banks sent, and tell it on its settlement date."""
        exchange = Exchange(self.settings.exchange_directory)
        exchange.prepare()
        deliver(exchange, name, pushed(*pushes, settled_on=TUESDAY, modifier=name[0]))
        with branch_of(self.settings).office() as office:
            assert inbound.take_in(office).quarantined == 0
            bank_credits.tell_settled(office, TUESDAY)

    def _take_credits(self, connect: Connect, fuse: Fuse) -> None:
        clock = RehearsalClock(TUESDAY)
        credits.take_credits(
            connect,
            Rails(self.settings, clock, fuse),
            profile=CUSTOMS_PROFILE,
            today=Today(TUESDAY, clock),
            step="credits",
        )

    def _refuse(self, connect: Connect) -> None:
        """Let an officer send back what says nothing of a document."""
        query = "select credit_id from incoming_credit where amount_cents = 456"
        ((credit_id,),) = self.harbor.rows(query)
        with connect() as connection:
            officer = credit_officers.by_name(connection, OFFICER)
            desk = Desk(officer, Today(TUESDAY, RehearsalClock(TUESDAY), officer.officer_id))
            outcome = send_back(connection, str(credit_id), reason="Not meant for us.", desk=desk)
        self.told["refuse"] = "\n".join(outcome.lines)

    def _remove(self, connect: Connect) -> None:
        """Take an entry off each of two statements: one is paid already, one waits for money."""
        for filer, serial in ((BROKER, 1), (OTHER_BROKER, 2)):
            record = f"H3901{filer}  {entry_number(filer, serial)}1"
            batch = self.harbor.batch("SU", [record], filer=filer)
            self._send(f"remove-{filer}", batch, connect, filer=filer)

    def _send(self, key: str, text: str, connect: Connect, *, filer: str = BROKER) -> None:
        self.told[key] = abi_door.take_batch(
            connect,
            sender=self.harbor.senders[filer],
            raw=text.encode(),
            idempotency_key=key,
            clock=RehearsalClock(TUESDAY),
            policy=self.harbor.policy,
        ).answer

    def _payments(self) -> str:
        """Pay two statements rightly and a third with a wrong amount."""
        statements = self.harbor.rows(
            "select statement_number, preliminary_cents from statement where filer_code = %s"
            " order by 2",
            BROKER,
        )
        records = [f"PT{BROKER_UNIT}02B76 {number}{cents:010}" for number, cents in statements[1:]]
        records.append(f"PT{BROKER_UNIT}02B76 {statements[0][0]}{1:010}")
        return self.harbor.batch("RM", records)

    def _load(self, connect: Connect) -> None:
        """Take a file of entries in, a chunk a transaction, as the command does."""
        header = (
            "filer_code,entry_number,importer_number,port_of_entry,processing_port,entry_type,"
            "entry_date,payment_type,print_date,charge_001"
        )
        rows = [
            f"B76,{entry_number(BROKER, serial)},12-3456789,3901,3901,01,2026-11-23,2,2026-11-25,"
            f"{serial}.00"
            for serial in range(20, 25)
        ]
        rows.insert(3, rows[0].replace("20.00", "21.00"))
        rows.append("B76,1234")
        drafts = read_csv(BytesIO("\n".join([header, *rows]).encode()))
        load, told = Load(), list[EntryOutcome]()
        while chunk := list(islice(drafts, CHUNK)):
            load.reach(chunk)
            with connect() as connection:
                clock = RehearsalClock(TUESDAY)
                told += take_chunk(connection, chunk, load=load, clock=clock)
        with connect() as connection:
            finish(connection, load)
        self.told["load"] = "\n".join(
            f"{each.position} {each.entry_number} {each.status} {each.due_on}"
            f" {[fault.sentence for fault in each.faults]}"
            for each in told
        )

    def _settle(self) -> None:
        """Let the bank report one debit settled and the other returned before that."""
        found = self.harbor.rows(
            "select instruction_id, (body->>'amount_cents')::bigint from bank_outbox order by 1"
        )
        news = [
            events.NewEvent(f"{kind}/{identity}", kind, identity, cents, FRIDAY, "1", code)
            for (identity, cents), (kind, code) in zip(
                found, (("settled", ""), ("returned", "R01")), strict=True
            )
        ]
        with connect(self.settings, "bank") as connection:
            events.record(connection, news, clock=RehearsalClock(FRIDAY))
        self._return_refused()

    def _return_refused(self) -> None:
        """Let the bank make its returns of Tuesday, the operator take them, and Wednesday come."""
        exchange = Exchange(self.settings.exchange_directory)
        with branch_of(self.settings).office() as opened:
            office = replace(opened, clock=RehearsalClock(TUESDAY))
            assert credit_returns.seal_refused(office) == 1
            assert answer_files.plan(office, TUESDAY) == 1
            answer_files.release_all(office)
            (path,) = answers(exchange)
            deliver(exchange, f"{path.name}.ack.json", acknowledged(path))
            inbound.take_in(office)
            answer_files.take_answers(office)
            assert credit_returns.tell_settled(office, WEDNESDAY) == 1


@dataclass(frozen=True)
class Stage:
    """A stage of the voyage; ``struck`` tells whether it is one that a sweep strikes."""

    name: str
    run: Callable[[Connect, Fuse], None]
    struck: bool = True

    def undisturbed(self, voyage: Voyage) -> None:
        """Run it on plain connections; wait for the turn of one that was just killed."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self.run(voyage.harbor.connect, NO_FUSE)
            except Refused as refused:
                waits = {"day-running", "in-progress", "database-broke-off"}
                if refused.faults[0].code not in waits or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def burning(self, voyage: Voyage, fuse: Fuse) -> None:
        """Run it on connections that burn a fuse."""
        self.run(fused(voyage.settings, "agency", fuse), fuse)
