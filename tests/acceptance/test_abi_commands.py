"""``customhouse abi`` and ``customhouse serve`` as a filer and an operator type them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from customhouse.agency import registration
from customhouse.settings import Settings
from tests.acceptance.servers import COMMAND, Served, environment, serving
from tests.integration.agency.harbor import BROKER, Harbor

Result = subprocess.CompletedProcess[str]


@dataclass
class Desk:
    """A broker's desk: its token, its folder, and the harbor at the other end of the line."""

    harbor: Harbor
    served: Served
    token: str
    folder: Path

    def run(self, *words: str | Path, given: str | None = None, token: str | None = None) -> Result:
        """Run one command as the broker does."""
        variables = environment(self.served.settings)
        variables["CUSTOMHOUSE_ABI_TOKEN"] = self.token if token is None else token
        return subprocess.run(
            [COMMAND, *words],
            env=variables,
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def statement(self, serial: int, cents: int) -> str:
        """Let the agency print one more statement; give its number."""
        self.harbor.entry(serial, charges={"001": cents})
        self.harbor.print_one_statement(serial - 1)
        query = "select statement_number from statement order by 1 desc limit 1"
        return str(self.harbor.rows(query)[0][0])

    def authorization(self, number: str, cents: int, name: str) -> Path:
        """Write a batch that authorizes a statement into a file."""
        record = f"PT10000102{BROKER} {number}{cents:010}"
        path = self.folder / f"{name}.txt"
        path.write_text(self.harbor.batch("RM", [record]))
        return path


@pytest.fixture(scope="module")
def desk(
    module_settings: Settings, module_agency: Served, tmp_path_factory: pytest.TempPathFactory
) -> Desk:
    """Give a broker's desk with a line to a served agency."""
    harbor = Harbor.build(module_settings)
    with harbor.connect() as connection:
        credential = registration.renew_credential(connection, "3901", id_code=BROKER)
    assert credential is not None
    harbor.passwords[BROKER] = credential.password
    return Desk(harbor, module_agency, credential.token, tmp_path_factory.mktemp("desk"))


def assert_plain(result: Result) -> None:
    """Hold that no trace, no token and no password reached the person."""
    assert "Traceback" not in result.stdout + result.stderr


@pytest.mark.requirement("DEB-06", "DEB-07", "SEC-07")
def test_a_wrong_amount_is_told_with_both_amounts_and_the_right_one_goes_through(
    desk: Desk,
) -> None:
    number = desk.statement(1, 104_608)
    wrong = desk.run("abi", "send", desk.authorization(number, 104_600, "wrong"))
    assert wrong.returncode == 7
    assert "D04 AMT 0000104600 NOT STMT TOTAL 0000104608" in wrong.stderr
    right = desk.authorization(number, 104_608, "right")
    sent = [desk.run("abi", "send", right, "--key", "k-1") for _ in range(2)]
    assert [each.returncode for each in sent] == [0, 0]
    assert sent[0].stdout == sent[1].stdout
    assert all(len(line) == 80 for line in sent[0].stdout.splitlines())
    assert f"statement {number} $1,046.08: accepted" in sent[0].stderr
    for result in (wrong, *sent):
        assert_plain(result)


def test_a_rejected_batch_ends_with_7_and_says_where(desk: Desk) -> None:
    path = desk.authorization("3927328001", 1, "broken")
    text = path.read_text()
    result = desk.run("abi", "send", "-", given=text.replace("PT1", "P~1"))
    assert result.returncode == 7
    assert "999 BATCH REJECTED" in result.stderr
    assert_plain(result)


def test_a_wrong_token_is_told_with_a_hint(desk: Desk) -> None:
    path = desk.authorization("3927328001", 1, "stranger")
    result = desk.run("abi", "send", path, token="not-ours")
    assert result.returncode == 7
    assert result.stderr.startswith("sender-unknown: ")
    assert "hint: " in result.stderr


@pytest.mark.requirement("DEB-01")
def test_statements_are_kept_before_they_are_acknowledged(desk: Desk) -> None:
    """What was received is readable offline; what was acknowledged does not come again."""
    number = desk.statement(2, 5_000)
    inbox = desk.folder / "inbox"
    seen = desk.run("abi", "receive")
    assert f"statement {number} preliminary: 1 entry, total $50.00, adds up" in seen.stdout
    first = desk.run("abi", "receive", "--folder", inbox, "--acknowledge")
    again = desk.run("abi", "receive", "--folder", inbox, "--acknowledge")
    assert (first.returncode, again.returncode) == (0, 0)
    assert again.stderr == "0 messages\n"
    (kept,) = inbox.glob(f"*-PF-{number}.txt")
    checked = desk.run("abi", "check", kept)
    assert checked.returncode == 0, checked.stderr
    shown = desk.run("abi", "show", kept)
    assert "$50.00" in shown.stdout
    kept.write_text(kept.read_text().replace("00000005000", "00000005001", 1))
    spoiled = desk.run("abi", "check", kept)
    assert spoiled.returncode == 7
    assert spoiled.stderr.startswith("statement-total-wrong: ")


def test_a_batch_is_checked_and_shown_offline_with_its_password_masked(desk: Desk) -> None:
    path = desk.authorization("3927328001", 104_608, "offline")
    password = desk.harbor.passwords[BROKER]
    assert desk.run("abi", "check", path, token="").returncode == 0
    shown = desk.run("abi", "show", path, token="")
    assert "payment amount" in shown.stdout
    assert "******" in shown.stdout
    assert password not in shown.stdout
    path.write_text(path.read_text()[:-82])
    cut = desk.run("abi", "check", path, token="")
    assert cut.returncode == 7
    assert "X06 BATCH CONTROL MISSING - Z-RECORD" in cut.stdout


def test_a_file_that_is_not_there_is_told(desk: Desk) -> None:
    result = desk.run("abi", "check", desk.folder / "none.txt")
    assert result.returncode == 2
    assert result.stderr.startswith("batch-file-unreadable: ")
    assert_plain(result)


def test_a_retry_while_the_first_is_still_running_is_done_once(desk: Desk) -> None:
    """A13: both get the one answer, byte for byte, or are told to ask again; never two acts."""
    number = desk.statement(3, 700)
    path = desk.authorization(number, 700, "racing")
    with ThreadPoolExecutor(max_workers=3) as threads:
        sent = list(threads.map(lambda _: desk.run("abi", "send", path, "--key", "k-2"), range(3)))
    answers = {each.stdout for each in sent if each.returncode == 0}
    assert len(answers) == 1
    assert all("in-progress: " in each.stderr for each in sent if each.returncode != 0)
    query = "select count(*) from authorization_attempt where statement_number = %s"
    assert desk.harbor.rows(query, number) == [(1,)]


def test_a_second_server_at_the_same_address_is_refused(desk: Desk) -> None:
    result = desk.run("serve", "agency")
    assert result.returncode == 7
    assert result.stderr.startswith("address-taken: ")


def test_a_worker_does_not_outlive_a_server_that_was_killed(served_settings: Settings) -> None:
    """Nothing keeps the address afterwards, so that the side can be started again at once."""
    freed = []
    killed = pytest.raises(AssertionError, match="ended with -9")
    with killed, serving(served_settings, "agency") as served:
        freed.append(_freed_after_kill(served))
    assert freed == [True]


def _freed_after_kill(served: Served) -> bool:
    os.kill(served.pid, signal.SIGKILL)
    address = ("127.0.0.1", int(served.url.rpartition(":")[2]))
    deadline = time.monotonic() + 10
    while _is_taken(address) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not _is_taken(address)


def _is_taken(address: tuple[str, int]) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(address) == 0


def test_a_sign_in_is_added_without_showing_its_password(desk: Desk) -> None:
    given = "seven grey harbor cranes\n"
    words = ("users", "add", "clerk@harbor.example", "--password-stdin")
    first, again = (desk.run(*words, given=given) for _ in range(2))
    assert (first.stdout, again.stdout) == (
        "clerk@harbor.example can sign in now\n",
        "clerk@harbor.example has a new password\n",
    )
    short = desk.run(*words, given="short\n")
    assert short.returncode == 7
    assert "5 characters" in short.stderr
    listed = desk.run("users", "list")
    assert listed.stdout.split() == ["clerk@harbor.example", "no", "filer"]
