"""Suffixes of one importer number that are decided at the same moment: one of them joins."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Barrier

import pytest

from customhouse.agency import credit_enrolment_commands as commands
from customhouse.agency import registration
from customhouse.agency.parties import Importer
from customhouse.faults import Refused
from tests.integration.agency.forms import file, officer
from tests.integration.agency.harbor import Harbor

ROUNDS = 6
LONG_ENOUGH_SECONDS = 0.5


def two_open_forms(harbor: Harbor, serial: int = 0) -> tuple[str, str]:
    """Give forms of two suffixes, both open as if they were filed at the same moment."""
    payers = [f"12-345678{serial}{suffix}" for suffix in ("AA", "BB")]
    with harbor.connect() as connection:
        importers = [Importer(payer, f"Fictitious Importer {payer[-2:]}") for payer in payers]
        registration.register_importers(connection, importers)
    first = file(harbor, importer_number=payers[0])
    with harbor.connect() as connection:
        hidden = "update credit_enrolment set state = 'refused' where payer_identifier = %s"
        connection.execute(hidden, [payers[0]])
    second = file(harbor, importer_number=payers[1])
    with harbor.connect() as connection:
        shown = "update credit_enrolment set state = 'received' where payer_identifier = %s"
        connection.execute(shown, [payers[0]])
    return first, second


def approved(harbor: Harbor, number: str, by: str) -> str:
    """Approve a form; give what came of it."""
    try:
        with harbor.connect() as connection:
            commands.approve(connection, number, officer=by, clock=harbor.clock)
    except Refused as refused:
        return refused.faults[0].code
    return "approved"


@pytest.mark.requirement("CRD-12")
@pytest.mark.parametrize("turned", [False, True])
def test_an_approval_waits_for_that_of_another_suffix(harbor: Harbor, *, turned: bool) -> None:
    """It began before the other was committed, and is refused behind it."""
    first, second = sorted(two_open_forms(harbor), reverse=turned)
    by = officer(harbor)
    with ThreadPoolExecutor(1) as pool:
        with harbor.connect() as connection:
            commands.approve(connection, first, officer=by, clock=harbor.clock)
            later = pool.submit(approved, harbor, second, by)
            assert wait([later], LONG_ENOUGH_SECONDS).not_done
        assert later.result(timeout=10) == "enrolment-other-suffix"
    states = harbor.rows("select state from credit_enrolment order by state")
    assert states == [("approved",), ("received",)]


@pytest.mark.requirement("CRD-12")
def test_of_two_suffixes_approved_at_once_one_joins(harbor: Harbor) -> None:
    """Nobody waits for ever: both lock the suffixes in the same order."""
    by, gate = officer(harbor), Barrier(2)

    def decided(number: str) -> str:
        gate.wait(timeout=10)
        return approved(harbor, number, by)

    with ThreadPoolExecutor(2) as pool:
        for serial in range(ROUNDS):
            outcomes = pool.map(decided, two_open_forms(harbor, serial))
            assert sorted(outcomes) == ["approved", "enrolment-other-suffix"]


def test_a_removal_and_an_approval_of_another_suffix_wait_in_one_order(harbor: Harbor) -> None:
    """Neither holds what the other needs: both end, in one order or the other."""
    by, gate = officer(harbor), Barrier(2)

    def removed(payer: str) -> str:
        gate.wait(timeout=10)
        with harbor.connect() as connection:
            commands.remove(connection, payer, officer=by, reason="Asked", clock=harbor.clock)
        return "removed"

    def decided(number: str) -> str:
        gate.wait(timeout=10)
        return approved(harbor, number, by)

    with ThreadPoolExecutor(2) as pool:
        for serial in range(ROUNDS):
            first, second = two_open_forms(harbor, serial)
            assert approved(harbor, first, by) == "approved"
            # The removal refuses an open form as well, and so locks in two steps.
            payer = f"12-345678{serial}AA"
            file(harbor, importer_number=payer, purpose="change")
            gone, joined = pool.submit(removed, payer), pool.submit(decided, second)
            assert gone.result(timeout=20) == "removed"
            assert joined.result(timeout=20) in ("approved", "enrolment-other-suffix")
