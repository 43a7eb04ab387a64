"""What an officer does with money that waits: assign, apply, split, refund, ask (CRD-04).

Each decision has a reason and is kept for good in the transaction that carries it out. Money keeps
its collection date; what it pays is judged by the rules of its statement, as if it had arrived so.
The same request again gets the first answer; of two officers at once one wins. Which document
is likely is not said here: see credit_candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

from psycopg import Connection

from customhouse.agency import (
    credit_notices,
    credit_parts,
    credit_payers,
    credit_pools,
    payer_notices,
)
from customhouse.agency.credit_desk_cases import (
    Case,
    Desk,
    Order,
    Outcome,
    Payer,
    Target,
    carried_out,
    keep_act,
    payer_of,
    target_of,
)
from customhouse.agency.credit_desk_faults import (
    ALREADY_ASSIGNED,
    CENTS_TOO_MANY,
    NOBODY_TO_ASK,
    PAYER_UNKNOWN,
    REFUND_TO_NOBODY,
)
from customhouse.agency.credit_desk_lessons import remember as remember_flaw
from customhouse.agency.credit_desk_shares import Share, share_faults
from customhouse.agency.credit_parts import Part
from customhouse.agency.credit_pools import Settled
from customhouse.agency.payer_notices import NewPayerNotice
from customhouse.faults import Fault, Refused
from customhouse.identifiers import bare_number
from customhouse.money import format_dollars


@dataclass(frozen=True, slots=True)
class Use:
    """What a part is applied to: a document's number, and how many cents, None for all.

    ``payer_identifier`` says who sent money that nobody was known for; ``remembered`` makes a rule
    of what was wrong.
    """

    number: str
    cents: int | None = None
    payer_identifier: str | None = None
    remembered: bool = False


DOCUMENT_OPEN: Final = "document-open"
_FOUND: Final = "An officer found that it is yours; which document it pays is open."


def assign(
    connection: Connection, part_id: str, payer_identifier: str, *, reason: str, desk: Desk
) -> Outcome:
    """Say whose money a part is; which document it pays stays open.

    Raises Refused: credit-part-unknown, credit-part-used, credit-part-changed,
    desk-payer-unknown, desk-already-assigned, desk-reason-wrong.
    """
    order = Order("assign", part_id, {"payer": payer_identifier}, reason)
    return carried_out(
        connection, order, desk=desk, act=lambda case: _assign(case, payer_identifier)
    )


def apply(connection: Connection, part_id: str, use: Use, *, reason: str, desk: Desk) -> Outcome:
    """Apply a part, or some cents of it, to a statement or a bill; the rest waits on.

    Too little waits for the rest, too much is owed back.

    Raises Refused: as ``assign``, and desk-document-unknown, desk-document-not-payers,
    desk-statement-not-payable, desk-payer-unclear, desk-payer-other, desk-cents-too-many,
    desk-shared-too-often, credit-rule-nothing-general, credit-rule-alias-taken.
    """
    use = replace(use, number=bare_number(use.number))
    order = Order("apply", part_id, asdict(use), reason)
    return carried_out(connection, order, desk=desk, act=lambda case: _apply(case, use))


def split(
    connection: Connection, part_id: str, shares: Sequence[Share], *, reason: str, desk: Desk
) -> Outcome:
    """Share a part's money out, each share to a document or back to who sent it.

    Raises Refused: as ``apply``, and desk-shares-not-whole, desk-shares-too-many,
    desk-refund-to-nobody.
    """
    request = {"shares": [[share.amount_cents, share.number] for share in shares]}
    order = Order("split", part_id, request, reason)
    return carried_out(connection, order, desk=desk, act=lambda case: _split(case, shares))


def refund(connection: Connection, part_id: str, *, reason: str, desk: Desk) -> Outcome:
    """Owe a part back to who sent it; raises Refused as ``assign``, and desk-refund-to-nobody."""
    order = Order("refund", part_id, {}, reason)
    return carried_out(connection, order, desk=desk, act=_refund)


def ask(connection: Connection, part_id: str, question: str, *, desk: Desk) -> Outcome:
    """Ask who sent a part; the question is kept and told at once, in the way the payer chose.

    Raises Refused: credit-part-unknown, credit-part-used, desk-nobody-to-ask, desk-reason-wrong.
    """
    order = Order("ask", part_id, {}, question)
    return carried_out(connection, order, desk=desk, act=_ask)


def _assign(case: Case, payer_identifier: str) -> Outcome:
    found = credit_payers.load(case.connection, [payer_identifier])
    if payer_identifier not in found:
        raise Refused(Fault(PAYER_UNKNOWN, {"payer_identifier": ascii(payer_identifier)[:40]}))
    payer = found[payer_identifier]
    part = case.part
    if (part.payer_party_id, part.paying_party_id) == (payer.payer_party_id,) * 2 and (
        part.document is None
    ):
        values = {"part_id": part.part_id, "payer_identifier": payer.payer_identifier}
        raise Refused(Fault(ALREADY_ASSIGNED, values))
    share = replace(
        part,
        payer_party_id=payer.payer_party_id,
        paying_party_id=payer.payer_party_id,
        reason=DOCUMENT_OPEN,
        detail=_FOUND,
        filer_code=None,
        statement_number=None,
        matched_by="",
    )
    moved = case.move([share])
    credit_notices.tell_unmatched(case.connection, moved, today=case.desk.today)
    line = (
        f"{moved[0].part_id} is {payer.payer_identifier}'s, {payer.name}; it waits for a document."
    )
    return case.outcome([line], moved)


def _apply(case: Case, use: Use) -> Outcome:
    part, cents = case.part, use.cents
    if cents is not None and not 1 <= cents <= part.amount_cents:
        values = {"cents": cents, "amount_cents": part.amount_cents, "part_id": part.part_id}
        raise Refused(Fault(CENTS_TOO_MANY, values))
    target = target_of(case, use.number, payer_identifier=use.payer_identifier)
    matched = case.matched(target)
    parts = [matched]
    if cents is not None and cents < part.amount_cents:
        rest = part.amount_cents - cents
        parts = [replace(matched, amount_cents=cents), replace(part, amount_cents=rest)]
    if len(parts) == 1 and _same_owner(part, matched):
        credit_parts.assign(case.connection, parts)
    else:
        parts = case.move(parts)
    learned = remember_flaw(case, target) if use.remembered else []
    settled = credit_pools.settle(
        case.connection, [target.key], today=case.desk.today, by_hand=True
    )
    lines = list(told(settled, parts))
    if len(parts) > 1:
        lines.append(f"{parts[1].part_id}, {format_dollars(parts[1].amount_cents)}, waits on.")
    return case.outcome([*lines, *learned], parts)


def _same_owner(part: Part, matched: Part) -> bool:
    return (part.payer_party_id, part.paying_party_id) == (
        matched.payer_party_id,
        matched.paying_party_id,
    )


def _split(case: Case, shares: Sequence[Share]) -> Outcome:
    part = case.part
    wrong = share_faults(shares, part_id=part.part_id, amount_cents=part.amount_cents)
    if wrong:
        raise Refused(*wrong)
    numbers = sorted({share.number for share in shares if share.number is not None})
    targets = {number: target_of(case, number, payer_identifier=None) for number in numbers}
    wanted = [_share_of(case, share, targets) for share in shares]
    moved = case.move(wanted)
    back = [each for each, share in zip(moved, shares, strict=True) if share.number is None]
    credit_pools.refund(case.connection, back, today=case.desk.today)
    _tell_back(case, back)
    keys = [target.key for target in targets.values()]
    settled = credit_pools.settle(case.connection, keys, today=case.desk.today, by_hand=True)
    lines = [*told(settled, moved), *(_back_words(each) for each in back)]
    return case.outcome(lines, moved)


def _share_of(case: Case, share: Share, targets: dict[str, Target]) -> Part:
    if share.number is not None:
        matched = case.matched(targets[share.number])
        return replace(matched, amount_cents=share.amount_cents)
    _require_sender(case)
    return replace(
        case.part,
        amount_cents=share.amount_cents,
        reason="officer",
        filer_code=None,
        statement_number=None,
    )


def _refund(case: Case) -> Outcome:
    _require_sender(case)
    credit_pools.refund(case.connection, [case.part], today=case.desk.today)
    _tell_back(case, [case.part])
    return case.outcome([_back_words(case.part)], [case.part])


def _ask(case: Case) -> Outcome:
    payer = _sender(case)
    if payer is None:
        raise Refused(Fault(NOBODY_TO_ASK, {"part_id": case.part.part_id}))
    outcome = case.outcome([f"{payer.payer_identifier}, {payer.name}, was asked."], [case.part])
    act_id = keep_act(case, outcome)
    part = case.part
    text = (
        f"About your payment of {format_dollars(part.amount_cents)}, collected on"
        f" {part.collected_on.isoformat()} ({part.part_id}), you are asked: {case.order.reason}"
        f" {credit_notices.how_to_answer(part.part_id)}"
    )
    key = f"question/{part.part_id}/{act_id}"
    notice = NewPayerNotice(payer.payer_party_id, "credit-question", text, key)
    _put(case, [notice])
    return replace(outcome, kept=True)


def _sender(case: Case) -> Payer | None:
    """Give whom money goes back to and who is asked: who pushed it, or else whose it is."""
    part = case.part
    payer = payer_of(case.connection, part.paying_party_id or part.payer_party_id)
    return None if payer.kind == "agency" else payer


def _require_sender(case: Case) -> None:
    if _sender(case) is None:
        raise Refused(Fault(REFUND_TO_NOBODY, {"part_id": case.part.part_id}))


def _tell_back(case: Case, parts: Sequence[Part]) -> None:
    notices = [
        NewPayerNotice(
            part.paying_party_id or part.payer_party_id,
            "credit-refundable",
            f"{format_dollars(part.amount_cents)} of your payment {part.part_id}, collected on"
            f" {part.collected_on.isoformat()}, is owed back to you, as was decided:"
            f" {case.order.reason}",
            f"refundable/{part.part_id}",
        )
        for part in parts
    ]
    _put(case, notices)


def _put(case: Case, notices: Sequence[NewPayerNotice]) -> None:
    today = case.desk.today
    payer_notices.put(case.connection, notices, created_on=today.business_date, clock=today.clock)


def _back_words(part: Part) -> str:
    return f"{part.part_id}: {format_dollars(part.amount_cents)} is owed back."


def told(settled: Settled, parts: Sequence[Part]) -> list[str]:
    """Say what became of each part that was for a statement, and of the statements."""
    uses = {use.part.part_id: (payable, use) for payable, use in settled.uses}
    lines = []
    for part in parts:
        if part.part_id not in uses:
            continue
        payable, use = uses[part.part_id]
        over = use.refundable_cents
        more = f", {format_dollars(over)} is owed back ({use.cause})" if over else ""
        lines.append(
            f"{part.part_id}: {format_dollars(use.applied_cents)} applied to"
            f" {payable.statement_number}{more}."
        )
    for (_, number), settlement in settled.settlements.items():
        if settlement.paid_on is not None:
            lines.append(f"Statement {number} is paid as of {settlement.paid_on.isoformat()}.")
        elif settlement.missing_cents:
            missing = format_dollars(settlement.missing_cents)
            lines.append(f"Statement {number} waits: {missing} is still missing.")
    return lines
