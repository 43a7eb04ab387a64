"""What the demo prints for those who take part from another terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from customhouse.rehearsal.demo import terminal_lines


@pytest.mark.parametrize(
    ("commands", "export"),
    [
        (".venv/bin", 'export PATH="$PWD/.venv/bin:$PATH"'),
        ("/opt/customhouse/bin", 'export PATH="/opt/customhouse/bin:$PATH"'),
    ],
)
def test_another_terminal_finds_the_commands_and_the_world(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, commands: str, export: str
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = tmp_path / "var" / "demo" / "settings.sh"
    assert terminal_lines(settings, tmp_path / commands) == [export, ". var/demo/settings.sh"]
