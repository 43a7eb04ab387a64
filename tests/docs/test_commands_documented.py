"""Every command and option has a place on its page, and every command in a document exists."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from tests.docs.command_tree import commands
from tests.docs.reference_pages import COMMANDS_PAGE
from tests.docs.tree import ROOT, tracked_texts

FENCE = re.compile(r"^```(?:sh|console|bash)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
RUNS = re.compile(r"(\.venv/bin/)?customhouse ")
MAKE = re.compile(r"(?:`|^\$ |^```sh\n)make ([a-z][a-z-]*)", re.MULTILINE)


def sections() -> dict[str, str]:
    """Give the text below each heading of the page of commands, by the command it names."""
    parts = re.split(r"^#{2,3} `(.+?)`$", COMMANDS_PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def command_lines(text: str) -> Iterator[str]:
    """Give each line of a document's fenced blocks that runs ``customhouse``."""
    for block in FENCE.findall(text):
        lines = (each.removeprefix("$ ") for each in block.replace("\\\n", " ").splitlines())
        yield from (each for each in lines if RUNS.match(each))


def commands_in_documents() -> Iterator[tuple[str, list[str]]]:
    """Give the words after ``customhouse`` of each such line, with where it stands."""
    for path, text in tracked_texts(".md"):
        for line in command_lines(text):
            yield path, shlex.split(line, comments=True)[1:]


def test_every_command_has_a_heading() -> None:
    missing = [each.spelled for each in commands() if each.spelled not in sections()]
    assert not missing, "run make reference: " + ", ".join(missing)


def test_every_option_is_named_in_its_section() -> None:
    page = sections()
    missing = [
        f"{command.spelled} {option}"
        for command in commands()
        for option in command.options
        if f"`{option}`" not in page.get(command.spelled, "")
    ]
    assert not missing, "run make reference: " + ", ".join(missing)


def test_the_page_names_no_command_that_is_gone() -> None:
    gone = set(sections()) - {each.spelled for each in commands()}
    assert not gone, "run make reference: " + ", ".join(sorted(gone))


def test_every_command_in_a_document_exists() -> None:
    known = {each.words[1:]: each for each in commands()}
    wrong = []
    for path, words in commands_in_documents():
        longest = max(
            (each for each in known if tuple(words[: len(each)]) == each), key=len, default=()
        )
        command = known[longest]
        options = [word.partition("=")[0] for word in words if word.startswith("--")]
        unknown = [each for each in options if each not in (*command.options, "--help")]
        leads_nowhere = command.is_group and not command.parameters and options != ["--help"]
        if unknown or leads_nowhere:
            wrong.append(f"{path}: customhouse {' '.join(words)}")
    assert not wrong, "\n".join(wrong)


def test_every_make_target_in_a_document_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):.*## ", makefile, re.MULTILINE))
    assert {"help", "setup", "demo", "story", "test", "requirements"} <= targets
    wrong = [
        f"{path}: make {target}"
        for path, text in tracked_texts(".md")
        for target in MAKE.findall(text)
        if target not in targets
    ]
    assert not wrong, "\n".join(wrong)
