"""Joining ACH Credit: forms, decisions, zero-dollar entries, and what payers are told of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from customhouse.agency import credit_enrolment_commands as commands
from customhouse.agency import (
    credit_enrolment_views,
    credit_officers,
    credit_payers,
    credit_prenotes,
    payer_notices,
    paying_parties,
)
from customhouse.agency.credit_enrolment_document import read_form
from customhouse.agency.credit_enrolments import CREDIT_ENROLMENT, Enrolment
from customhouse.faults import Refused
from tests.integration.agency.forms import approve, file, form, officer, prenote
from tests.integration.agency.harbor import BROKER, IMPORTER_X, MONDAY, TUESDAY, Harbor
from tests.integration.agency.test_lifecycles import CHECKS

OTHER_SUFFIX = "12-3456789AB"


def take(harbor: Harbor, *prenotes: credit_prenotes.Prenote) -> None:
    with harbor.connect() as connection:
        credit_prenotes.take(connection, prenotes, business_date=harbor.today, clock=harbor.clock)


def enrolment(harbor: Harbor, payer: str = IMPORTER_X) -> Enrolment:
    with harbor.connect() as connection:
        party = paying_parties.of_identifier(connection, payer)
        return credit_enrolment_views.enrolment_of(connection, party)


def told(harbor: Harbor, payer: str = IMPORTER_X) -> list[str]:
    with harbor.connect() as connection:
        party = paying_parties.of_identifier(connection, payer)
        return [each.kind for each in payer_notices.after(connection, party.party_id)]


def mails(harbor: Harbor) -> list[tuple]:
    return harbor.rows(
        "select n.kind, m.address from payer_mail m"
        " join payer_notice n using (payer_party_id, notice_id) order by notice_id"
    )


def refusal(harbor: Harbor, **values: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        file(harbor, **values)
    return [fault.code for fault in refused.value.faults]


def test_states_are_those_of_the_database(harbor: Harbor) -> None:
    ((definition,),) = harbor.rows(CHECKS, "credit_enrolment")
    assert all(f"'{state}'" in definition for state in CREDIT_ENROLMENT.states)
    assert definition.count("::text") <= len(CREDIT_ENROLMENT.states) + 1


def test_from_a_form_to_a_payer_that_may_pay(harbor: Harbor) -> None:
    file_number = approve(harbor)
    assert file_number.startswith("E")
    assert enrolment(harbor).state == "approved"
    take(harbor, prenote(1))
    found = enrolment(harbor)
    assert (found.state, found.prenote_accepted_on) == ("active", MONDAY)
    assert found.effective_on == date(2026, 12, 3)
    assert told(harbor) == ["enrolment-approved", "prenote-accepted"]
    with harbor.connect() as connection:
        payer = credit_payers.load(connection, [IMPORTER_X])[IMPORTER_X]
    assert not payer.is_effective_on(date(2026, 12, 2))
    assert payer.is_effective_on(date(2026, 12, 3))


def test_a_second_prenote_changes_nothing(harbor: Harbor) -> None:
    approve(harbor)
    take(harbor, prenote(1), prenote(2))
    harbor.open(TUESDAY)
    take(harbor, prenote(3), prenote(1))
    assert enrolment(harbor).effective_on == date(2026, 12, 3)
    assert told(harbor) == ["enrolment-approved", "prenote-accepted"]
    outcomes = harbor.rows("select outcome from credit_prenote order by credit_id")
    assert outcomes == [("accepted",), ("repeated",), ("repeated",)]


@pytest.mark.parametrize(
    ("given", "reason", "says"),
    [
        (prenote(1, None, identification_number=IMPORTER_X), "addendum-missing", "an addendum"),
        (prenote(1, None, company_identification="1123456789"), "addendum-missing", "an addendum"),
        (
            prenote(1, "98-765432199", identification_number=IMPORTER_X),
            "payer-unknown",
            "names 98-765432199, which is not registered",
        ),
        (prenote(1, text="TXP*{payer}*90000*261123**5\\"), "amount-not-zero", "$0.05"),
        (
            prenote(1, text="TXP*{payer}*90001*261123*3927329001*500\\"),
            "amount-not-zero",
            "$5.00",
        ),
        (
            prenote(1, text="TXP*{payer}*77777*261123**0\\", identification_number=IMPORTER_X),
            "type-unknown",
            "77777",
        ),
    ],
)
def test_a_refused_prenote_tells_what_is_missing(
    harbor: Harbor, given: credit_prenotes.Prenote, reason: str, says: str
) -> None:
    approve(harbor)
    take(harbor, given)
    assert harbor.rows("select outcome, reason from credit_prenote") == [("refused", reason)]
    assert enrolment(harbor).state == "approved"
    (text,) = harbor.rows("select text from payer_notice where kind = 'prenote-refused'")[0]
    assert says in text
    assert f"names you as {IMPORTER_X}" in text


def test_a_prenote_before_approval_is_refused_and_may_come_again(harbor: Harbor) -> None:
    number = file(harbor)
    take(harbor, prenote(1))
    assert enrolment(harbor).state == "received"
    with harbor.connect() as connection:
        commands.approve(connection, number, officer=officer(harbor), clock=harbor.clock)
    take(harbor, prenote(2))
    assert enrolment(harbor).state == "active"


def test_a_zero_under_another_type_code_is_a_zero(harbor: Harbor) -> None:
    approve(harbor)
    take(harbor, prenote(1, text="TXP*{payer}*90001*261123*3927329001*0\\"))
    assert enrolment(harbor).state == "active"


def test_nobody_is_told_of_an_entry_that_names_nobody(harbor: Harbor) -> None:
    approve(harbor)
    take(harbor, prenote(1, None))
    assert told(harbor) == ["enrolment-approved"]
    with harbor.connect() as connection:
        (found,) = credit_prenotes.refused(connection) or [None]
    assert found is None  # The credit itself was not kept in this test.


def test_one_open_form_at_a_time(harbor: Harbor) -> None:
    first = file(harbor)
    assert file(harbor) == first
    assert refusal(harbor, contact_name="Sam Other") == ["enrolment-open"]
    with harbor.connect() as connection:
        commands.refuse(
            connection, first, officer=officer(harbor), reason="Not signed.", clock=harbor.clock
        )
    assert enrolment(harbor).reason == "Not signed."
    assert mails(harbor) == [("enrolment-refused", "treasury@imports-x.example")]
    second = file(harbor, contact_name="Sam Other")
    assert second != first
    with harbor.connect() as connection, pytest.raises(Refused) as refused:
        commands.approve(connection, first, officer=officer(harbor), clock=harbor.clock)
    assert refused.value.faults[0].code == "enrolment-form-decided"


def test_only_an_officer_in_office_decides(harbor: Harbor) -> None:
    """Nobody decides under a name that is not an officer's, nor under one that has ended."""
    number = file(harbor)
    with harbor.connect() as connection:
        credit_officers.add(connection, "Gone Officer", added_on=harbor.today)
        credit_officers.end(connection, "Gone Officer", ended_on=harbor.today)
    given = {"reason": "Not signed.", "clock": harbor.clock}
    for name in ("Nobody Here", "Gone Officer"):
        with harbor.connect() as connection:
            for decide in (
                lambda by: commands.approve(connection, number, officer=by, clock=harbor.clock),
                lambda by: commands.refuse(connection, number, officer=by, **given),
                lambda by: commands.remove(connection, IMPORTER_X, officer=by, **given),
            ):
                with pytest.raises(Refused) as refused:
                    decide(name)
                assert refused.value.faults[0].code == "officer-unknown"
    assert enrolment(harbor).state == "received"


