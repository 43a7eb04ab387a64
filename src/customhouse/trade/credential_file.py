"""The file in which issued credentials are handed over: new, and readable by its owner only."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from customhouse.agency.credentials import Credential
from customhouse.faults import Fault, Refused, declare

CREDENTIALS_FILE_MISSING = declare(
    "credentials-file-missing",
    sentence="Senders are to be registered, but there is no file for their credentials.",
    next_step="Name a new file: --credentials FILE.",
    exit_code=2,
)
CREDENTIALS_FILE_EXISTS = declare(
    "credentials-file-exists",
    sentence="The file {path} for credentials cannot be made: {reason}.",
    next_step="Name a new file in a directory that you may write to.",
    exit_code=2,
)
SENDER_NOT_REGISTERED = declare(
    "sender-not-registered",
    sentence="No sender {sender} is registered.",
    next_step="Give site, identifier and office as they were registered: 3901-XYZ-01.",
    http_status=404,
)


def require_file(path: Path | None) -> None:
    """Raise Refused (credentials-file-missing) when no file was named."""
    if path is None:
        raise Refused(Fault(CREDENTIALS_FILE_MISSING))


def unknown_sender(sender: str) -> Refused:
    """Give the refusal of a sender that is not registered."""
    return Refused(Fault(SENDER_NOT_REGISTERED, {"sender": ascii(sender)[:40]}))


class CredentialFile:
    """A file made before anything is issued, so that what is issued can surely be kept.

    It is removed again when nothing was written to it. A path of None keeps nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._descriptor = -1
        self._written = False

    def __enter__(self) -> Self:
        if self._path is not None:
            try:
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
                self._descriptor = os.open(self._path, flags, 0o600)
            except OSError as error:
                values = {"path": self._path, "reason": error.strerror}
                raise Refused(Fault(CREDENTIALS_FILE_EXISTS, values)) from None
        return self

    def write(self, issued: Mapping[str, Credential]) -> None:
        """Write the credentials by sender: site, identifier, office, token and password."""
        if issued:
            self._write([_spelled(key, each) for key, each in issued.items()])

    def write_payer(self, payer: str, token: str) -> None:
        """Write the token of a payer of ACH Credit: importer number and token."""
        self._write([{"payer": payer, "token": token}])

    def write_officer(self, name: str, token: str) -> None:
        """Write the token of an officer of the exception desk."""
        self._write([{"officer": name, "token": token}])

    def _write(self, items: list[dict[str, str]]) -> None:
        if self._path is None:
            return
        os.write(self._descriptor, json.dumps(items, indent=2).encode() + b"\n")
        os.fsync(self._descriptor)
        self._written = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._path is None:
            return
        os.close(self._descriptor)
        if not self._written:
            self._path.unlink()


def _spelled(key: str, credential: Credential) -> dict[str, str]:
    site_code, id_code, office_code = (*key.split("-"), "")[:3]
    return {
        "site_code": site_code,
        "id_code": id_code,
        "office_code": office_code,
        "token": credential.token,
        "password": credential.password,
    }
