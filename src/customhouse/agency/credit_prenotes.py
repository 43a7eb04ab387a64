"""The zero-dollar entries with which payers show that their way to us works (CRD-12).

One that names a payer whose enrolment is approved makes it active, effective ten calendar days
later by the dated policy. Any other is refused, and the payer is told what is missing where one can
be named. A second one changes nothing. No money moves here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import credit_payers, payer_notices
from customhouse.agency import credit_prenotes_store as sql
from customhouse.agency.credit_payers import CreditPayer
from customhouse.agency.payer_notices import NewPayerNotice
from customhouse.agency.policy import credit_effective_on
from customhouse.clock import Clock
from customhouse.formats.txp import TxpReading
from customhouse.money import format_dollars
from customhouse.rails import IncomingCredit

Prenote = tuple[IncomingCredit, TxpReading | None]
Outcome = Literal["accepted", "repeated", "refused"]
LONGEST_DETAIL: Final = 300
MOST_LISTED: Final = 200
_NAMED_AS: Final = "Send another zero-dollar entry whose addendum names you as {identifier}."
_EIN: Final = re.compile(r"1[0-9]{9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a zero-dollar entry is good for; ``reason`` and ``detail`` say why it is refused.

    ``payer`` is whom to tell, None where nobody can be named.
    """

    outcome: Outcome
    payer: CreditPayer | None
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RefusedPrenote:
    """A zero-dollar entry that was refused, as an officer sees it."""

    judged_on: date
    credit_id: str
    reason: str
    detail: str
    company_name: str
    originating_dfi: str
    payer_name: str | None


def judge(
    reading: TxpReading | None, *, named: CreditPayer | None, probable: CreditPayer | None
) -> Judgement:
    """Judge one entry: ``named`` is the payer of its addendum, ``probable`` its originator."""
    if reading is None:
        detail = "It came without an addendum; a zero-dollar entry needs one."
        return Judgement("refused", probable, "addendum-missing", detail)
    if reading.document_kind is None and reading.type_code:
        seen = ascii(reading.type_code)[:24]
        detail = f"Its payment type code {seen} is none of ours."
        return Judgement("refused", named or probable, "type-unknown", detail)
    if reading.fault is not None and not _says_zero(reading):
        is_amount = reading.fault.code == "amount-zero"
        reason = "amount-not-zero" if is_amount else "addendum-unreadable"
        return Judgement("refused", named or probable, reason, reading.fault.sentence)
    if reading.amount_cents:
        detail = f"Its addendum names {format_dollars(reading.amount_cents)}; it has to name zero."
        return Judgement("refused", named or probable, "amount-not-zero", detail)
    if named is None:
        seen = reading.payer_identifier or "nobody"
        detail = f"Its addendum names {seen}, which is not registered."
        return Judgement("refused", probable, "payer-unknown", detail)
    if named.state == "active":
        return Judgement("repeated", named)
    if named.state != "approved":
        detail = "There is no approved enrolment for it."
        return Judgement("refused", named, "payer-not-enrolled", detail)
    return Judgement("accepted", named)


def take(
    connection: Connection, prenotes: Sequence[Prenote], *, business_date: date, clock: Clock
) -> None:
    """Judge the zero-dollar entries that arrived, in order, and tell their payers; each once.

    A reading of None stands for an entry without an addendum.
    """
    if not prenotes:
        return
    spelled = [_identifiers(reading) for _, reading in prenotes]
    probable = [_probable(credit) for credit, _ in prenotes]
    wanted = sorted({each for some in (*spelled, *probable) for each in some})
    known = credit_payers.load(connection, wanted)
    # Held and read again, so that an officer who removes one of them decides before or behind.
    held = {"payers": sorted({payer.payer_party_id for payer in known.values()})}
    connection.execute(sql.HOLD, held)
    known = credit_payers.load(connection, wanted)
    accepted: dict[int, str] = {}
    judged: list[tuple[IncomingCredit, Judgement]] = []
    for (credit, reading), names, guesses in zip(prenotes, spelled, probable, strict=True):
        found = judge(reading, named=_only(known, names), probable=_only(known, guesses))
        if found.outcome == "accepted" and found.payer is not None:
            first = accepted.setdefault(found.payer.payer_party_id, credit.credit_id)
            if first != credit.credit_id:
                found = Judgement("repeated", found.payer)
        judged.append((credit, found))
    recorded = _record(connection, judged, business_date=business_date)
    new = [(credit, found) for credit, found in judged if credit.credit_id in recorded]
    _activate(connection, new, business_date=business_date)
    _tell(connection, new, business_date=business_date, clock=clock)


