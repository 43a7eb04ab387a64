"""``customhouse ach``: exit codes, lines a person reads, lines a program reads."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from typer.testing import CliRunner, Result

from customhouse.faults import Refused
from customhouse.formats import nacha_bulk
from customhouse.formats.nacha_rules import AchFault, Profile
from customhouse.trade import cli_ach
from customhouse.trade.cli_ach import app
from tests.unit.formats.nacha_mistakes import MISTAKES
from tests.unit.formats.nacha_samples import ACCOUNT, GOLDEN, SAMPLES, SHORT_ACCOUNT, lines_of


def run(*words: object) -> Result:
    """Run one command of the group in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Give a file with a wrong check digit and a wrong file total."""
    lines = lines_of("ccd_debits")
    for rule in ("ach.entry.check-digit", "ach.file.debit-total"):
        lines = MISTAKES[rule].made(lines)
    path = tmp_path / "broken.ach"
    path.write_bytes(b"\n".join(lines))
    return path


@pytest.mark.parametrize("name", SAMPLES)
def test_a_good_file_ends_with_0(name):
    result = run("check", GOLDEN / f"{name}.ach")
    assert result.exit_code == 0
    assert result.output.endswith("good (0 faults, 0 warnings)\n")


def test_a_refused_file_ends_with_7_and_a_line_for_each_fault(broken):
    result = run("check", broken, "--profile", "strict")
    first, second, summary = result.output.splitlines()
    assert result.exit_code == 7
    assert first.startswith("line 3, columns 4-12: The check digit")
    assert first.endswith("[entry: ach.entry.check-digit]")
    assert "says 354909 cents of debits; the batches add up to 354908" in second
    assert summary == f"{broken}: refused (2 faults, 0 warnings)"


@pytest.mark.parametrize("options", [[], ["--json"], ["--profile", "bank"]])
def test_a_big_file_is_checked_by_columns_with_the_same_output(options, broken, monkeypatch):
    plain = run("check", broken, *options)
    monkeypatch.setattr(cli_ach, "BULK_FROM_BYTES", 1)
    checked: list[str] = []
    by_columns = nacha_bulk.check_bulk

    def noted(stream: BinaryIO, profile: Profile) -> Iterator[AchFault]:
        checked.append(profile)
        return by_columns(stream, profile)

    monkeypatch.setattr(nacha_bulk, "check_bulk", noted)
    bulk = run("check", broken, *options)
    assert (bulk.exit_code, bulk.output) == (plain.exit_code, plain.output)
    assert len(checked) == 1


def test_a_small_file_and_a_pipe_are_checked_without_loading_numpy(broken):
    script = (
        "import sys; from customhouse.trade.cli_ach import app\n"
        "try: app(['check', sys.argv[1]])\n"
        "finally: assert 'numpy' not in sys.modules"
    )
    for stdin, name in ((None, str(broken)), (broken.read_bytes() * 20_000, "/dev/stdin")):
        command = [sys.executable, "-c", script, name]
        done = subprocess.run(command, input=stdin, capture_output=True, check=False)
        assert done.returncode == 7
        assert done.stderr == b""


def test_json_is_one_object_a_line_and_nothing_else(broken):
    result = run("check", broken, "--json")
    told = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 7
    assert [fault["rule"] for fault in told] == ["ach.entry.check-digit", "ach.file.debit-total"]
    assert {tuple(fault) for fault in told} == {
        ("rule", "severity", "line", "columns", "message", "hint")
    }


def test_warnings_alone_are_good_and_the_bank_profile_warns(tmp_path):
    path = tmp_path / "masked.ach"
    mistake = MISTAKES["ach.entry.routing-number"]
    path.write_bytes(b"\n".join(mistake.made(lines_of(mistake.sample))))
    assert run("check", path).exit_code == 7
    result = run("check", path, "--profile", "bank")
    assert result.exit_code == 0
    assert "good (0 faults, 1 warning)" in result.output


@pytest.mark.parametrize("command", ["check", "show"])
def test_what_cannot_be_read_is_a_fault_with_exit_code_2(command, tmp_path):
    for path in (tmp_path / "missing.ach", tmp_path):
        result = run(command, path)
        assert isinstance(result.exception, Refused)
        assert result.exception.faults[0].code == "ach-file-unreadable"
        assert result.exception.faults[0].kind.exit_code == 2


@pytest.mark.parametrize("name", SAMPLES)
def test_show_tells_all_but_account_numbers(name):
    result = run("show", GOLDEN / f"{name}.ach")
    assert result.exit_code == 0
    assert ACCOUNT not in result.output
    assert SHORT_ACCOUNT not in result.output
    assert "99887766" not in result.output


def test_show_reads_like_an_outline():
    told = run("show", GOLDEN / "ccd_debits.ach").output
    assert "File A of 2026-11-23 09:00" in told
    assert "Batch 1: CCD (corporate credit or debit), debits only" in told
    assert "123456780000001  27 debit to a demand account  $1,046.08" in told
    assert r"addendum 1: RMR*ST*3927327001**1046.08" in told
    assert "debits $3,549.08, credits $0.00, hash 0003060912" in told
    assert "R01 There is not enough money" in run("show", GOLDEN / "returns.ach").output
    assert "routing number 010203046, account ••••" in run("show", GOLDEN / "changes.ach").output


def test_show_hides_an_account_number_wherever_it_is_repeated(tmp_path):
    raw = (GOLDEN / "ccd_debits.ach").read_bytes()
    path = tmp_path / "leaky.ach"
    path.write_bytes(raw.replace(b"RMR*ST*3927327001**1046", f"ACCT {ACCOUNT} ".encode()))
    told = run("show", path).output
    assert "ACCT •••• " in told
    assert ACCOUNT not in told


def test_show_stops_at_what_it_cannot_read(tmp_path):
    path = tmp_path / "cut.ach"
    path.write_bytes((GOLDEN / "ccd_debits.ach").read_bytes()[:300])
    result = run("show", path)
    assert isinstance(result.exception, Refused)
    assert result.exception.faults[0].code == "ach-file-not-shown"
    assert ACCOUNT not in str(result.exception)


def test_the_program_itself_ends_with_these_codes(broken, tmp_path):
    codes = []
    for path in (GOLDEN / "prenotes.ach", broken, tmp_path / "missing.ach"):
        program = [sys.executable, "-c", "from customhouse.trade.cli import main; main()"]
        done = subprocess.run(
            [*program, "ach", "check", str(path)], capture_output=True, text=True, check=False
        )
        codes.append(done.returncode)
        assert "Traceback" not in done.stderr
    assert codes == [0, 7, 2]
    assert "ach-file-unreadable" in done.stderr
    assert "hint: " in done.stderr


def test_show_says_first_that_the_check_refuses_the_file_and_ends_like_it(broken):
    result = run("show", broken)
    assert result.exit_code == 7
    first, second, *_ = result.output.splitlines()
    assert first == "The check refuses this file: 2 faults."
    assert second == f"They are told by: customhouse ach check {broken}"
    assert "Batch 1: " in result.output


def test_one_column_and_one_block_are_told_in_the_singular(tmp_path):
    path = tmp_path / "indicator.ach"
    lines = lines_of("ccd_debits")
    lines[2] = lines[2][:78] + b"7" + lines[2][79:]
    path.write_bytes(b"\n".join(lines))
    assert ", column 79: " in run("check", path).output
    assert "1 block, " in run("show", GOLDEN / "prenotes.ach").output


@pytest.mark.parametrize("command", ["check", "show"])
def test_a_file_may_come_from_the_standard_input(command):
    raw = (GOLDEN / "ccd_debits.ach").read_bytes()
    result = CliRunner().invoke(app, [command, "-"], input=raw)
    assert result.exit_code == 0
    assert result.output == run(command, GOLDEN / "ccd_debits.ach").output.replace(
        str(GOLDEN / "ccd_debits.ach"), "-"
    )
