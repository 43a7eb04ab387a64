"""What goes wrong and is put right, a scene for each of the ten days.

Each scene plays after the statements arrived and before the filer pays the rest. A scene tells what
happens and notes whether it went as it should; the checks at the end read the notes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from customhouse.formats.abi_batch import read_answer
from customhouse.formats.abi_messages import AuthorizationAnswer, parse_authorization_answers
from customhouse.money import format_dollars
from customhouse.rehearsal.filer_books import HeldStatement
from customhouse.rehearsal.filers import NEGATED, Payment, SimulatedFiler, words
from customhouse.rehearsal.lone_authorization import race
from customhouse.rehearsal.receiving_banks import ScriptLine
from customhouse.rehearsal.stage import Stage
from customhouse.rehearsal.world_entries import business_days, number_of

Scene = Callable[[Stage, date], None]


def scripted_return(stage: Stage, on: date) -> None:
    """Day 1: a payer's bank will send a debit back, which nobody on this side knows yet."""
    filer = stage.filer("B76")
    statement = _broker_statement(filer)
    stage.operator.script.add([ScriptLine(statement.number, "R01", 1)])
    stage.happenings.returned_statement = statement.number
    stage.narrator.say(
        "world", f"B76's account will not have the money for {statement.number} on Wednesday."
    )


def deletion_and_mismatch(stage: Stage, on: date) -> None:
    """Day 2: an entry comes off, the old total is refused, the total of the answer accepted."""
    filer, tell = stage.filer("B76"), stage.narrator
    statement = _broker_statement(filer)
    old_cents = statement.total_cents
    entry = _dearest_entry(filer, statement)
    filer.update(statement, entry)
    tell.say(
        "B76",
        f"Takes entry {number_of(filer.books.entries[entry])} off {statement.number}:"
        f" {format_dollars(old_cents)} becomes {format_dollars(statement.total_cents)}.",
    )
    stale = Payment(statement, filer.payer_unit_for(statement), old_cents)
    answer = _one(filer, stale)
    told = _told_total(answer)
    as_wanted = not answer.accepted and told == statement.total_cents
    stage.happenings.held("an authorization with the old total was refused", good=as_wanted)
    _tell_refusal(
        stage, "B76", did=f"Authorizes {statement.number} with the old total", answer=answer
    )
    corrected = Payment(statement, stale.payer_unit, told)
    answer = _one(filer, corrected)
    stage.happenings.held("the total of the answer was accepted", good=answer.accepted)
    tell.say("B76", f"Sends {format_dollars(told)}, the total of the answer: accepted.")


def wrong_payer_unit(stage: Stage, on: date) -> None:
    """Day 3: one importer's payer unit for another importer's statement."""
    filer = stage.filer("D31")
    steel = _statement_of(filer, "20-000020100")
    tools_unit = filer.payer_unit_for(_statement_of(filer, "10-000010100"))
    answer = _one(filer, Payment(steel, tools_unit, steel.total_cents))
    as_wanted = not answer.accepted and _codes(answer) == {"D06"}
    stage.happenings.held("another importer's payer unit was refused", good=as_wanted)
    _tell_refusal(
        stage,
        "D31",
        did=f"Pays Invented Steel's {steel.number} with Imaginary Tool's unit {tools_unit}",
        answer=answer,
    )
    answer = _one(filer, filer.payment(steel))
    stage.happenings.held("the right payer unit was accepted", good=answer.accepted)
    stage.narrator.say("D31", f"Sends it with unit {filer.payer_unit_for(steel)}: accepted.")


