"""One flat JSON object and nothing cleverer (failure F6)."""

from __future__ import annotations

import pytest

from customhouse.bank.strict_json import (
    JsonFault,
    read_flat_object,
    read_flat_objects,
    require_members,
)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": NaN}', "not whole"),
        (b'{"a": -Infinity}', "not whole"),
        (b'{"a": 1.0}', "not whole"),
        (b'{"a": 1e400}', "not whole"),
        (b'{"a": {"b": 1}}', "nested"),
        (b'{"a": [1]}', "nested"),
        (b"[" * 10_000, "nested|not JSON"),
        (b"[1]", "not an object"),
        (b'"text"', "not an object"),
        (b"{", "not JSON"),
        (b"", "not JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not JSON"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'\xef\xbb\xbf{"a": 1}', "not JSON"),
    ],
)
def test_anything_else_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(JsonFault, match=why):
        read_flat_object(raw)


def test_a_reason_never_repeats_the_document() -> None:
    with pytest.raises(JsonFault) as fault:
        read_flat_object(b'{"account_number": "90817263544" oops')
    assert "90817263544" not in str(fault.value)
    assert fault.value.__suppress_context__


def test_members_must_be_those_and_of_their_type() -> None:
    values = read_flat_object(b'{"a": "x", "b": 1}')
    require_members(values, {"a": str, "b": int})
    with pytest.raises(JsonFault, match="members must be a, c"):
        require_members(values, {"a": str, "c": int})
    with pytest.raises(JsonFault, match="b must be true or false"):
        require_members(values, {"a": str, "b": bool})
    with pytest.raises(JsonFault, match="b must be a whole number"):
        require_members({"a": "x", "b": True}, {"a": str, "b": int})


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b'{"items": []}', "a list of 1 to 2"),
        (b'{"items": [{}, {}, {}]}', "a list of 1 to 2"),
        (b'{"items": {"a": 1}}', "a list of 1 to 2"),
        (b'{"items": [1]}', "not an object"),
        (b'{"items": [{"a": {"b": 1}}]}', "nested"),
        (b'{"items": [{"a": [1]}]}', "nested"),
        (b'{"items": [{"a": 1, "a": 2}]}', "twice"),
        (b'{"items": [{"a": 1.5}]}', "not whole"),
        (b'{"items": [{"a": 1}], "more": 1}', "one member items"),
        (b'[{"a": 1}]', "one member items"),
        (b'{"items": ' + b"[" * 10_000, "nested|not JSON"),
    ],
)
def test_only_a_bounded_list_of_flat_objects_is_read(raw: bytes, why: str) -> None:
    with pytest.raises(JsonFault, match=why):
        read_flat_objects(raw, "items", most=2)


def test_a_list_of_flat_objects_is_given_in_order() -> None:
    raw = b'{"items": [{"a": 1}, {"b": null}]}'
    assert read_flat_objects(raw, "items", most=2) == [{"a": 1}, {"b": None}]
