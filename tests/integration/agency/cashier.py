"""Pushes payments into a harbor, as the bank would tell them, and reads what became of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date

from customhouse.agency import bank_events, credit_pools, credits
from customhouse.agency.credit_parts import Today
from customhouse.formats.txp import CUSTOMS_PROFILE
from customhouse.rails import BankEvent, EventKind, IncomingCredit, to_json
from tests.integration.agency.harbor import BROKER, MONDAY, Harbor

STATEMENT = "90001"
BILL = "90002"
ENROLL = """
insert into credit_enrolment (payer_party_id, payer_identifier, state, effective_on)
select party_id, %(identifier)s, 'active', %(effective_on)s
from (select party_id, filer_code as identifier from filer
      union all select party_id, importer_number from importer) as p
where identifier = %(identifier)s
"""
PARTS = """
select part_id, state, reason, amount_cents, applied_cents, refundable_cents
from credit_part order by part_id
"""


def txp(payer: str, document: str, cents: int, *, kind: str = STATEMENT) -> str:
    """Spell the addendum of a payment, all 80 characters."""
    return f"TXP*{payer}*{kind}*261124*{document}*{cents}\\".ljust(80)


@dataclass
class Cashier:
    """Tells credits to the agency of a harbor, numbered as the bank numbers them."""

    harbor: Harbor
    told: list[IncomingCredit] = field(default_factory=list)

    def enroll(self, identifier: str = BROKER, *, effective_on: date = MONDAY) -> None:
        """Let a payer have joined ACH Credit."""
        with self.harbor.connect() as connection:
            values = {"identifier": identifier, "effective_on": effective_on}
            assert connection.execute(ENROLL, values).rowcount == 1

    def credit(self, cents: int, *addenda: str, **values: object) -> IncomingCredit:
        """Make the next credit of some cents with its addenda, collected today."""
        number = len(self.told) + 1
        collected_on = values.get("collected_on", self.harbor.today)
        assert isinstance(collected_on, date)
        made = IncomingCredit(
            sequence=number,
            credit_id=f"C{collected_on:%y%j}0910000{number:08}",
            kind="payment",
            amount_cents=cents,
            collected_on=collected_on,
            sec_code="CCD" if len(addenda) < 2 else "CTX",
            originating_dfi="09100001",
            trace_number=f"0910000{number:08}",
            company_name="EXAMPLE PAYER",
            company_identification="1123456789",
            entry_description="CUSTOMSPAY",
            identification_number="",
            code="",
            addenda=addenda,
        )
        made = replace(made, **values)  # type: ignore[arg-type]
        self.told.append(made)
        return made

    def push(self, cents: int, *addenda: str, **values: object) -> credits.Taken:
        """Tell the agency of one credit."""
        return self.tell(self.credit(cents, *addenda, **values))

    def tell(self, *page: IncomingCredit) -> credits.Taken:
        """Tell the agency of a page of credits."""
        with self.harbor.connect() as connection:
            return credits.apply(connection, page, profile=CUSTOMS_PROFILE, today=self.today)

    @property
    def today(self) -> Today:
        """Give the open business date."""
        return Today(self.harbor.today, self.harbor.clock)

    def settle_ripe(self) -> int:
        """Look again at what waits."""
        return credit_pools.settle_ripe(self.harbor.connect, today=self.today)

    def settle_and_return(self, number: str, cents: int) -> None:
        """Let the debit of a statement settle and come back, as the bank would tell it."""
        kinds: tuple[EventKind, ...] = ("settled", "returned")
        events = [
            BankEvent(
                sequence=place,
                event_id=f"{kind}/{number}",
                kind=kind,
                instruction_id=f"{BROKER}-{number}-1",
                amount_cents=cents,
                effective_on=self.harbor.today,
                trace_number="091000010000001",
                code="R01" if kind == "returned" else "",
                detail="",
            )
            for place, kind in enumerate(kinds, 1)
        ]
        bodies = {event.event_id: json.dumps(to_json(event)) for event in events}
        with self.harbor.connect() as connection:
            taken = bank_events.apply(connection, events, bodies=bodies, clock=self.harbor.clock)
        assert (taken.settled, taken.returned) == (1, 1)

    def take_off(self, entry: str) -> str:
        """Take an entry off its statement, as its filer would; give the answer."""
        return self.harbor.send(self.harbor.batch("SU", [f"H3901{BROKER}  {entry}1"])).answer

    def parts(self) -> list[tuple]:
        """Give each part: what became of it, why, and its cents, applied and refundable."""
        return [row[1:] for row in self.harbor.rows(PARTS)]

    def balances(self) -> dict[str, int]:
        """Give the balance of each account over all owners, debits positive."""
        rows = self.harbor.rows(
            "select account::text, sum(cents)::bigint from ("
            " select debit as account, amount_cents as cents from transfer where status = 'posted'"
            " union all"
            " select credit, -amount_cents from transfer where status = 'posted') as t"
            " group by account having sum(cents) <> 0"
        )
        return dict(rows)
