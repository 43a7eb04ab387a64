"""Ten business days of duty payments, told as they happen.

A day: the agency prints and sends, filers act over HTTP, the agency closes and hands debits
to the bank, the bank writes its file, the operator answers, settles and returns, the bank reads it.
The days of both institutions are run by the product's own commands.
"""

from __future__ import annotations

import re
from datetime import date

from customhouse.business_days import FEDERAL_OFFICES
from customhouse.money import format_dollars
from customhouse.rehearsal.credit_scenes import CREDIT_SCENES
from customhouse.rehearsal.operator import OperatorReport
from customhouse.rehearsal.push_books import PushedEntry
from customhouse.rehearsal.push_script import STRANGER
from customhouse.rehearsal.scenes import SCENES, Scene
from customhouse.rehearsal.stage import Stage
from customhouse.rehearsal.world_credits import GATEWAY, HARBOR, name_of
from customhouse.rehearsal.world_entries import business_days

_STEP = re.compile(r"  (?P<step>\S.{31}) (?P<summary>\S.*)")
# What is not worth telling: a step without anything to do, a count of nothing.
_NOTHING = re.compile(r"0 (final statements|statements|debits|events)\b")
_NONE_OF = re.compile(r"[,:] 0 \w+( paid)?")
# A figure of money and what became of it: "2 payments with $1,133.58 in all: 1 statement paid".
_ALL_NOTHING = re.compile(r"0 payments with \$0\.00 in all: 0 statements paid, 0 waiting")
LONGEST_TOLD = 200
TOLD_STEPS = {
    "take the bank's events": "Hears from the bank: {}.",
    "take the bank's news": "",
    "take incoming credits": "Hears of what payers pushed: {}.",
    "send final statements": "Sends {}, the receipts of what was paid.",
    "print preliminary statements": "Prints {}.",
    "hand debits to the bank": "Closes the day: {}.",
}


def play(stage: Stage) -> None:
    """Play the ten days, and the morning after, in which the last final statements arrive."""
    days = business_days()
    with stage.narrator.progress(len(days), "ten business days"):
        for on, scene, credit_scene in zip(days, SCENES, CREDIT_SCENES, strict=True):
            _tell_closed_days(stage, on)
            _play_day(stage, on, scene, credit_scene)
            stage.happenings.days_done += 1
            stage.narrator.step()
    _morning_after(stage, FEDERAL_OFFICES.next(days[-1]))


def _play_day(stage: Stage, on: date, *scenes: Scene) -> None:
    number = business_days().index(on) + 1
    stage.narrator.day(on, f"day {number} of {len(business_days())}")
    stage.begin_day(on)
    _agency(stage, on, part="morning")
    _receive(stage)
    for scene in scenes:
        scene(stage, on)
    _pay_the_rest(stage)
    _agency(stage, on, part="evening")
    _bank_day(stage, on)
    _operator_day(stage, on)
    stage.house.command("bank", "intake")


def _tell_closed_days(stage: Stage, on: date) -> None:
    """Tell of a holiday since the last business day: nobody works, nothing settles."""
    before = FEDERAL_OFFICES.previous(on)
    for day, name in FEDERAL_OFFICES.holidays(on.year).items():
        if before < day < on:
            stage.narrator.day(day, name)
            stage.narrator.say("world", "Agency and banks are closed; nothing settles.")


def _morning_after(stage: Stage, on: date) -> None:
    stage.narrator.day(on, "the morning after")
    stage.begin_day(on)
    _agency(stage, on, part="morning")
    _receive(stage)


def _agency(stage: Stage, on: date, *, part: str) -> None:
    """Run a part of the agency's day and tell what is worth telling."""
    output = stage.house.command("day", "--until", on.isoformat(), "--part", part)
    for line in output.splitlines():
        match = _STEP.fullmatch(line)
        if match is None:
            continue
        sentence = TOLD_STEPS.get(match["step"].strip(), "")
        summary = match["summary"]
        if sentence and not (_NOTHING.match(summary) or _ALL_NOTHING.fullmatch(summary)):
            told = _NONE_OF.sub("", summary).replace(" events,", " events:")
            stage.narrator.say("agency", sentence.format(told))
        if "UNMATCHED" in summary or "NOT TAKEN" in summary:
            stage.happenings.unexpected.append(f"{on.isoformat()}: {summary}")
            stage.narrator.wrong(summary)


