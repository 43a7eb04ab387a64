"""Copies of statements on request: they are what was sent, and come once for each request."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from customhouse.agency import finals
from customhouse.formats.abi_batch import read_answer
from customhouse.formats.abi_reroute import parse_reroute_answers
from customhouse.formats.abi_statement import from_block
from tests.integration.agency.harbor import (
    BROKER,
    IMPORTER_X,
    IMPORTER_Y,
    OTHER_BROKER,
    WEDNESDAY,
    Harbor,
    dispositions,
)

SENT_TUESDAY = "QR112426"


@pytest.fixture
def printed(harbor: Harbor) -> Harbor:
    """Give a harbor with statements of Tuesday: three of the broker, one of the other."""
    harbor.entry(1, charges={"001": 100})
    harbor.entry(2, charges={"001": 200}, port="3902")
    harbor.entry(3, charges={"001": 300}, payment_type="3", importer=IMPORTER_Y)
    harbor.entry(4, charges={"001": 400}, filer=OTHER_BROKER)
    harbor.print()
    return harbor


def ask(harbor: Harbor, *records: str, filer: str = BROKER, tag: str = "") -> list[tuple]:
    """Send one block of requests; give the code and the count of each of its conditions."""
    batch = harbor.batch("MO", list(records), filer=filer)
    answer = read_answer(harbor.send(_tagged(batch, tag), filer=filer).answer)
    assert answer.application == "MQ"
    ((told,),) = [parse_reroute_answers(block.records) for block in answer.blocks]
    return [(condition.code, told.statements) for condition in told.conditions]


def _tagged(batch: str, tag: str) -> str:
    return f"{batch[:59]}{tag:21}{batch[80:]}"


def copies(harbor: Harbor, filer: str = BROKER) -> list[str]:
    """Give the contents of the copies in a sender's outbox."""
    query = "select content from abi_outbox where sender_id = %s and reason like %s order by 1"
    sender_id = harbor.senders[filer].sender_id
    return [content for (content,) in harbor.rows(query, sender_id, "copies of%")]


def numbers(harbor: Harbor) -> dict[tuple[str, str, str], str]:
    """Give the statements by filer, port and payment type."""
    query = "select filer_code, processing_port, payment_type, statement_number from statement"
    return {(filer, port, kind): number for filer, port, kind, number in harbor.rows(query)}


def test_a_copy_is_what_was_sent_and_not_what_it_is_now(printed: Harbor) -> None:
    ((sent,),) = printed.rows("select content from abi_outbox where filer_code = 'B76'")
    entry = printed.rows("select entry_number from statement_entry order by 1")[0][0]
    answer = printed.send(printed.batch("SU", [f"H3901{BROKER}  {entry}1"])).answer
    assert dispositions(answer) == ["P12"]
    printed.open(WEDNESDAY)
    assert ask(printed, f"{SENT_TUESDAY}YY") == [("MSA", 2)]
    (copy,) = copies(printed)
    blocks = {block.statement.number: block.records for block in read_answer(sent).blocks}
    copied = {block.statement.number: block.records for block in read_answer(copy).blocks}
    assert copied == {number: blocks[number] for number in copied}
    assert copy.splitlines()[0][14:20] == "112526"
    assert {block.port for block in read_answer(copy).blocks} == {"3901"}


def test_the_same_batch_makes_no_second_copy_and_another_does(printed: Harbor) -> None:
    for _ in range(2):
        assert ask(printed, f"{SENT_TUESDAY}YN") == [("MSA", 2)]
    assert len(copies(printed)) == 1
    assert ask(printed, f"{SENT_TUESDAY}YN", tag="ONE MORE") == [("MSA", 2)]
    assert len(copies(printed)) == 2
    batch = printed.batch("MO", [f"{SENT_TUESDAY}YN"])
    first = printed.send(batch, key="k1").answer
    assert printed.send(batch, key="k1").answer == first
    assert len(copies(printed)) == 3
    assert ask(printed, f"{SENT_TUESDAY}YY", tag="COPIES ARE NOT COPIED") == [("MSA", 2)]


