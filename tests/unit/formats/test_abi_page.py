"""The page about ABI says what the program does: its examples, its conditions, its records."""

import re
from dataclasses import replace
from pathlib import Path

import customhouse.agency.reroute_faults  # noqa: F401 - it declares the conditions
from customhouse.faults import CATALOGUE
from customhouse.formats.abi_batch import Batch, OutBlock, read_batch, render_answer
from customhouse.formats.abi_conditions import NARRATIVES
from customhouse.formats.abi_messages import parse_authorization, render_authorization_answer
from customhouse.formats.abi_records import LAYOUTS
from customhouse.formats.abi_reroute import REROUTED, parse_reroute, render_reroute_answer
from tests.unit.formats.abi_samples import PROFILE, batch, refusal

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "abi.md").read_text(encoding="utf-8")
REQUEST, ANSWER, REJECTION, COPIES, COPIES_ANSWER = (
    block.splitlines() for block in re.findall(r"```\n(.*?)\n```", PAGE, re.DOTALL)
)


def trimmed(text: str) -> list[str]:
    """Give the lines of a batch without trailing spaces, as the page shows them."""
    return [line.rstrip() for line in text.splitlines()]


def test_the_example_is_answered_as_the_page_says():
    read = read_batch(batch(*REQUEST), PROFILE)
    assert isinstance(read, Batch)
    (block,) = read.blocks
    request = parse_authorization(block.records[0])
    records = tuple(render_authorization_answer(1, request, accepted=True))
    answer = render_answer(read.header, "PZ", blocks=[OutBlock.answering(block, records)])
    assert trimmed(answer) == ANSWER


def test_the_request_for_copies_is_answered_as_the_page_says():
    read = read_batch(batch(*COPIES), replace(PROFILE, applications=frozenset({"MO"})))
    assert isinstance(read, Batch)
    (block,) = read.blocks
    records = tuple(render_reroute_answer(parse_reroute(block.records[0]), statements=3))
    answer = render_answer(read.header, "MQ", blocks=[OutBlock.answering(block, records)])
    assert trimmed(answer) == COPIES_ANSWER


def test_the_page_names_every_condition_of_copies():
    rows = dict(re.findall(r"^\| (MS\w) \| (.+?) \|", PAGE, re.MULTILINE))
    declared = {one.abi_code: one.abi_narrative for one in CATALOGUE.values()}
    published = {code: text for code, text in declared.items() if code.startswith("MS")}
    assert rows == published | {REROUTED.code: REROUTED.narrative}
    assert sorted(rows) == [f"MS{n}" for n in "0123456789ABCD"]


def test_the_rejection_is_the_one_of_data_in_the_filler_of_the_example():
    damaged = [line.replace("B76 3927", "B7603927") for line in REQUEST]
    assert trimmed(refusal(batch(*damaged)).answer) == REJECTION


def test_the_page_names_every_condition_with_its_narrative():
    rows = dict(re.findall(r"^\| (X\d\d|999) \| (.+?) \|", PAGE, re.MULTILINE))
    assert {code: NARRATIVES[code] for code in rows} == rows
    foreign = re.search(r"a client knows them: (.+)\.", PAGE)
    assert foreign
    assert {*rows, *foreign[1].split(", ")} == set(NARRATIVES)


def test_the_page_names_every_record():
    tables = PAGE.split("## The records")[1]
    assert set(re.findall(r"`(\w+)`", tables)) == set(LAYOUTS)
