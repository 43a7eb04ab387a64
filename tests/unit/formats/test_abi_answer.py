"""What the agency sends, as a client reads it: answers, notices and rejections."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customhouse.formats.abi_batch import (
    AnswerError,
    Batch,
    EnvelopeCondition,
    OutBlock,
    read_answer,
    read_batch,
    render_answer,
)
from customhouse.formats.layout import LayoutError
from tests.unit.formats.abi_samples import (
    BLOCK,
    BLOCK_END,
    END,
    GOOD,
    HEADER,
    ITEM,
    PROFILE,
    batch,
    golden,
    refusal,
    with_record,
)

USER_DATA = st.text([chr(c) for c in range(32, 127) if not chr(c).islower()], max_size=21)
REJECTIONS = {
    "rejected_wrong_password": with_record(1, HEADER.replace("SECRET", "WRONG ")),
    "rejected_cut_in_block": batch(*GOOD)[:200],
    "rejected_no_header": batch(*GOOD[1:]),
    "rejected_several_faults": batch(
        "A3901B76SECRET133326     RM",
        "B  4601B76RM".ljust(59) + "REF 17",
        "XX",
        ITEM.ljust(79) + "9",
        "Y  4601B76RM",
        BLOCK,
        BLOCK_END,
        END,
    ),
}


@pytest.mark.parametrize("name", REJECTIONS)
def test_a_rejection_is_written_as_in_its_golden_file(name):
    assert refusal(REJECTIONS[name]).answer == golden(name)


def test_a_client_reads_where_each_fault_is():
    answer = read_answer(golden("rejected_several_faults"))
    assert (answer.rejected, answer.application, answer.blocks) == (True, "", ())
    assert answer.conditions == (
        EnvelopeCondition("X10", "TRANSMISSION DATE UNKNOWN"),
        EnvelopeCondition(
            "X18", "PROC PORT/FLR NOT AUTHRZD FOR SENDR/RCVR", port="4601", filer_code="B76"
        ),
        EnvelopeCondition("X34", "UNKNOWN RECORD ID FOUND IN GROUPING", 3, 0, "4601", "B76"),
        EnvelopeCondition("X39", "DATA FOUND IN FILLER", 4, 80, "4601", "B76"),
        EnvelopeCondition("X04", "TRANSACTION DETAIL MISSING", port="3901", filer_code="B76"),
        EnvelopeCondition("999", "BATCH REJECTED"),
    )


SLIPPED = {
    "another sender": HEADER.replace("3901", "3902"),
    "slipped to the left": "A" + HEADER[4:],
    "slipped to the right": HEADER.replace("A3901", "A3901000000"),
    "password in the user data": HEADER.ljust(59) + "MY SECRET",
}


@pytest.mark.parametrize("name", SLIPPED)
def test_a_rejection_never_repeats_the_password(name):
    raw = batch(SLIPPED[name], "B  4601B76RM".ljust(59) + "SECRET", ITEM, "Y  4601B76RM", END)
    answer = refusal(raw).answer
    assert answer.startswith("A3901B76      ")
    assert "SECRET" not in answer.splitlines()[0]


def test_a_block_reference_never_repeats_the_password():
    raw = batch(HEADER, "B  4601B76RM".ljust(59) + "SECRET", ITEM, "Y  4601B76RM", END)
    assert "SECRET" not in refusal(raw).answer


@settings(max_examples=50)
@given(
    batch_data=USER_DATA,
    block_data=st.lists(USER_DATA, min_size=1, max_size=4),
    is_split=st.booleans(),
)
def test_a_batch_is_answered_in_its_own_shape(batch_data, block_data, is_split):
    blocks = [(BLOCK.ljust(59) + data, ITEM, BLOCK_END) for data in block_data]
    records = [HEADER.ljust(59) + batch_data, *(r for block in blocks for r in block), END]
    raw = batch(*records) if is_split else batch(*records).replace(b"\n", b"")
    read = read_batch(raw, PROFILE)
    assert isinstance(read, Batch)
    assert [block.user_data for block in read.blocks] == [data.rstrip() for data in block_data]
    lines = tuple(record.line for block in read.blocks for record in block.records)
    out = [OutBlock.answering(block, lines) for block in read.blocks]
    answer = read_answer(render_answer(read.header, "PZ", blocks=out))
    assert (answer.user_data, answer.transmission_date_text) == (batch_data.rstrip(), "112326")
    assert [block.user_data for block in answer.blocks] == [b.user_data for b in read.blocks]
    assert {block.records for block in answer.blocks} == {lines}


def test_the_preparer_of_a_block_is_repeated_in_its_answer():
    raw = batch(
        "A3901B76SECRET112326     SU",
        "B  3901B76SU".ljust(46) + "3901B76  1",
        "H3901B76  032452783112426",
        "Y  3901B76SU",
        END,
    )
    read = read_batch(raw, PROFILE)
    assert isinstance(read, Batch)
    text = render_answer(read.header, "SQ", blocks=[OutBlock.answering(read.blocks[0], ())])
    assert text.splitlines()[1] == ("B  3901B76SQ".ljust(46) + "3901B76  1").ljust(80)


def test_a_block_with_more_records_than_its_trailer_can_count_is_refused():
    block = OutBlock("3901", "B76", "", "", ("",) * 100_000)
    with pytest.raises(LayoutError, match="record_count"):
        render_answer({"site_code": "3901", "id_code": "B76"}, "PZ", blocks=[block])


ACCEPTED = golden("authorization_accepted")
DAMAGE = {
    "empty": "",
    "a request": golden("authorization"),
    "last record missing": ACCEPTED[:-81],
    "cut": ACCEPTED[:-2],
    "record missing": ACCEPTED.replace(ACCEPTED.splitlines()[3] + "\n", ""),
    "block trailer missing": ACCEPTED.replace(ACCEPTED.splitlines()[4] + "\n", ""),
    "block trailer of another port": ACCEPTED.replace("Y  3901", "Y  2704"),
    "batch trailer of another date": ACCEPTED.replace("Z3901B76      112326", "Z3901B76      1"),
    "block of another application": ACCEPTED.replace("B76PZ", "B76SQ"),
    "rejection without 999": golden("rejected_no_header").replace("999", "998"),
    "rejection cut": golden("rejected_no_header").replace("00002", "00003"),
    "no place": golden("rejected_several_faults").replace("0000003 00", "000000X 00"),
    "statement without date": golden("preliminary_statement").replace("112326312", "      312"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_answer_is_refused(name):
    with pytest.raises(AnswerError):
        read_answer(DAMAGE[name])


def read_or_refuse(text: str) -> bool:
    """Read an answer; tell whether it could be read."""
    try:
        read_answer(text)
    except AnswerError:
        return False
    return True


@given(text=st.text(max_size=500))
def test_no_text_is_an_answer_by_chance_or_raises_anything_else(text):
    assert not read_or_refuse(text)


@given(
    name=st.sampled_from(["authorization_accepted", "update_accepted", "preliminary_statement"]),
    at=st.integers(0, 400),
    junk=st.text(min_size=1, max_size=5),
)
def test_an_inserted_character_is_always_noticed(name, at, junk):
    text = golden(name)
    damaged = text[:at] + junk + text[at:]
    assert not read_or_refuse(damaged) or not junk.strip("\r\n")
