"""The ABI door over HTTP: who gets in, what is refused, and the same answer to the same key."""

from __future__ import annotations

import itertools
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

import httpx2
import pytest

from customhouse import database
from customhouse.agency import registration
from customhouse.settings import Settings
from tests.acceptance.servers import Served
from tests.integration.agency.harbor import BROKER, OTHER_BROKER, Harbor

LARGEST = 2_000_000
BUSINESS_TABLES = ("authorization_attempt", "transfer", "bank_outbox", "abi_outbox")


@dataclass
class Door:
    """The agency's door, the tokens of two senders, and the harbor behind it."""

    http: httpx2.Client
    harbor: Harbor
    tokens: dict[str, str]
    number: str
    cents: int

    def send(
        self, body: str | bytes, *, filer: str = BROKER, key: str | None = None
    ) -> httpx2.Response:
        """Send a batch as one of the senders."""
        headers = {"Content-Type": "text/plain", **self.bearer(filer)}
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.http.post("/abi/batches", content=body, headers=headers)

    def bearer(self, filer: str = BROKER) -> dict[str, str]:
        """Give the header that names a sender."""
        return {"Authorization": f"Bearer {self.tokens[filer]}"}

    def authorization(self, *, filer: str = BROKER, cents: int | None = None) -> str:
        """Write a batch that authorizes the one statement there is."""
        amount = self.cents if cents is None else cents
        record = f"PT10000102{filer} {self.number}{amount:010}"
        return self.harbor.batch("RM", [record], filer=filer)

    def business_rows(self) -> dict[str, int]:
        """Count the rows that a batch could have changed."""
        return {
            table: self.harbor.rows(f"select count(*) from {table}")[0][0]  # noqa: S608
            for table in BUSINESS_TABLES
        }


@pytest.fixture(scope="module")
def door(module_settings: Settings, module_agency: Served) -> Iterator[Door]:
    """Give a door with one printed statement of the broker behind it."""
    harbor = Harbor.build(module_settings)
    tokens = {}
    with harbor.connect() as connection:
        for code in (BROKER, OTHER_BROKER):
            credential = registration.renew_credential(connection, "3901", id_code=code)
            assert credential is not None
            tokens[code] = credential.token
            harbor.passwords[code] = credential.password
    harbor.entry(1, charges={"001": 100_000, "499": 3_358, "501": 1_250})
    harbor.print()
    ((number, cents),) = harbor.rows("select statement_number, total_cents from statement")
    with httpx2.Client(base_url=module_agency.url, timeout=30, trust_env=False) as http:
        yield Door(http, harbor, tokens, number, cents)


def problem(response: httpx2.Response, status: int, code: str) -> dict[str, object]:
    """Give the problem details of a response that must have this status and code."""
    assert (response.status_code, response.json().get("code")) == (status, code), response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    told = response.json()
    assert told["detail"]
    assert told["next_step"]
    assert told["title"]
    assert "Traceback" not in response.text
    return told


@pytest.mark.parametrize("token", [None, "Bearer wrong", "Basic eDp5", "Bearer", "Bearer \u00e9"])
@pytest.mark.parametrize("path", ["/abi/batches", "/abi/outbox", "/abi/outbox/1/acknowledge"])
def test_nobody_gets_in_without_a_token_of_ours(door: Door, path: str, token: str | None) -> None:
    headers = {} if token is None else {"Authorization": token.encode()}
    method = "GET" if path.endswith("outbox") else "POST"
    response = door.http.request(method, path, headers=headers)
    problem(response, 401, "sender-unknown")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("content_type", ["application/json", "text/html; a=text/plain", ""])
def test_only_plain_text_is_taken(door: Door, content_type: str) -> None:
    headers = {"Content-Type": content_type, **door.bearer()}
    response = door.http.post("/abi/batches", content=b"A", headers=headers)
    problem(response, 415, "body-not-text")


def test_a_body_over_the_limit_is_refused_and_not_kept(door: Door) -> None:
    before = door.harbor.rows("select count(*) from abi_batch")
    problem(door.send(b"A" * (LARGEST + 1)), 413, "body-too-large")
    assert door.harbor.rows("select count(*) from abi_batch") == before
    assert door.send(b"A" * LARGEST).status_code == 200, "the limit itself is allowed"


def test_a_chunked_body_is_bounded_while_it_is_read(door: Door) -> None:
    """Without a declared length the limit holds as well, and reading stops at it."""
    sent = itertools.count()
    pieces = (b"A" * 65_536 for _ in range(5_000) if next(sent) >= 0)
    response = door.send(pieces)  # type: ignore[arg-type]
    problem(response, 413, "body-too-large")
    assert next(sent) < 1_000, "the rest was not waited for"


