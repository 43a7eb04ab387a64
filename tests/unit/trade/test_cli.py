"""How the command ends: one line and a hint for a refusal, one line and a reference for a bug."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from customhouse.faults import BODY_TOO_LARGE, SENDER_UNKNOWN, Fault, Refused
from customhouse.trade import cli

SECRET = "account 0123456789"


def _failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> SystemExit:
    """Run the command's main with one command that fails."""
    app = typer.Typer()

    @app.command()
    def fail() -> None:
        raise error

    monkeypatch.setattr(cli, "app", app)
    monkeypatch.setattr("sys.argv", ["customhouse"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value


def test_a_refusal_is_a_line_and_a_hint_for_each_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = Refused(Fault(BODY_TOO_LARGE, {"limit": "9"}), Fault(SENDER_UNKNOWN))
    assert _failing(monkeypatch, refused).code == BODY_TOO_LARGE.exit_code
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "body-too-large: The body has more than 9 bytes.",
        "  hint: Send several smaller batches.",
        "sender-unknown: The bearer token is missing or not one of ours.",
        "  hint: Send the token that was issued to you in the Authorization header.",
    ]


def test_a_bug_is_one_line_and_its_trace_goes_to_a_file_without_its_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("CUSTOMHOUSE_DATA", str(tmp_path))
    assert _failing(monkeypatch, RuntimeError(SECRET)).code == cli.UNEXPECTED
    told = capsys.readouterr()
    (line,) = told.err.splitlines()
    assert "Traceback" not in told.err
    assert SECRET not in told.err
    kept = (tmp_path / "logs" / "commands.jsonl").read_text()
    record = json.loads(kept)
    assert record["reference"] in line
    assert "test_cli.py" in str(record["trace"])
    assert SECRET not in kept


def test_a_bug_is_told_even_where_nothing_can_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("CUSTOMHOUSE_DATA", str(blocked))
    assert _failing(monkeypatch, RuntimeError(SECRET)).code == cli.UNEXPECTED
    assert "reference" in capsys.readouterr().err


def test_an_interruption_ends_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _failing(monkeypatch, KeyboardInterrupt()).code == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_module_that_is_left_out_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "MODULES", (("cli_of_nobody", "nothing"), ("cli_abi", "abi")))
    root = typer.Typer()
    cli.mount(root)
    assert [group.name for group in root.registered_groups] == ["abi"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("statements", "list", "--state", "foo"), "'foo' is not one of"),
        (("bank", "access-log", "--since", "yesterday"), "'yesterday' does not match"),
        (("bank", "access-log", "--most", "x"), "Input should be a valid integer"),
    ],
)
def test_a_wrong_value_is_told_without_the_librarys_words(
    words: tuple[str, ...], said: str
) -> None:
    told = CliRunner().invoke(cli.app, list(words))
    assert told.exit_code == 2
    text = " ".join(told.output.replace("\u2502", " ").split())
    assert said in text
    assert "Value error" not in text
