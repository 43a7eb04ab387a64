"""Where mails are handed over: an SMTP server, or a folder of .eml files where none is set.

Says of each mail whether it was taken, refused or surely not taken yet; whatever else is raised
leaves that open. Keeps no books.
"""

from __future__ import annotations

import os
import smtplib
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self
from urllib.parse import urlsplit

SECONDS: Final = 20.0
LONGEST_DETAIL: Final = 200
_ACCEPTED: Final = 250
_TEMPORARY: Final = 400
_PERMANENT: Final = 500


class MailNotTaken(Exception):
    """The server did not take a mail, and may take it later; its text is the server's reply."""


class MailRefused(Exception):
    """The server will never take a mail; its text is the server's reply."""


class MailSilent(Exception):
    """No server answers: nothing can be handed over now."""


class MailSession(Protocol):
    """A line to where mails are handed over."""

    # Whether handing over the same mail again has no second effect.
    repeatable: bool

    def __enter__(self) -> Self:
        """Open the line; raise MailSilent."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        ...

    def deliver(self, message: EmailMessage, sender: str, *, name: str) -> None:
        """Hand over one mail to the address it names; raise MailNotTaken or MailRefused."""
        ...


class Folder:
    """A folder that gets a file for each mail, under the name of its notice."""

    repeatable = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        try:
            self._path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise MailSilent(type(error).__name__) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        del kind, error, trace

    def deliver(self, message: EmailMessage, sender: str, *, name: str) -> None:
        """Write the file whole: under another name first, then renamed."""
        del sender
        part = self._path / f".{name}.part"
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(message.as_bytes())
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(self._path / f"{name}.eml")
        except OSError as error:
            raise MailSilent(type(error).__name__) from None


class SmtpServer:
    """An SMTP server that takes mail from this machine: smtp://host:port."""

    repeatable = False

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port or smtplib.SMTP_PORT
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        try:
            self._smtp = smtplib.SMTP(self._host, self._port, timeout=SECONDS)
            self._smtp.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            raise MailSilent(type(error).__name__) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except (OSError, smtplib.SMTPException):
                self._smtp.close()

    def deliver(self, message: EmailMessage, sender: str, *, name: str) -> None:
        """Hand over one mail; before its text was sent a broken line has done nothing."""
        del name
        smtp = self._smtp
        if smtp is None:
            raise AssertionError("a mail is delivered inside the session")
        (recipient,) = message["To"].addresses
        try:
            code, reply = smtp.mail(sender)
            if code != _ACCEPTED:
                raise MailNotTaken(_told(code, reply))
            code, reply = smtp.rcpt(recipient.addr_spec)
        except (OSError, smtplib.SMTPException) as error:
            raise MailSilent(type(error).__name__) from None
        _require_taken(smtp, code, reply)
        try:
            code, reply = smtp.data(message.as_bytes())
        except smtplib.SMTPDataError as error:
            # The server would not even hear the text.
            _require_taken(smtp, error.smtp_code, error.smtp_error)
            raise
        _require_taken(smtp, code, reply)


def session_of(server: str | None, folder: Path) -> MailSession:
    """Give a session with the server that is set, or with the folder where none is."""
    return Folder(folder) if server is None else SmtpServer(server)


def _require_taken(smtp: smtplib.SMTP, code: int, reply: bytes | str) -> None:
    """Raise MailRefused or MailNotTaken unless a reply is good; the next mail starts afresh."""
    if code < _TEMPORARY:
        return
    with suppress(OSError):
        smtp.rset()
    raise (MailRefused if code >= _PERMANENT else MailNotTaken)(_told(code, reply))


def _told(code: int, reply: bytes | str) -> str:
    """Give a server's reply as printable ASCII, short."""
    text = reply if isinstance(reply, str) else reply.decode("ascii", "replace")
    plain = "".join(letter if " " <= letter <= "~" else " " for letter in text)
    return f"{code} {plain}"[:LONGEST_DETAIL]