def test_of_many_forms_filed_at_once_one_is_open(harbor: Harbor) -> None:
    def filed(number: int) -> str:
        try:
            return file(harbor, contact_name=f"Pat {number}")
        except Refused as refused:
            return refused.faults[0].code

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(filed, range(12)))
    assert outcomes.count("enrolment-open") == 11
    assert harbor.rows("select count(*) from credit_application") == [(1,)]


def test_a_change_holds_from_its_approval_and_the_former_contact_is_told(harbor: Harbor) -> None:
    """H19: a new address alone does not silence the old one."""
    assert refusal(harbor, purpose="change") == ["enrolment-missing"]
    approve(harbor)
    assert refusal(harbor) == ["enrolment-exists"]
    take(harbor, prenote(1))
    number = file(harbor, purpose="change", contact_email="new@imports-x.example")
    assert enrolment(harbor).details.contact_email == "treasury@imports-x.example"
    with harbor.connect() as connection:
        commands.approve(connection, number, officer=officer(harbor), clock=harbor.clock)
    found = enrolment(harbor)
    assert found.state == "active"
    assert found.details.contact_email == "new@imports-x.example"
    assert mails(harbor)[-2:] == [
        ("enrolment-changed", "new@imports-x.example"),
        ("contact-changed", "treasury@imports-x.example"),
    ]