def test_a_request_is_narrowed_and_widened(printed: Harbor) -> None:
    found = numbers(printed)
    number = found[BROKER, "3902", "2"]
    assert ask(
        printed, f"{SENT_TUESDAY}YY            {IMPORTER_Y}".replace(" " * 12, " " * 13)
    ) == [("MSA", 1)]
    assert ask(printed, f"{SENT_TUESDAY}YY {number}") == [("MS9", 0)], "it is of another port"
    assert ask(printed, f"{SENT_TUESDAY}YY {number}A") == [("MSA", 1)]
    assert ask(printed, f"{SENT_TUESDAY}YY{'':11}A") == [("MSA", 3)]
    (last,) = [copy for copy in copies(printed) if len(read_answer(copy).blocks) == 3]
    for block in read_answer(last).blocks:
        assert from_block(block).filer_code == BROKER
    assert ask(printed, f"{SENT_TUESDAY}NY") == [("MS9", 0)]
    assert ask(printed, f"QR112326YY{'':11}A") == [("MS9", 0)]


def test_somebody_elses_statement_is_as_unknown_as_no_statement(printed: Harbor) -> None:
    """H1: the answer never tells whether a statement exists."""
    foreign = numbers(printed)[OTHER_BROKER, "3901", "2"]
    for number in (foreign, "3927328ZZZ"):
        for scope in ("A", " "):
            assert ask(printed, f"{SENT_TUESDAY}YY {number}{scope}") == [("MS5", 0)]
    assert copies(printed) == []
    assert copies(printed, OTHER_BROKER) == []


def test_finals_are_copied_too(printed: Harbor) -> None:
    number = numbers(printed)[BROKER, "3901", "2"]
    assert dispositions(printed.authorize(number, 100)) == ["D00"]
    printed.rows("update authorization_attempt set state = 'with_bank' returning 1")
    printed.open(WEDNESDAY)
    run = finals.send_finals(printed.connect, WEDNESDAY, policy=printed.policy, clock=printed.clock)
    assert run.sent == 1
    assert ask(printed, "QR112526NY") == [("MSA", 1)]
    (copy,) = copies(printed)
    (block,) = read_answer(copy).blocks
    assert (from_block(block).status, from_block(block).number) == ("F", number)


def test_many_blocks_are_each_answered_in_their_place(printed: Harbor) -> None:
    text = printed.batch("MO", ["PLACE"])
    start, _, _, _, end = text.splitlines()
    head, tail = f"B  3901{BROKER}MO", f"Y  3901{BROKER}MO"
    bodies = (
        [f"{SENT_TUESDAY}YY"],
        [],
        [f"{SENT_TUESDAY}YY", f"{SENT_TUESDAY}YY"],
        ["QR      YN"],
        ["QR092426NN 123"],
        [f"{SENT_TUESDAY}YY"],
    )
    lines = [start, *(line for body in bodies for line in (head, *body, tail)), end]
    batch = "".join(f"{line:80}\n" for line in lines)
    answer = read_answer(printed.send(batch).answer)
    told = [parse_reroute_answers(block.records)[0] for block in answer.blocks]
    assert [[condition.code for condition in each.conditions] for each in told] == [
        ["MSA"],
        ["MS1"],
        ["MS0"],
        ["MS3"],
        ["MSC", "MSB", "MS2"],
        ["MSA"],
    ]
    assert len(copies(printed)) == 1, "two blocks that ask for the same get one copy"


def test_a_closed_day_answers_requests(printed: Harbor) -> None:
    with printed.connect() as connection:
        connection.execute("update business_day set closed_at = opened_at")
    batch = printed.batch("MO", [f"{SENT_TUESDAY}YY"])
    first = printed.send(batch, key="one-key").answer
    assert " MSA " in first
    printed.open(WEDNESDAY)
    assert printed.send(batch, key="one-key").answer == first
    assert len(copies(printed)) == 1


def test_sixty_days_back_and_no_more(printed: Harbor) -> None:
    printed.open(date(2026, 11, 24) + timedelta(days=60))
    assert ask(printed, f"{SENT_TUESDAY}YY") == [("MSA", 2)]
    printed.open(date(2026, 11, 24) + timedelta(days=61))
    assert ask(printed, f"{SENT_TUESDAY}YY") == [("MS2", 0)]
    assert IMPORTER_X not in "".join(copies(printed)[0][:80])
