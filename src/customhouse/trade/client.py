"""The filer's half of the ABI door: send a batch, fetch what the agency sent, acknowledge it.

Imports only the kernel and an HTTP client, so that it can be published alone. What the text of a
batch or a message means is for client_abi.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx2

from customhouse.faults import IDEMPOTENCY_KEY_UNREADABLE, Fault, FaultKind, Refused, declare

ENTRIES_PATH = "/api/v1/entry-summaries"
SEND_SECONDS = 60.0
CONNECT_SECONDS = 5.0
_PRINTABLE = re.compile(r"[!-~]+", re.ASCII)
_KEY = re.compile(r"[!-~]{1,128}", re.ASCII)
_ASK_AGAIN = "ask again: nothing is lost"
_SEND_AGAIN = "send the same file again: what was accepted is not done twice"
_SEND_FILE_AGAIN = "send the same file again: an entry that is on file is not changed by it"
_SEND_WITH_KEY = "send again with the same idempotency key: nothing is done twice"

AGENCY_UNREACHABLE = declare(
    "agency-unreachable",
    sentence="The agency at {address} did not answer: {reason}.",
    next_step="Check the address and that the agency runs, then {again}.",
    http_status=502,
)
AGENCY_ADDRESS_WRONG = declare(
    "agency-address-wrong",
    sentence="{address} is no address at which an agency could answer.",
    next_step="Write it with http:// or https://, for example http://127.0.0.1:8700.",
    exit_code=2,
)
NOT_AN_AGENCY = declare(
    "not-an-agency",
    sentence="Something answers at {address}, but it offers nothing at {path}: it is no agency.",
    next_step="Check the port: the agency's is 8700 unless it was configured, the bank's another.",
    http_status=502,
)
TOKEN_UNREADABLE = declare(
    "abi-token-unreadable",
    sentence="{place} holds something that is no token.",
    next_step="It must hold the token alone: one line of letters, digits and signs, no spaces.",
    exit_code=2,
)
AGENCY_ANSWER_UNREADABLE = declare(
    "agency-answer-unreadable",
    sentence="The agency at {address} answered with status {status} and something unexpected.",
    next_step="Check that the address is an agency's, not a proxy's.",
    http_status=502,
)


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """The answer to a batch: 80-column records; ``rejected`` when it was rejected whole."""

    text: str
    rejected: bool


@dataclass(frozen=True, slots=True)
class JsonAnswer:
    """The values of an answer of the JSON API; ``replayed`` when the key had got it before."""

    values: Any
    replayed: bool


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One message that the agency sent by itself; ``content`` is a whole batch.

    ``statement_number`` is there when the message is about exactly one statement.
    """

    message_id: int
    created_at: datetime
    application: str
    reason: str
    statement_number: str | None
    content: str


