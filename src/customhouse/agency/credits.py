"""Takes the credits that arrived at the bank: keeps them, reads them, and applies what matches.

A page of credits is one transaction: kept as they came, told apart by their addenda, received in
the ledger on their collection dates, and settled with what waits for the same statements. What
names no document that its payer may pay waits for a person, with its reason (CRD-02, CRD-04).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Final, Protocol

from psycopg import Connection

from customhouse.agency import (
    checkpoints,
    credit_documents,
    credit_notices,
    credit_parts,
    credit_payers,
    credit_pools,
    credit_prenotes,
    credit_rules,
)
from customhouse.agency import credits_store as sql
from customhouse.agency.credit_documents import Document
from customhouse.agency.credit_matching import SHORT
from customhouse.agency.credit_parts import Part, Today
from customhouse.agency.credit_payers import CreditPayer
from customhouse.agency.credit_splitting import Portion, split
from customhouse.formats import txp
from customhouse.formats.txp import TxpProfile, TxpReading
from customhouse.rails import IncomingCredit, to_json

Connect = Callable[[], AbstractContextManager[Connection]]

PAYER_UNKNOWN: Final = "payer-unknown"
PAYER_NOT_ENROLLED: Final = "payer-not-enrolled"
DOCUMENT_UNKNOWN: Final = "document-unknown"


class CreditSource(Protocol):
    """Where credits are polled: the bank's door."""

    def credits_after(self, sequence: int) -> list[IncomingCredit]:
        """Give the next page of credits behind a cursor, in order; empty at the end."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many credits were taken, and how many parts and statements came of them; cents.

    ``owed_back`` counts the parts of which something is a refund claim now.
    """

    payments: int = 0
    cents: int = 0
    prenotes: int = 0
    refused: int = 0
    waiting: int = 0
    paid: int = 0
    owed_back: int = 0


@dataclass(frozen=True, slots=True)
class _Claim:
    """A portion with all that is known of it: who pays, which document, and by what rule."""

    credit: IncomingCredit
    portion: Portion
    payer: CreditPayer | None
    document: Document | None
    matched_by: str


def take_credits(
    connect: Connect,
    source: CreditSource,
    *,
    profile: TxpProfile,
    today: Today,
    step: str,
) -> None:
    """Poll the bank's credits behind the last one taken and take them, a page a transaction.

    All pages go over one connection; it is in no transaction while the bank is asked.
    ``step`` names the step of the day whose checkpoints the pages are.
    """
    with connect() as connection:
        # A plan that was kept from the first pages, of an empty table, would be wrong for the last.
        connection.prepare_threshold = None
        row = connection.execute(sql.LAST_SEQUENCE).fetchone()
        connection.commit()
        last = row[0] if row is not None else 0
        while page := source.credits_after(last):
            taken = apply(connection, page, profile=profile, today=today)
            if taken != Taken():
                chunk = checkpoints.Chunk(today.business_date, step, page[0].credit_id)
                checkpoints.record(connection, chunk, figures=asdict(taken), clock=today.clock)
            connection.commit()
            last = page[-1].sequence


def apply(
    connection: Connection,
    page: Sequence[IncomingCredit],
    *,
    profile: TxpProfile,
    today: Today,
) -> Taken:
    """Take a page of credits once; those taken before are passed over.

    One process takes at a time: a second one waits here and then finds the credits taken.
    """
    connection.execute(sql.LOCK_CREDITS)
    values = {"sequences": [each.sequence for each in page]}
    known = {sequence for (sequence,) in connection.execute(sql.KNOWN, values)}
    new = [each for each in page if each.sequence not in known]
    if not new:
        return Taken()
    _keep(connection, new, today=today)
    payments = [each for each in new if each.kind == "payment"]
    prenotes = [each for each in new if each.kind == "prenote"]
    parts = _parts(connection, payments, profile)
    settled = credit_pools.arrive(connection, parts, today=today)
    credit_notices.tell_unmatched(connection, parts, today=today)
    if prenotes:
        read = [(each, _reading_of_prenote(each, profile)) for each in prenotes]
        credit_prenotes.take(connection, read, business_date=today.business_date, clock=today.clock)
    used = {use.part.part_id for _, use in settled.uses}
    return Taken(
        payments=len(payments),
        cents=sum(each.amount_cents for each in payments),
        prenotes=len(prenotes),
        refused=len(new) - len(payments) - len(prenotes),
        waiting=sum(1 for part in parts if part.part_id not in used),
        paid=len(settled.paid),
        owed_back=sum(1 for _, use in settled.uses if use.refundable_cents > 0),
    )


