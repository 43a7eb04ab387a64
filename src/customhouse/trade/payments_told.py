"""How the answers to a payment order are told: a line a statement, its faults and what explains it.

Pure: values of the JSON API into lines. Nothing is printed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from customhouse.money import format_dollars
from customhouse.trade.client_payments import Values, is_done, stands_as_ordered
from customhouse.trade.counted import counted

_WORDS = {
    "taken-off": "entry {entry} was taken off on {removed_on} ({removed_source}): {asked}",
    "not-on-statement": "entry {entry} is not on the statement: you have {asked}",
    "not-listed": "entry {entry} is on the statement, not in your list: {books}",
    "amount-differs": "entry {entry} has {books} on the books: you have {asked}",
}
_CAPS = {"near": "90 % or more of the daily cap", "beyond": "beyond the daily cap"}


def statement_line(statement: Values) -> str:
    """Tell one statement of a list: state, total, due date, and where its payment stands."""
    number, state = statement["statement_number"], statement["state"]
    due = f"due {statement['due_on']}" if statement["due_on"] else ""
    total = format_dollars(statement["total_cents"])
    return f"{number}  {state:12} {total:>15}  {due:14} {_payment(statement)}".rstrip()


def _payment(statement: Values) -> str:
    if statement["paid_on"]:
        return f"paid by ACH Credit {statement['paid_on']}"
    if statement["state"] == "authorized":
        return f"debit expected {statement['debit_on']}"
    waiting = statement["waiting_cents"]
    if statement["state"] != "preliminary" or not waiting:
        return ""
    missing = format_dollars(max(0, statement["total_cents"] - waiting))
    return f"{format_dollars(waiting)} arrived by ACH Credit, {missing} missing"


def order_lines(body: Values, answers: Sequence[Values], *, tried: bool) -> Iterator[str]:
    """Tell every statement of an order, then sums, days and advice; ``tried`` is a dry run."""
    outcomes = [outcome for answer in answers for outcome in answer["outcomes"]]
    if outcomes:
        yield f"{'statement':11} {'amount':>15}  {'outcome':22} expected debit"
    for outcome in outcomes:
        yield from _outcome_lines(body, outcome, tried=tried)
    done = [each for each in outcomes if is_done(body, each)]
    yield _count_line(body, outcomes, tried=tried)
    for number in sorted({each for answer in answers for each in answer["left_out"]}):
        yield f"statement {number} is left out: it holds entries of other importers"
    yield from _day_lines(answers)
    if tried and answers[-1]["has_more"]:
        yield "more is due than one order takes; the rest follows by itself"
    if done:
        yield answers[0]["advice"]


def _count_line(body: Values, outcomes: Sequence[Values], *, tried: bool) -> str:
    """Count an order's statements: authorized by it, authorized before it, refused; and cents."""
    before = [each for each in outcomes if stands_as_ordered(body, each)]
    new = [each for each in outcomes if each["outcome"] == "accepted"]
    told = [(len(new), "would be authorized" if tried else "authorized", new)]
    if before:
        told.append((len(before), "authorized before", before))
    counts = [
        f"{count:,} {verb}, {format_dollars(sum(each['amount_cents'] for each in those))}"
        for count, verb, those in told
    ]
    refused = len(outcomes) - len(new) - len(before)
    return f"{counted(len(outcomes), 'statement')}: {'; '.join(counts)}; {refused:,} refused"


def negation_lines(outcomes: Sequence[Values]) -> Iterator[str]:
    """Tell what was undone, a line a statement, and what is wrong with the others."""
    for each in outcomes:
        dollars = format_dollars(each["amount_cents"])
        yield f"{each['statement_number'] or '?':11} {dollars:>15}  {each['outcome']}"
        for fault in each["faults"]:
            yield f"  {fault['code']}: {fault['detail']}"
            yield f"    hint: {fault['next_step']}"
    undone = sum(1 for each in outcomes if each["outcome"] == "undone")
    yield f"{counted(undone, 'authorization')} undone; {len(outcomes) - undone:,} refused"


def _outcome_lines(body: Values, outcome: Values, *, tried: bool) -> Iterator[str]:
    number = outcome["statement_number"] or "?"
    day = outcome["expected_debit_on"] or ""
    if outcome["debit_on_chosen"]:
        day = f"{day} (the day you chose)"
    word = outcome["outcome"]
    if stands_as_ordered(body, outcome):
        word, day = "authorized before", outcome["standing"]["expected_debit_on"]
    elif word == "accepted" and tried:
        word = "would be accepted"
    yield f"{number:11} {format_dollars(outcome['amount_cents']):>15}  {word:22} {day}".rstrip()
    if is_done(body, outcome):
        return
    for fault in outcome["faults"]:
        yield f"  {fault['code']}: {fault['detail']}"
        yield f"    hint: {fault['next_step']}"
    if outcome["difference"] is not None:
        yield from _difference_lines(outcome["difference"])


def _difference_lines(difference: Values) -> Iterator[str]:
    gap = difference["difference_cents"]
    direction = "more" if gap > 0 else "less"
    if gap:
        yield f"  the amount is {format_dollars(abs(gap))} {direction} than the total"
    for each in difference["entries"]:
        words = _WORDS[each["kind"]].format(
            entry=each["entry_number"],
            removed_on=each["removed_on"],
            removed_source=each["removed_source"],
            asked=_dollars(each["asked_cents"]),
            books=_dollars(each["books_cents"]),
        )
        yield f"    {words}"
    if not difference["is_only_choice"]:
        yield "    other entries that were taken off would explain it as well"
    if difference["unexplained_cents"]:
        yield f"    nothing found explains {format_dollars(difference['unexplained_cents'])} of it"


def _day_lines(answers: Sequence[Values]) -> Iterator[str]:
    for answer in answers:
        for day in answer.get("days", []):
            planned = format_dollars(day["asked_cents"])
            standing = format_dollars(day["standing_cents"])
            line = (
                f"payer unit {day['payer_unit_number']} on {day['debit_on']}: {planned}"
                f" beside {standing} authorized before"
            )
            cap = _CAPS.get(day["cap"])
            yield f"{line}; {cap} of {_dollars(day['daily_cap_cents'])}" if cap else line


def _dollars(cents: int | None) -> str:
    return "nothing" if cents is None else format_dollars(cents)
