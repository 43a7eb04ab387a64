"""What an officer does with money that is owed back where its statement is due after all.

Only what went back because a debit paid the statement, and has not been paid out: its claim is
withdrawn, the money is received anew under the same collection date, and the statement's own rules
judge it. The reason says how the payer agreed: without that it stays owed back (CRD-08).
"""

from __future__ import annotations

from dataclasses import replace

from psycopg import Connection

from customhouse.agency import credit_desk_reapply_store as sql
from customhouse.agency import credit_pools, payer_notices
from customhouse.agency.credit_desk_acts import told
from customhouse.agency.credit_desk_cases import (
    Case,
    Desk,
    Order,
    Outcome,
    carried_out,
    part_found,
)
from customhouse.agency.credit_matching import SHORT
from customhouse.agency.credit_parts import LONGEST_DETAIL, Part
from customhouse.agency.payer_notices import NewPayerNotice
from customhouse.faults import Fault, Refused, declare
from customhouse.ledger import transfers
from customhouse.ledger.transfers import Correction
from customhouse.money import format_dollars

CLAIM_STANDS = declare(
    "desk-claim-stands",
    sentence="{part_id} cannot be applied in place of going back: {why}.",
    next_step="List what can be: customhouse desk owed-back.",
    http_status=409,
)


def reapply(connection: Connection, part_id: str, *, reason: str, desk: Desk) -> Outcome:
    """Apply money that is owed back to the statement that it was pushed for, due again by now.

    Raises Refused: credit-part-unknown, credit-part-used, desk-claim-stands, desk-reason-wrong,
    desk-shared-too-often.
    """
    if part_found(connection, part_id).state == "unapplied":
        raise Refused(_stands(part_id, "it waits, and is not owed back"))
    order = Order("reapply", part_id, {}, reason, state="refundable")
    return carried_out(connection, order, desk=desk, act=_reapply)


def _stands(part_id: str, why: str) -> Fault:
    return Fault(CLAIM_STANDS, {"part_id": part_id, "why": why})


def _reapply(case: Case) -> Outcome:
    part, today = case.part, case.desk.today
    key = part.document
    if key is None or case.payables[key].due_cents == 0:
        number = part.statement_number or "any statement"
        raise Refused(_stands(part.part_id, f"nothing is due on {number}"))
    _withdraw(case, part)
    why = f"by {case.desk.officer.name} on {today.business_date.isoformat()}: {case.order.reason}"
    waiting = replace(
        part,
        payer_party_id=case.payables[key].payer_party_id,
        state="unapplied",
        reason=SHORT,
        matched_by=why[:LONGEST_DETAIL],
    )
    moved = case.move([waiting])
    _tell(case, moved[0])
    settled = credit_pools.settle(case.connection, [key], today=today, by_hand=True)
    return case.outcome(told(settled, moved), moved)


def _withdraw(case: Case, part: Part) -> None:
    """Withdraw the claim and take back what made it payable; the part waits again."""
    values = {"payer": part.payer_party_id, "part_id": part.part_id}
    claim = case.connection.execute(sql.LOCK_CLAIM, values).fetchone()
    if claim is None or claim[0] != "paid-by-debit":
        raise Refused(_stands(part.part_id, "no debit was the cause that it goes back"))
    today = case.desk.today
    withdrawn = case.connection.execute(
        sql.WITHDRAW, {**values, "withdrawn_on": today.business_date}
    )
    posted = case.connection.execute(sql.PAYABLE, values).fetchone()
    if withdrawn.rowcount != 1 or posted is None:
        raise Refused(_stands(part.part_id, "it has gone back"))
    correction = Correction(
        payer_id=part.payer_party_id,
        transfer_id=posted[0],
        ref=f"{part.part_id}/claim",
        effective_on=posted[1],
    )
    transfers.correct(
        case.connection, [correction], recorded_at=today.clock.now(), actor=today.actor
    )
    case.connection.execute(sql.WAIT_AGAIN, values)


def _tell(case: Case, part: Part) -> None:
    """Tell the payer that its money does not go back (CRD-04)."""
    today = case.desk.today
    text = (
        f"{format_dollars(part.amount_cents)}, collected on {part.collected_on.isoformat()}"
        f" ({part.part_id}), is not owed back to you any more: it is for statement"
        f" {part.statement_number} again, as was decided: {case.order.reason}"
    )
    notice = NewPayerNotice(
        payer_party_id=part.paying_party_id or part.payer_party_id,
        kind="claim-withdrawn",
        text=text,
        natural_key=f"withdrawn/{part.part_id}",
        statement_number=part.statement_number,
    )
    payer_notices.put(case.connection, [notice], created_on=today.business_date, clock=today.clock)
