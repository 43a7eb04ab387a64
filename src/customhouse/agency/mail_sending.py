"""Sends the mails that wait beside payers' notices; none again that a server has taken (NOT-02).

A mail is marked as being sent, and that is kept, before the server is spoken to. Found so by a
later run it may have been taken or not: it becomes uncertain, is not sent again by itself, and an
officer sees it. The notice stands in the payer's inbox in any case. One run sends at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import mail_sending_store as sql
from customhouse.agency.mail import Mail, message_of
from customhouse.agency.mail_servers import MailNotTaken, MailRefused, MailSession, MailSilent
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused, declare

Connect = Callable[[], AbstractContextManager[Connection]]
Ended = Literal["sent", "waiting", "refused", "uncertain"]
AT_ONCE: Final = 500
MOST_LISTED: Final = 500
_BROKEN_OFF: Final = "The sending broke off; the server may have taken it."

MAIL_NOT_UNSENT = declare(
    "mail-not-unsent",
    sentence="Mail {notice_id} is not one that was refused or is uncertain.",
    next_step="List those: customhouse credits mail list.",
    http_status=404,
)


@dataclass(frozen=True, slots=True)
class Post:
    """How mail is sent: by which session, from which address."""

    session: Callable[[], MailSession]
    sender: str


@dataclass(frozen=True, slots=True)
class Sent:
    """How many mails were sent, refused, left uncertain, or wait on; ``silent``: no server."""

    sent: int = 0
    refused: int = 0
    uncertain: int = 0
    waiting: int = 0
    silent: bool = False

    def in_words(self) -> str:
        """Say it in a line, for the step of a day."""
        words = f"{self.sent:,} mail{'' if self.sent == 1 else 's'} sent"
        if self.refused:
            words += f", {self.refused:,} REFUSED"
        if self.uncertain:
            words += f", {self.uncertain:,} UNCERTAIN"
        if self.waiting:
            words += f", {self.waiting:,} wait"
        return words + (": the mail server does not answer" if self.silent else "")


@dataclass(frozen=True, slots=True)
class UnsentMail:
    """A mail that did not arrive for certain, as an officer sees it."""

    notice_id: int
    payer_name: str
    address: str
    kind: str
    state: str
    detail: str
    created_on: date


def send_waiting(connect: Connect, post: Post, clock: Clock) -> Sent:
    """Send every mail that waits, once, in order; those not taken yet wait for the next run."""
    ended: Counter[Ended] = Counter()
    with connect() as connection:
        connection.autocommit = True
        with _turn(connection) as is_ours:
            if not is_ours or not _something_waits(connection):
                return Sent()
            session = post.session()
            after = "waiting" if session.repeatable else "uncertain"
            values = {"state": after, "detail": _BROKEN_OFF, "at": _at(after, clock)}
            taken_up = connection.execute(sql.TAKE_UP, values).rowcount
            ended["uncertain"] = 0 if session.repeatable else taken_up
            silent = _send_all(connection, session, post.sender, ended=ended, clock=clock)
            row = connection.execute(sql.COUNT_WAITING).fetchone()
    waiting = row[0] if row is not None else 0
    return Sent(ended["sent"], ended["refused"], ended["uncertain"], waiting, silent)


def unsent(connection: Connection) -> list[UnsentMail]:
    """Give the mails that were refused or are uncertain, newest first, at most 500."""
    with connection.cursor(row_factory=class_row(UnsentMail)) as cursor:
        return cursor.execute(sql.UNSENT, {"most": MOST_LISTED}).fetchall()


def send_again(connection: Connection, notice_id: int) -> None:
    """Let an officer have a mail sent again, under the same Message-ID.

    Raises Refused (mail-not-unsent).
    """
    if connection.execute(sql.SEND_AGAIN, {"notice_id": notice_id}).rowcount == 0:
        raise Refused(Fault(MAIL_NOT_UNSENT, {"notice_id": notice_id}))


def _something_waits(connection: Connection) -> bool:
    return connection.execute(sql.ANY_WAITING).fetchone() is not None


def _send_all(
    connection: Connection,
    session: MailSession,
    sender: str,
    *,
    ended: Counter[Ended],
    clock: Clock,
) -> bool:
    """Send page by page; tell whether the server fell silent, which ends the run."""
    with suppress(MailSilent), session:
        for mail in _waiting(connection):
            how = _send(connection, session, mail, sender=sender, clock=clock)
            ended[how] += 1
            if how == "uncertain":
                return True
        return False
    return True


def _waiting(connection: Connection) -> Iterator[Mail]:
    behind = 0
    while page := _page(connection, behind):
        yield from page
        behind = page[-1].notice_id


def _page(connection: Connection, behind: int) -> list[Mail]:
    with connection.cursor(row_factory=class_row(Mail)) as cursor:
        return cursor.execute(sql.WAITING, {"behind": behind, "most": AT_ONCE}).fetchall()


def _send(
    connection: Connection, session: MailSession, mail: Mail, *, sender: str, clock: Clock
) -> Ended:
    """Send one mail; raises MailSilent, with the mail waiting on."""
    key = {"payer": mail.payer_party_id, "notice_id": mail.notice_id}
    connection.execute(sql.BEGIN, key)
    ended: Ended = "sent"
    detail = ""
    try:
        session.deliver(message_of(mail, sender), sender, name=mail.local_id)
    except MailSilent:
        connection.execute(sql.END, key | {"state": "waiting", "detail": "", "at": None})
        raise
    except (MailRefused, ValueError) as error:
        ended, detail = "refused", str(error) if isinstance(error, MailRefused) else "no address"
    except MailNotTaken as error:
        ended, detail = "waiting", str(error)
    except OSError:
        # The line broke behind the mail's text: what follows is for the next run.
        ended, detail = "uncertain", _BROKEN_OFF
    end = {"state": ended, "detail": detail, "at": _at(ended, clock)}
    connection.execute(sql.END, key | end)
    return ended


def _at(state: str, clock: Clock) -> object:
    return None if state == "waiting" else clock.now()


@contextmanager
def _turn(connection: Connection) -> Iterator[bool]:
    row = connection.execute(sql.TAKE_TURN).fetchone()
    is_ours = bool(row and row[0])
    try:
        yield is_ours
    finally:
        if is_ours and not connection.broken:
            connection.execute(sql.END_TURN)
