"""The bank's commands as its people run them, each as a process of its own."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import date

import pytest

from customhouse.bank import gateway
from customhouse.bank.day import open_bank
from customhouse.rails import DebitInstruction, PayerUnitBinding
from customhouse.settings import Settings
from tests.acceptance.servers import COMMAND, environment

CANARY = "31415926535"
ACCOUNT = {
    "routing_number": "111111118",
    "account_number": CANARY,
    "account_type": "checking",
    "holder_name": "Example Importer",
}


@pytest.fixture
def bank_settings(settings: Settings) -> Settings:
    """Give settings on a rehearsal's clock."""
    return replace(settings, clock="rehearsal")


def run(
    settings: Settings, *arguments: str, given: bytes = b""
) -> subprocess.CompletedProcess[str]:
    """Run a command of the bank; no account may ever be in what it says."""
    done = subprocess.run(
        [COMMAND, "bank", *arguments],
        env=environment(settings),
        input=given.decode(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert CANARY not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_an_account_is_read_from_the_input_and_its_token_printed(bank_settings: Settings) -> None:
    given = json.dumps(ACCOUNT).encode()
    first = run(bank_settings, "accounts", "add", given=given)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("acct_")
    assert run(bank_settings, "accounts", "add", given=given).stdout == first.stdout


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (b"", "json-unreadable"),
        (b'{"account_number": "31415926535"', "json-unreadable"),
        (json.dumps({**ACCOUNT, "account_number": CANARY + "-"}).encode(), "account-number-wrong"),
        (json.dumps({**ACCOUNT, "routing_number": CANARY}).encode(), "routing-number-wrong"),
    ],
)
def test_a_wrong_account_is_refused_in_a_line_with_a_hint(
    bank_settings: Settings, given: bytes, code: str
) -> None:
    done = run(bank_settings, "accounts", "add", given=given)
    assert done.returncode == 7
    assert done.stderr.startswith(f"{code}: ")
    assert "hint:" in done.stderr
    assert done.stdout == ""


def test_the_day_makes_a_file_and_says_so(bank_settings: Settings) -> None:
    token = run(bank_settings, "accounts", "add", given=json.dumps(ACCOUNT).encode()).stdout
    instruction = DebitInstruction(
        instruction_id="B76-3927327001-1",
        payer_unit_number="000001",
        statement_number="3927327001",
        amount_cents=104_608,
        accepted_on=date(2026, 11, 24),
        debit_on=date(2026, 11, 25),
    )
    with open_bank(bank_settings) as (connection, clock):
        binding = PayerUnitBinding("000001", token.strip())
        gateway.bind_payer_unit(connection, binding, clock=clock)
        gateway.take_instructions(connection, [instruction], clock=clock)
    done = run(bank_settings, "day", "--until", "2026-11-24")
    assert done.returncode == 0, done.stderr
    assert "1 file released" in done.stdout
    files = run(bank_settings, "files").stdout
    assert files.split()[:4] == ["12345678-20261124-0900-A.ach", "released", "1", "entry"]
    assert "in_file" in run(bank_settings, "status").stdout
    assert run(bank_settings, "day", "--until", "2026-11-24").returncode == 0
    assert run(bank_settings, "files").stdout == files
    assert run(bank_settings, "intake").returncode == 0
    # Without a date, the next banking day: Wednesday, then Friday over Thanksgiving.
    assert run(bank_settings, "day").stdout.startswith("Wednesday 25 November 2026")
    assert run(bank_settings, "day").stdout.startswith("Friday 27 November 2026")
    again = run(bank_settings, "day", "--until", "2026-11-29").stdout.splitlines()
    assert again == [
        "Sunday 29 November 2026 is no banking day: Friday 27 November 2026 is the last before it.",
        "Friday 27 November 2026",
        "  nothing to do",
    ]
    # Nobody has answered Tuesday's file.
    name = "12345678-20261124-0900-A.ach"
    ask = f"The operator has not answered {name}. Ask it, then: customhouse bank resend {name}"
    assert run(bank_settings, "status").stdout.splitlines()[-1] == f"alarm          {ask}"
    back = run(bank_settings, "day", "--until", "2026-11-20")
    assert back.returncode == 7
    assert back.stderr.startswith("bank-date-past: ")


def test_more_than_ten_days_are_run_only_when_meant(bank_settings: Settings) -> None:
    assert run(bank_settings, "day", "--until", "2026-11-30").returncode == 0
    assert run(bank_settings, "day", "--until", "2026-12-14").returncode == 0
    slip = run(bank_settings, "day", "--until", "2026-12-30")
    assert slip.returncode == 2
    assert slip.stderr.startswith(
        "too-many-days: 11 banking days would be run at once, 2026-12-15 to 2026-12-30;"
    )
    assert "Monday 14 December 2026" in run(bank_settings, "status").stdout
    assert run(bank_settings, "day", "--until", "2026-12-30", "--yes").returncode == 0


def test_keys_rotate_and_tokens_are_issued_and_revoked(bank_settings: Settings) -> None:
    given = json.dumps(ACCOUNT).encode()
    token = run(bank_settings, "accounts", "add", given=given).stdout
    rotated = run(bank_settings, "keys", "rotate").stdout
    assert rotated == "key version 2 is current, 1 record moved to it\n"
    assert run(bank_settings, "accounts", "add", given=given).stdout == token
    assert run(bank_settings, "keys", "retire", "2").returncode == 7
    assert run(bank_settings, "keys", "retire", "1").returncode == 0
    issued = run(bank_settings, "tokens", "add", "--scope", "capture", "--label", "page")
    assert len(issued.stdout.strip()) == 43
    assert run(bank_settings, "tokens", "revoke", "page").stdout == "1 revoked\n"
    assert run(bank_settings, "tokens", "add", "--scope", "everything").returncode == 2
