"""Files sent again, keys counted and openings of accounts looked up, each by its command."""

from __future__ import annotations

import json
import os
import pwd
from dataclasses import replace
from datetime import date

import pytest

from customhouse.bank import gateway
from customhouse.bank.day import open_bank
from customhouse.rails import DebitInstruction, PayerUnitBinding
from customhouse.settings import Settings
from tests.acceptance.test_bank_commands import ACCOUNT, run

LOGIN = pwd.getpwuid(os.geteuid()).pw_name
NAME = "12345678-20261124-0900-A.ach"


@pytest.fixture
def bank_settings(settings: Settings) -> Settings:
    """Give settings on a rehearsal's clock."""
    return replace(settings, clock="rehearsal")


@pytest.fixture
def token(bank_settings: Settings) -> str:
    """Send one debit of one account; give the account's token."""
    made = run(bank_settings, "accounts", "add", given=json.dumps(ACCOUNT).encode()).stdout.strip()
    instruction = DebitInstruction(
        instruction_id="B76-3927327001-1",
        payer_unit_number="000001",
        statement_number="3927327001",
        amount_cents=104_608,
        accepted_on=date(2026, 11, 24),
        debit_on=date(2026, 11, 25),
    )
    with open_bank(bank_settings) as (connection, clock):
        gateway.bind_payer_unit(connection, PayerUnitBinding("000001", made), clock=clock)
        gateway.take_instructions(connection, [instruction], clock=clock)
    assert run(bank_settings, "day", "--until", "2026-11-24").returncode == 0
    return made


@pytest.mark.requirement("DEB-09")
def test_a_file_whose_answer_never_comes_is_sent_again_the_same(
    bank_settings: Settings, token: str
) -> None:
    """C13: by the command, as the alarm says."""
    outbound = bank_settings.exchange_directory / "outbound" / NAME
    sent = outbound.read_bytes()
    lies = run(bank_settings, "resend", NAME)
    assert lies.stdout == (
        f"{NAME} still lies in the outbound folder; the operator has not taken it\n"
    )
    outbound.unlink()
    assert run(bank_settings, "resend", NAME).stdout == f"{NAME} is in the outbound folder again\n"
    assert outbound.read_bytes() == sent
    unknown = run(bank_settings, "resend", "other.ach")
    assert unknown.returncode == 7
    assert unknown.stderr.startswith("bank-file-unknown: No file with the name other.ach")


@pytest.mark.requirement("SEC-02")
def test_who_opened_an_account_is_listed_by_token_and_never_by_number(
    bank_settings: Settings, token: str
) -> None:
    line = run(bank_settings, "access-log").stdout
    assert line.startswith("2026-11-24 09:00:")
    assert line.endswith(f"  {token}  {LOGIN}  write {NAME}\n")
    assert (
        run(bank_settings, "access-log", "--token", token, "--since", "2026-11-24").stdout == line
    )
    nothing = "No account was opened.\n"
    assert run(bank_settings, "access-log", "--since", "2026-11-25").stdout == nothing
    assert run(bank_settings, "access-log", "--token", "acct_" + "a" * 26).stdout == nothing


def test_a_day_of_the_bank_is_reported(bank_settings: Settings, token: str) -> None:
    assert run(bank_settings, "report").stdout.splitlines() == [
        "Tuesday 24 November 2026",
        "sent out         1 file, 1 debit, $1,046.08",
        "answered         0 files",
        "taken in         0 files, 0 in quarantine",
        "items reported   0 settled, 0 returned, 0 changed",
        "pushed           0 payments, $0.00; 0 to send back",
        "alarms           0 raised, 0 cleared",
        f"accounts opened  1 account in 1 opening by {LOGIN}, to write {NAME}",
    ]
    monday = run(bank_settings, "report", "--on", "2026-11-23").stdout.splitlines()
    assert monday[1] == "sent out         0 files, 0 debits, $0.00"
    assert monday[-1] == "accounts opened  none"


def test_keys_are_listed_with_what_they_open_and_a_rotation_goes_on(
    bank_settings: Settings, token: str
) -> None:
    """O1: an old key is destroyed only when its count is 0."""
    assert run(bank_settings, "keys", "list").stdout == "key version 1  current  1 record\n"
    assert run(bank_settings, "keys", "rotate").returncode == 0
    assert run(bank_settings, "keys", "list").stdout.splitlines() == [
        "key version 1  old      0 records",
        "key version 2  current  1 record",
    ]
    again = run(bank_settings, "keys", "rewrap")
    assert again.stdout == "key version 2 is current, 0 records moved to it\n"
    assert run(bank_settings, "keys", "retire", "1").returncode == 0
    assert run(bank_settings, "keys", "list").stdout == "key version 2  current  1 record\n"
