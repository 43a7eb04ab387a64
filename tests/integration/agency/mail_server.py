"""A small SMTP server on the loopback: takes mails, and fails where a test tells it to."""

from __future__ import annotations

import socketserver
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread
from types import TracebackType
from typing import Self


@dataclass
class Taken:
    """A mail as the server took it: the envelope's two addresses and the message."""

    sender: str
    recipient: str
    message: EmailMessage


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        """Answer one session."""
        house: MailHouse = self.server.house  # type: ignore[attr-defined]
        self._say("220 loopback ready")
        sender = recipient = ""
        while line := self.rfile.readline().strip().decode():
            verb = line[:4].upper()
            if verb == "MAIL":
                sender = line[11:].split(">")[0]
                self._say("250 good")
            elif verb == "RCPT":
                recipient = line[9:].rstrip(">")
                self._say(house.recipients.get(recipient, "250 good"))
            elif verb == "DATA":
                self._say("354 go on")
                raw = self._text()
                house.taken.append(
                    Taken(sender, recipient, message_from_bytes(raw, policy=policy.default))
                )
                if house.breaks_off_behind_text:
                    return
                self._say(house.answer_to_text)
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 good")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@dataclass
class MailHouse:
    """The server: what it took, and what it answers to whom."""

    taken: list[Taken] = field(default_factory=list)
    recipients: dict[str, str] = field(default_factory=dict)
    answer_to_text: str = "250 taken"
    breaks_off_behind_text: bool = False
    _server: _Server = field(init=False)

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _Line)
        self._server.house = self  # type: ignore[attr-defined]
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Give its address as the setting takes it."""
        return f"smtp://127.0.0.1:{self._server.server_address[1]}"
