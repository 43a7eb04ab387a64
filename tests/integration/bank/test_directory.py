"""The participant directory: who takes ACH entries, and whose bank has left (SEC-08)."""

from __future__ import annotations

import pytest

from customhouse.bank import directory
from customhouse.faults import Refused
from customhouse.identifiers import RoutingNumber
from customhouse.rehearsal.world import PARTICIPANTS
from customhouse.settings import DirectoryPolicy
from tests.integration.bank.branch import ROUTINGS, Branch

CONTENT = PARTICIPANTS.read_bytes()
FORMER = next(line[:9].decode() for line in CONTENT.splitlines() if line[19:20] == b"2")


def _load(branch: Branch, content: bytes = CONTENT) -> directory.DirectoryLoad:
    with branch.office() as office:
        return directory.load(office.connection, office.keys, content=content, clock=office.clock)


def _code(branch: Branch, routing: str, policy: DirectoryPolicy = "when-loaded") -> str:
    """Give why a routing number is refused; empty when it is not."""
    with branch.office() as office:
        try:
            directory.require_participant(office.connection, RoutingNumber(routing), policy=policy)
        except Refused as refused:
            return refused.faults[0].code
    return ""


def test_without_a_directory_the_policy_decides(branch: Branch) -> None:
    assert _code(branch, ROUTINGS[0]) == ""
    assert _code(branch, ROUTINGS[0], "required") == "directory-missing"


def test_a_bank_must_be_in_it_once_it_is_loaded(branch: Branch) -> None:
    assert _load(branch).participants == len(CONTENT.splitlines())
    assert _code(branch, ROUTINGS[0], "required") == ""
    assert _code(branch, "021000021") == "routing-not-in-directory"
    with branch.office() as office, pytest.raises(Refused) as refused:
        directory.require_participant(
            office.connection, RoutingNumber(FORMER), policy="when-loaded"
        )
    (fault,) = refused.value.faults
    assert fault.code == "routing-superseded"
    assert "091900009" in fault.next_step


def test_accounts_whose_bank_left_are_listed_by_token(branch: Branch) -> None:
    tokens = branch.open_units(1, 2)
    assert _load(branch).tokens_left == ()
    kept = b"".join(
        line for line in CONTENT.splitlines(keepends=True) if not line.startswith(b"222222226")
    )
    # Payer 1 has its account at the second of the two banks.
    assert _load(branch, kept).tokens_left == (tokens[0],)
    purposes = branch.rows("select distinct purpose from account_access")
    assert purposes == [(directory.PURPOSE,)]


def test_a_wrong_file_leaves_the_one_before(branch: Branch) -> None:
    _load(branch)
    with pytest.raises(Refused):
        _load(branch, CONTENT[:-20])
    assert _code(branch, ROUTINGS[0]) == ""
    assert branch.rows("select count(*) from directory_load") == [(1,)]
