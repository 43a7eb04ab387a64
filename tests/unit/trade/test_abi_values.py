"""Values of a batch judged offline: by the door's own rules, one line for each fault."""

from __future__ import annotations

import pytest

from customhouse.formats.abi_batch import Batch
from customhouse.trade.abi_explained import judge_batch
from customhouse.trade.abi_values import value_faults

PT = "PT12345602B76 39273270010000104608"


def _lines(record: str, *, application: str, filer: str = "B76") -> list[str]:
    place = f"3901{filer}{application}"
    batch = (
        f"A3901B76SECRET112326     {application}",
        f"B  {place}",
        record,
        f"Y  {place}",
        "Z3901B76      112326",
    )
    judged = judge_batch("".join(f"{line:80}\n" for line in batch).encode())
    assert isinstance(judged, Batch)
    return [found.line for found in value_faults(judged)]


def _codes(lines: list[str]) -> list[str]:
    assert all(line.startswith("record 3: ") for line in lines)
    return [line.removeprefix("record 3: ")[:3] for line in lines]


def test_an_authorization_in_its_form_has_no_fault() -> None:
    assert _lines(PT, application="RM") == []
    assert _lines(PT.lower(), application="RM") == []


def test_a_fault_is_told_with_its_condition_and_in_words() -> None:
    assert _lines(PT.replace("0000104608", "00001317A6"), application="RM") == [
        "record 3: D10 AMOUNT MUST BE TEN DIGITS OF CENTS."
        " The amount 00001317A6 is not ten digits of cents."
    ]


@pytest.mark.parametrize(
    ("record", "codes"),
    [
        (PT.replace("123456", "000000"), ["D11"]),
        (PT.replace("123456", "12345 "), ["D11"]),
        (PT.replace("02B76", "01B76"), ["D09"]),
        (PT.replace("3927327001", "3927999001"), ["D12"]),
        (PT.replace("02B76", "02D31"), ["D08"]),
        (PT + "Y", []),
        (PT + "N", ["D13"]),
        (PT.replace("12345602", "00000003").replace("4608", "46 8"), ["D09", "D10", "D11"]),
    ],
)
def test_every_wrong_value_of_an_authorization_is_found(record: str, codes: list[str]) -> None:
    assert _codes(_lines(record, application="RM")) == codes


@pytest.mark.parametrize(
    ("entry_on", "codes"),
    [
        ("032452782120126", []),
        ("032452781", []),
        ("032452792120126", ["P10"]),
        ("032452789120126", ["P08"]),
        ("032452781120126", ["P04"]),
        ("032452782", ["P03"]),
        ("032452782023126", ["P15"]),
        ("032452782120126 1", ["P21"]),
        ("032452782120126  12", ["P14"]),
    ],
)
def test_every_wrong_value_of_an_update_is_found(entry_on: str, codes: list[str]) -> None:
    record = f"H3901B76  {entry_on}"
    assert _codes(_lines(record, application="SU")) == codes


def test_of_another_filers_entry_only_the_filer_is_told() -> None:
    assert _codes(_lines("H3901D31  032452792120126", application="SU")) == ["P09"]
