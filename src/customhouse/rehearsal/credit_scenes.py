"""Money that arrives by itself, a scene for each of the ten days: what goes right and what wrong.

Each plays behind the day's other scene and before the filer pays the rest. What is pushed on a day
settles on the next banking day and is known to the agency on the morning behind that. A scene
foretells what becomes of every cent; the checks at the end hold the ledger against it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from customhouse.money import format_dollars
from customhouse.rehearsal.filer_books import HeldStatement
from customhouse.rehearsal.filers import SimulatedFiler
from customhouse.rehearsal.push_script import (
    STRANGER,
    Item,
    Push,
    one_digit_off,
    transposed,
)
from customhouse.rehearsal.stage import Stage
from customhouse.rehearsal.world_credits import FURNITURE, GATEWAY, HARBOR, UNTRIED, name_of
from customhouse.rehearsal.world_data import IMPORTERS

Scene = Callable[[Stage, date], None]

SHORT_BY: Final = 10_000
TOO_MUCH: Final = 2_510
NOBODYS_CENTS: Final = 50_000
NEVER_PAID_CENTS: Final = 12_345
STRANGERS_CENTS: Final = 77_700
A_DOLLAR: Final = 100
_WHY_IT_WAITS: Final = {
    "payer-not-enrolled": "of a payer that has not joined",
    "addendum-missing": "which came without an addendum, so that nobody knows what it pays",
}


def right_and_short(stage: Stage, on: date) -> None:
    """Day 1: one payment is exact, another a hundred dollars short."""
    del on
    right = _keep_back(stage, "right", _last_broker(stage.filer(GATEWAY)))
    push = _push(stage, GATEWAY, Item(right.number, right.total_cents))
    (text,) = push.addenda(stage.settles_next)
    stage.narrator.say(
        GATEWAY,
        f"Has its bank push {format_dollars(right.total_cents)} for {right.number}; the addendum"
        f" says {text}",
    )
    short = _keep_back(stage, "short", _last_broker(stage.filer(HARBOR)))
    sent = short.total_cents - SHORT_BY
    _push(stage, HARBOR, Item(short.number, sent))
    stage.narrator.say(
        HARBOR,
        f"Pushes {format_dollars(sent)} for {short.number}, which is {format_dollars(SHORT_BY)}"
        " too little.",
    )


def over_and_not_joined(stage: Stage, on: date) -> None:
    """Day 2: one pays too much, one pays although its zero-dollar entry was refused."""
    del on
    over = _keep_back(stage, "over", _last_broker(stage.filer(GATEWAY)))
    _push(stage, GATEWAY, Item(over.number, over.total_cents + TOO_MUCH))
    stage.happenings.goes_back["over"] = TOO_MUCH
    stage.narrator.say(GATEWAY, f"Pushes {format_dollars(TOO_MUCH)} too much for {over.number}.")
    statement = _last_broker(stage.filer(UNTRIED))
    _push(stage, UNTRIED, Item(statement.number, statement.total_cents))
    stage.happenings.waits["not joined"] = statement.total_cents
    stage.narrator.say(
        UNTRIED,
        f"Pushes {format_dollars(statement.total_cents)} for {statement.number} without having"
        " joined, and to be safe pays it by debit too.",
    )
    _strangers_money(stage)


def _strangers_money(stage: Stage) -> None:
    """Somebody whom nobody knows pays a bill that is none of ours."""
    item = Item("4417", STRANGERS_CENTS, ("text",))
    push = Push(STRANGER, (item,), company_name="EXAMPLE BAKERY")
    stage.operator.payer_banks.script.add([push])
    stage.narrator.say(
        "world",
        f"A bakery whom nobody here knows pushes {format_dollars(STRANGERS_CENTS)} for a bill of"
        " somebody else.",
    )


def rest_and_transposed(stage: Stage, on: date) -> None:
    """Day 3: the exact payment is final; the rest of the short one is sent; digits change place."""
    del on
    _expect_final(stage, "right", "the exact payment was final on the day after it")
    short = stage.happenings.pushed["short"]
    _expect_told(stage, HARBOR, f"{format_dollars(SHORT_BY)} is missing")
    _push(stage, HARBOR, Item(short.number, SHORT_BY))
    stage.narrator.say(
        HARBOR, f"Pushes the {format_dollars(SHORT_BY)} that are missing on {short.number}."
    )
    statement = _keep_back(stage, "transposed", _last_broker(stage.filer(GATEWAY)))
    wrong = _misspelled(stage, statement.number)
    _push(stage, GATEWAY, Item(wrong, statement.total_cents))
    stage.narrator.say(
        GATEWAY,
        f"Pushes {format_dollars(statement.total_cents)} for {statement.number}, but its bank"
        f" types {wrong}.",
    )


def importer_pays_twice(stage: Stage, on: date) -> None:
    """Day 4: an importer pays a statement of type 5 and its bank sends that twice, padded.

    Another payer's bank writes two segments into one addendum.
    """
    del on
    _expect_final(stage, "over", "of too much the due amount was applied")
    _send_back(stage)
    _expect_told(stage, GATEWAY, f"{format_dollars(TOO_MUCH)} of your payment")
    statement = _keep_back(stage, "importer", _statement_of(stage.filer(HARBOR), FURNITURE))
    item = Item(statement.number, statement.total_cents, ("blanks",))
    _push(stage, FURNITURE, item, flaws=("twice",))
    stage.happenings.goes_back["twice"] = statement.total_cents
    stage.narrator.say(
        "filers",
        f"{name_of(FURNITURE)} itself pushes {format_dollars(statement.total_cents)} for"
        f" {statement.number}, the statement of all its suffixes (payment type"
        f" {statement.payment_type}); its bank pads the addendum with blanks and sends it twice.",
    )
    two = _keep_back(stage, "two segments", _last_broker(stage.filer(GATEWAY)))
    _push(stage, GATEWAY, Item(two.number, two.total_cents, ("two",)))
    stage.narrator.say(
        GATEWAY,
        f"Pushes {format_dollars(two.total_cents)} for {two.number}; its bank writes two TXP"
        " segments into the one addendum.",
    )


def applied_and_three_in_one(stage: Stage, on: date) -> None:
    """Day 5: an officer applies what was misspelled; three documents come in one entry."""
    del on
    _expect_final(stage, "short", "the short payment was final once the rest had come")
    _apply(stage, "transposed", reason="two digits changed place, the amount is equal")
    filer = stage.filer(HARBOR)
    fresh = [held for held in filer.books.open_statements() if held.opened == 1][-3:]
    names = ("first of three", "second of three", "third of three")
    three = [_keep_back(stage, name, held) for name, held in zip(names, fresh, strict=True)]
    items = [Item(held.number, held.total_cents) for held in three]
    items[-1] = replace(items[-1], document=_misspelled(stage, three[-1].number))
    push = _push(stage, HARBOR, *items)
    stage.narrator.say(
        HARBOR,
        f"Pushes {format_dollars(push.entry_cents)} in one CTX entry for"
        f" {', '.join(held.number for held in three)}; the last one is misspelled:"
        f" {items[-1].document}.",
    )


def debit_too_and_reversals(stage: Stage, on: date) -> None:
    """Day 6: a statement is paid by debit and by credit; two payers try to take money back."""
    del on
    _expect_final(stage, "transposed", "what an officer applied was final on the day after it")
    _expect_final(stage, "importer", "the importer's padded payment was read and final")
    own = stage.happenings.pushed["importer"]
    stage.happenings.held(
        "an importer's statement of payment type 5 was paid by credit",
        good=own.payment_type == "5" and own.finals == 1,
    )
    _expect_told(stage, GATEWAY, "A second TXP stands")
    _apply(stage, "two segments", reason="both segments name the same statement")
    filer = stage.filer(HARBOR)
    statement = _last_broker(filer)
    _push(stage, HARBOR, Item(statement.number, statement.total_cents))
    stage.happenings.goes_back["debit too"] = statement.total_cents
    stage.narrator.say(
        HARBOR, f"Pays {statement.number} by debit, and another office pushes the money as well."
    )
    right = stage.happenings.pushed["right"]
    _push(stage, GATEWAY, Item(right.number, right.total_cents), flaws=("reversal",))
    stage.narrator.say(
        GATEWAY,
        f"Has its bank reverse the {format_dollars(right.total_cents)} of the first day.",
    )
    _push(stage, UNTRIED, Item(right.number, NEVER_PAID_CENTS), flaws=("reversal",))
    words = f"Has its bank reverse {format_dollars(NEVER_PAID_CENTS)} that it never paid."
    stage.narrator.say(UNTRIED, words)
    stage.happenings.sent_back |= {"R29": right.total_cents, "R17": NEVER_PAID_CENTS}


def unreadable(stage: Stage, on: date) -> None:
    """Day 7: a letter in an amount, another agency's payment type, no addendum at all."""
    del on
    _expect_final(stage, "two segments", "what came in two segments was applied and final")
    _apply(stage, "third of three", reason="one digit is off, the amount is equal")
    statement = _last_broker(stage.filer(GATEWAY))
    cents = statement.total_cents
    _push(stage, GATEWAY, Item(statement.number, cents, ("letter",)))
    stage.happenings.goes_back["letter"] = cents
    stage.narrator.say(
        GATEWAY,
        f"Pushes {format_dollars(cents)} for {statement.number} with a letter in the amount,"
        " sees it, and pays by debit instead.",
    )
    typed = _keep_back(stage, "type", _last_broker(stage.filer(HARBOR)))
    _push(stage, HARBOR, Item(typed.number, typed.total_cents, ("type",)))
    stage.narrator.say(
        HARBOR, f"Pushes for {typed.number} with the payment type of another agency."
    )
    _push(stage, HARBOR, Item(typed.number, NOBODYS_CENTS), flaws=("bare",))
    stage.happenings.waits["bare"] = NOBODYS_CENTS
    stage.narrator.say(
        HARBOR, f"And {format_dollars(NOBODYS_CENTS)} without any addendum: nothing says for what."
    )


