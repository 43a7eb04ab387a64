"""Importers with several suffixes: one joins for all of them, whatever became of the others."""

from __future__ import annotations

import pytest

from customhouse.agency import credit_enrolment_commands as commands
from customhouse.agency import (
    credit_instruct,
    credit_payers,
    credit_prenotes,
    paying_parties,
    registration,
)
from customhouse.agency.parties import Importer
from customhouse.faults import Refused
from tests.integration.agency.forms import approve, file, officer, prenote
from tests.integration.agency.harbor import IMPORTER_X, Harbor

OTHER = "12-3456789AB"
# Whichever of the two is the first.
PAIRS = [(IMPORTER_X, OTHER), (OTHER, IMPORTER_X)]

pytestmark = pytest.mark.parametrize(("first", "second"), PAIRS)


@pytest.fixture(autouse=True)
def _two_suffixes(harbor: Harbor) -> None:
    with harbor.connect() as connection:
        registration.register_importers(connection, [Importer(OTHER, "Fictitious X Two")])


def join(harbor: Harbor, serial: int, payer: str) -> None:
    """Let a payer join with effect."""
    approve(harbor, importer_number=payer)
    with harbor.connect() as connection:
        credit_prenotes.take(
            connection,
            [prenote(serial, payer)],
            business_date=harbor.today,
            clock=harbor.clock,
        )


def remove(harbor: Harbor, payer: str) -> None:
    """Remove a payer."""
    with harbor.connect() as connection:
        commands.remove(
            connection, payer, officer=officer(harbor), reason="It asked for it", clock=harbor.clock
        )


def test_who_joined_is_meant_though_another_suffix_was_removed(
    harbor: Harbor, first: str, second: str
) -> None:
    join(harbor, 1, first)
    remove(harbor, first)
    join(harbor, 2, second)
    spelled = [first, second, "12-3456789", "123456789"]
    with harbor.connect() as connection:
        known = credit_payers.load(connection, spelled)
    assert {name: known[name].payer_identifier for name in spelled} == dict.fromkeys(
        spelled, second
    )
    assert {known[name].state for name in spelled} == {"active"}


def test_instructions_are_those_of_who_joined(harbor: Harbor, first: str, second: str) -> None:
    join(harbor, 1, first)
    remove(harbor, first)
    join(harbor, 2, second)
    with harbor.connect() as connection:
        party = paying_parties.of_identifier(connection, first)
        payer = credit_instruct.payer_of(connection, party)
    assert (payer.identifier, payer.state) == (second, "active")


def test_who_was_removed_cannot_join_beside_another_suffix(
    harbor: Harbor, first: str, second: str
) -> None:
    join(harbor, 1, first)
    remove(harbor, first)
    join(harbor, 2, second)
    with pytest.raises(Refused) as refused:
        file(harbor, importer_number=first)
    assert [fault.code for fault in refused.value.faults] == ["enrolment-other-suffix"]


def test_of_two_open_forms_one_is_approved(harbor: Harbor, first: str, second: str) -> None:
    """Both can be open where they were filed at the same moment."""
    number = file(harbor, importer_number=first)
    with harbor.connect() as connection:
        connection.execute("update credit_enrolment set state = 'refused'")
    later = file(harbor, importer_number=second)
    with harbor.connect() as connection:
        connection.execute("update credit_enrolment set state = 'received'")
        commands.approve(connection, number, officer=officer(harbor), clock=harbor.clock)
    with harbor.connect() as connection, pytest.raises(Refused) as refused:
        commands.approve(connection, later, officer=officer(harbor), clock=harbor.clock)
    assert [fault.code for fault in refused.value.faults] == ["enrolment-other-suffix"]
