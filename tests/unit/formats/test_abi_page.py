"""The page about ABI says what the program does: its examples, its conditions, its records."""

import re
from pathlib import Path

from customhouse.formats.abi_batch import Batch, OutBlock, read_batch, render_answer
from customhouse.formats.abi_conditions import NARRATIVES
from customhouse.formats.abi_messages import parse_authorization, render_authorization_answer
from customhouse.formats.abi_records import LAYOUTS
from tests.unit.formats.abi_samples import PROFILE, batch, refusal

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "abi.md").read_text(encoding="utf-8")
REQUEST, ANSWER, REJECTION = (
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