def astray_and_sum(stage: Stage, on: date) -> None:
    """Day 8: money for a wrong account; an entry that brings more than its addendum says."""
    del on
    _expect_final(stage, "third of three", "the misspelled third of three was applied and final")
    _expect_told(stage, HARBOR, "is paid by a debit")
    astray = _last_broker(stage.filer(GATEWAY))
    _push(stage, GATEWAY, Item(astray.number, astray.total_cents), flaws=("account",))
    stage.happenings.sent_back["R03"] = astray.total_cents
    stage.narrator.say(
        GATEWAY,
        f"Pushes {format_dollars(astray.total_cents)} to an account that does not exist, and pays"
        f" {astray.number} by debit.",
    )
    statement = _keep_back(stage, "sum", _last_broker(stage.filer(HARBOR)))
    _push(stage, HARBOR, Item(statement.number, statement.total_cents), flaws=("sum",))
    stage.happenings.goes_back["sum"] = A_DOLLAR
    stage.narrator.say(
        HARBOR,
        f"Pushes {format_dollars(statement.total_cents + A_DOLLAR)} for {statement.number}; the"
        " addendum says a dollar less.",
    )


def remembered(stage: Stage, on: date) -> None:
    """Day 9: an officer's answer becomes a rule, and the same flaw comes once more."""
    del on
    _apply(stage, "type", reason="this bank writes another agency's type", remember=True)
    _refund(stage, "letter", reason="the statement was paid by debit")
    again = _keep_back(stage, "type again", _last_broker(stage.filer(HARBOR)))
    _push(stage, HARBOR, Item(again.number, again.total_cents, ("type",)))
    stage.narrator.say(HARBOR, f"Pushes for {again.number} with the same wrong type.")


