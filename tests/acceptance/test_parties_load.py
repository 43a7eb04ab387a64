"""Parties are registered by one document, and the bank's answer decides over payer units."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from customhouse.settings import Settings
from tests.acceptance.servers import Served
from tests.acceptance.wharf import Wharf

START = "2026-11-02"
FILERS = [
    {"filer_code": "B76", "name": "Example Harbor Brokers", "ports": ["3901"]},
    {"filer_code": "D31", "name": "Sample Gateway Customs", "ports": ["1001"]},
]
IMPORTERS = [{"importer_number": "10-0000101", "name": "Imaginary Tool Works"}]
SENDERS = [
    {"site_code": "3901", "id_code": "EHB", "filer_codes": ["B76"]},
    {"site_code": "1001", "id_code": "SGC", "office_code": "01", "filer_codes": ["D31"]},
]


@pytest.fixture
def wharf(bank_server: Served, tmp_path: Path) -> Wharf:
    """Give a place to run commands from, with the bank's process up."""
    return Wharf(bank_server.settings, tmp_path)


def unit(owner: str, token: str, number: str | None = None) -> dict[str, Any]:
    kind = "owner_filer_code" if len(owner) == 3 else "owner_importer_number"
    given = {} if number is None else {"payer_unit_number": number}
    return {kind: owner, "account_token": token, "effective_on": START, **given}


def told(output: str) -> dict[str, str]:
    *lines, count = [line for line in output.splitlines() if not line.startswith(" ")]
    assert count.startswith(f"{len(lines)} item")
    return dict(line.rsplit(": ", 1) for line in lines)


@pytest.mark.requirement("SEC-01", "SEC-03")
def test_a_payer_has_one_number_and_one_account(wharf: Wharf) -> None:
    harbor, tools = wharf.capture("70020002000011", "harbor"), wharf.capture("70020002000028", "x")
    units = [unit("B76", harbor), unit("10-0000101", tools, "410101")]
    document: dict[str, Any] = {"filers": FILERS, "importers": IMPORTERS, "payer_units": units}
    first = told(wharf.load_parties(document))
    assert first["payer unit 000001"] == first["payer unit 410101"] == "registered"
    assert set(told(wharf.load_parties(document)).values()) == {"unchanged"}
    shared = {"payer_units": [unit("D31", harbor), unit("D31", "acct-unknown", "310001")]}
    refused = wharf.load_parties(shared, code=7)
    assert "payer-unit-account-taken" in refused
    assert "bank-refused-binding" in refused
    assert "No captured account has this token." in refused
    assert "hint: Capture the account first" in refused
    assert harbor not in refused
    wharf.load_parties({"payer_units": [unit("D31", wharf.capture("70020002000035", "g"))]})


@pytest.mark.requirement("SEC-04")
def test_an_importer_gives_its_unit_to_several_brokers(wharf: Wharf) -> None:
    token = wharf.capture("70020002000042", "tools")
    designations = [
        {"payer_unit_number": "410101", "filer_code": code, "starts_on": START}
        for code in ("B76", "D31")
    ]
    document = {
        "designations": designations,
        "payer_units": [unit("10-0000101", token, "410101")],
        "importers": IMPORTERS,
        "filers": FILERS,
    }
    outcomes = told(wharf.load_parties(document))
    assert outcomes[f"designation of 410101 to B76 from {START}"] == "registered"
    assert outcomes[f"designation of 410101 to D31 from {START}"] == "registered"
    ended = [{**designations[0], "ends_on": "2026-11-30"}]
    assert set(told(wharf.load_parties({"designations": ended})).values()) == {"changed"}


def test_credentials_are_handed_over_once_in_a_file_of_ones_own(wharf: Wharf) -> None:
    document = {"filers": FILERS, "senders": SENDERS}
    assert "credentials-file-missing" in wharf.load_parties(document, code=2)
    said = wharf.load_parties(document, kept="kept.json")
    path = wharf.folder / "kept.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = {each["id_code"]: each for each in json.loads(path.read_text())}
    assert kept["SGC"]["office_code"] == "01"
    assert all(each["token"] not in said and each["password"] not in said for each in kept.values())
    assert "credentials-file-exists" in wharf.load_parties(document, kept="kept.json", code=2)
    assert set(told(wharf.load_parties(document)).values()) == {"unchanged"}
    wharf.load_parties(document, kept="again.json")
    assert not (wharf.folder / "again.json").exists()
    options = ("--credentials", str(wharf.folder / "renewed.json"))
    wharf.command("parties", "renew", "1001-SGC-01", *options)
    (renewed,) = json.loads((wharf.folder / "renewed.json").read_text())
    assert renewed["token"] != kept["SGC"]["token"]
    options = ("--credentials", str(wharf.folder / "nobody.json"))
    assert "sender-not-registered" in wharf.command(
        "parties", "renew", "1001-ZZZ", *options, code=7
    )


def test_a_bad_item_keeps_out_no_good_one(wharf: Wharf) -> None:
    document = {
        "filers": [*FILERS, {"filer_code": "b7", "name": "", "ports": []}, {"name": 7}],
        "users": [{"username": "harbor", "filer_codes": ["B76", "XXX"]}],
    }
    said = wharf.load_parties(document, code=7)
    outcomes = told(said)
    assert outcomes["filer B76"] == outcomes["user harbor for B76"] == "registered"
    assert outcomes["user harbor for XXX"] == "refused"
    assert outcomes["filers item 4"] == "refused"
    assert said.count("party-field-wrong") == 4
    assert said.count("party-field-missing") == 2


def test_without_the_bank_a_unit_waits_and_goes_on_later(wharf: Wharf) -> None:
    token = wharf.capture("70020002000059", "harbor")
    document = {"filers": FILERS, "payer_units": [unit("B76", token)]}
    running: Settings = wharf.settings
    wharf.settings = replace(running, bank_url="http://127.0.0.1:9")
    said = wharf.load_parties(document, code=8)
    assert told(said)["payer unit 000001"] == "waiting"
    wharf.settings = running
    assert told(wharf.load_parties(document))["payer unit 000001"] == "unchanged"