@dataclass(frozen=True, slots=True)
class EntryAnswer:
    """What the agency said to one entry summary: its status, last day to pay, and faults."""

    entry_number: str
    status: str
    due_on: date | None
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class AgencyClient:
    """Talks to one agency as one sender; use it in a ``with`` block, or close it.

    Every method raises Refused: with the agency's own fault, with agency-unreachable, or with
    agency-answer-unreadable; to make one raises it where the address or the token can be none
    (agency-address-wrong, abi-token-unreadable). ``transport`` is for tests of programs that use
    this client.
    """

    base_url: str
    token: str = field(repr=False)
    transport: httpx2.BaseTransport | None = None
    _http: httpx2.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not _PRINTABLE.fullmatch(self.token):
            raise Refused(Fault(TOKEN_UNREADABLE, {"place": "What was given as the token"}))
        wrong = Refused(Fault(AGENCY_ADDRESS_WRONG, {"address": ascii(self.base_url)}))
        try:
            address = httpx2.URL(self.base_url)
        except httpx2.InvalidURL:
            raise wrong from None
        wrong_port = not 0 < (address.port or 80) < 65536
        if address.scheme not in {"http", "https"} or not address.host or wrong_port:
            raise wrong
        self._http = httpx2.Client(
            base_url=address,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=httpx2.Timeout(SEND_SECONDS, connect=CONNECT_SECONDS),
            transport=self.transport,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept open between calls."""
        self._http.close()

    def send_batch(self, batch: str | bytes, idempotency_key: str | None = None) -> BatchAnswer:
        """Send one batch; with a key, sending again gives the first answer byte for byte."""
        body = batch if isinstance(batch, bytes) else batch.encode("utf-8")
        headers = {"Content-Type": "text/plain"}
        again = _SEND_AGAIN
        if idempotency_key is not None:
            if not _KEY.fullmatch(idempotency_key):
                raise Refused(Fault(IDEMPOTENCY_KEY_UNREADABLE))
            headers["Idempotency-Key"] = idempotency_key
            again = _SEND_WITH_KEY
        response = self._ask("POST", "/abi/batches", again=again, content=body, headers=headers)
        outcome = response.headers.get("X-Batch-Outcome")
        if outcome not in {"answered", "rejected"}:
            raise self._unreadable(response)
        return BatchAnswer(response.text, rejected=outcome == "rejected")

    def send_entries(
        self, entries: Sequence[Mapping[str, Any]], idempotency_key: str
    ) -> list[EntryAnswer]:
        """Send up to 10,000 entry summaries as JSON values; give an answer to each, in order."""
        if not _KEY.fullmatch(idempotency_key):
            raise Refused(Fault(IDEMPOTENCY_KEY_UNREADABLE))
        response = self._ask(
            "POST",
            ENTRIES_PATH,
            again=_SEND_FILE_AGAIN,
            json=list(entries),
            headers={"Idempotency-Key": idempotency_key},
        )
        try:
            answers = [_entry_answer(each) for each in response.json()["outcomes"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise self._unreadable(response) from None
        if len(answers) != len(entries):
            raise self._unreadable(response)
        return answers

    def outbox(self) -> list[OutboxMessage]:
        """List what waits for this sender, oldest first; a full page may not be all of it."""
        response = self._ask("GET", "/abi/outbox")
        try:
            return [_message(each) for each in response.json()]
        except (ValueError, KeyError, TypeError):
            raise self._unreadable(response) from None

    def statement(self, number: str, shape: str = "json") -> bytes:
        """Fetch one statement as json, csv, pdf or txt; one that is not yours is unknown."""
        path = f"/api/v1/statements/{quote(number, safe='')}.{shape}"
        return bytes(self._ask("GET", path).content)

    def get_json(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """Get the values that a path of the JSON API answers with."""
        return self._values(self._ask("GET", path, params=query))

    def post_json(
        self, path: str, body: object, *, idempotency_key: str | None = None
    ) -> JsonAnswer:
        """Post values to a path of the JSON API; with a key nothing is done twice."""
        headers = {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
        again = _SEND_WITH_KEY if headers else _ASK_AGAIN
        response = self._ask("POST", path, again=again, json=body, headers=headers)
        replayed = response.headers.get("Idempotency-Replayed") == "true"
        return JsonAnswer(self._values(response), replayed)

    def post_for_bytes(self, path: str, body: object) -> bytes:
        """Post values to a path that answers with a file; give its bytes."""
        return bytes(self._ask("POST", path, json=body).content)

    def acknowledge(self, message_id: int) -> None:
        """Tell the agency that a message has arrived; again is no harm."""
        self._ask("POST", f"/abi/outbox/{message_id}/acknowledge")

    def _ask(
        self, method: str, path: str, *, again: str = _ASK_AGAIN, **sent: Any
    ) -> httpx2.Response:
        try:
            response = self._http.request(method, path, **sent)
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            values = {"address": self.base_url, "reason": _reason(error), "again": again}
            raise Refused(Fault(AGENCY_UNREACHABLE, values)) from None
        if response.is_success:
            return response
        raise self._refusal(response)

    def _values(self, response: httpx2.Response) -> Any:
        try:
            return response.json()
        except ValueError:
            raise self._unreadable(response) from None

    def _refusal(self, response: httpx2.Response) -> Refused:
        """Give the agency's faults as they were sent, or say that they cannot be read."""
        try:
            problem = response.json()
            if problem["code"] == "not-found":
                values = {"address": self.base_url, "path": response.url.path}
                return Refused(Fault(NOT_AN_AGENCY, values))
            listed = problem.get("faults") or [problem]
            return Refused(*(_fault(each, response.status_code) for each in listed))
        except (ValueError, KeyError, TypeError, AttributeError):
            return self._unreadable(response)

    def _unreadable(self, response: httpx2.Response) -> Refused:
        values = {"address": self.base_url, "status": response.status_code}
        return Refused(Fault(AGENCY_ANSWER_UNREADABLE, values))


def _reason(error: Exception) -> str:
    """Name a transport's failure in words; its own text may quote the request."""
    words = {
        "ConnectError": "no connection",
        "ConnectTimeout": "no connection in time",
        "ReadTimeout": "no answer in time",
        "WriteTimeout": "the batch could not be sent in time",
        "InvalidURL": "that is no address",
        "UnsupportedProtocol": "that is no address",
    }
    return words.get(type(error).__name__, "the connection broke")


def _fault(described: Mapping[str, Any], status: int) -> Fault:
    """Make a fault of what problem details say; its sentences are data, never templates."""
    kind = FaultKind(str(described["code"]), "{detail}", "{next_step}", status)
    return Fault(kind, {name: str(described[name]) for name in ("detail", "next_step")})


def _entry_answer(item: Mapping[str, Any]) -> EntryAnswer:
    due_on = item["due_on"]
    return EntryAnswer(
        entry_number=str(item["entry_number"]),
        status=str(item["status"]),
        due_on=None if due_on is None else date.fromisoformat(due_on),
        faults=tuple(_fault(each, 422) for each in item["faults"]),
    )


def _message(item: Mapping[str, Any]) -> OutboxMessage:
    number = item["statement_number"]
    return OutboxMessage(
        message_id=int(item["id"]),
        created_at=datetime.fromisoformat(item["created_at"]),
        application=str(item["application"]),
        reason=str(item["reason"]),
        statement_number=None if number is None else str(number),
        content=str(item["content"]),
    )