def divided(stage: Stage, on: date) -> None:
    """Day 10: an officer divides what did not add up, and looks at what still waits."""
    del on
    _expect_final(stage, "type", "what was applied with a rule was final")
    statement = stage.happenings.pushed["sum"]
    stage.desk.split(
        statement.total_cents + A_DOLLAR,
        {statement.number: statement.total_cents, "refund": A_DOLLAR},
        reason="the entry brought a dollar too much",
    )
    stage.narrator.say(
        "officer",
        f"Divides {format_dollars(statement.total_cents + A_DOLLAR)}:"
        f" {format_dollars(statement.total_cents)} for {statement.number},"
        f" {format_dollars(A_DOLLAR)} back to the payer.",
    )
    for waiting in stage.desk.waiting():
        stage.narrator.say(
            "officer",
            f"Still waits, for {waiting.age_days} days: {format_dollars(waiting.amount_cents)},"
            f" {_WHY_IT_WAITS.get(waiting.reason, waiting.reason)}.",
        )


CREDIT_SCENES: tuple[Scene, ...] = (
    right_and_short,
    over_and_not_joined,
    rest_and_transposed,
    importer_pays_twice,
    applied_and_three_in_one,
    debit_too_and_reversals,
    unreadable,
    astray_and_sum,
    remembered,
    divided,
)