def refused(connection: Connection) -> list[RefusedPrenote]:
    """Give the latest zero-dollar entries that were refused, newest first, at most 200."""
    with connection.cursor(row_factory=class_row(RefusedPrenote)) as cursor:
        return cursor.execute(sql.REFUSED, {"most": MOST_LISTED}).fetchall()


def _says_zero(reading: TxpReading) -> bool:
    """Tell whether the only thing wrong is the zero, under a code that usually pays something."""
    fault = reading.fault
    return fault is not None and fault.code == "amount-zero" and reading.document_kind != "prenote"


def _identifiers(reading: TxpReading | None) -> tuple[str, ...]:
    if reading is None or not reading.payer_identifier:
        return ()
    return (reading.payer_identifier, *reading.other_payers)


def _probable(credit: IncomingCredit) -> tuple[str, ...]:
    """Give whom the entry itself names: its identification number, or its company's EIN."""
    given = [credit.identification_number.strip()]
    company = credit.company_identification.strip()
    if _EIN.fullmatch(company):
        given.append(f"{company[1:3]}-{company[3:]}")
    return tuple(each for each in given if each)


def _only(known: Mapping[str, CreditPayer], spelled: Sequence[str]) -> CreditPayer | None:
    found = {known[each].payer_party_id: known[each] for each in spelled if each in known}
    return next(iter(found.values())) if len(found) == 1 else None


def _record(
    connection: Connection,
    judged: Sequence[tuple[IncomingCredit, Judgement]],
    *,
    business_date: date,
) -> set[str]:
    """Keep what each was good for; give the ids of those that were not judged before."""
    values = {
        "companies": [credit.company_identification for credit, _ in judged],
        "credit_ids": [credit.credit_id for credit, _ in judged],
        "payers": [found.payer.payer_party_id if found.payer else None for _, found in judged],
        "outcomes": [found.outcome for _, found in judged],
        "reasons": [found.reason for _, found in judged],
        "details": [found.detail[:LONGEST_DETAIL] for _, found in judged],
        "judged_on": business_date,
    }
    return {credit_id for (credit_id,) in connection.execute(sql.RECORD, values)}


def _activate(
    connection: Connection,
    judged: Sequence[tuple[IncomingCredit, Judgement]],
    *,
    business_date: date,
) -> None:
    accepted = [
        (found.payer.payer_party_id, credit.credit_id)
        for credit, found in judged
        if found.outcome == "accepted" and found.payer is not None
    ]
    if not accepted:
        return
    values = {
        "payers": [payer for payer, _ in accepted],
        "credit_ids": [credit_id for _, credit_id in accepted],
        "accepted_on": business_date,
        "effective_on": credit_effective_on(business_date),
    }
    connection.execute(sql.ACTIVATE, values)


def _tell(
    connection: Connection,
    judged: Sequence[tuple[IncomingCredit, Judgement]],
    *,
    business_date: date,
    clock: Clock,
) -> None:
    notices = [
        _notice(credit, found, found.payer, business_date=business_date)
        for credit, found in judged
        if found.outcome != "repeated" and found.payer is not None
    ]
    payer_notices.put(connection, notices, created_on=business_date, clock=clock)


def _notice(
    credit: IncomingCredit, found: Judgement, payer: CreditPayer, *, business_date: date
) -> NewPayerNotice:
    arrived = f"The zero-dollar entry of {credit.collected_on.isoformat()}"
    if found.outcome == "accepted":
        effective_on = credit_effective_on(business_date).isoformat()
        text = f"{arrived} was accepted. You may originate payments from {effective_on} on."
        return NewPayerNotice(
            payer.payer_party_id, "prenote-accepted", text, f"prenote/{credit.credit_id}"
        )
    next_step = _NAMED_AS.format(identifier=payer.payer_identifier)
    if found.reason == "payer-not-enrolled":
        next_step = "Join ACH Credit first, then send it again."
    text = f"{arrived} was not accepted. {found.detail} {next_step}"
    return NewPayerNotice(
        payer.payer_party_id, "prenote-refused", text, f"prenote/{credit.credit_id}"
    )