def _receive(stage: Stage) -> None:
    """Let every filer read what waits for it, and tell it in one sentence."""
    before = stage.complaints_told
    statements = [each for filer in stage.filers.values() for each in filer.receive()]
    stage.tell_complaints()
    preliminary = sum(1 for each in statements if each.status == "P")
    parts = [_count(preliminary, "statement")] if preliminary else []
    if len(statements) > preliminary:
        parts.append(_count(len(statements) - preliminary, "receipt"))
    if parts and stage.complaints_told == before:
        stage.narrator.say(
            "filers", f"Receive {' and '.join(parts)}; every line agrees with their own books."
        )
    for code in (HARBOR, GATEWAY):
        _read_notices(stage, code)


def _read_notices(stage: Stage, code: str) -> None:
    """Let a payer read what it was told; its first sentences are told on."""
    for text in stage.filer(code).line.payer_notices():
        stage.told.setdefault(code, []).append(text)
        if code in stage.told and not text.startswith("Your enrolment"):
            stage.narrator.say(code, f"Is told: {_beginning(text)}")


def _beginning(text: str) -> str:
    """Give as many whole sentences as a line of the story holds, at least one."""
    sentences = re.split(r"(?<=[.!?]) ", text)
    told = sentences[0]
    for sentence in sentences[1:]:
        if len(told) + len(sentence) > LONGEST_TOLD:
            break
        told = f"{told} {sentence}"
    return told


def _pay_the_rest(stage: Stage) -> None:
    """Let every filer pay what is open, and tell it in one sentence."""
    answers = [each for filer in stage.filers.values() for each in filer.authorize_all()]
    stage.tell_complaints()
    accepted = [answer for answer in answers if answer.accepted]
    cents = sum(int(answer.amount_text) for answer in accepted)
    words = f"Authorize {_count(len(accepted), 'statement')}, {format_dollars(cents)}: accepted."
    stage.narrator.say("filers", words)


def _bank_day(stage: Stage, on: date) -> None:
    before = _released(stage)
    stage.house.command("bank", "day", "--until", on.isoformat())
    new = sorted(_released(stage) - before)
    if new:
        stage.narrator.say("bank", f"Writes {', '.join(new)} for the operator.")


def _released(stage: Stage) -> set[str]:
    archive = stage.house.settings.exchange_directory / "archive" / "outbound"
    return {path.name for path in archive.glob("*.ach")}


def _operator_day(stage: Stage, on: date) -> None:
    report = stage.operator.run(on)
    stage.happenings.files_refused.extend(report.refused)
    for name, reason in report.refused.items():
        stage.narrator.wrong(f"the operator refused {name}: {reason}")
    parts = list(_operator_words(report))
    if parts:
        stage.narrator.say("operator", f"{'; '.join(parts)}.".capitalize())
    for entry in report.returned:
        stage.narrator.refused(
            "operator",
            f"Brings back the debit of {format_dollars(entry.amount_cents)} for"
            f" {entry.statement_number}: {entry.answer}, {_REASONS.get(entry.answer, 'returned')}.",
        )
    for entry in report.changed:
        stage.narrator.say(
            "operator",
            f"Brings a notification of change, {entry.answer}, for {entry.statement_number}.",
        )
    for pushed in report.pushed.returned:
        _tell_sent_back(stage, pushed)


def _tell_sent_back(stage: Stage, pushed: PushedEntry) -> None:
    what = "debit" if pushed.kind == "debit" else "payment"
    why = _REASONS.get(pushed.code, "returned")
    who = pushed.company_name if pushed.payer == STRANGER else name_of(pushed.payer)
    stage.happenings.came_back.append((pushed.code, pushed.amount_cents))
    stage.narrator.refused(
        "operator",
        f"Brings the bank of {who} its {what} of"
        f" {format_dollars(pushed.amount_cents)} back: {pushed.code}, {why}.",
    )


_REASONS = {
    "R01": "not enough money",
    "R03": "no such account",
    "R17": "a reversal of a payment that nobody made",
    "R23": "the agency refuses it",
    "R29": "the agency authorizes no debit, and what is too much goes back as a refund",
}


def _operator_words(report: OperatorReport) -> list[str]:
    parts = []
    if report.accepted:
        parts.append(f"accepts {_count(len(report.accepted), 'file')}")
    if report.settled_count:
        cents = format_dollars(report.settled_cents)
        parts.append(f"settles {_count(report.settled_count, 'debit')}, {cents}")
    if report.pushed.payments:
        cents = format_dollars(report.pushed.paid_cents)
        parts.append(f"sends on {_count(len(report.pushed.payments), 'pushed payment')}, {cents}")
    return parts


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
