"""Parties are registered item by item, again and again, and what they are asked is answered."""

from __future__ import annotations

from datetime import date

import pytest
from psycopg import Connection

from customhouse.agency import parties
from customhouse.agency.parties import Designation, Filer, Importer, PayerUnit
from customhouse.agency.party_rules import NewSender, UserFiler
from customhouse.agency.payer_units import (
    bind_payer_units,
    designate,
    issue_payer_units,
    take_back,
)
from customhouse.agency.registration import (
    register_filers,
    register_importers,
    register_senders,
    register_users,
    renew_credential,
)
from customhouse.faults import Fault, Refused, declare
from customhouse.rails import PayerUnitBinding

DAY = date(2026, 11, 24)
HARBOR = Filer("B76", "Example Harbor Brokers", ("2704", "3901"))
GATEWAY = Filer("D31", "Sample Gateway Customs", ("1001",))
TOOLS = Importer("10-000010100", "Imaginary Tool Works")
TOYS = Importer("10-000010400", "Hypothetical Toys")

REFUSED_BY_TEST = declare("refused-by-test", sentence="The bank says no.", next_step="Stop.")
UNREACHABLE_BY_TEST = declare(
    "unreachable-by-test", sentence="Nobody answers.", next_step="Wait.", http_status=503
)


@pytest.fixture
def connection(agency_connection: Connection) -> Connection:
    """Give the agency's connection with two filers and two importers registered."""
    assert [each.status for each in register_filers(agency_connection, [HARBOR, GATEWAY])] == [
        "registered",
        "registered",
    ]
    register_importers(agency_connection, [TOOLS, TOYS])
    return agency_connection


def unit(number: str | None, owner: str, token: str, effective_on: date = DAY) -> PayerUnit:
    is_filer = len(owner) == 3
    return PayerUnit(
        payer_unit_number=number,
        owner_filer_code=owner if is_filer else None,
        owner_importer_number=None if is_filer else owner,
        account_token=token,
        effective_on=effective_on,
    )


def codes(outcomes: list) -> list[list[str]]:
    return [[fault.code for fault in outcome.faults] for outcome in outcomes]


def test_filers_keep_their_own_names_and_ports(connection: Connection) -> None:
    assert parties.filers(connection, ["D31", "B76", "XXX"]) == {"B76": HARBOR, "D31": GATEWAY}
    assert parties.filer_ports(connection, ["B76"]) == {"B76": frozenset({"2704", "3901"})}
    assert parties.importers(connection, ["10-000010400"]) == {"10-000010400": TOYS}


def test_a_filer_again_is_unchanged_and_with_another_name_or_port_changed(
    connection: Connection,
) -> None:
    renamed = Filer("D31", "Sample Gateway", ("1001", "1003"))
    outcomes = register_filers(connection, [HARBOR, renamed])
    assert [outcome.status for outcome in outcomes] == ["unchanged", "changed"]
    assert parties.filers(connection, ["D31"]) == {"D31": renamed}


def test_a_bad_filer_keeps_out_no_good_one(connection: Connection) -> None:
    outcomes = register_filers(
        connection,
        [
            Filer("M08", "Fictional Coast Service", ("2809",)),
            Filer("000", " \u202eevil", ("39O1", "1")),
            Filer("M08", "Another Name", ("2809",)),
            Filer("\ud800\x00", "x", ()),
        ],
    )
    assert [outcome.status for outcome in outcomes] == ["registered", *["refused"] * 3]
    assert codes(outcomes)[1] == ["party-field-wrong"] * 4
    assert codes(outcomes)[2] == ["party-repeated"]
    assert parties.filers(connection, ["M08"])["M08"].name == "Fictional Coast Service"


