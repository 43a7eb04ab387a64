"""The database server killed under load, and one without room: nothing acknowledged is lost."""

from __future__ import annotations

import os
import random
import subprocess
import tempfile
import time
from base64 import b32encode
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from customhouse import database
from customhouse.settings import Settings
from tests.acceptance.servers import serving
from tests.integration.agency.harbor import BROKER, BROKER_UNIT, Harbor, dispositions
from tests.siege.lone_servers import kill_server, lone_servers

STATEMENTS = 60
CLIENTS = 4
PATIENCE_SECONDS = 60.0
ROOM = "220m"
LEFT_BYTES = 24_000_000


def _token(harbor: Harbor, settings: Settings) -> str:
    """Give the broker's bearer token, made anew."""
    from customhouse.agency import parties, registration

    with harbor.connect() as connection:
        credential = registration.renew_credential(connection, "3901", id_code=BROKER)
        assert credential is not None
        sender = parties.sender_by_token(connection, credential.token)
    assert sender is not None
    harbor.senders[BROKER], harbor.passwords[BROKER] = sender, credential.password
    return credential.token


def _statements(harbor: Harbor, count: int) -> list[tuple[str, int]]:
    for serial in range(count):
        harbor.entry(serial, charges={"001": 1_000 + serial})
        harbor.print_one_statement(serial)
    return harbor.rows("select statement_number, total_cents from statement order by 1")


def _send_until_answered(
    client: httpx2.Client, text: str, key: str, *, headers: Mapping[str, str]
) -> tuple[str, list[int]]:
    """Send a batch with its key again and again, as a filer's software does; give the answer."""
    failures, deadline = [], time.monotonic() + PATIENCE_SECONDS
    keyed = {**headers, "Idempotency-Key": key}
    while time.monotonic() < deadline:
        answer = client.post("/abi/batches", content=text.encode(), headers=keyed)
        if answer.status_code == 200:
            return answer.text, failures
        failures.append(answer.status_code)
        time.sleep(0.2)
    raise AssertionError(f"{key} was never answered: {failures[-5:]}")


def _pay_while_killing(
    settings: Settings, url: str, batches: dict[str, str], *, headers: dict[str, str]
) -> tuple[dict[str, str], list[int]]:
    """Let clients send batches by key, kill the server twice; give answers and refusals."""
    told: dict[str, str] = {}
    refusals: list[int] = []

    def pay(keys: list[str]) -> None:
        with httpx2.Client(base_url=url, timeout=30.0, trust_env=False) as client:
            for key in keys:
                text, failures = _send_until_answered(client, batches[key], key, headers=headers)
                told[key] = text
                refusals.extend(failures)

    with ThreadPoolExecutor(CLIENTS) as clients:
        keys = list(batches)
        paying = [clients.submit(pay, keys[n::CLIENTS]) for n in range(CLIENTS)]
        for share in (len(keys) // 4, len(keys) // 2):
            while len(told) < share and not any(each.done() for each in paying):
                time.sleep(0.02)
            kill_server(settings)
            database.start_servers(settings)
        for each in paying:
            each.result()
    return told, refusals


def test_a_server_killed_under_load_loses_nothing_acknowledged() -> None:
    """B4: kill -9 of the database server twice while four clients pay; then everything is there."""
    with lone_servers() as settings:
        harbor = Harbor.build(settings)
        token = _token(harbor, settings)
        statements = _statements(harbor, STATEMENTS)
        batches = {
            f"pay-{number}": harbor.batch("RM", [f"PT{BROKER_UNIT}02B76 {number}{cents:010}"])
            for number, cents in statements
        }
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/plain"}
        with serving(settings, "agency") as served:
            told, refusals = _pay_while_killing(settings, served.url, batches, headers=headers)
            # Asked again, each first answer comes again, whatever was lost on the way.
            with httpx2.Client(base_url=served.url, timeout=30.0, trust_env=False) as client:
                for key, text in told.items():
                    answered = _send_until_answered(client, batches[key], key, headers=headers)
                    assert answered == (text, [])
        assert {tuple(dispositions(text)) for text in told.values()} == {("D00",)}
        assert refusals, "the kills have to be felt"
        assert set(refusals) <= {503, 409}, set(refusals)
        for table in ("authorization_attempt", "transfer", "bank_outbox"):
            assert harbor.rows(f"select count(*) from {table}") == [(STATEMENTS,)]  # noqa: S608
        assert harbor.violations() == []


@contextmanager
def small_disk() -> Iterator[Path]:
    """Give a folder on a file system of its own that has little room."""
    folder = Path(tempfile.mkdtemp(prefix="customhouse-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=755", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("only root can mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def _starve(folder: Path) -> Path:
    """Fill a file system but for a little."""
    ballast = folder / "ballast"
    with ballast.open("wb") as file:
        room = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize - LEFT_BYTES
        for _ in range(room // 1_000_000):
            file.write(b"x" * 1_000_000)
    return ballast


def test_without_room_new_work_is_refused_and_goes_on_when_there_is_some() -> None:
    """B6: data and write-ahead log are full: 503, nothing torn, no repair once there is room."""
    with small_disk() as folder, lone_servers(folder) as settings:
        harbor = Harbor.build(settings)
        token = _token(harbor, settings)
        statements = _statements(harbor, 2)
        texts = [
            harbor.batch("RM", [f"PT{BROKER_UNIT}02B76 {number}{cents:010}"])
            for number, cents in statements
        ]
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/plain"}
        with (
            serving(settings, "agency") as served,
            httpx2.Client(base_url=served.url, timeout=60.0, trust_env=False) as client,
        ):
            first, _ = _send_until_answered(client, texts[0], "before", headers=headers)
            ballast = _starve(folder)
            statuses = _fill(harbor, client, headers=headers)
            assert statuses[-1] == 503, statuses
            assert set(statuses) == {200, 503}, statuses
            ballast.unlink()
            database.start_servers(settings)
            again, _ = _send_until_answered(client, texts[0], "before", headers=headers)
            assert again == first
            second, _ = _send_until_answered(client, texts[1], "after", headers=headers)
        assert dispositions(first) == dispositions(second) == ["D00"]
        assert harbor.rows("select count(*) from transfer") == [(2,)]
        # What was answered was kept; what was refused left no answer behind.
        kept = harbor.rows("select count(*) from abi_batch where rejected")
        assert kept == [(statuses.count(200),)]
        assert harbor.violations() == []


def _fill(harbor: Harbor, client: httpx2.Client, *, headers: dict[str, str]) -> list[int]:
    """Send large batches, each archived, until one is refused; give all statuses."""
    statuses: list[int] = []
    for number in range(100):
        # Random letters, which the database cannot make much smaller.
        letters = b32encode(random.Random(number).randbytes(1_000_000)).decode()
        records = [letters[at : at + 78] for at in range(0, len(letters), 78)]
        text = harbor.batch("RM", [f"PT{record}" for record in records])
        key = {"Idempotency-Key": f"fill-{number}"}
        statuses.append(
            client.post("/abi/batches", content=text.encode(), headers=headers | key).status_code
        )
        if statuses[-1] != 200:
            break
    return statuses
