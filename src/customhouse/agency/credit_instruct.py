"""Loads what a payer asks to be told how to pay, and gives an instruction for each document.

Queries only; a bounded number of statements of SQL whatever is asked for. The rules are in
credit_instructions, who may pay a document is in credit_documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from psycopg import Connection
from psycopg.rows import class_row, dict_row

from customhouse.agency import credit_documents
from customhouse.agency import credit_instructions_store as sql
from customhouse.agency.credit_documents import Document
from customhouse.agency.credit_instructions import (
    InstructedPayer,
    Instruction,
    InstructionOutcome,
    Obligation,
    each_debt_once,
    earliest_settlement,
    instruct,
    too_late,
    unknown_document,
)
from customhouse.agency.credit_instructions_order import (
    INSTRUCTION_FIELD_WRONG,
    InstructionOrder,
    kind_of,
)
from customhouse.agency.paying_parties import PayingParty
from customhouse.business_days import unsettled_words
from customhouse.faults import Fault, Refused
from customhouse.formats.txp import TxpProfile
from customhouse.identifiers import without_suffix

MOST_DOCUMENTS: Final = 9_999


@dataclass(frozen=True, slots=True)
class Instructions:
    """What a payer is told: an outcome for each document asked for, in that order.

    ``lead_days`` are those that were counted with. ``has_more``: not all that is due is here.
    """

    payer: InstructedPayer
    business_date: date
    lead_days: int
    outcomes: tuple[InstructionOutcome, ...]
    has_more: bool = False

    @property
    def ready(self) -> list[Instruction]:
        """Give the instructions, late ones too."""
        return [each.instruction for each in self.outcomes if each.instruction is not None]


def payer_of(connection: Connection, party: PayingParty) -> InstructedPayer:
    """Give a payer as it has joined, under the identifier that its addenda are to name."""
    number = party.importer_number
    base = without_suffix(number) if number is not None else None
    values = {"party_id": party.party_id, "base": base}
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(sql.PAYER, values).fetchone()
    if row is None:
        return InstructedPayer(party.party_id, party.identifier, None, None, 0)
    return InstructedPayer(
        party_id=party.party_id,
        identifier=row["payer_identifier"],
        state=row["state"],
        effective_on=row["effective_on"],
        lead_days=row["lead_days"],
    )


def instructions(
    connection: Connection,
    party: PayingParty,
    order: InstructionOrder,
    *,
    business_date: date,
    profile: TxpProfile,
) -> Instructions:
    """Give the instructions for an order; raise Refused where the payer may not push payments.

    An unknown document, or one of somebody else's, is one fault (credit-document-unknown). Of a
    bill and its statement the first is instructed, the other refused (credit-document-repeated).
    """
    payer = payer_of(connection, party)
    fault = payer.fault_on(business_date)
    if fault is not None:
        raise Refused(fault)
    lead_days = payer.lead_days if order.lead_days is None else order.lead_days
    _require_settlement(order.settle_on, business_date=business_date, lead_days=lead_days)
    numbers: Sequence[str] = order.documents or ()
    has_more = False
    if order.documents is None:
        found = _all_due(connection, party, until=order.until)
        numbers, has_more = found[:MOST_DOCUMENTS], len(found) > MOST_DOCUMENTS
    obligations = _obligations(connection, numbers, payer=payer)
    outcomes = [
        unknown_document(number, payer)
        if number not in obligations
        else instruct(
            obligations[number],
            payer,
            business_date=business_date,
            lead_days=lead_days,
            profile=profile,
            wanted_on=order.settle_on,
        )
        for number in numbers
    ]
    once = tuple(each_debt_once(outcomes))
    return Instructions(payer, business_date, lead_days, once, has_more)


def _require_settlement(wanted_on: date | None, *, business_date: date, lead_days: int) -> None:
    """Refuse a day of settlement on which banks are closed, or that comes too soon."""
    if wanted_on is None:
        return
    earliest = earliest_settlement(business_date, lead_days)
    wrong = unsettled_words(wanted_on, earliest=earliest)
    if wrong:
        expected = f"a banking day from {earliest} on: {wrong}"
        values = {"field": "settle_on", "seen": wanted_on, "expected": expected}
        raise Refused(Fault(INSTRUCTION_FIELD_WRONG, values))


def payable(told: Instructions, *, with_late: bool) -> list[Instruction]:
    """Give all that was told as ready to be put into one file.

    Raises Refused with the faults of every document that is not, late ones too unless wanted: a
    file holds all that was ordered or is not written.
    """
    faults = [fault for outcome in told.outcomes for fault in outcome.faults]
    if not with_late:
        faults += [too_late(each) for each in told.ready if each.schedule.is_late]
    if faults:
        raise Refused(*faults)
    return told.ready


def _all_due(connection: Connection, party: PayingParty, *, until: date | None) -> list[str]:
    values: dict[str, object] = {"until": until, "most": MOST_DOCUMENTS + 1}
    if party.importer_number is None:
        statement, values["filer_code"] = sql.ALL_DUE_OF_FILER, party.filer_code
    else:
        base = credit_documents.base_of(party.importer_number)
        statement, values["base"] = sql.ALL_DUE_OF_IMPORTER, base
    return [found for (found,) in connection.execute(statement, values)]


def _obligations(
    connection: Connection, numbers: Sequence[str], *, payer: InstructedPayer
) -> dict[str, Obligation]:
    """Give the documents that exist and that the payer may pay, by number."""
    wanted = [(kind, number) for number in numbers if (kind := kind_of(number)) is not None]
    documents = credit_documents.load(connection, wanted)
    mine = [
        (kind, document)
        for (kind, _), document in documents.items()
        if document.may_be_paid_by(payer.identifier)
    ]
    found: dict[str, Obligation] = {}
    for kind, statement in (("statement", sql.STATEMENTS), ("bill", sql.BILLS)):
        chosen = [document for each, document in mine if each == kind]
        if chosen:
            found |= _load(connection, statement, chosen)
    return found


def _load(
    connection: Connection, statement: str, documents: Sequence[Document]
) -> dict[str, Obligation]:
    values = {
        "filer_codes": [document.filer_code for document in documents],
        "numbers": [document.number for document in documents],
    }
    with connection.cursor(row_factory=class_row(Obligation)) as cursor:
        return {row.number: row for row in cursor.execute(statement, values)}