def test_a_removed_payer_may_not_pay_and_may_join_again(harbor: Harbor) -> None:
    approve(harbor)
    take(harbor, prenote(1))
    change = file(harbor, purpose="change", bank_lead_days=3)
    with harbor.connect() as connection:
        commands.remove(
            connection,
            IMPORTER_X,
            officer=officer(harbor),
            reason="Five wrong addenda",
            clock=harbor.clock,
        )
        payer = credit_payers.load(connection, [IMPORTER_X])[IMPORTER_X]
    assert not payer.is_effective_on(date(2030, 1, 1))
    assert told(harbor)[-2:] == ["enrolment-refused", "enrolment-removed"]
    assert refusal(harbor, purpose="change") == ["enrolment-missing"]
    with harbor.connect() as connection, pytest.raises(Refused) as refused:
        commands.approve(connection, change, officer=officer(harbor), clock=harbor.clock)
    assert refused.value.faults[0].code == "enrolment-form-decided"
    with harbor.connect() as connection, pytest.raises(Refused) as refused:
        commands.remove(
            connection, IMPORTER_X, officer=officer(harbor), reason="Again", clock=harbor.clock
        )
    assert refused.value.faults[0].code == "enrolment-not-removable"
    approve(harbor, contact_email="new@imports-x.example")
    assert (enrolment(harbor).state, enrolment(harbor).effective_on) == ("approved", None)
    assert mails(harbor)[-1] == ("contact-changed", "treasury@imports-x.example")
    take(harbor, prenote(2))
    assert enrolment(harbor).state == "active"


def test_another_suffix_is_the_same_payer(harbor: Harbor) -> None:
    approve(harbor)
    take(harbor, prenote(1, OTHER_SUFFIX))
    assert enrolment(harbor).state == "active"
    spelled = [OTHER_SUFFIX, "12-3456789", "12345678900", "123456789", "12-345678900", "B76", "x"]
    with harbor.connect() as connection:
        known = credit_payers.load(connection, spelled)
    assert {name: known[name].payer_identifier for name in spelled if name in known} == {
        **dict.fromkeys(spelled[:5], IMPORTER_X),
        "B76": BROKER,
    }
    assert known["B76"].state is None


def test_a_second_suffix_cannot_join_beside_the_first(harbor: Harbor) -> None:
    from customhouse.agency import registration
    from customhouse.agency.parties import Importer

    approve(harbor)
    with harbor.connect() as connection:
        registration.register_importers(connection, [Importer(OTHER_SUFFIX, "Fictitious X Two")])
    assert refusal(harbor, importer_number=OTHER_SUFFIX) == ["enrolment-other-suffix"]


def test_unknown_payers_are_one_fault(harbor: Harbor) -> None:
    assert refusal(harbor, importer_number="55-555555500") == ["payer-not-found"]
    assert refusal(harbor, importer_number=None, filer_code="ZZZ") == ["payer-not-found"]
    with harbor.connect() as connection:
        party = paying_parties.of_identifier(connection, BROKER)
        with pytest.raises(Refused) as refused:
            credit_enrolment_views.enrolment_of(connection, party)
    assert refused.value.faults[0].code == "payer-not-found"


@pytest.mark.parametrize("number", ["E", "EABCDEFGH\x00", "E\ud800", "E12345678901", "x"])
def test_what_is_no_number_of_a_form_is_unknown(harbor: Harbor, number: str) -> None:
    with harbor.connect() as connection:
        with pytest.raises(Refused) as refused:
            credit_enrolment_views.form_of_sender(connection, number, 1)
        assert refused.value.faults[0].code == "enrolment-form-unknown"
        with pytest.raises(Refused) as refused:
            commands.approve(connection, number, officer=officer(harbor), clock=harbor.clock)
        assert refused.value.faults[0].code == "enrolment-form-unknown"


def test_every_wrong_value_is_told_at_once(harbor: Harbor) -> None:
    with pytest.raises(Refused) as refused:
        read_form(form(address="one line", bank_lead_days="1", surprise=True))
    codes = [fault.code for fault in refused.value.faults]
    assert codes == ["enrolment-members-wrong", "enrolment-field-wrong", "enrolment-field-wrong"]
    wrong = {"contact_email": "a@b.example\nBcc: x@y.example", "notify_by": "fax"}
    assert refusal(harbor, **wrong, bank_lead_days=11, filer_code=BROKER) == [
        "enrolment-payer-unclear",
        *["enrolment-field-wrong"] * 3,
    ]


def test_a_page_payer_gets_no_mail(harbor: Harbor) -> None:
    approve(harbor, notify_by="page")
    assert told(harbor) == ["enrolment-approved"]
    assert mails(harbor) == []


def test_a_notice_is_told_once(harbor: Harbor) -> None:
    approve(harbor)
    with harbor.connect() as connection:
        party = paying_parties.of_identifier(connection, IMPORTER_X)
        notice = payer_notices.NewPayerNotice(party.party_id, "balance-due", "Pay.", "short/1")
        for each in (notice, notice, replace(notice, text="Pay now.")):
            payer_notices.put(connection, [each, each], created_on=MONDAY, clock=harbor.clock)
    assert told(harbor) == ["enrolment-approved", "balance-due"]
    assert len(mails(harbor)) == 2