def double_authorization(stage: Stage, on: date) -> None:
    """Day 4: two processes of one filer authorize one statement at the same moment."""
    filer = stage.filer("B76")
    statement = _broker_statement(filer)
    payment = filer.payment(statement)
    batches = [filer.batch_for([payment], tag=f"OFFICE {name}") for name in ("A", "B")]
    stage.narrator.say(
        "B76", f"Two of its offices authorize {statement.number} at the same moment."
    )
    answers = [_single(text) for text in race(filer.line.site, batches)]
    winners = [answer for answer in answers if answer.accepted]
    losers = [answer for answer in answers if not answer.accepted]
    for answer in winners:
        filer.note(payment, answer)
    stage.happenings.race_winners = len(winners)
    one_each = len(winners) == 1 and len(losers) == 1 and _codes(losers[0]) == {"D03"}
    stage.happenings.held("exactly one of two authorizations won", good=one_each)
    for answer in losers:
        stage.happenings.authorizations_refused += 1
        stage.narrator.refused(
            "agency", f"Accepts {len(winners)} and refuses {len(losers)}: {words(answer)}."
        )


def scripted_change(stage: Stage, on: date) -> None:
    """Day 5: a payer's bank will notify a change; the returned statement is already open again."""
    returned = stage.happenings.returned_statement
    statement = stage.filer("B76").books.statements[returned]
    stage.happenings.held("the returned statement was open again", good=statement.opened == 2)
    stage.narrator.say("B76", f"Statement {returned} is open again; it is paid anew today.")
    other = _broker_statement(stage.filer("R55"))
    stage.operator.script.add([ScriptLine(other.number, "C01", 1)])
    stage.happenings.changed_statement = other.number
    stage.narrator.say("world", "R55's bank has given its account a new number.")


def moved_entry(stage: Stage, on: date) -> None:
    """Day 6: an entry moves to the statement of a later day."""
    filer = stage.filer("M08")
    statement = _broker_statement(filer)
    entry = _dearest_entry(filer, statement)
    later = next(day for day in business_days() if (day - on).days >= 2)
    filer.update(statement, entry, move_to=later)
    stage.happenings.moved[later] = ("M08", entry)
    stage.narrator.say(
        "M08",
        f"Moves entry {number_of(filer.books.entries[entry])} from {statement.number} to"
        f" {later:%A}: {format_dollars(statement.total_cents)} is left.",
    )


def others_statement(stage: Stage, on: date) -> None:
    """Day 7: a filer authorizes a statement of another filer, and is not told that it exists."""
    own, other = stage.filer("R55"), stage.filer("D31")
    foreign = _broker_statement(other)
    answer = _one(own, Payment(_as_own(own, foreign), own.who.payer_unit, foreign.total_cents))
    as_wanted = not answer.accepted and _codes(answer) == {"D01"}
    stage.happenings.held("another filer's statement was refused", good=as_wanted)
    _tell_refusal(stage, "R55", did=f"Tries to pay D31's statement {foreign.number}", answer=answer)


def arrived_entry(stage: Stage, on: date) -> None:
    """Day 8: the entry that moved is on a statement of today."""
    code, entry = stage.happenings.moved.get(on, ("", ""))
    if not code:
        stage.happenings.held("an entry was moved to this day", good=False)
        return
    filer = stage.filer(code)
    now_on = [held.number for held in filer.books.open_statements() if entry in held.entries]
    stage.happenings.held("the moved entry came on its new day", good=len(now_on) == 1)
    number = number_of(filer.books.entries[entry])
    stage.narrator.say(code, f"Finds entry {number} on {', '.join(now_on) or 'no statement'}.")


def taken_back(stage: Stage, on: date) -> None:
    """Day 8: a filer takes an authorization back before the cut-off, and pays after all."""
    arrived_entry(stage, on)
    filer = stage.filer("R55")
    payment = filer.payment(_broker_statement(filer))
    (paid,) = filer.authorize([payment])
    undone = filer.negate(payment)
    as_wanted = paid.accepted and undone.disposition.code == NEGATED
    stage.happenings.held("an authorization was taken back on its day", good=as_wanted)
    number = payment.statement.number
    stage.narrator.say(
        "R55",
        f"Authorizes {number} and takes that back before the cut-off:"
        f" {undone.disposition.code} {undone.disposition.narrative}. It is open again.",
    )