def test_a_sender_is_known_by_the_token_it_got_once(connection: Connection) -> None:
    wanted = NewSender("3901", "EHB", "", ("B76",), ("B76",))
    (outcome,) = register_senders(connection, [wanted])
    issued = outcome.credential
    assert issued is not None
    assert issued.token not in repr(outcome)
    sender = parties.sender_by_token(connection, issued.token)
    assert sender is not None
    assert sender.filer_codes == ("B76",)
    batch = f"{'A3901EHB':80}\n{'B  3901b76RM':80}\n".encode()
    profile = parties.sender_profile(connection, sender, batch)
    assert profile.password_matches(issued.password)
    assert not profile.password_matches("WRONG1")
    assert profile.filer_ports == {"B76": frozenset({"2704", "3901"})}
    assert profile.applications == parties.APPLICATIONS
    assert parties.sender_profile(connection, sender, b"B  3901M07RM").filer_ports == {}
    assert parties.sender_by_token(connection, "another") is None
    (again,) = register_senders(connection, [wanted])
    assert (again.status, again.credential) == ("unchanged", None)


def test_neither_token_nor_password_is_kept(connection: Connection) -> None:
    (outcome,) = register_senders(connection, [NewSender("3901", "EHB", "", ("B76",))])
    row = connection.execute("select sender::text from sender").fetchone()
    assert outcome.credential is not None
    assert row is not None
    for secret in (outcome.credential.token, outcome.credential.password):
        assert secret not in row[0]
        assert secret.encode().hex() not in row[0]


def test_a_renewed_credential_ends_the_former(connection: Connection) -> None:
    (outcome,) = register_senders(connection, [NewSender("3901", "EHB", "", ("B76",))])
    assert outcome.credential is not None
    renewed = renew_credential(connection, "3901", id_code="EHB")
    assert renewed is not None
    assert parties.sender_by_token(connection, outcome.credential.token) is None
    assert parties.sender_by_token(connection, renewed.token) is not None
    assert renew_credential(connection, "3901", id_code="ZZZ") is None


def test_one_sender_receives_the_statements_of_a_filer(connection: Connection) -> None:
    outcomes = register_senders(
        connection,
        [
            NewSender("3901", "EHB", "", ("B76", "D31"), ("B76",)),
            NewSender("1001", "SGC", "01", ("D31", "B76"), ("D31", "B76")),
            NewSender("1001", "SGC", "02", ("D31",), ("D31",)),
            NewSender("1001", "SGC", "03", ("XXX",)),
        ],
    )
    assert codes(outcomes) == [
        [],
        ["statements-receiver-taken"],
        [],
        ["party-not-registered"],
    ]
    receivers = parties.receiver_of(connection, ["B76", "D31", "XXX"])
    assert {code: site.id_code for code, site in receivers.items()} == {"B76": "EHB", "D31": "SGC"}
    assert receivers["D31"].office_code == "02"
    sites = parties.sender_sites(connection, [receivers["D31"].sender_id])
    assert list(sites.values()) == [receivers["D31"]]


def test_a_person_sees_the_filers_that_were_granted(connection: Connection) -> None:
    wanted = [UserFiler("harbor", "B76"), UserFiler("harbor", "D31"), UserFiler("harbor", "XXX")]
    outcomes = register_users(connection, wanted)
    assert codes(outcomes) == [[], [], ["party-not-registered"]]
    assert parties.filers_of_user(connection, "harbor") == ("B76", "D31")
    assert [each.status for each in register_users(connection, wanted[:2])] == ["unchanged"] * 2


@pytest.mark.parametrize("asked", [None, "760001"])
def test_a_payer_unit_has_one_number_and_one_account(
    connection: Connection, asked: str | None
) -> None:
    units = [unit(asked, "B76", "token-of-harbor"), unit(None, "10-000010100", "token-of-tools")]
    issued = issue_payer_units(connection, units)
    assert [each.status for each in issued] == ["registered"] * 2
    assert issued[0].key == (asked or "000001")
    assert len({each.key for each in issued}) == 2
    again = issue_payer_units(connection, units)
    assert [(each.key, each.status) for each in again] == [
        (each.key, "unchanged") for each in issued
    ]
    later = issue_payer_units(connection, [unit(None, "B76", "token-of-harbor", date(2027, 1, 4))])
    assert (later[0].key, later[0].status) == (issued[0].key, "changed")


