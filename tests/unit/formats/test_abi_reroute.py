"""Requests for copies (MO) and their answers (MQ) on the wire."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.formats.abi_batch import AnswerError, Batch, read_batch
from customhouse.formats.abi_envelope import NumberedRecord
from customhouse.formats.abi_messages import Condition
from customhouse.formats.abi_reroute import (
    RerouteRequest,
    parse_reroute,
    parse_reroute_answers,
    render_reroute,
    render_reroute_answer,
)
from tests.unit.formats.abi_samples import PROFILE, batch, faults

REQUEST = RerouteRequest(date(2026, 11, 24), "Y", "N", "3927328001", "A", "12-345678900", "X1")
LINE = "QR112426YN 3927328001A 12-345678900X1".ljust(80)


def test_each_field_has_its_columns():
    assert render_reroute(REQUEST) == LINE
    assert parse_reroute(NumberedRecord(0, LINE)) == REQUEST


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.sampled_from("YN"),
    st.from_regex(r"[0-9]{7}[0-9A-Z]{3}", fullmatch=True),
)
def test_what_is_written_is_read_again(sent_on, flag, number):
    """F9: parse after render is the identity."""
    request = RerouteRequest(sent_on, flag, "N", number, "", "98-765432100", "")
    assert parse_reroute(NumberedRecord(0, render_reroute(request))) == request


def test_a_date_that_is_none_is_kept_as_it_came_and_echoed():
    line = "QR023026Y?".ljust(80)
    read = parse_reroute(NumberedRecord(3, line))
    assert (read.transmission_date, read.date_text, read.final) == (None, "023026", "?")
    echo, condition = render_reroute_answer(read, [Condition("MS3", "TRANS DATA")])
    assert echo == line
    assert condition == "QCRFMS3   TRANS DATA".ljust(80)


def test_an_answer_is_read_as_it_was_written():
    lines = render_reroute_answer(REQUEST, statements=3)
    assert lines[1][:55] == "QCA MSA   TOTAL NUMBER OF STATEMENTS REROUTED     00003"
    (answer,) = parse_reroute_answers(lines)
    assert answer.accepted
    assert answer.statements == 3
    assert answer.request == replace(REQUEST, record_number=0)
    (refusal,) = parse_reroute_answers(render_reroute_answer(None, [Condition("MS1", "MISSING")]))
    assert (refusal.accepted, refusal.request) == (False, None)
    assert refusal.conditions == (Condition("MS1", "MISSING"),)


@pytest.mark.parametrize("lines", [[], ["QR"], [LINE], [LINE, LINE]])
def test_what_is_no_answer_is_refused(lines):
    with pytest.raises(AnswerError):
        parse_reroute_answers(lines)


def test_an_empty_block_of_mo_is_taken_in_and_one_of_rm_is_not():
    profile = replace(PROFILE, applications=frozenset({"RM", "MO"}))
    empty = ("A3901B76SECRET112326     MO", "B  3901B76MO", "Y  3901B76MO", "Z3901B76      112326")
    read = read_batch(batch(*empty), profile)
    assert isinstance(read, Batch)
    assert read.blocks[0].records == ()
    assert faults(batch(*(line.replace("MO", "RM") for line in empty))) == [("X04", 3, 0)]
