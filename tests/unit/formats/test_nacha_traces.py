"""Taking a stretch of trace numbers at once leaves what taking them one by one leaves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.formats import nacha_traces
from customhouse.formats.nacha_traces import TraceRegister

stretches = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 8)), max_size=12)


@pytest.fixture(params=[3, nacha_traces.MOST_RUNS], scope="module", autouse=True)
def _forgets_early_or_late(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nacha_traces, "MOST_RUNS", request.param)
        yield


@given(taken=stretches, asked=st.tuples(st.integers(1, 60), st.integers(0, 8)))
def test_a_stretch_is_free_when_none_of_its_numbers_would_repeat(taken, asked):
    at_once, singly = TraceRegister(), TraceRegister()
    for first, more in [*taken, asked]:
        numbers = range(first, first + more + 1)
        if at_once.is_free(first, first + more):
            at_once.note_run(first, first + more)
            assert not any(singly.repeats(number) for number in numbers)
        else:
            told = [singly.repeats(number) for number in numbers]
            assert told == [at_once.repeats(number) for number in numbers]
        assert vars(at_once) == vars(singly)
