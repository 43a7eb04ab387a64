"""A key of the JSON API is worked on once, whatever happens around it."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable

import pytest
from psycopg import Connection
from psycopg.errors import SerializationFailure

from customhouse.agency.api_requests import Answer, KeyedRequest, StoredAnswer, once
from customhouse.agency.business_day import BusinessDay
from customhouse.faults import Refused
from tests.integration.agency.harbor import BROKER, MONDAY, OTHER_BROKER, Harbor

PATH = "/api/v1/things"
MARK = "insert into notice (filer_code, kind, text, natural_key, created_on, created_at)"
_NOTICE = f"{MARK} values ('B76', 'debit-returned', 'x', %s, %s, now())"


def _work(text: str, *, keeps_key: bool = True) -> Callable[..., Answer]:
    """Give work that leaves one notice a time it is done."""

    def work(connection: Connection, request_id: int, day: BusinessDay) -> Answer:
        count = connection.execute("select count(*) from notice").fetchone()
        connection.execute(_NOTICE, (f"{request_id}/{count}", day.business_date))
        return Answer(200, text, keeps_key=keeps_key)

    return work


def _once(harbor: Harbor, work: Callable[..., Answer], **given: object) -> StoredAnswer:
    values = {"key": "k-1", "path": PATH, "body": b"[]", "filer": BROKER, **given}
    sender = harbor.senders[str(values.pop("filer"))]
    request = KeyedRequest(sender.sender_id, **values)
    return once(harbor.connect, request, clock=harbor.clock, work=work)


def _refusal(harbor: Harbor, work: Callable[..., Answer], **given: object) -> str:
    with pytest.raises(Refused) as refused:
        _once(harbor, work, **given)
    return refused.value.faults[0].code


def _done(harbor: Harbor) -> int:
    return len(harbor.rows("select 1 from notice"))


def test_a_repetition_gets_the_first_answer(harbor: Harbor) -> None:
    """A1: the same key and body; the second is not worked on."""
    assert _once(harbor, _work("first")) == StoredAnswer(200, "first", replayed=False)
    assert _once(harbor, _work("second")) == StoredAnswer(200, "first", replayed=True)
    assert _done(harbor) == 1
    row = harbor.rows("select path, business_date, status, answer from api_request")
    assert row == [(PATH, MONDAY, 200, "first")]


@pytest.mark.parametrize("other", [{"body": b"[1]"}, {"path": "/api/v1/others"}])
def test_a_key_is_not_for_other_content(harbor: Harbor, other: dict[str, object]) -> None:
    """A4, F5: refused, and nothing done."""
    _once(harbor, _work("first"))
    assert _refusal(harbor, _work("other"), **other) == "idempotency-key-reused"
    assert _done(harbor) == 1


def test_keys_of_two_senders_never_meet(harbor: Harbor) -> None:
    _once(harbor, _work("first"))
    second = _once(harbor, _work("second"), filer=OTHER_BROKER, body=b"[2]")
    assert second == StoredAnswer(200, "second", replayed=False)


@pytest.mark.parametrize("key", ["", "two words", "k\n", "é", "k" * 129])
def test_a_strange_key_is_refused(harbor: Harbor, key: str) -> None:
    assert _refusal(harbor, _work("x"), key=key) == "idempotency-key-unreadable"


def test_a_key_must_be_given(harbor: Harbor) -> None:
    assert _refusal(harbor, _work("x"), key=None) == "idempotency-key-missing"


def test_what_fails_leaves_nothing_and_frees_its_key(harbor: Harbor) -> None:
    def fails(connection: Connection, request_id: int, day: BusinessDay) -> Answer:
        _work("lost")(connection, request_id, day)
        raise RuntimeError("the work broke")

    with pytest.raises(RuntimeError):
        _once(harbor, fails)
    assert _done(harbor) == 0
    assert _once(harbor, _work("again"), body=b"[3]").text == "again"


def test_an_answer_that_judged_nothing_frees_its_key(harbor: Harbor) -> None:
    assert _once(harbor, _work("closed", keeps_key=False)).text == "closed"
    assert _once(harbor, _work("judged")).text == "judged"


def test_work_that_lost_a_race_is_done_again(harbor: Harbor) -> None:
    """B7: the whole transaction again, with the same key."""
    losses = iter((True, True, False))

    def loses(connection: Connection, request_id: int, day: BusinessDay) -> Answer:
        answer = _work("won")(connection, request_id, day)
        if next(losses):
            raise SerializationFailure
        return answer

    assert _once(harbor, loses).text == "won"
    assert _done(harbor) == 1


def test_a_second_one_is_told_while_the_first_is_at_work(harbor: Harbor) -> None:
    """A13: 409 at once, not after the first has finished."""
    begun, finish = threading.Event(), threading.Event()

    def slow(connection: Connection, request_id: int, day: BusinessDay) -> Answer:
        begun.set()
        assert finish.wait(timeout=30)
        return _work("slow")(connection, request_id, day)

    first = threading.Thread(target=_once, args=(harbor, slow))
    first.start()
    try:
        assert begun.wait(timeout=30)
        assert _refusal(harbor, _work("second")) == "in-progress"
    finally:
        finish.set()
        first.join(timeout=30)
    assert _once(harbor, _work("third")) == StoredAnswer(200, "slow", replayed=True)
    assert _done(harbor) == 1


def _race(harbor: Harbor, found: multiprocessing.Queue) -> None:
    try:
        found.put(_once(harbor, _work("done")).text)
    except Refused as refused:
        found.put(refused.faults[0].code)


def test_of_many_at_once_one_is_done(harbor: Harbor) -> None:
    """A13: processes with one key; one works, the others hear its answer or wait their turn."""
    context = multiprocessing.get_context("fork")
    found = context.Queue()
    racers = [context.Process(target=_race, args=(harbor, found)) for _ in range(6)]
    for racer in racers:
        racer.start()
    answers = {found.get(timeout=60) for _ in racers}
    for racer in racers:
        racer.join(timeout=30)
    assert answers <= {"done", "in-progress"}
    assert "done" in answers
    assert _done(harbor) == 1
