"""Authorizations and updates as records: the golden examples and everything that round-trips."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.formats.abi_batch import (
    AnswerError,
    Batch,
    NumberedRecord,
    OutBlock,
    read_answer,
    read_batch,
    render_answer,
)
from customhouse.formats.abi_messages import (
    AUTHORIZATION_ACCEPTED,
    AUTHORIZATION_REJECTED,
    UPDATE_ACCEPTED,
    AuthorizationRequest,
    Condition,
    LeftStatement,
    UpdateRequest,
    parse_authorization,
    parse_authorization_answers,
    parse_update,
    parse_update_answers,
    render_authorization,
    render_authorization_answer,
    render_update,
    render_update_answer,
)
from tests.unit.formats.abi_samples import PROFILE, golden

REQUEST = AuthorizationRequest("123456", "02", "B76", "3927327001", "0000104608", "", 3)
UPDATE = UpdateRequest("3901", "B76", "03245278", "3", date(2026, 11, 24), record_number=3)
UNIT_UNKNOWN = Condition("D05", "PAYER UNIT NOT ON FILE OR NOT DESIGNATED")
LINES = st.text([chr(code) for code in range(32, 127)], min_size=80, max_size=80).map(str.upper)


def taken(name: str) -> Batch:
    """Read a golden batch."""
    read = read_batch(golden(name).encode(), PROFILE)
    assert isinstance(read, Batch)
    return read


def answered(name: str, application: str, records: list[str]) -> str:
    """Answer a golden batch of one block."""
    read = taken(name)
    block = OutBlock.answering(read.blocks[0], tuple(records))
    return render_answer(read.header, application, blocks=[block])


def test_the_golden_authorization_reads_as_its_request():
    request = parse_authorization(taken("authorization").blocks[0].records[0])
    assert request == REQUEST
    assert request.amount_cents == 104_608


def test_an_accepted_authorization_is_answered_as_in_the_golden_file():
    records = render_authorization_answer(1, REQUEST, accepted=True)
    text = answered("authorization", "PZ", records)
    assert text == golden("authorization_accepted")
    (answer,) = parse_authorization_answers(read_answer(text).blocks[0].records)
    assert (answer.accepted, answer.disposition) == (True, AUTHORIZATION_ACCEPTED)
    assert (answer.statement_number, answer.payer_unit_number) == ("3927327001", "123456")
    assert (answer.payment_type, answer.amount_text) == ("02", "0000104608")


def test_a_refused_authorization_is_answered_as_in_the_golden_file():
    records = render_authorization_answer(1, REQUEST, conditions=[UNIT_UNKNOWN], accepted=False)
    text = answered("authorization", "PZ", records)
    assert text == golden("authorization_refused")
    (answer,) = parse_authorization_answers(read_answer(text).blocks[0].records)
    assert not answer.accepted
    assert (answer.conditions, answer.disposition) == ((UNIT_UNKNOWN,), AUTHORIZATION_REJECTED)


def test_an_update_is_answered_as_in_the_golden_file():
    request = parse_update(taken("update").blocks[0].records[0])
    assert request == UPDATE
    left = LeftStatement("3927327001", 0)
    records = render_update_answer(
        request, UPDATE_ACCEPTED, broker_reference="REF000001", left=left
    )
    text = answered("update", "SQ", records)
    assert text == golden("update_accepted")
    (answer,) = parse_update_answers(read_answer(text).blocks[0].records)
    assert answer.accepted
    assert (answer.request, answer.broker_reference) == (
        replace(UPDATE, record_number=0),
        "REF000001",
    )
    assert (answer.condition, answer.left) == (UPDATE_ACCEPTED, left)


def test_leading_spaces_of_text_are_dropped_and_wrong_values_stay_as_sent():
    line = "PT 12345 2B76  927327001    104608".ljust(80)
    request = parse_authorization(NumberedRecord(3, line))
    assert request.payer_unit_number == " 12345"
    assert request.payment_type == " 2"
    assert request.statement_number == "927327001"
    assert (request.amount_text, request.amount_cents) == ("    104608", None)


@pytest.mark.parametrize(
    ("columns", "print_date", "text"),
    [
        ("112426", date(2026, 11, 24), ""),
        ("      ", None, ""),
        ("023126", None, "023126"),
        ("1124AB", None, "1124AB"),
    ],
)
def test_a_print_date_that_is_none_is_kept_as_text(columns, print_date, text):
    line = f"H3901B76  032452783{columns}".ljust(80)
    request = parse_update(NumberedRecord(3, line))
    assert (request.print_date, request.print_date_text) == (print_date, text)


@given(line=LINES)
def test_an_answer_repeats_any_authorization_that_can_be_sent(line):
    request = parse_authorization(NumberedRecord(1, f"PT{line[2:]}"))
    records = render_authorization_answer(7, request, conditions=[UNIT_UNKNOWN], accepted=False)
    assert {len(record) for record in records} == {80}
    (answer,) = parse_authorization_answers(records)
    assert answer.occurrence == 7
    assert answer.filer_code == request.filer_code
    assert answer.statement_number == request.statement_number
    assert answer.amount_text == request.amount_text.rstrip()


@given(line=LINES)
def test_an_answer_repeats_any_update_that_can_be_sent(line):
    request = parse_update(NumberedRecord(1, f"H{line[1:]}"))
    records = render_update_answer(request, Condition("P01", "ENTRY SUMMARY NOT FOUND"))
    assert {len(record) for record in records} == {80}
    (answer,) = parse_update_answers(records)
    assert answer.request == replace(request, record_number=0)
    assert not answer.accepted


DIGITS = st.text("0123456789", min_size=10, max_size=10)


@given(
    unit=DIGITS, number=DIGITS, amount=st.integers(0, 9_999_999_999), negation=st.sampled_from("Y")
)
def test_an_authorization_round_trips(unit, number, amount, negation):
    """F9: what is written is read as the same request."""
    request = AuthorizationRequest(unit[:6], "02", "B76", number, f"{amount:010d}", negation, 5)
    assert parse_authorization(NumberedRecord(5, render_authorization(request))) == request


@given(
    entry=DIGITS,
    print_date=st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    branch=st.sampled_from(["", "01", "A"]),
)
def test_an_update_round_trips(entry, print_date, branch):
    """F9: what is written is read as the same update."""
    request = UpdateRequest("3901", "B76", entry[:8], "2", print_date, branch, "")
    assert parse_update(NumberedRecord(0, render_update(request))) == request


@pytest.mark.parametrize(
    "records",
    [
        ["E1".ljust(80)],
        [*render_authorization_answer(1, REQUEST, accepted=True)[:1]],
        [*render_authorization_answer(1, REQUEST, accepted=True), "X"],
    ],
)
def test_groups_that_are_no_authorization_answer_are_refused(records):
    with pytest.raises(AnswerError):
        parse_authorization_answers(records)


@pytest.mark.parametrize(
    "records",
    [
        ["H1".ljust(80)],
        ["H2".ljust(80), "H1".ljust(80)],
        ["H1", "H2"],
        [*render_update_answer(UPDATE, UPDATE_ACCEPTED), "H3".ljust(80)],
    ],
)
def test_groups_that_are_no_update_answer_are_refused(records):
    with pytest.raises(AnswerError):
        parse_update_answers(records)
