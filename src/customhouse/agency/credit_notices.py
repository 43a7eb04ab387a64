"""What payers are told of payments they pushed: what is missing, what is not matched, what is back.

Nothing is said of a payment that simply pays its statement (CRD-10): the final statement is the
receipt. A payer is told once of each thing, in the way it chose; of money that nobody is known for
nobody is told. Texts name amounts, documents and trace numbers, and no account.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from psycopg import Connection

from customhouse.agency import credit_balances, payer_notices
from customhouse.agency.credit_matching import Payable, Settlement, Use
from customhouse.agency.credit_parts import Part, Today
from customhouse.agency.payer_notices import NewPayerNotice
from customhouse.money import format_dollars

# More parts of one entry than these are told in one notice.
MOST_TOLD_SINGLY: Final = 10
_WHY_BACK: Final[dict[str | None, str]] = {
    "over": "It was more than statement {number} asked for.",
    "duplicate": "Statement {number} was paid by another payment.",
    "paid-by-debit": (
        "Statement {number} is paid by a debit that was authorized; should that debit come back,"
        " the statement is to be paid anew."
    ),
    "nothing-due": "Nothing is due on statement {number}.",
}
_NEXT_UNMATCHED: Final = (
    "Nothing is lost: the money is kept for you with its collection date. Say which document it"
    " pays, or that it is to go back."
)
_HOW_TO_ANSWER: Final = (
    "Answer with: customhouse credits answer {part_id} --document NUMBER, or with --refund or"
    " --text in place of the document; over the API: POST /api/v1/payer/credits/{part_id}/answers."
    " Until you answer the money waits and pays nothing, unless an officer decides without you."
)
Key = tuple[str, str]


def tell_unmatched(connection: Connection, parts: Sequence[Part], *, today: Today) -> None:
    """Tell known payers at once of money that cannot be applied, and what is missing (CRD-04).

    Of many parts of one entry with one reason a payer is told together: a CTX entry may have
    thousands, and each notice may be a mail.
    """
    groups: dict[tuple[int, str, str], list[Part]] = {}
    for part in parts:
        if part.paying_party_id is not None and part.document is None:
            key = (part.paying_party_id, part.credit_id, part.reason)
            groups.setdefault(key, []).append(part)
    notices: list[NewPayerNotice] = []
    for (payer, credit_id, reason), group in groups.items():
        if len(group) > MOST_TOLD_SINGLY:
            notices.append(_unmatched_together(payer, group, key=f"{credit_id}/{reason}"))
        else:
            notices += [_unmatched(payer, part) for part in group]
    _put(connection, notices, today)


def how_to_answer(part_id: str) -> str:
    """Say how a payer answers about a part, and what happens when it does not (CRD-04)."""
    return _HOW_TO_ANSWER.format(part_id=part_id)


def _unmatched(payer: int, part: Part) -> NewPayerNotice:
    text = (
        f"Your payment of {format_dollars(part.amount_cents)}, collected on"
        f" {part.collected_on.isoformat()} ({part.part_id}), could not be applied."
        f" {part.detail} {_NEXT_UNMATCHED} {how_to_answer(part.part_id)}"
    )
    return NewPayerNotice(payer, "credit-unmatched", text, f"unmatched/{part.part_id}")


def _unmatched_together(payer: int, parts: Sequence[Part], *, key: str) -> NewPayerNotice:
    first = parts[0]
    cents = sum(part.amount_cents for part in parts)
    text = (
        f"{len(parts):,} parts of your payment {first.credit_id}, {format_dollars(cents)} together,"
        f" collected on {first.collected_on.isoformat()}, could not be applied. The first is"
        f" {first.part_id}: {first.detail} {_NEXT_UNMATCHED} customhouse credits waiting lists"
        f" them all. {how_to_answer(first.part_id)}"
    )
    return NewPayerNotice(payer, "credit-unmatched", text, f"unmatched/{key}")


def tell_settled(
    connection: Connection,
    payables: Mapping[Key, Payable],
    settlements: Mapping[Key, Settlement],
    *,
    today: Today,
) -> None:
    """Tell payers the balance due (CRD-06) and what goes back to them (CRD-05, CRD-08)."""
    short = [key for key, each in settlements.items() if each.missing_cents]
    credit_balances.tell(connection, short, today=today)
    notices: list[NewPayerNotice] = []
    for key, settlement in settlements.items():
        notices += _all_owed_back(payables[key], settlement)
    _put(connection, notices, today)


def _all_owed_back(payable: Payable, settlement: Settlement) -> Iterator[NewPayerNotice]:
    """Tell what goes back; of many parts of one entry with one cause together."""
    groups: dict[tuple[int | None, str, str | None], list[Use]] = {}
    for use in settlement.uses:
        if use.refundable_cents and use.part.paying_party_id is not None:
            credit_id = use.part.part_id.partition(".")[0]
            group = (use.part.paying_party_id, credit_id, use.cause)
            groups.setdefault(group, []).append(use)
    for (_, credit_id, _), uses in groups.items():
        if len(uses) > MOST_TOLD_SINGLY:
            yield _owed_back_together(payable, uses, credit_id=credit_id)
        else:
            yield from (_owed_back(payable, use) for use in uses)


def _owed_back(payable: Payable, use: Use) -> NewPayerNotice:
    number = payable.statement_number
    why = _WHY_BACK[use.cause].format(number=number)
    text = (
        f"{format_dollars(use.refundable_cents)} of your payment"
        f" {use.part.part_id}, collected on {use.part.collected_on.isoformat()}, is owed back to"
        f" you. {why} It is not kept for another statement; do not have your bank reverse it."
    )
    return NewPayerNotice(
        payer_party_id=use.part.paying_party_id or use.part.payer_party_id,
        kind="credit-refundable",
        text=text,
        natural_key=f"refundable/{use.part.part_id}",
        statement_number=number,
    )


def _owed_back_together(payable: Payable, uses: Sequence[Use], *, credit_id: str) -> NewPayerNotice:
    number, first = payable.statement_number, uses[0]
    cents = sum(use.refundable_cents for use in uses)
    text = (
        f"{format_dollars(cents)} of your payment {credit_id}, collected on"
        f" {first.part.collected_on.isoformat()}, is owed back to you: {len(uses):,} parts of it."
        f" {_WHY_BACK[first.cause].format(number=number)} It is not kept for another statement;"
        " do not have your bank reverse it."
    )
    return NewPayerNotice(
        payer_party_id=first.part.paying_party_id or first.part.payer_party_id,
        kind="credit-refundable",
        text=text,
        natural_key=f"refundable/{number}/{first.part.part_id}",
        statement_number=number,
    )


def _put(connection: Connection, notices: Sequence[NewPayerNotice], today: Today) -> None:
    if notices:
        payer_notices.put(connection, notices, created_on=today.business_date, clock=today.clock)
