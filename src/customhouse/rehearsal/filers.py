"""Filers, simulated: they read their statements, take entries off, authorize, check each answer.

A filer talks to the agency over HTTP with 80-column batches and knows nothing else of it. What it
does on which day is the story's to say. Whatever an answer should not have said becomes a complaint
in the filer's books.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from customhouse.faults import Refused
from customhouse.formats.abi_messages import (
    AuthorizationAnswer,
    UpdateAnswer,
    parse_authorization_answers,
    parse_update_answers,
)
from customhouse.formats.abi_statement import DailyStatement
from customhouse.rehearsal.filer_books import FilerBooks, HeldStatement
from customhouse.rehearsal.filer_line import FilerLine
from customhouse.rehearsal.world_data import IMPORTERS, WorldFiler
from customhouse.rehearsal.world_entries import number_of
from customhouse.trade.client_abi import (
    Authorization,
    Update,
    authorization_batch,
    check_totals,
    statements_in,
    update_batch,
)

SINGLE_PAY = "1"
# The disposition of an authorization that was taken back (CATAIR, application PZ).
NEGATED = "D40"


@dataclass(frozen=True, slots=True)
class Payment:
    """One authorization that a filer wants to send: statement, payer unit, amount in cents."""

    statement: HeldStatement
    payer_unit: str
    amount_cents: int


class SimulatedFiler:
    """One broker: its line to the agency and its books."""

    def __init__(self, who: WorldFiler, line: FilerLine, books: FilerBooks) -> None:
        self.who = who
        self.line = line
        self.books = books

    def receive(self) -> list[DailyStatement]:
        """Read and acknowledge everything that waits; give the statements, checked and booked."""
        statements = [each for text in self.line.receive() for each in statements_in(text)]
        for statement in statements:
            try:
                check_totals(statement)
            except Refused as wrong:
                self.books.complain(str(wrong))
            self.books.take(statement)
        return statements

    def payer_unit_for(self, statement: HeldStatement) -> str:
        """Give the unit that pays: the importer's own on its statement, else the broker's."""
        for importer in IMPORTERS:
            if importer.is_named(statement.importer_number) and importer.payer_unit:
                return importer.payer_unit
        return self.who.payer_unit

    def payment(self, statement: HeldStatement) -> Payment:
        """Give the right payment of a statement."""
        return Payment(statement, self.payer_unit_for(statement), statement.total_cents)

    def batch_for(self, payments: Sequence[Payment], tag: str = "") -> str:
        """Write one RM batch; ``tag`` makes it differ from another with the same payments."""
        return authorization_batch(
            self.line.site.sender,
            [self._order(each) for each in payments],
            transmitted_on=self.line.on,
            user_data=tag,
        )

    def _order(self, payment: Payment) -> Authorization:
        return Authorization(
            port=payment.statement.port,
            filer_code=self.who.code,
            statement_number=payment.statement.number,
            payer_unit_number=payment.payer_unit,
            amount_cents=payment.amount_cents,
        )

    def authorize(self, payments: Sequence[Payment]) -> list[AuthorizationAnswer]:
        """Send payments in one batch and book what was accepted; answers in their order.

        Nothing is sent when there are none.
        """
        if not payments:
            return []
        answer = self.line.converse(self.batch_for(payments))
        answers = [
            one for block in answer.blocks for one in parse_authorization_answers(block.records)
        ]
        self.books.expect("answers to authorizations", seen=len(answers), wanted=len(payments))
        for payment, one in zip(payments, answers, strict=False):
            self.note(payment, one)
        return answers

    def negate(self, payment: Payment) -> AuthorizationAnswer:
        """Take an authorization of the day back (DEB-04); books an acceptance."""
        batch = authorization_batch(
            self.line.site.sender,
            [replace(self._order(payment), negates=True)],
            transmitted_on=self.line.on,
        )
        answer = self.line.converse(batch)
        (one,) = parse_authorization_answers(answer.blocks[0].records)
        if one.disposition.code == NEGATED:
            payment.statement.accepted -= 1
            payment.statement.open = True
        return one

    def authorize_all(self) -> list[AuthorizationAnswer]:
        """Pay every open statement rightly; complain about each that was not accepted."""
        waiting = sorted(self.books.open_statements(), key=lambda held: (held.port, held.number))
        answers = self.authorize([self.payment(held) for held in waiting])
        for one in answers:
            if not one.accepted:
                self.books.complain(f"statement {one.statement_number} was refused: {words(one)}")
        return answers

    def update(
        self, statement: HeldStatement, entry_number: str, *, move_to: date | None = None
    ) -> UpdateAnswer:
        """Take an entry off a statement (SU): to single pay, or to a later print date.

        Books the new total that the answer tells.
        """
        entry = self.books.entries[entry_number]
        item = Update(
            port=statement.port,
            port_of_entry=entry.port,
            entry_number=number_of(entry),
            payment_type=SINGLE_PAY if move_to is None else entry.payment_type,
            print_date=move_to,
        )
        sender = self.line.site.sender
        answer = self.line.converse(update_batch(sender, [item], transmitted_on=self.line.on))
        (one,) = parse_update_answers(answer.blocks[0].records)
        if one.accepted and one.left is not None:
            self._leave(statement, entry_number, total_cents=one.left.total_cents)
            self.books.expect("the statement left", seen=one.left.number, wanted=statement.number)
        else:
            self.books.complain(f"entry {entry_number} stays: {one.condition.narrative}")
        return one

    def note(self, payment: Payment, answer: AuthorizationAnswer) -> None:
        """Check that an answer is about this payment, and book an acceptance."""
        number = payment.statement.number
        self.books.expect("the statement answered", seen=answer.statement_number, wanted=number)
        if answer.accepted:
            payment.statement.accepted += 1
            payment.statement.open = False

    def _leave(self, statement: HeldStatement, entry_number: str, *, total_cents: int) -> None:
        statement.entries.remove(entry_number)
        due = self.books.due_cents(statement.entries)
        self.books.expect(f"the new total of {statement.number}", seen=total_cents, wanted=due)
        statement.total_cents = total_cents


def words(answer: AuthorizationAnswer) -> str:
    """Give the conditions of an answer as one line: code and narrative of each."""
    return "; ".join(f"{each.code} {each.narrative}" for each in answer.conditions)