def test_numbers_and_accounts_are_not_shared(connection: Connection) -> None:
    issue_payer_units(connection, [unit("760001", "B76", "token-of-harbor")])
    outcomes = issue_payer_units(
        connection,
        [
            unit("760002", "B76", "token-of-harbor"),
            unit("760001", "B76", "another-token"),
            unit(None, "D31", "token-of-harbor"),
            unit("310001", "D31", "token-of-gateway"),
            unit(None, "D31", "token-of-gateway"),
            unit(None, "XXX", "token-of-nobody"),
            unit("000000", "B76", "short"),
        ],
    )
    assert codes(outcomes) == [
        ["payer-unit-account-taken"],
        ["payer-unit-number-taken"],
        ["payer-unit-account-taken"],
        [],
        ["party-repeated"],
        ["party-not-registered"],
        ["party-field-wrong", "party-field-wrong"],
    ]
    assert "token-of" not in repr(outcomes)


def test_the_bank_is_told_and_what_it_refuses_is_taken_back(connection: Connection) -> None:
    told = []

    def bind(binding: PayerUnitBinding) -> None:
        told.append(binding)
        kinds = {"310001": REFUSED_BY_TEST, "310002": UNREACHABLE_BY_TEST}
        if binding.payer_unit_number in kinds:
            raise Refused(Fault(kinds[binding.payer_unit_number]))

    asked = [
        unit("760001", "B76", "token-of-harbor"),
        unit("310001", "D31", "token-of-gateway"),
        unit("310002", "D31", "second-token"),
    ]
    issued = issue_payer_units(connection, asked)
    stored = parties.payer_units(connection, [each.key for each in issued])
    bound = bind_payer_units(issued, stored, bind=bind)
    take_back(connection, issued, bound=bound)
    assert [each.status for each in bound] == ["registered", "refused", "waiting"]
    assert told[0] == PayerUnitBinding("760001", "token-of-harbor")
    assert set(parties.payer_units(connection, ["760001", "310001", "310002"])) == {
        "760001",
        "310002",
    }


def test_designated_filers_share_an_importers_unit_for_a_time(connection: Connection) -> None:
    issue_payer_units(
        connection,
        [
            unit("410101", TOOLS.importer_number, "token-of-tools"),
            unit("760001", "B76", "token-two"),
        ],
    )
    outcomes = designate(
        connection,
        [
            Designation("410101", "B76", date(2026, 11, 2), None),
            Designation("410101", "D31", date(2026, 11, 2), date(2026, 11, 24)),
            Designation("760001", "D31", date(2026, 11, 2), None),
            Designation("999999", "D31", date(2026, 11, 2), None),
            Designation("410101", "D31", date(2026, 12, 2), date(2026, 12, 1)),
        ],
    )
    assert codes(outcomes) == [
        [],
        [],
        ["designation-not-of-importer"],
        ["party-not-registered"],
        ["party-field-wrong"],
    ]
    usable = parties.usable_units(connection, "D31", numbers=["410101", "760001", "1"], on=DAY)
    assert usable["410101"].designated
    assert usable["410101"].owner_importer_number == TOOLS.importer_number
    assert usable["760001"].owner_filer_code == "B76"
    assert not usable["760001"].designated
    after = date(2026, 11, 25)
    assert not parties.usable_units(connection, "D31", numbers=["410101"], on=after)[
        "410101"
    ].designated
    assert parties.usable_units(connection, "B76", numbers=["410101"], on=after)[
        "410101"
    ].designated
    (ended,) = designate(connection, [Designation("410101", "B76", date(2026, 11, 2), DAY)])
    assert ended.status == "changed"
    assert not parties.usable_units(connection, "B76", numbers=["410101"], on=after)[
        "410101"
    ].designated
    assert [each.payer_unit_number for each in parties.issued_to(connection, "B76")] == ["760001"]
