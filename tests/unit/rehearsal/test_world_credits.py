"""Who pays by ACH Credit in the demo world: forms that can be filed, banks that exist, slips."""

from __future__ import annotations

import pytest

from customhouse.agency.credit_enrolment_document import read_form
from customhouse.rehearsal.credit_scenes import CREDIT_SCENES
from customhouse.rehearsal.payer_banks import FILERS_BANK, IMPORTERS_BANK, SOMEBODY_ELSES_ACCOUNT
from customhouse.rehearsal.push_script import Push
from customhouse.rehearsal.world import PARTICIPANTS
from customhouse.rehearsal.world_credits import CREDIT_PAYERS, CreditPayer
from customhouse.rehearsal.world_data import account_numbers
from customhouse.rehearsal.world_entries import business_days
from customhouse.settings import COLLECTION_ACCOUNT, COLLECTION_ROUTING


@pytest.mark.parametrize("payer", CREDIT_PAYERS, ids=lambda payer: payer.identifier)
def test_each_form_can_be_filed_and_each_prenote_ordered(payer: CreditPayer) -> None:
    assert read_form(payer.form).company_name == payer.name
    push = Push.parse(f"{payer.identifier}:{payer.prenote}")
    assert push.is_prenote
    assert push.words() == ("" if payer.joins else "comes without an addendum")


def test_banks_that_push_are_participants() -> None:
    """SEC-08: the directory of the world has every bank that sends money."""
    known = {line[:9] for line in PARTICIPANTS.read_text("ascii").splitlines()}
    assert {FILERS_BANK, IMPORTERS_BANK, COLLECTION_ROUTING} <= known


def test_there_is_a_scene_for_each_day_and_one_payer_that_fails_to_join() -> None:
    assert len(CREDIT_SCENES) == len(business_days())
    assert [payer.joins for payer in CREDIT_PAYERS].count(False) == 1


def test_astray_money_goes_to_nobody_s_account() -> None:
    assert SOMEBODY_ELSES_ACCOUNT not in (*account_numbers(), COLLECTION_ACCOUNT)
