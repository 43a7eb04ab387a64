"""``customhouse rehearse operator`` and the demo's care for folders, as a person uses them."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from customhouse.faults import Refused
from customhouse.rehearsal import house_processes
from customhouse.rehearsal.house_processes import House, InUse
from customhouse.rehearsal.world import MARK, NotOurs, make_folder
from customhouse.trade.cli import app
from tests.unit.rehearsal.outbound_file import Debit, as_bytes, outbound_lines
from tests.unit.rehearsal.test_operator import FRIDAY, NAME, WEDNESDAY


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a data directory that the command will use."""
    for name in [each for each in os.environ if each.startswith("CUSTOMHOUSE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CUSTOMHOUSE_DATA", str(tmp_path))
    return tmp_path


def test_one_day_after_another(data: Path) -> None:
    outbound = data / "exchange" / "outbound"
    outbound.mkdir(parents=True)
    lines = outbound_lines([Debit("3927329001", 104_608, 1)], created=WEDNESDAY, effective=FRIDAY)
    (outbound / NAME).write_bytes(as_bytes(lines))
    script = ["--script", "3927329001=R01+0"]
    first = CliRunner().invoke(app, ["rehearse", "operator", "--on", "2026-11-25", *script])
    assert first.output.splitlines() == ["noted: R01 for statement 3927329001", f"accepted {NAME}"]
    closed = CliRunner().invoke(app, ["rehearse", "operator", "--on", "2026-11-26"])
    assert closed.output.splitlines() == ["Thursday 26 November 2026: the banks are closed"]
    second = CliRunner().invoke(app, ["rehearse", "operator", "--on", "2026-11-27"])
    assert second.output.splitlines() == [
        "settled 1 debit, $1,046.08",
        "R01 for statement 3927329001, $1,046.08",
    ]
    third = CliRunner().invoke(app, ["rehearse", "operator", "--on", "2026-11-30"])
    assert third.output.splitlines() == ["Monday 30 November 2026: nothing to do"]


def test_script_of_a_statement_without_a_debit_is_noted_with_a_warning(data: Path) -> None:
    (data / "exchange" / "outbound").mkdir(parents=True)
    arguments = ["rehearse", "operator", "--on", "2026-11-25", "--script", "3927329001=C01"]
    outcome = CliRunner().invoke(app, arguments)
    assert outcome.exit_code == 0
    assert outcome.stdout.splitlines() == [
        "noted: C01 for statement 3927329001",
        "Wednesday 25 November 2026: nothing to do",
    ]
    warned = "warning: 3927329001: no debit of that statement has come; the line waits for one\n"
    assert outcome.stderr == warned


def test_script_of_a_settled_debit_waits_for_another_attempt(data: Path) -> None:
    outbound = data / "exchange" / "outbound"
    outbound.mkdir(parents=True)
    lines = outbound_lines([Debit("3927329001", 104_608, 1)], created=WEDNESDAY, effective=FRIDAY)
    (outbound / NAME).write_bytes(as_bytes(lines))
    for on in ("2026-11-25", "2026-11-27"):
        CliRunner().invoke(app, ["rehearse", "operator", "--on", on])
    arguments = ["rehearse", "operator", "--on", "2026-11-30", "--script", "3927329001=R01"]
    warned = CliRunner().invoke(app, arguments).stderr
    assert warned.startswith("warning: 3927329001: its debits have settled")


@pytest.mark.parametrize("words", [["operator", "--on", "2026-11-25"], ["day"]])
def test_wrong_folder_is_a_fault_and_nothing_is_made_in_it(
    data: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUSTOMHOUSE_CLOCK", "rehearsal")
    outcome = CliRunner().invoke(app, ["rehearse", *words, "--script", "3927329001=R01"])
    assert isinstance(outcome.exception, Refused)
    assert outcome.exception.faults[0].code == "exchange-missing"
    assert list(data.iterdir()) == []


def test_whole_day_is_played_in_a_rehearsal_only(data: Path) -> None:
    (data / "exchange" / "outbound").mkdir(parents=True)
    outcome = CliRunner().invoke(app, ["rehearse", "day"])
    assert isinstance(outcome.exception, Refused)
    assert outcome.exception.faults[0].code == "not-a-rehearsal"


def test_script_that_cannot_be_followed_is_a_fault(data: Path) -> None:
    (data / "exchange" / "outbound").mkdir(parents=True)
    arguments = ["rehearse", "operator", "--on", "2026-11-25", "--script", "3927329001=R99"]
    outcome = CliRunner().invoke(app, arguments)
    assert isinstance(outcome.exception, Refused)
    assert outcome.exception.faults[0].code == "script-unreadable"


def test_date_that_is_none_is_a_wrong_use(data: Path) -> None:
    outcome = CliRunner().invoke(app, ["rehearse", "operator", "--on", "2026-11-31"])
    assert outcome.exit_code == 2


def test_folder_of_somebody_else_is_never_wiped(tmp_path: Path) -> None:
    precious = tmp_path / "letters.txt"
    precious.write_text("dear reader")
    with pytest.raises(NotOurs):
        make_folder(House.on_free_ports(tmp_path))
    assert precious.read_text() == "dear reader"


def test_earlier_world_is_wiped(tmp_path: Path) -> None:
    make_folder(House.on_free_ports(tmp_path / "world"))
    left = tmp_path / "world" / "left.txt"
    left.write_text("of the earlier world")
    make_folder(House.on_free_ports(tmp_path / "world"))
    assert not left.exists()
    assert (tmp_path / "world" / MARK).is_file()


def test_two_demos_never_share_a_folder(tmp_path: Path) -> None:
    first, second = (House.on_free_ports(tmp_path / "world") for _ in range(2))
    first.take_folder()
    with pytest.raises(InUse):
        second.take_folder()


def test_a_port_that_another_program_has_is_told(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
        taken.bind(("127.0.0.1", 0))
        usual = taken.getsockname()[1]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(house_processes, "AGENCY_PORT", usual)
            house = House.in_directory(tmp_path)
            assert ("agency", usual, house.agency_port) in house.moved_ports
    assert House.on_free_ports(tmp_path).moved_ports == []


def test_two_ports_differ(tmp_path: Path) -> None:
    house = House.in_directory(tmp_path)
    assert house.agency_port != house.bank_port


def test_a_push_is_ordered_sent_and_shown(data: Path) -> None:
    (data / "exchange" / "outbound").mkdir(parents=True)
    empty = CliRunner().invoke(app, ["rehearse", "push"])
    assert empty.output.splitlines() == ["nothing was pushed yet"]
    lines = ["B76:3927329001=1046.08!letter", "B76:prenote"]
    ordered = CliRunner().invoke(app, ["rehearse", "push", *lines])
    assert ordered.output.splitlines() == [
        "ordered: B76:3927329001=1046.08!letter (has a letter in its amount)",
        "ordered: B76:prenote",
    ]
    sent = CliRunner().invoke(app, ["rehearse", "operator", "--on", "2026-11-25"])
    assert sent.output.splitlines() == [
        "payers push 1 payment, $1,046.08 and 1 without money for the agency: 20261125-A.cr.ach"
    ]
    shown = CliRunner().invoke(app, ["rehearse", "push"])
    assert shown.output.splitlines() == [
        "091000020000001 payment $1,046.08, settles 2026-11-27, B76:3927329001=1046.08!letter",
        "091000020000002 prenote $0.00, settles 2026-11-27, B76:prenote",
    ]


def test_a_payer_s_own_file_is_handed_to_its_bank(data: Path) -> None:
    (data / "exchange" / "outbound").mkdir(parents=True)
    (data / "pay.ach").write_bytes(b"101")
    handed = CliRunner().invoke(app, ["rehearse", "push", "--file", str(data / "pay.ach")])
    assert handed.output.splitlines() == ["handed to the payer's bank: pay.ach"]
    again = CliRunner().invoke(app, ["rehearse", "push", "--file", str(data / "pay.ach")])
    assert again.output.splitlines() == ["handed to the payer's bank: pay.ach as pay-2.ach"]
    day = CliRunner().invoke(app, ["rehearse", "operator", "--on", "2026-11-25"])
    first, second = day.output.splitlines()
    assert first.startswith("payer's bank refused pay-2.ach: ")
    assert second.startswith("payer's bank refused pay.ach: ")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["3927329001=1046.08"], "push-unreadable"),
        (["--file", "pay.txt"], "push-file-unreadable"),
        (["--file", "none.ach"], "push-file-unreadable"),
    ],
)
def test_a_push_that_cannot_be_followed_changes_nothing(
    data: Path, arguments: list[str], code: str
) -> None:
    (data / "exchange" / "outbound").mkdir(parents=True)
    outcome = CliRunner().invoke(app, ["rehearse", "push", "B76:prenote", *arguments])
    assert isinstance(outcome.exception, Refused)
    assert outcome.exception.faults[0].code == code
    assert not (data / "operator").exists()