def _push(stage: Stage, payer: str, *items: Item, flaws: tuple[str, ...] = ()) -> Push:
    """Order a payer's bank to push; give the order."""
    push = Push(payer, items, flaws, company_name=name_of(payer)[:16])
    stage.operator.payer_banks.script.add([push])
    return push


def _keep_back(stage: Stage, name: str, statement: HeldStatement) -> HeldStatement:
    """Note that a statement is paid by a push, under a name of ours: its filer debits it not."""
    statement.open = False
    statement.accepted += 1
    stage.happenings.pushed[name] = statement
    return statement


def _last_broker(filer: SimulatedFiler) -> HeldStatement:
    """Give the filer's last open statement of type 2 that was printed today."""
    fresh = [held for held in filer.books.open_statements() if held.opened == 1]
    return [held for held in fresh if held.payment_type == "2"][-1]


def _statement_of(filer: SimulatedFiler, importer_number: str) -> HeldStatement:
    waiting = filer.books.open_statements()
    (importer,) = (one for one in IMPORTERS if one.number == importer_number)
    return next(held for held in waiting if importer.is_named(held.importer_number))


def _misspelled(stage: Stage, number: str) -> str:
    """Give a number that is nearly right and names no statement of anybody."""
    known = {one for filer in stage.filers.values() for one in filer.books.statements}
    return next(
        wrong for wrong in (one_digit_off(number), transposed(number)) if wrong not in known
    )


def _expect_final(stage: Stage, name: str, what: str) -> None:
    stage.happenings.held(what, good=stage.happenings.pushed[name].finals == 1)


def _expect_told(stage: Stage, filer_code: str, words: str) -> None:
    told = any(words in text for text in stage.told.get(filer_code, ()))
    stage.happenings.held(f"{filer_code} was told: {words}", good=told)


def _apply(stage: Stage, name: str, *, reason: str, remember: bool = False) -> None:
    """Let the officer apply the payment of a statement that waits at the desk."""
    statement = stage.happenings.pushed[name]
    cents = statement.total_cents
    stage.desk.apply(cents, statement.number, reason=reason, remember=remember)
    rule = ", and has it remembered as a rule" if remember else ""
    stage.narrator.say(
        "officer", f"Applies {format_dollars(cents)} to {statement.number}: {reason}{rule}."
    )


def _send_back(stage: Stage) -> None:
    """An officer refuses the stranger's money; its bank hears of it by the return entry alone."""
    stage.desk.send_back(STRANGERS_CENTS, reason="it was meant for somebody else")
    stage.happenings.sent_back["R23"] = STRANGERS_CENTS
    stage.narrator.say(
        "officer",
        f"Sends {format_dollars(STRANGERS_CENTS)} back to the bakery's bank: nobody here is to"
        " have it.",
    )


def _refund(stage: Stage, name: str, *, reason: str) -> None:
    cents = stage.happenings.goes_back[name]
    stage.desk.refund(cents, reason=reason)
    stage.narrator.say("officer", f"Sends {format_dollars(cents)} back: {reason}.")
