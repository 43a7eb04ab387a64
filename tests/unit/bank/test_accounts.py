"""What an account must look like, and that its objects say nothing."""

from __future__ import annotations

import pickle

import pytest

from customhouse.bank.accounts import AccountDetails
from customhouse.faults import Refused

GOOD = {
    "routing_number": "111111118",
    "account_number": "90817263544",
    "account_type": "checking",
    "holder_name": "Example Importer",
}


def test_good_details_are_read_and_the_name_is_written_as_in_a_record() -> None:
    details = AccountDetails.read(**GOOD)
    assert details.routing_number.dfi == "11111111"
    assert details.holder_name == "EXAMPLE IMPORTER"
    assert AccountDetails.from_bytes(details.to_bytes()) == details


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("routing_number", "111111119", "routing-number-wrong"),
        ("routing_number", "000000000", "routing-number-wrong"),
        ("routing_number", "11111111٨", "routing-number-wrong"),
        ("account_number", "", "account-number-wrong"),
        ("account_number", "123456789012345678", "account-number-wrong"),
        ("account_number", "90817-263544", "account-number-wrong"),
        ("account_number", "９０８１７", "account-number-wrong"),
        ("account_number", "0000", "account-number-wrong"),
        ("account_number", "90817263544\n", "account-number-wrong"),
        ("account_type", "loan", "account-type-unknown"),
        ("holder_name", "", "holder-name-wrong"),
        ("holder_name", "X" * 23, "holder-name-wrong"),
        ("holder_name", "Exämple", "holder-name-wrong"),
    ],
)
def test_a_wrong_value_is_refused_without_being_repeated(
    member: str, value: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        AccountDetails.read(**{**GOOD, member: value})
    (fault,) = refused.value.faults
    assert fault.code == code
    assert not value.strip() or value not in str(refused.value)


def test_every_wrong_value_is_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        AccountDetails.read(routing_number="1", account_number="", account_type="", holder_name="")
    assert len(refused.value.faults) == 4


def test_details_never_show_what_they_hold() -> None:
    details = AccountDetails.read(**GOOD)
    shown = f"{details!r} {details!s} {[details]!r} {details.routing_number!r}"
    assert "90817263544" not in shown
    assert "111111118" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(details)
