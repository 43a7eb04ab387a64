"""Another agency's TXP mapping: read from JSON, refused with its reason, and used."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from customhouse.faults import Refused
from customhouse.formats import txp
from customhouse.formats.txp import TxpPayment, profile_from_json
from customhouse.settings import Settings

# A state's tax office: the amount comes before the document, which stands in TXP10.
STATE: dict[str, Any] = {
    "name": "example-state",
    "elements": {
        "1": {"meaning": "payer", "pattern": "[0-9]{9}"},
        "2": "type",
        "3": "date",
        "5": "amount",
        "10": "document",
    },
    "type_codes": {"T1": "statement"},
    "document_patterns": {"statement": "[A-Z]{2}[0-9]{4}"},
    "separator": "+",
    "terminator": "/",
    "date_digits": 8,
}


def test_another_agency_mapping_reads_and_writes_its_own_segments() -> None:
    profile = profile_from_json(STATE)
    payment = TxpPayment("331169273", "statement", "AB1234", date(2026, 7, 31), 5_763_288)
    text = txp.render(payment, profile)
    assert text == "TXP+331169273+T1+20260731++5763288+++++AB1234/"
    reading = txp.read(text, profile)
    assert reading.fault is None
    assert (reading.document_number, reading.amount_cents) == ("AB1234", 5_763_288)
    odd = txp.read("TXP+331 169273+T1+260731++0005763288+++++AB 1234/", profile)
    assert (odd.fault, odd.document_number, odd.amount_cents) == (None, "AB1234", 5_763_288)
    assert len(odd.notes) == 3


def test_its_patterns_are_held_to() -> None:
    profile = profile_from_json(STATE)
    wrong = txp.read("TXP+33116927+T1+20260731++1+++++AB1234/", profile)
    assert wrong.fault is not None
    assert wrong.fault.code == "payer-malformed"
    wrong = txp.read("TXP+331169273+T1+20260731++1+++++AB123/", profile)
    assert wrong.fault is not None
    assert wrong.fault.code == "document-malformed"
    extra = txp.read("TXP+331169273+T1+20260731+T+1+++++AB1234/", profile)
    assert extra.fault is not None
    assert (extra.fault.code, extra.amount_cents) == ("too-many-elements", None)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"seperator": "+"}, "'seperator' is not one of"),
        ({"elements": {**STATE["elements"], "4": "amount"}}, "two elements are the amount"),
        ({"elements": {"1": "payer"}}, "no element is the type"),
        ({"elements": {**STATE["elements"], "11": "verification"}}, "numbered from 1 to 10"),
        ({"elements": {**STATE["elements"], "x": "verification"}}, "'x' is not a number"),
        ({"elements": {**STATE["elements"], "4": "colour"}}, "'colour' is not one of"),
        ({"elements": {**STATE["elements"], "4": 4}}, "element 4 is a meaning"),
        ({"elements": []}, "elements is not an object"),
        ({"type_codes": {}}, "type_codes is empty"),
        ({"type_codes": {"TOOLONG": "bill"}}, "not one to five"),
        ({"type_codes": {"1": "duty"}}, "'duty' is not one of"),
        ({"document_patterns": {"statement": "["}}, "cannot be used"),
        ({"separator": "//"}, "single marks"),
        ({"separator": "/"}, "not all different"),
        ({"date_digits": 7}, "date_digits is 6 or 8"),
        ({"name": 5}, "name is not a text"),
    ],
)
def test_a_wrong_profile_is_refused_with_its_reason(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why.replace("(", "\\(")):
        profile_from_json({**STATE, **changes})


def test_a_profile_is_no_list() -> None:
    with pytest.raises(ValueError, match="a profile is an object"):
        profile_from_json([])


def test_the_profile_is_a_setting(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text(json.dumps(STATE), encoding="utf-8")
    settings = Settings.from_environment({"CUSTOMHOUSE_TXP_PROFILE": str(path)})
    assert settings.txp_profile.name == "example-state"
    again = Settings.from_environment(settings.environment())
    assert again.txp_profile == settings.txp_profile
    assert Settings().txp_profile is txp.CUSTOMS_PROFILE


@pytest.mark.parametrize("text", ["{", '{"name": "x"}', "[]", None])
def test_a_file_without_a_profile_is_a_wrong_setting(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "state.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        Settings.from_environment({"CUSTOMHOUSE_TXP_PROFILE": str(path)})
    assert refused.value.faults[0].code == "setting-wrong"