def broken_batch(stage: Stage, on: date) -> None:
    """Day 9: a batch that lost its last record is rejected whole; nothing in it is done."""
    filer = stage.filer("M08")
    waiting = filer.books.open_statements()
    batch = filer.batch_for([filer.payment(held) for held in waiting])
    lines = batch.splitlines(keepends=True)
    answer = filer.line.converse("".join(lines[:-1]))
    codes = [condition.code for condition in answer.conditions]
    rejected = answer.rejected and "X06" in codes
    stage.happenings.held("a batch without its trailer was rejected whole", good=rejected)
    why = "; ".join(f"{each.code} {each.narrative}" for each in answer.conditions)
    stage.narrator.refused("M08", f"Sends a batch that lost its last record. Rejected: {why}.")


def emptied_statement(stage: Stage, on: date) -> None:
    """Day 10: every entry comes off a statement, which is thereby cancelled."""
    filer = stage.filer("R55")
    statement = min(filer.books.open_statements(), key=lambda held: len(held.entries))
    count = len(statement.entries)
    for entry in list(statement.entries):
        filer.update(statement, entry)
    stage.happenings.cancelled = statement.number
    answer = _one(filer, Payment(statement, filer.payer_unit_for(statement), 0))
    as_wanted = not answer.accepted and _codes(answer) == {"D02"}
    stage.happenings.held("an emptied statement was cancelled", good=as_wanted)
    stage.narrator.say("R55", f"Takes all {count} entries off {statement.number}.")
    _tell_refusal(stage, "R55", did=f"Authorizes {statement.number} all the same", answer=answer)


SCENES: tuple[Scene, ...] = (
    scripted_return,
    deletion_and_mismatch,
    wrong_payer_unit,
    double_authorization,
    scripted_change,
    moved_entry,
    others_statement,
    taken_back,
    broken_batch,
    emptied_statement,
)


def _one(filer: SimulatedFiler, payment: Payment) -> AuthorizationAnswer:
    (answer,) = filer.authorize([payment])
    return answer


def _single(text: str) -> AuthorizationAnswer:
    (answer,) = parse_authorization_answers(read_answer(text).blocks[0].records)
    return answer


def _codes(answer: AuthorizationAnswer) -> set[str]:
    return {condition.code for condition in answer.conditions}


def _told_total(answer: AuthorizationAnswer) -> int:
    """Give the total that a refusal for its amount tells (SEC-07), or 0 when it tells none."""
    for condition in answer.conditions:
        if condition.code == "D04":
            return int(condition.narrative.split()[-1])
    return 0


def _tell_refusal(stage: Stage, who: str, *, did: str, answer: AuthorizationAnswer) -> None:
    stage.happenings.authorizations_refused += not answer.accepted
    stage.narrator.refused(who, f"{did}. Refused: {words(answer)}.")


def _broker_statement(filer: SimulatedFiler) -> HeldStatement:
    """Give the filer's first open statement of type 2, paid by its own unit."""
    return next(held for held in filer.books.open_statements() if held.payment_type == "2")


def _statement_of(filer: SimulatedFiler, importer_number: str) -> HeldStatement:
    waiting = filer.books.open_statements()
    return next(held for held in waiting if held.importer_number == importer_number)


def _dearest_entry(filer: SimulatedFiler, statement: HeldStatement) -> str:
    return max(statement.entries, key=lambda number: filer.books.entries[number].amount_due_cents)


def _as_own(filer: SimulatedFiler, foreign: HeldStatement) -> HeldStatement:
    """Give another's statement as if it were processed at one of the filer's own ports."""
    return HeldStatement(
        number=foreign.number,
        port=filer.who.ports[0],
        payment_type=foreign.payment_type,
        importer_number="",
        total_cents=foreign.total_cents,
        entries=[],
    )
