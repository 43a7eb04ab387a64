"""Who filed a form to join ACH Credit, and what the officer is told of it before deciding."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.agency import credit_enrolment_views as views
from customhouse.agency import paying_parties
from customhouse.agency.credit_enrolment_views import ListedForm
from customhouse.agency.credit_enrolments import BY_THE_PAYER, ON_PAPER, FiledBy
from tests.integration.agency.forms import approve, file
from tests.integration.agency.harbor import BROKER, IMPORTER_X, IMPORTER_Y, Harbor

SENDER = FiledBy("sender", 77, (BROKER,))
DESIGNATE = "update designation set starts_on = %s, ends_on = %s"


def waiting(harbor: Harbor) -> ListedForm:
    """Give the only form that waits, as the officer's list has it."""
    with harbor.connect() as connection:
        (found,) = views.listing(connection, on=harbor.today)
        assert views.form(connection, found.application_number, on=harbor.today) == found
    return found


@pytest.mark.requirement("CRD-12")
def test_a_form_of_a_stranger_is_warned_of(harbor: Harbor) -> None:
    """Any broker may file for any importer: it is told to the officer, not refused."""
    file(harbor, filed_by=SENDER, importer_number=IMPORTER_Y)
    found = waiting(harbor)
    assert (found.standing, found.filed_by) == ("none", SENDER)
    assert "the sender of B76 has no standing with 98-765432100" in found.warning


@pytest.mark.requirement("CRD-12")
def test_an_entry_summary_under_any_suffix_is_standing(harbor: Harbor) -> None:
    harbor.entry(1, importer="98-7654321AB", charges={"001": 500})
    file(harbor, filed_by=SENDER, importer_number=IMPORTER_Y)
    assert (waiting(harbor).standing, waiting(harbor).warning) == ("entries", "")


@pytest.mark.requirement("CRD-12")
@pytest.mark.parametrize(
    ("starts_on", "ends_on", "standing"),
    [
        (date(2026, 1, 1), None, "designated"),
        (date(2026, 11, 23), date(2026, 11, 23), "designated"),
        (date(2026, 1, 1), date(2026, 11, 22), "none"),
        (date(2026, 11, 24), None, "none"),
    ],
)
def test_a_designation_in_force_is_standing(
    harbor: Harbor, starts_on: date, ends_on: date | None, standing: str
) -> None:
    with harbor.connect() as connection:
        connection.execute(DESIGNATE, (starts_on, ends_on))
    file(harbor, filed_by=SENDER)
    assert waiting(harbor).standing == standing


def test_an_entry_of_another_filer_or_importer_is_none(harbor: Harbor) -> None:
    harbor.entry(1, importer=IMPORTER_X, charges={"001": 500})
    file(harbor, filed_by=FiledBy("sender", 77, ("C08",)), importer_number=IMPORTER_Y)
    assert waiting(harbor).standing == "none"
    with harbor.connect() as connection:
        connection.execute("update entry_summary set importer_number = %s", [IMPORTER_Y])
    assert waiting(harbor).standing == "none"


@pytest.mark.parametrize("by", [ON_PAPER, BY_THE_PAYER])
def test_the_payer_itself_and_paper_are_not_warned_of(harbor: Harbor, by: FiledBy) -> None:
    file(harbor, filed_by=by)
    assert (waiting(harbor).standing, waiting(harbor).warning) == ("own", "")


def test_a_filer_that_files_for_itself_is_its_own(harbor: Harbor) -> None:
    file(harbor, filed_by=SENDER, importer_number=None, filer_code=BROKER)
    assert waiting(harbor).standing == "own"


def test_a_form_from_before_it_was_kept_says_so(harbor: Harbor) -> None:
    file(harbor)
    with harbor.connect() as connection:
        connection.execute("update credit_application set filed_by = 'not-kept'")
    assert "Nobody knows who filed for 12-345678900" in waiting(harbor).warning


def test_who_filed_stays_on_the_row_and_the_payer_reads_it(harbor: Harbor) -> None:
    """The filers are those of the day of filing, whomever the sender transmits for later."""
    approve(harbor, filed_by=FiledBy("sender", 77, ("B76", "C08")))
    file(harbor, purpose="change", filed_by=BY_THE_PAYER, bank_lead_days=2)
    with harbor.connect() as connection:
        party = paying_parties.of_identifier(connection, IMPORTER_X)
        found = views.enrolment_of(connection, party)
    assert found.details is not None
    assert found.details.filed_by == FiledBy("sender", 77, ("B76", "C08"))
    assert found.open_form is not None
    assert found.open_form.filed_by == BY_THE_PAYER


def test_the_same_form_of_another_is_another_form(harbor: Harbor) -> None:
    """On paper and with the payer's own token no sender is there; they are told apart."""
    assert file(harbor) == file(harbor)
    with pytest.raises(Exception, match="not decided yet"):
        file(harbor, filed_by=BY_THE_PAYER)


def test_many_filers_of_a_sender_are_told_short() -> None:
    codes = tuple(f"F{number:02}" for number in range(8))
    told = str(FiledBy("sender", 1, codes))
    assert told == "the sender of F00, F01, F02, F03, F04 and 3 more"
