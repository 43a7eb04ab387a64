"""What the bank's news of prenotes do to payer units at the agency (C19)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from customhouse.agency import unit_prenotes
from customhouse.rails import PrenoteNews, PrenoteState
from tests.integration.agency.harbor import BROKER, BROKER_UNIT, TUESDAY, Harbor, dispositions

DAY_OF_MATURITY = date(2026, 11, 24)


class Bank:
    """A bank's end of the rails that gives news by cursor, as the real one does."""

    def __init__(self, *news: PrenoteNews) -> None:
        self.news = list(news)

    def prenotes_after(self, sequence: int) -> list[PrenoteNews]:
        """Give what is behind a cursor."""
        return [each for each in self.news if each.sequence > sequence]


def _news(sequence: int, state: PrenoteState, code: str = "") -> PrenoteNews:
    return PrenoteNews(sequence, BROKER_UNIT, state, DAY_OF_MATURITY, code)


def _take(harbor: Harbor, *news: PrenoteNews) -> int:
    return unit_prenotes.take_prenotes(harbor.connect, Bank(*news), harbor.clock)


@pytest.fixture
def number(harbor: Harbor) -> str:
    """Give the number of a statement of 100 dollars, printed on Tuesday."""
    harbor.entry(1, charges={"001": 10_000})
    harbor.print(TUESDAY)
    ((number,),) = harbor.rows("select statement_number from statement")
    return str(number)


def _pay(harbor: Harbor, number: str) -> list[str]:
    return dispositions(harbor.authorize(number, 10_000))


def test_a_unit_whose_account_is_tried_is_not_effective(harbor: Harbor, number: str) -> None:
    assert _take(harbor, _news(1, "pending")) == 1
    assert _pay(harbor, number)[0] == "D07"
    assert _take(harbor, _news(1, "pending"), _news(2, "matured")) == 1
    assert _pay(harbor, number) == ["D00"]
    assert harbor.violations() == []


def test_a_unit_whose_prenote_came_back_is_stopped_and_its_filer_told(
    harbor: Harbor, number: str
) -> None:
    """C19: no authorization is accepted any more; the notice does not tell the number."""
    assert _take(harbor, _news(1, "pending"), _news(2, "failed", "R03")) == 1
    assert _pay(harbor, number)[0] == "D30"
    notices = harbor.rows("select filer_code, kind, text from notice")
    ((filer_code, kind, text),) = notices
    assert (filer_code, kind) == (BROKER, "prenote-failed")
    assert "R03" in text
    assert BROKER_UNIT not in text


def test_news_count_once_and_older_news_have_no_effect(harbor: Harbor, number: str) -> None:
    both = (_news(3, "matured"), _news(4, "failed", "C01"))
    assert _take(harbor, *both) == 1
    assert _take(harbor, *both) == 0
    with harbor.connect() as connection:
        late: Sequence[PrenoteNews] = [_news(2, "pending")]
        assert unit_prenotes.keep(connection, late, clock=harbor.clock) == 0
    rows = harbor.rows(
        "select prenote, prenote_code from payer_unit where payer_unit_number = %s", BROKER_UNIT
    )
    assert rows == [("failed", "C01")]


def test_news_of_an_unknown_unit_do_not_hold_up_the_others(harbor: Harbor) -> None:
    stranger = PrenoteNews(1, "999999", "failed", None, "R03")
    assert _take(harbor, stranger, _news(2, "pending")) == 1
    assert harbor.rows("select last_sequence from prenote_cursor") == [(2,)]


def test_every_code_has_words() -> None:
    assert unit_prenotes.why_failed("R03").startswith("R03, ")
    assert unit_prenotes.why_failed("C01").startswith("C01, ")
    assert unit_prenotes.why_failed("R99") == "R99, returned"
