"""An approval that broke off before the bank heard of it, and that the bank then refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from customhouse import database
from customhouse.agency import joining_applications
from customhouse.agency.bank_link import BANK_REFUSED_BINDING
from customhouse.agency.joining import Application
from customhouse.faults import Fault, Refused
from customhouse.rails import PayerUnitBinding, PrenoteNews
from tests.integration.agency.harbor import BROKER, IMPORTER_Y, Harbor

APPLICATION = Application(
    filer_code=None,
    importer_number=IMPORTER_Y,
    contact_name="Pat Example",
    contact_email="pat@example.com",
    contact_phone="555 0100 200",
    account_token="acct_" + "j" * 26,
    requested_on=date(2026, 12, 7),
    filer_codes=(BROKER,),
)


class PowerFailureError(Exception):
    """The process that approves ends here."""


def _ends(binding: PayerUnitBinding) -> PrenoteNews:
    raise PowerFailureError


def _refuses(binding: PayerUnitBinding) -> PrenoteNews:
    values = {"payer_unit_number": "", "reason": "no such account", "next_step": "Capture it."}
    raise Refused(Fault(BANK_REFUSED_BINDING, values))


def test_an_approval_that_broke_off_and_is_refused_can_be_decided_otherwise(
    harbor: Harbor,
) -> None:
    """DEB-17: the unit of which the bank never heard is taken back; the application goes on."""
    connect = partial(database.connect, harbor.settings, "agency")
    with harbor.connect() as connection:
        ticket = joining_applications.apply(connection, APPLICATION, clock=harbor.clock)
    number = ticket.application_number
    before = harbor.rows("select count(*) from payer_unit")
    for bind, end in ((_ends, PowerFailureError), (_refuses, Refused)):
        with pytest.raises(end):
            joining_applications.approve(
                connect, number, officer="Ada Officer", bind=bind, clock=harbor.clock
            )
    assert harbor.rows("select count(*) from payer_unit") == before
    with harbor.connect() as connection:
        joining_applications.refuse(
            connection, number, officer="Ada Officer", reason="no account", clock=harbor.clock
        )
    assert harbor.rows("select state from joining_application") == [("refused",)]


def test_every_fault_of_an_application_is_told_at_once(harbor: Harbor) -> None:
    """DEB-17: what is misspelled, and who is not registered."""
    wrong = replace(APPLICATION, contact_email="pat", filer_codes=("Z99", "b76"))
    with harbor.connect() as connection, pytest.raises(Refused) as caught:
        joining_applications.apply(connection, wrong, clock=harbor.clock)
    assert sorted(fault.code for fault in caught.value.faults) == [
        "joining-field-wrong",
        "joining-field-wrong",
        "joining-party-unknown",
    ]
