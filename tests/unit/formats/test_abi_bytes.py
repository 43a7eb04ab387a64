"""Bytes that are no batch: each is refused with a place, and none makes the reader raise."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from customhouse.formats.abi_batch import Batch, Rejection, mask_password, read_answer, read_batch
from tests.unit.formats.abi_samples import GOOD, PASSWORD, PROFILE, batch, faults

RAW = batch(*GOOD)
JOINED = RAW.replace(b"\n", b"")

BYTES = {
    "byte order mark": (b"\xef\xbb\xbf" + RAW, [("X40", 1, 1)]),
    "NUL in a header": (RAW.replace(b"112326     RM", b"112326\x00    RM", 1), [("X40", 1, 21)]),
    "tab in a transaction": (RAW.replace(b"B76 3927", b"B76\t3927"), [("X40", 3, 14)]),
    "letter outside ASCII": (RAW.replace(b"PT1", b"P\xe91"), [("X40", 3, 2)]),
    "two-byte letter": (RAW.replace(b"PT1", "Pé1".encode()), [("X40", 3, 2)]),
    "control character at the end": (RAW + b"\x1a", [("X40", 6, 1)]),
    "overlong line": (RAW.replace(b"\nY", b" \nY"), [("X40", 3, 81)]),
    "short line": (RAW.replace(b" \nY", b"\nY"), [("X42", 3, 80)]),
    "short last line": (RAW[:-2], [("X42", 5, 80)]),
    "cut in the last record": (JOINED[:-1], [("X42", 5, 80)]),
    "cut in the block": (JOINED[:200], [("X42", 3, 41)]),
    "cut in the header": (JOINED[:50], [("X42", 1, 51)]),
    "a byte too many": (JOINED + b"0", [("X42", 6, 2)]),
    "no printable byte": (b"\x00" * 400, [("X40", 1, 1)]),
}


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_do_not_belong_are_refused_at_their_place(name):
    """F1, F2: cut off, NUL, control characters, a byte order mark: refused at record and column."""
    raw, expected = BYTES[name]
    assert faults(raw) == expected


def test_columns_that_slip_are_reported_where_they_begin_and_not_after():
    slipped = JOINED.replace(b"B76 3927", b"B763927")
    assert faults(slipped) == [("X39", 3, 14), ("X42", 5, 80)]


def test_a_huge_line_is_one_fault():
    assert faults(RAW.replace(b"\nY", b"9" * 3_000_000 + b"\nY")) == [("X40", 3, 81)]


def test_a_million_records_are_judged_in_bounded_time_and_space():
    """F3: the list of faults and the answer are bounded."""
    raw = batch(GOOD[0], GOOD[1]) + b"X\n" * 1_000_000
    rejection = read_batch(raw, PROFILE)
    assert isinstance(rejection, Rejection)
    assert len(rejection.faults) == 1000
    assert len(rejection.answer) < 300_000


MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "delete", "replace", "cut", "repeat"]),
        st.integers(0, len(RAW)),
        st.binary(min_size=1, max_size=6),
    ),
    min_size=1,
    max_size=4,
)


def mutated(raw: bytes, mutations: list[tuple[str, int, bytes]]) -> bytes:
    """Damage a batch the way transports and editors do."""
    for what, at, junk in mutations:
        if what == "insert":
            raw = raw[:at] + junk + raw[at:]
        elif what == "delete":
            raw = raw[:at] + raw[at + len(junk) :]
        elif what == "replace":
            raw = raw[:at] + junk + raw[at + len(junk) :]
        elif what == "cut":
            raw = raw[:at]
        else:
            # Again from the start, or from behind the header: never from within a password.
            raw = raw + raw[at if at > 14 else 0 :]
    return raw


def check(raw: bytes) -> None:
    """Read the bytes: a batch, or a rejection that a client can read and that tells no secret."""
    read = read_batch(raw, PROFILE)
    if isinstance(read, Batch):
        return
    assert read.faults
    answer = read_answer(read.answer)
    assert answer.rejected
    assert [c.code for c in answer.conditions] == [*(f.code for f in read.faults), "999"]
    assert PASSWORD not in read.answer


@given(raw=st.binary(max_size=700))
@example(raw=b"")
@example(raw=b"\n")
@example(raw=b"A")
def test_no_bytes_make_the_reader_raise(raw):
    check(raw)


@settings(max_examples=300, derandomize=True)
@given(mutations=MUTATIONS, raw=st.sampled_from([RAW, JOINED, RAW.replace(b"\n", b"\r\n")]))
def test_no_damage_to_a_batch_makes_the_reader_raise(mutations, raw):
    check(mutated(raw, mutations))


@settings(max_examples=300)
@given(
    records=st.lists(st.sampled_from([*GOOD, "X", "", "A", "B", "Y", "Z", "PT", " "]), max_size=9)
)
def test_no_order_of_records_makes_the_reader_raise(records):
    check(batch(*records))


HIDDEN = {
    "good": RAW,
    "joined": JOINED,
    "lower case": RAW.lower(),
    "byte order mark": b"\xef\xbb\xbf" + RAW,
    "junk before": b"\x00\x01?? " + RAW,
    "letters before": b"JUNK" + RAW,
    "much junk before": b"J" * 300 + RAW,
    "two batches": RAW + RAW,
    "two batches joined, the first cut": JOINED[:190] + JOINED,
    "second header out of shape": RAW + RAW.replace(b"     RM", b"   RM"),
    "header cut short": RAW[:16],
    "line end within the header": RAW.replace(b"A3901B76", b"A3901B76\n"),
    "password in the trailer": RAW.replace(b"Z3901B76      ", b"Z3901B76SECRET"),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_a_masked_batch_never_holds_the_password(name):
    raw = HIDDEN[name]
    masked = mask_password(raw)
    assert PASSWORD.encode() not in masked.upper()
    assert len(masked) == len(raw)


def test_masking_leaves_the_rest_of_a_good_batch_as_it_is():
    assert mask_password(RAW) == RAW.replace(b"SECRET", b"******")
    filler = RAW.replace(b"112326     RM   ", b"112326     RM  X", 1)
    assert mask_password(filler) == filler.replace(b"SECRET", b"******")
    letters = RAW.replace(b"3927327001", b"3927327A01")
    assert mask_password(letters) == letters.replace(b"SECRET", b"******")


@settings(max_examples=300, derandomize=True)
@given(mutations=MUTATIONS, raw=st.sampled_from([RAW, JOINED]))
def test_no_damage_to_a_batch_uncovers_the_password(mutations, raw):
    masked = mask_password(mutated(raw, mutations))
    assert PASSWORD.encode() not in masked


def test_overlapping_occurrences_are_masked_to_the_last_byte():
    header = RAW[:81].replace(b"SECRET", b"ABABAB")
    masked = mask_password(header + b"1ABABABABAB1 ABABA\n")
    assert masked.endswith(b"\n1**********1 ABABA\n")


def test_masking_without_a_well_formed_header_leaves_only_the_shape():
    assert mask_password(b"JUNK\nPT 12\r\n") == b"****\n** **\r\n"