def test_a_body_cut_short_is_not_kept_and_leaves_its_key_free(door: Door) -> None:
    """A13: what the connection lost on the way must not stand for the batch under its key."""
    batch = door.authorization(cents=1).encode()
    before = door.harbor.rows("select count(*) from abi_batch")
    address = urlsplit(str(door.http.base_url))
    head = [
        "POST /abi/batches HTTP/1.1",
        f"Host: {address.netloc}",
        f"Authorization: {door.bearer()['Authorization']}",
        "Content-Type: text/plain",
        "Idempotency-Key: cut-short",
        f"Content-Length: {len(batch)}",
    ]
    with socket.create_connection((address.hostname, address.port), timeout=10) as line:
        line.sendall("\r\n".join([*head, "", ""]).encode() + batch[:200])
        line.shutdown(socket.SHUT_WR)
        line.recv(1_000)
    again = door.send(batch, key="cut-short")
    assert (again.status_code, again.headers["X-Batch-Outcome"]) == (200, "answered")
    ((count,),) = before
    assert door.harbor.rows("select count(*) from abi_batch") == [(count + 1,)]


def test_bad_input_is_answered_and_changes_nothing(door: Door) -> None:
    """Whatever arrives is archived with its password masked and answered; nothing else happens."""
    good = door.authorization()
    password = door.harbor.passwords[BROKER]
    bad = {
        "truncated": good[:200],
        "no trailer": "".join(good.splitlines(keepends=True)[:-1]),
        "two headers": good.splitlines(keepends=True)[0] + good,
        "control character": good.replace("PT1", "PT\x07"),
        "not ASCII": good.replace("PT1", "PT\u00e9"),
        "byte order mark": "\ufeff" + good,
        "a huge line": good.replace("\n", " " * 500_000 + "\n", 1),
        "another sender's": good.replace("A3901B76", "A3901C08", 1),
        "wrong password": good.replace(password, "WRONG0", 1),
        "empty": "",
    }
    before = door.business_rows()
    for what, text in bad.items():
        response = door.send(text)
        assert response.status_code == 200, what
        assert response.headers["X-Batch-Outcome"] == "rejected", what
        assert "999" in response.text, what
        assert all(len(line) == 80 for line in response.text.splitlines()), what
    assert door.business_rows() == before
    kept = door.harbor.rows("select raw from abi_batch")
    assert not any(password.encode() in bytes(raw) for (raw,) in kept)


@pytest.mark.parametrize("amount", ["1e3       ", "-000104608", "00010460.8", "          "])
def test_an_amount_that_is_no_amount_is_answered_for_its_item(door: Door, amount: str) -> None:
    before = door.business_rows()
    text = door.authorization().replace(f"{door.cents:010}", amount)
    response = door.send(text)
    assert response.status_code == 200
    assert "D00" not in response.text
    assert door.business_rows() == before


@pytest.mark.requirement("SEC-05")
def test_another_filers_statement_and_an_unknown_one_are_answered_alike(door: Door) -> None:
    """A7: the answer does not tell whether somebody else's statement exists."""
    theirs = door.send(door.authorization(filer=OTHER_BROKER), filer=OTHER_BROKER).text
    unknown = "3927328ZZZ"
    text = door.authorization(filer=OTHER_BROKER).replace(door.number, unknown)
    assert door.send(text, filer=OTHER_BROKER).text.replace(unknown, door.number) == theirs


@pytest.mark.requirement("DEB-04", "DEB-06")
def test_the_same_key_gets_the_same_bytes_and_another_body_is_refused(door: Door) -> None:
    """A1 and A4: one acceptance, one posting, whatever is sent again."""
    batch = door.authorization()
    first = door.send(batch, key="payment-1")
    assert (first.status_code, first.headers["X-Batch-Outcome"]) == (200, "answered")
    assert first.headers["Content-Type"].startswith("text/plain")
    assert "D00" in first.text
    after_first = door.business_rows()
    assert door.send(batch, key="payment-1").content == first.content
    problem(door.send(door.authorization(cents=1), key="payment-1"), 422, "idempotency-key-reused")
    assert door.business_rows() == after_first
    assert after_first["authorization_attempt"] == 1


@pytest.mark.parametrize("key", ["", "x" * 129, "two words", "caf\u00e9"])
def test_a_key_that_is_none_is_refused(door: Door, key: str) -> None:
    headers = {
        "Content-Type": "text/plain",
        "Idempotency-Key": key.encode(),
        **door.bearer(),
    }
    response = door.http.post("/abi/batches", content=b"A", headers=headers)
    problem(response, 400, "idempotency-key-unreadable")


