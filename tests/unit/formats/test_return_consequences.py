"""What each return reason leads to: every assigned code, by its date."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.formats.return_codes import RETURN_CODES
from customhouse.formats.return_consequences import CONSEQUENCES, Act, consequence_of

TODAY = date(2026, 11, 24)


def test_every_assigned_code_has_a_consequence() -> None:
    assert {each.code for each in CONSEQUENCES} == set(RETURN_CODES)


@pytest.mark.parametrize("code", ["R01", "R09", "R08"])
def test_want_of_money_or_a_stop_lets_the_payer_try_again(code: str) -> None:
    found = consequence_of(code, TODAY)
    assert (found.may_represent, found.suspends, found.is_our_error) == (True, False, False)


@pytest.mark.parametrize("code", ["R02", "R03", "R04", "R05", "R10", "R13", "R16", "R20", "R29"])
def test_a_wrong_account_or_want_of_authority_suspends(code: str) -> None:
    found = consequence_of(code, TODAY)
    assert (found.may_represent, found.suspends) == (False, True)


@pytest.mark.parametrize("code", ["R18", "R19", "R25", "R26", "R27", "R28"])
def test_our_own_error_alarms_and_spares_the_payer(code: str) -> None:
    found = consequence_of(code, TODAY)
    assert (found.is_our_error, found.suspends) == (True, False)


def test_r17_is_fraud_only_when_marked_and_since_its_date() -> None:
    assert consequence_of("R17", TODAY).act is Act.PROCESSOR_BANK
    assert consequence_of("R17", TODAY, questionable=True).act is Act.FRAUD_DESK
    before = date(2024, 9, 30)
    assert consequence_of("R17", before, questionable=True).act is Act.PROCESSOR_BANK


def test_r16_loses_sanctions_when_r90_begins() -> None:
    day = date(2028, 3, 17)
    assert "sanctions" in consequence_of("R16", date(2028, 3, 16)).step
    assert "sanctions" not in consequence_of("R16", day).step
    assert consequence_of("R90", day).suspends
    assert not consequence_of("R90", date(2028, 3, 16)).suspends


def test_an_unassigned_code_goes_to_people() -> None:
    assert consequence_of("R99", TODAY).act is Act.OPERATIONS
