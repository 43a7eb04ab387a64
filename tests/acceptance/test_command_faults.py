"""What the commands say when something is not as they need it: the cause, a hint, an exit code."""

from __future__ import annotations

import os
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.acceptance.servers import COMMAND

BATCH = (
    "A3901B76SECRET112326     RM",
    "B  3901B76RM",
    "PT12345602B76 392732700100001317A6",
    "Y  3901B76RM",
    "Z3901B76      112326",
)


def text_of(*lines: str) -> str:
    """Give records of 80 columns, a line each."""
    return "".join(f"{line:80}\n" for line in lines)


def run(
    folder: Path, *words: str | Path, given: str | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run one command in a folder of its own, with these variables and no others of ours."""
    return subprocess.run(
        [COMMAND, *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **variables},
        input=given if given is not None else "",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_value_that_the_door_would_refuse_is_told_by_the_check(tmp_path: Path) -> None:
    checked = run(tmp_path, "abi", "check", "-", given=text_of(*BATCH))
    assert checked.returncode == 7
    assert checked.stdout == (
        "record 3: D10 AMOUNT MUST BE TEN DIGITS OF CENTS."
        " The amount 00001317A6 is not ten digits of cents.\n"
    )
    assert checked.stderr == "RM with 1 block and 1 transaction: 1 transaction would be refused.\n"


def test_the_check_says_what_it_cannot_know(tmp_path: Path) -> None:
    right = text_of(*BATCH).replace("1317A6", "131716")
    checked = run(tmp_path, "abi", "check", "-", given=right)
    assert checked.returncode == 0
    assert "whether it is on file, totals" in checked.stdout


@pytest.mark.parametrize(
    ("words", "token", "code", "said"),
    [
        (("--token-file", "two.txt"), None, "abi-token-unreadable", "The file two.txt holds"),
        (("--token-file", "none.txt"), None, "abi-token-file-unreadable", "No such file"),
        (("--token-file", "empty.txt"), "tok", "abi-token-file-unreadable", "it is empty"),
        (("--url", "localhost"), "tok", "agency-address-wrong", "with http:// or https://"),
        (("--url", "http://h:99999999"), "tok", "agency-address-wrong", "is no address"),
        ((), "a b", "abi-token-unreadable", "CUSTOMHOUSE_ABI_TOKEN holds"),
    ],
)
def test_a_wrong_token_or_address_is_named_as_the_cause(
    tmp_path: Path, words: tuple[str, ...], token: str | None, code: str, said: str
) -> None:
    (tmp_path / "two.txt").write_text("one\ntwo\n")
    (tmp_path / "empty.txt").write_text("\n")
    told = run(tmp_path, "abi", "receive", *words, CUSTOMHOUSE_ABI_TOKEN=token or "")
    assert told.returncode == 2
    assert told.stderr.startswith(f"{code}: ")
    assert said in told.stderr
    assert "batch" not in told.stderr


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("receive",), "ask again"),
        (("send", "-"), "send the same file again"),
        (("send", "-", "--key", "k"), "with the same idempotency key"),
    ],
)
def test_the_hint_speaks_of_a_key_only_where_there_is_one(
    tmp_path: Path, words: tuple[str, ...], hint: str
) -> None:
    nobody = ("--url", "http://127.0.0.1:1")
    told = run(tmp_path, "abi", *words, *nobody, given="A", CUSTOMHOUSE_ABI_TOKEN="tok")
    assert told.returncode == 7
    assert told.stderr.startswith("agency-unreachable: ")
    assert hint in told.stderr
    assert ("idempotency" in told.stderr) == ("--key" in words)


def test_the_release_is_told(tmp_path: Path) -> None:
    told = run(tmp_path, "--version")
    assert (told.returncode, told.stdout) == (0, f"customhouse {version('customhouse')}\n")


def test_a_variable_that_nothing_reads_is_warned_of_once(tmp_path: Path) -> None:
    wrong = "_".join(("CUSTOMHOUSE", "DATTA"))
    told = run(tmp_path, "--version", **{wrong: "elsewhere"})
    assert told.returncode == 0
    assert told.stderr == f"warning: nothing reads {wrong}; did you mean CUSTOMHOUSE_DATA?\n"


def test_without_a_terminal_a_password_comes_from_the_standard_input(tmp_path: Path) -> None:
    told = run(tmp_path, "users", "add", "clerk@harbor.example")
    assert told.returncode == 2
    assert told.stderr.splitlines()[0].startswith("terminal-missing: ")
    assert "--password-stdin" in told.stderr
    assert len(told.stderr.splitlines()) == 2


def test_what_does_not_have_its_form_is_shown_in_words_and_ends_with_7(tmp_path: Path) -> None:
    shown = run(tmp_path, "abi", "show", "-", given=text_of(*BATCH))
    assert shown.returncode == 7
    assert "!  columns 25-34, payment amount: a character is not allowed" in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 100
    short = run(tmp_path, "abi", "show", "-", given=f"{BATCH[0]:70}\n{BATCH[1]:80}\n")
    assert "!  the record has 70 columns, not 80" in short.stdout
    assert run(tmp_path, "abi", "show", "-", given=text_of(*BATCH[:2])).returncode == 0
    empty = run(tmp_path, "abi", "show", "-")
    assert empty.returncode == 7
    assert empty.stderr.startswith("batch-file-empty: There is nothing in the standard input.")


def test_a_date_that_is_none_is_told_in_plain_words(tmp_path: Path) -> None:
    told = run(tmp_path, "ledger", "balances", "--as-of", "24.11.2026")
    assert told.returncode == 2
    assert "'24.11.2026' is not a date YYYY-MM-DD" in " ".join(told.stderr.split())
    assert "%" not in told.stderr
