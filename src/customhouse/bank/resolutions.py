"""What a person decides about an alarm that does not clear itself, with a reason that is kept.

For reports that contradict the books, where the books stand: a settlement reported for a debit that
was returned, a refusal of a file after its settlement, a report that matches nothing. Resolving
moves no money; a dispute has commands of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.bank import resolutions_store as sql
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused, declare

LONGEST = {"by": 60, "reason": 200}
# These end when the thing itself is done; saying so is not enough.
_OWN_COMMANDS = {
    "return-contested": "customhouse bank disputes",
    "return-not-agreed": "customhouse bank disputes",
    "change-overdue": "customhouse bank changes",
    "file-held-back": "customhouse bank day",
    "answer-file-held-back": "customhouse bank day",
}

BANK_WORDS_WRONG = declare(
    "bank-words-wrong",
    sentence="--{name} must be 1 to {most} printable characters.",
    next_step="Say who decides (--by) and why (--reason).",
)
ALARM_UNKNOWN = declare(
    "alarm-unknown",
    sentence="No open alarm has the number {alarm_id}.",
    next_step="List them: customhouse bank alarms.",
    http_status=404,
)
ALARM_HAS_COMMAND = declare(
    "alarm-has-command",
    sentence="Alarm {alarm_id} ({kind}) ends when the matter itself is decided.",
    next_step="Decide it: {command}.",
    http_status=409,
)


@dataclass(frozen=True, slots=True)
class NumberedAlarm:
    """An open alarm with the number by which a person resolves it."""

    alarm_id: int
    kind: str
    reference: str
    sentence: str
    raised_at: datetime


def open_alarms(connection: Connection[Any]) -> list[NumberedAlarm]:
    """Give every open alarm with its number, oldest first."""
    with connection.transaction(), connection.cursor(row_factory=class_row(NumberedAlarm)) as rows:
        return rows.execute(sql.OPEN_ALARMS).fetchall()


def resolve(
    connection: Connection[Any], alarm_id: int, *, by: str, reason: str, clock: Clock
) -> None:
    """Clear an alarm for a person and keep who and why; the books stay as they are.

    Raises Refused: alarm-unknown, alarm-has-command, bank-words-wrong.
    """
    require_words(by=by, reason=reason)
    values = {"alarm_id": alarm_id, "by": by, "reason": reason, "resolved_at": clock.now()}
    with connection.transaction():
        row = connection.execute(sql.HOLD_ALARM, values).fetchone()
        if row is None:
            raise Refused(Fault(ALARM_UNKNOWN, {"alarm_id": alarm_id}))
        command = _OWN_COMMANDS.get(row[1])
        if command is not None:
            told = {"alarm_id": alarm_id, "kind": row[1], "command": command}
            raise Refused(Fault(ALARM_HAS_COMMAND, told))
        connection.execute(sql.RESOLVE, values)
        connection.execute(sql.CLEAR, values)


def require_words(**words: str) -> None:
    """Raise Refused (bank-words-wrong) unless each text is there, printable and short enough."""
    found = []
    for name, text in words.items():
        most = LONGEST[name]
        if not (text.strip() and len(text) <= most and text.isprintable()):
            found.append(Fault(BANK_WORDS_WRONG, {"name": name, "most": most}))
    if found:
        raise Refused(*found)