def _keep(connection: Connection, new: Sequence[IncomingCredit], *, today: Today) -> None:
    rows = json.dumps([to_json(each) for each in new])
    values = {"received_on": today.business_date, "received_at": today.clock.now()}
    connection.execute(sql.ADD, {"credits": rows, **values})


def _reading_of_prenote(credit: IncomingCredit, profile: TxpProfile) -> TxpReading | None:
    return txp.read(credit.addenda[0], profile) if credit.addenda else None


def _parts(
    connection: Connection, payments: Sequence[IncomingCredit], profile: TxpProfile
) -> list[Part]:
    """Tell the money of payments apart and find whose it is and what it pays."""
    if not payments:
        return []
    companies = sorted({each.company_identification for each in payments})
    rules = credit_rules.load(connection, companies)
    portions: list[tuple[IncomingCredit, Portion, str]] = []
    for credit in payments:
        read = [
            credit_rules.apply(
                txp.read(text, profile),
                rules.get(credit.company_identification, ()),
                profile=profile,
            )
            for text in credit.addenda
        ]
        why = {position: each for position, (_, each) in enumerate(read, 1)}
        portions += [
            (credit, portion, why.get(portion.position, ""))
            for portion in split(credit, [reading for reading, _ in read])
        ]
    named = {portion.payer_identifier for _, portion, _ in portions} - {""}
    payers = credit_payers.load(connection, sorted(named))
    documents = credit_documents.load(
        connection,
        {
            (portion.reading.document_kind or "", portion.reading.document_number)
            for _, portion, _ in portions
            if portion.reading is not None and not portion.reason
        },
    )
    agency = credit_parts.agency_party(connection)
    claims = _claims(portions, payers, documents)
    return [_part(claim, agency_party_id=agency) for claim in claims]


def _claims(
    portions: Sequence[tuple[IncomingCredit, Portion, str]],
    payers: Mapping[str, CreditPayer],
    documents: Mapping[tuple[str, str], Document],
) -> Iterator[_Claim]:
    for credit, portion, matched_by in portions:
        reading = portion.reading
        payer = payers.get(portion.payer_identifier)
        document = None
        if reading is not None and not portion.reason:
            document = documents.get((reading.document_kind or "", reading.document_number))
        yield _Claim(credit, portion, payer, document, matched_by)


def _part(claim: _Claim, *, agency_party_id: int) -> Part:
    """Make the part of a portion: with its statement when the payer may pay it, or a reason."""
    credit, portion, payer = claim.credit, claim.portion, claim.payer
    reason, detail = _judge(claim)
    document = claim.document if reason == SHORT else None
    owner = payer.payer_party_id if payer is not None else agency_party_id
    reading = portion.reading
    return Part(
        payer_party_id=document.payer_party_id if document is not None else owner,
        part_id=f"{credit.credit_id}.{portion.position}",
        company_identification=credit.company_identification,
        credit_id=credit.credit_id,
        position=portion.position,
        amount_cents=portion.amount_cents,
        collected_on=credit.collected_on,
        reason=reason,
        paying_party_id=payer.payer_party_id if payer is not None else None,
        detail=detail[: credit_parts.LONGEST_DETAIL],
        payer_identifier=portion.payer_identifier,
        type_code=reading.type_code if reading is not None else "",
        document_number=reading.document_number if reading is not None else "",
        notes=reading.notes if reading is not None else (),
        filer_code=document.filer_code if document is not None else None,
        statement_number=document.statement_number if document is not None else None,
        matched_by=claim.matched_by[: credit_parts.LONGEST_DETAIL],
    )


def _nobody(reading: TxpReading) -> str:
    """Say why an identifier names nobody: digits alone may mean two who are both registered."""
    if not reading.other_payers:
        return f"No payer has the identifier {reading.payer_identifier}."
    meant = " or ".join(reading.other_payers)
    return f"{reading.payer_identifier} may be {meant}; both or neither is registered."


def _judge(claim: _Claim) -> tuple[str, str]:
    """Say why a portion cannot be applied at once; ``short`` when only the amount decides."""
    portion, payer, reading = claim.portion, claim.payer, claim.portion.reading
    if portion.reason or reading is None:
        return portion.reason, portion.detail
    if payer is None:
        return PAYER_UNKNOWN, _nobody(reading)
    collected_on = claim.credit.collected_on
    if not payer.is_effective_on(collected_on):
        detail = f"{reading.payer_identifier} has not joined ACH Credit with effect by then."
        return PAYER_NOT_ENROLLED, detail
    document = claim.document
    if document is None or not document.may_be_paid_by(payer.payer_identifier):
        detail = (
            f"There is no {reading.document_kind} {reading.document_number} that"
            f" {payer.payer_identifier} may pay."
        )
        return DOCUMENT_UNKNOWN, detail
    return SHORT, ""
