"""Account numbers of pushed entries: in the exchange folder, sealed at the bank, else nowhere."""

from __future__ import annotations

import json

import pytest

from customhouse.bank import credits, faults, vault
from customhouse.bank.exchange import Exchange
from customhouse.faults import Refused
from customhouse.rails import credit_from_json, to_json
from customhouse.settings import COLLECTION_ACCOUNT
from tests.dumps import dump
from tests.integration.bank.answers import answers
from tests.integration.bank.branch import TUESDAY, WEDNESDAY, Branch
from tests.integration.bank.credit_files import MONDAY, STRANGER, Push, pushed
from tests.integration.bank.operator_files import deliver
from tests.integration.bank.test_credits import told
from tests.integration.bank.test_secrecy import files_with, spelled


def test_what_crosses_the_rails_holds_no_account(branch: Branch, exchange: Exchange) -> None:
    """SEC-08: neither the agency's own account nor a stranger's is in a message, alarm or list."""
    file = pushed(
        Push(),
        Push(account=STRANGER),
        Push(code=27, texts=()),
        Push(account="99-77", code=27, texts=()),
        settled_on=TUESDAY,
    )
    deliver(exchange, "one.cr.ach", file)
    branch.run(TUESDAY)
    messages = told(branch)
    assert [each.kind for each in messages] == ["payment", "debit_refused"]
    with branch.office() as office:
        listed = credits.listed(office.connection, TUESDAY)
        shown = [credits.shown(office.connection, each.credit_id) for each in listed]
    alarms = branch.rows("select * from alarm")
    texts = f"{listed} {shown} {alarms} {office}"
    written_out = json.dumps([to_json(each) for each in messages])
    assert [credit_from_json(each) for each in json.loads(written_out)] == messages
    for secret in (STRANGER, COLLECTION_ACCOUNT, "99-77"):
        assert secret not in texts + written_out
    assert len(listed) == 4


def test_a_sealed_entry_moves_to_a_new_key_and_still_goes_back(
    branch: Branch, exchange: Exchange
) -> None:
    """O1: re-wrapped between intake and file; O2: no new vault beside sealed entries."""
    deliver(exchange, "one.cr.ach", pushed(Push(account=STRANGER), settled_on=WEDNESDAY))
    branch.run(MONDAY)
    with branch.office() as office:
        office.connection.execute(
            "update answer_file set state = 'planned', sha256 = null,"
            " sealed_at = null, released_at = null"
        )
        keys = vault.open_keys(branch.settings, office.connection).with_new_version()
        assert vault.rewrap(office.connection, keys) == 1
        assert vault.records_by_key_version(office.connection) == {2: 1}
        vault.retire_key(branch.settings, office.connection, 1, clock=office.clock)
    branch.run(TUESDAY)
    assert branch.rows("select state from answer_file") == [("released",)]
    vault.key_file(branch.settings).unlink()
    with pytest.raises(Refused) as refused, branch.office():
        pass
    assert refused.value.faults[0].kind is faults.VAULT_KEYS_MISSING


def test_a_dump_of_the_banks_database_holds_no_account(branch: Branch, exchange: Exchange) -> None:
    """H9: not of what was taken, not of what goes back, not of what was refused."""
    file = pushed(Push(), Push(account=STRANGER), Push(code=27, texts=()), settled_on=TUESDAY)
    deliver(exchange, "one.cr.ach", file)
    deliver(exchange, "two.cr.ach", file.replace(b"0000104608RE", b"0000104609RE"))
    branch.run(TUESDAY)
    assert len(branch.rows("select from entry_return")) == 2
    text = dump(branch.settings, "bank")
    assert b"C26328111111110000001" in text
    for secret in spelled(STRANGER, COLLECTION_ACCOUNT):
        assert secret not in text
    (sent,) = answers(exchange)
    assert files_with(STRANGER, exchange.outbound) == {sent.name}
    others = [each for each in branch.settings.data_directory.iterdir() if each != exchange.root]
    assert others
    assert files_with(STRANGER, *others) == set()
    (side,) = exchange.quarantine.glob("*.faults.json")
    assert STRANGER not in side.read_text()
