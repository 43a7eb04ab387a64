"""What a refusal of a form to join ACH Credit says of other people's forms: nothing."""

from __future__ import annotations

import pytest

from customhouse.agency import credit_enrolment_commands as commands
from customhouse.agency import registration
from customhouse.agency.credit_enrolments import BY_THE_PAYER, ON_PAPER, FiledBy
from customhouse.agency.parties import Importer
from customhouse.faults import Refused
from tests.integration.agency.forms import approve, file, officer, prenote
from tests.integration.agency.harbor import BROKER, IMPORTER_X, Harbor
from tests.integration.agency.test_credit_enrolment import take

MINE, SOMEBODY_ELSES = FiledBy("sender", 1, (BROKER,)), FiledBy("sender", 2, ("C08",))
OTHER_SUFFIX, NOBODY = "12-3456789AB", "55-555555500"


def refusal(harbor: Harbor, by: FiledBy, payer: str = IMPORTER_X, **values: object) -> str:
    """File another form; give all that the refusal says, without the number asked about."""
    with pytest.raises(Refused) as refused:
        file(harbor, filed_by=by, importer_number=payer, contact_name="Sam Other", **values)
    (fault,) = refused.value.faults
    return f"{fault.code}: {fault.sentence} {fault.next_step}".replace(payer, "PAYER")


@pytest.mark.requirement("CRD-12")
def test_whatever_there_is_of_somebody_else_is_one_fault(harbor: Harbor) -> None:
    """No number, day or state of a form of another; nobody registered is the same."""
    with harbor.connect() as connection:
        registration.register_importers(connection, [Importer(OTHER_SUFFIX, "Fictitious X Two")])
    told = {refusal(harbor, SOMEBODY_ELSES, NOBODY)}
    number = file(harbor, filed_by=MINE)
    told |= {refusal(harbor, SOMEBODY_ELSES), refusal(harbor, SOMEBODY_ELSES, OTHER_SUFFIX)}
    with harbor.connect() as connection:
        commands.approve(connection, number, officer=officer(harbor), clock=harbor.clock)
    told |= {refusal(harbor, SOMEBODY_ELSES), refusal(harbor, SOMEBODY_ELSES, OTHER_SUFFIX)}
    take(harbor, prenote(1))
    told.add(refusal(harbor, SOMEBODY_ELSES))
    file(harbor, purpose="change", filed_by=BY_THE_PAYER)
    told |= {refusal(harbor, SOMEBODY_ELSES), refusal(harbor, SOMEBODY_ELSES, purpose="change")}
    assert len(told) == 1
    assert told.pop().startswith("enrolment-form-not-taken: No form of yours is taken for PAYER.")


@pytest.mark.requirement("CRD-12")
@pytest.mark.parametrize("by", [BY_THE_PAYER, ON_PAPER])
def test_the_payer_and_officers_are_told_which_form_is_open(harbor: Harbor, by: FiledBy) -> None:
    number = file(harbor, filed_by=MINE)
    assert refusal(harbor, by).startswith(f"enrolment-open: Form {number} of PAYER, received 2026")


def test_a_sender_is_told_while_the_newest_form_is_its_own(harbor: Harbor) -> None:
    number = file(harbor, filed_by=MINE)
    assert file(harbor, filed_by=MINE) == number
    assert refusal(harbor, MINE).startswith(f"enrolment-open: Form {number}")
    with harbor.connect() as connection:
        commands.approve(connection, number, officer=officer(harbor), clock=harbor.clock)
    assert refusal(harbor, MINE).startswith("enrolment-exists")
    approve(harbor, purpose="change", filed_by=BY_THE_PAYER)
    assert refusal(harbor, MINE).startswith("enrolment-form-not-taken")


def test_every_sender_of_a_filer_is_that_payer(harbor: Harbor) -> None:
    number = file(harbor, filed_by=MINE, importer_number=None, filer_code=BROKER)
    with pytest.raises(Refused, match=number):
        file(
            harbor,
            filed_by=FiledBy("sender", 2, (BROKER, "C08")),
            importer_number=None,
            filer_code=BROKER,
        )
