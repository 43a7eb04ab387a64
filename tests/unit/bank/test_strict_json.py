"""One flat JSON object and nothing cleverer (failure F6)."""

from __future__ import annotations

import pytest

from customhouse.bank.strict_json import JsonFault, read_flat_object, require_members


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
