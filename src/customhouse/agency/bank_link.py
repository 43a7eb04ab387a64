"""The agency's end of the rails: pushes instructions to the bank and polls the bank's events.

No call to the bank is made inside a database transaction. Both directions may be repeated at any
time: the bank knows an instruction by its id, and an event is taken once.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from typing import Any

import httpx2
from psycopg import Connection

from customhouse import faults, rails
from customhouse.agency import bank_events, checkpoints
from customhouse.agency import bank_link_store as sql
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused

Connect = Callable[[], AbstractContextManager[Connection]]

EVENT_PAGE = 1_000
PUSH_STEP = "push"
TIMEOUT_SECONDS = 20.0

BANK_UNREACHABLE = faults.declare(
    "bank-unreachable",
    sentence="The processor bank at {url} did not answer ({reason}).",
    next_step="See that the bank's process runs, then run the step again: nothing is lost.",
    http_status=503,
    exit_code=8,
)
BANK_UNREADABLE = faults.declare(
    "bank-unreadable",
    sentence="The processor bank at {url} reports events behind {sequence} that cannot be read.",
    next_step="See that both sides run the same release, then run the step again.",
    http_status=502,
    exit_code=8,
)
BANK_REFUSED_BINDING = faults.declare(
    "bank-refused-binding",
    sentence="The bank refused to bind payer unit {payer_unit_number}: {reason}",
    next_step="{next_step}",
    http_status=409,
)


@cache
def trusted() -> ssl.SSLContext:
    """Give whom we trust, read once: the certificates take longer to load than a call takes."""
    return httpx2.create_ssl_context(trust_env=False)


@dataclass(frozen=True, slots=True)
class BankLink:
    """An authenticated way to the bank's HTTP door."""

    url: str
    token: str = field(repr=False)

    def bind(self, binding: rails.PayerUnitBinding) -> rails.PrenoteNews:
        """Bind a payer unit number to an account token (SEC-03); raise Refused.

        Gives how the prenote to the account stands.
        """
        with self._client() as client:
            path, body = rails.PAYER_UNITS_PATH, rails.to_json(binding)
            response = self._answer(lambda: client.post(path, json=body))
        if response.status_code >= 400:
            values = {
                "payer_unit_number": binding.payer_unit_number,
                "reason": _problem_member(response, "detail", f"HTTP {response.status_code}"),
                "next_step": _problem_member(response, "next_step", "Ask the bank."),
            }
            raise Refused(Fault(BANK_REFUSED_BINDING, values))
        try:
            return rails.prenote_from_json(response.json()["prenote"])
        except (ValueError, KeyError, TypeError):
            raise Refused(self._unreachable("its answer cannot be read")) from None

    def prenotes_after(self, sequence: int) -> list[rails.PrenoteNews]:
        """Give the next page of news of prenotes behind a cursor, in order; empty at the end."""
        parameters = {"after": str(sequence), "limit": str(EVENT_PAGE)}
        with self._client() as client:
            response = self._answer(lambda: client.get(rails.PRENOTES_PATH, params=parameters))
        if response.status_code != 200:
            raise Refused(self._unreachable(f"HTTP {response.status_code}"))
        try:
            return [rails.prenote_from_json(values) for values in response.json()["prenotes"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Refused(Fault(BANK_UNREADABLE, {"url": self.url, "sequence": sequence})) from None

    def tell_standing(self, standing: rails.PayerUnitStanding) -> None:
        """Tell the bank whether a payer unit is suspended (A9); raise Refused.

        A unit that the bank does not have needs no telling: nothing can be debited with it.
        """
        path, body = rails.STANDINGS_PATH, rails.to_json(standing)
        with self._client() as client:
            response = self._answer(lambda: client.post(path, json=body))
        code = _problem_member(response, "code", "")
        if response.status_code >= 400 or code:
            if code == "payer-unit-not-bound":
                return
            raise Refused(self._unreachable(f"HTTP {response.status_code}"))

    def instruct(self, bodies: Sequence[dict[str, Any]]) -> list[bool]:
        """Deliver at most 1,000 instructions in one call; true for each that the bank now has."""
        path, content = rails.INSTRUCTION_BATCHES_PATH, {"instructions": list(bodies)}
        with self._client() as client:
            response = self._answer(lambda: client.post(path, json=content))
        if response.status_code != 202:
            raise Refused(self._unreachable(f"HTTP {response.status_code}"))
        try:
            states = [
                (each["instruction_id"], each["state"]) for each in response.json()["answers"]
            ]
        except (ValueError, KeyError, TypeError):
            raise Refused(self._unreachable("its answer cannot be read")) from None
        if len(states) != len(bodies):
            raise Refused(self._unreachable("it answered another number of instructions"))
        # One that it refused was kept as refused, and an event will tell why.
        return [
            identity == body["instruction_id"] and state in ("received", "refused")
            for body, (identity, state) in zip(bodies, states, strict=True)
        ]

    def events_after(self, sequence: int) -> list[rails.BankEvent]:
        """Give the next page of events behind a cursor, in order; empty at the end."""
        parameters = {"after": str(sequence), "limit": str(EVENT_PAGE)}
        with self._client() as client:
            response = self._answer(lambda: client.get(rails.EVENTS_PATH, params=parameters))
        if response.status_code != 200:
            raise Refused(self._unreachable(f"HTTP {response.status_code}"))
        try:
            return [rails.event_from_json(values) for values in response.json()["events"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            # Nothing of the page is taken: an event passed over would be lost for good.
            raise Refused(Fault(BANK_UNREADABLE, {"url": self.url, "sequence": sequence})) from None

    def credits_after(self, sequence: int) -> list[rails.IncomingCredit]:
        """Give the next page of incoming credits behind a cursor, in order; empty at the end."""
        parameters = {"after": str(sequence)}
        with self._client() as client:
            response = self._answer(lambda: client.get(rails.CREDITS_PATH, params=parameters))
        if response.status_code != 200:
            raise Refused(self._unreachable(f"HTTP {response.status_code}"))
        try:
            return [rails.credit_from_json(values) for values in response.json()["credits"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Refused(Fault(BANK_UNREADABLE, {"url": self.url, "sequence": sequence})) from None

    def refuse_credit(self, refusal: rails.CreditRefusal) -> str:
        """Have the bank send a credit back; give why it does not, or nothing; raise Refused."""
        path, body = rails.CREDIT_RETURNS_PATH, rails.to_json(refusal)
        with self._client() as client:
            response = self._answer(lambda: client.post(path, json=body))
        if response.status_code == 202:
            return ""
        if _problem_member(response, "code", "").startswith("credit-return-"):
            return _problem_member(response, "detail", "It gave no reason.")
        raise Refused(self._unreachable(f"HTTP {response.status_code}"))

    def returned_after(self, sequence: int) -> list[rails.ReturnedCredit]:
        """Give the next page of credits that went back, behind a cursor; empty at the end."""
        parameters = {"after": str(sequence)}
        with self._client() as client:
            path = rails.CREDIT_RETURNS_PATH
            response = self._answer(lambda: client.get(path, params=parameters))
        if response.status_code != 200:
            raise Refused(self._unreachable(f"HTTP {response.status_code}"))
        try:
            return [rails.returned_from_json(values) for values in response.json()["returned"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Refused(Fault(BANK_UNREADABLE, {"url": self.url, "sequence": sequence})) from None

    def _client(self) -> httpx2.Client:
        return httpx2.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=TIMEOUT_SECONDS,
            trust_env=False,
            verify=trusted(),
        )

    def _answer(self, call: Callable[[], httpx2.Response]) -> httpx2.Response:
        try:
            return call()
        except httpx2.HTTPError as error:
            raise Refused(self._unreachable(type(error).__name__)) from None

    def _unreachable(self, reason: str) -> Fault:
        return Fault(BANK_UNREACHABLE, {"url": self.url, "reason": reason})


def _problem_member(response: httpx2.Response, name: str, otherwise: str) -> str:
    """Give a text of problem details, which name no account (RFC 9457), or another one."""
    try:
        return str(response.json()[name])
    except (ValueError, KeyError, TypeError):
        return otherwise


@dataclass(frozen=True, slots=True)
class Delivery:
    """How many instructions the bank has taken, and which it would not take."""

    delivered: int
    refused: tuple[str, ...]


def push_instructions(
    connect: Connect, link: BankLink, clock: Clock, *, business_date: date
) -> Delivery:
    """Deliver every waiting instruction to the bank, oldest first, and mark what it has.

    A chunk is one call, then one transaction with its checkpoint. Killed between the two, the
    next run delivers the chunk again, which the bank answers as before.
    """
    delivered, refused = 0, set[str]()
    while True:
        with connect() as connection:
            values = {"limit": rails.MOST_INSTRUCTIONS, "except": sorted(refused)}
            waiting = connection.execute(sql.WAITING, values).fetchall()
        if not waiting:
            return Delivery(delivered, tuple(sorted(refused)))
        answers = link.instruct([body for _, body in waiting])
        taken = [identity for (identity, _), has in zip(waiting, answers, strict=True) if has]
        refused |= {identity for identity, _ in waiting} - set(taken)
        with connect() as connection:
            values = {"instructions": taken, "delivered_at": clock.now()}
            connection.execute(sql.MARK_DELIVERED, values)
            connection.execute(sql.MARK_WITH_BANK, values)
            if taken:
                chunk = checkpoints.Chunk(business_date, PUSH_STEP, taken[0])
                figures = {"delivered": len(taken)}
                checkpoints.record(connection, chunk, figures=figures, clock=clock)
        delivered += len(taken)


def take_events(
    connect: Connect, link: BankLink, clock: Clock, *, business_date: date, step: str
) -> bank_events.Taken:
    """Poll the bank's events behind the last one taken and apply them, a page a transaction.

    ``step`` names the step of the day whose checkpoints the pages are.
    """
    taken = bank_events.Taken()
    while True:
        with connect() as connection:
            row = connection.execute(sql.LAST_SEQUENCE).fetchone()
        page = link.events_after(row[0] if row is not None else 0)
        if not page:
            return taken
        bodies = {event.event_id: json.dumps(rails.to_json(event)) for event in page}
        with connect() as connection:
            applied = bank_events.apply(connection, page, bodies=bodies, clock=clock)
            if applied.events:
                chunk = checkpoints.Chunk(business_date, step, page[0].event_id)
                checkpoints.record(connection, chunk, figures=asdict(applied), clock=clock)
        taken = taken.plus(applied)