@pytest.mark.requirement("DEB-01")
def test_the_outbox_gives_the_statement_until_it_is_acknowledged(door: Door) -> None:
    (item,) = door.http.get("/abi/outbox", headers=door.bearer()).json()
    assert (item["application"], item["statement_number"]) == ("PF", door.number)
    assert item["content"].splitlines()[0][25:27] == "PF"
    path = f"/abi/outbox/{item['id']}/acknowledge"
    foreign = door.http.post(path, headers=door.bearer(OTHER_BROKER))
    unknown = door.http.post("/abi/outbox/987654321/acknowledge", headers=door.bearer())
    told = problem(foreign, 404, "outbox-message-unknown")
    alike = problem(unknown, 404, "outbox-message-unknown")
    assert str(told["detail"]).replace(str(item["id"]), "987654321") == alike["detail"]
    assert len(door.http.get("/abi/outbox", headers=door.bearer()).json()) == 1
    for _ in range(2):
        response = door.http.post(path, headers=door.bearer())
        assert (response.status_code, response.content) == (204, b"")
    assert door.http.get("/abi/outbox", headers=door.bearer()).json() == []


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/abi/batches", 405, "method-not-allowed"),
        ("GET", "/abi/nothing", 404, "not-found"),
        ("POST", "/abi/outbox/x/acknowledge", 422, "parameter-unreadable"),
        ("POST", f"/abi/outbox/{2**63}/acknowledge", 404, "outbox-message-unknown"),
        ("POST", "/abi/outbox/0/acknowledge", 404, "outbox-message-unknown"),
    ],
)
def test_every_refusal_is_problem_details(
    door: Door, method: str, path: str, status: int, code: str
) -> None:
    problem(door.http.request(method, path, headers=door.bearer()), status, code)


def test_a_host_that_is_not_ours_is_refused(door: Door) -> None:
    problem(door.http.get("/health", headers={"Host": "evil.example"}), 400, "bad-request")


def test_bytes_that_are_not_http_do_no_harm(door: Door) -> None:
    address = urlsplit(str(door.http.base_url))
    with socket.create_connection((address.hostname, address.port), timeout=5) as raw:
        raw.sendall(b"\x16\x03\x01\x00\xff\r\n\r\n")
        raw.recv(1000)
    assert door.http.get("/health").json() == {"status": "ok"}


def test_a_failure_of_ours_is_told_by_a_reference_and_nothing_else(door: Door) -> None:
    """A table is gone: the sender gets a reference, the log its type and place, neither any SQL."""
    owner = partial(database.connect, door.harbor.settings, "agency", role="owner")
    with owner() as connection:
        connection.execute("alter table abi_outbox rename to abi_outbox_away")
    try:
        told = problem(
            door.http.get("/abi/outbox", headers=door.bearer()), 500, "unexpected-failure"
        )
        acknowledged = door.http.post("/abi/outbox/1/acknowledge", headers=door.bearer())
        written = problem(acknowledged, 500, "unexpected-failure")
    finally:
        with owner() as connection:
            connection.execute("alter table abi_outbox_away rename to abi_outbox")
    log = (door.harbor.settings.data_directory / "logs" / "agency.jsonl").read_text()
    line, _ = (line for line in log.splitlines() if "unexpected failure" in line)
    assert "idempotency" not in str(told["next_step"])
    assert "idempotency key" in str(written["next_step"])
    assert json.loads(line)["reference"] in str(told["detail"])
    assert "UndefinedTable" in line
    assert "select" not in line
    assert "abi_outbox" not in str(told)
    assert door.http.get("/abi/outbox", headers=door.bearer()).status_code == 200


def test_headers_keep_answers_out_of_frames_and_caches(door: Door) -> None:
    for path in ("/health", "/sign-in", "/abi/outbox", "/nothing"):
        headers = door.http.get(path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert "unsafe-inline" not in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert "no-store" in headers["Cache-Control"], path


def test_the_log_has_no_token_no_password_and_no_body(door: Door) -> None:
    door.send(door.authorization(cents=1))
    log = door.harbor.settings.data_directory / "logs" / "agency.jsonl"
    text = log.read_text()
    assert all(json.loads(line)["event"] for line in text.splitlines())
    assert '"path": "/abi/batches"' in text
    secrets = [*door.tokens.values(), *door.harbor.passwords.values(), door.number]
    assert not any(secret in text for secret in secrets)
