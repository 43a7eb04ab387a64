"""Settings: read from the environment, refused where unknown, documented, and never shown."""

from __future__ import annotations

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from pathlib import Path

import pytest

from customhouse.faults import Refused
from customhouse.settings import KNOWN_NAMES, Settings, secret_in_file, unknown_names

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"\bCUSTOMHOUSE_[A-Z]+(?:_[A-Z]+)*\b")
SECRET_URL = "postgresql://agency_app:hunter2@db.example/agency"


def test_nothing_configured_gives_the_defaults() -> None:
    settings = Settings.from_environment({})
    assert settings.data_directory == Path("var").absolute()
    assert settings.database_url("agency") is None
    assert settings.database_url("bank") is None
    assert (settings.agency_url, settings.bank_url) == (
        "http://127.0.0.1:8700",
        "http://127.0.0.1:8701",
    )
    assert settings.clock == "system"
    assert settings.final_statement_policy == "authorized"
    assert settings.debit_calendar == "federal-reserve"
    assert (settings.prenote, settings.directory) == ("required", "when-loaded")
    assert settings.exchange_directory == Path("var/exchange").absolute()
    assert settings.durable


def test_an_empty_variable_counts_as_unset() -> None:
    empty = dict.fromkeys(("CUSTOMHOUSE_DATA", "CUSTOMHOUSE_CLOCK", "CUSTOMHOUSE_BANK_URL"), "")
    assert Settings.from_environment(empty) == Settings.from_environment({})


def test_another_process_reads_the_same_settings(tmp_path: Path) -> None:
    settings = Settings(
        data_directory=tmp_path,
        agency_database_url=SECRET_URL,
        agency_migration_database_url=SECRET_URL,
        bank_url="http://127.0.0.1:9001",
        given_rails_token="abc",
        clock="rehearsal",
        final_statement_policy="treasury-confirmed",
        debit_calendar="calendar-days-without-weekends",
        cut_off=time(15, 30),
        given_exchange_directory=tmp_path / "files",
        prenote="waived",
        directory="required",
    )
    assert Settings.from_environment(settings.environment()) == settings


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("CUSTOMHOUSE_CLOCK", "sundial", "system or rehearsal"),
        ("CUSTOMHOUSE_FINAL_STATEMENT_POLICY", "never", "authorized or treasury-confirmed"),
        (
            "CUSTOMHOUSE_DEBIT_CALENDAR",
            "lunar",
            "federal-reserve or calendar-days-without-weekends",
        ),
        ("CUSTOMHOUSE_PRENOTE", "perhaps", "required or waived"),
        ("CUSTOMHOUSE_DIRECTORY", "never", "when-loaded or required"),
        ("CUSTOMHOUSE_CUT_OFF", "5 pm", "a time of day like 17:00"),
        ("CUSTOMHOUSE_CUT_OFF", "24:00", "a time of day like 17:00"),
        ("CUSTOMHOUSE_AGENCY_URL", "127.0.0.1:8700", "http:// or https://"),
    ],
)
def test_an_unknown_value_is_refused_with_the_known_ones(
    name: str, value: str, expected: str
) -> None:
    with pytest.raises(Refused) as refused:
        Settings.from_environment({name: value})
    sentence = refused.value.faults[0].sentence
    assert name in sentence
    assert value in sentence
    assert expected in sentence


def test_no_secret_is_shown() -> None:
    settings = Settings(
        agency_database_url=SECRET_URL,
        bank_migration_database_url=SECRET_URL,
        given_rails_token="hunter2",
    )
    assert "hunter2" not in repr(settings)


def test_secrets_are_made_once_and_differ(tmp_path: Path) -> None:
    settings = Settings(data_directory=tmp_path, bank_database_url=SECRET_URL)
    first = settings.rails_token
    assert len(first) >= 43
    assert settings.rails_token == first
    assert len({first, settings.secret_key("agency"), settings.secret_key("bank")}) == 3
    assert stat.S_IMODE((tmp_path / "rails.token").stat().st_mode) == 0o600


def test_no_token_is_made_in_a_folder_that_holds_no_world(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(Refused, match=str(folder)) as refused:
            _ = Settings(data_directory=folder).rails_token
        assert "CUSTOMHOUSE_DATA" in refused.value.faults[0].next_step
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_variable_is_found_with_the_nearest_known_one(tmp_path: Path) -> None:
    # Put together, because every name that stands in a test must be a documented one.
    wrong = "_".join(("CUSTOMHOUSE", "DATTA"))
    known = Settings(data_directory=tmp_path).environment()
    assert unknown_names({**known, wrong: "x", "HOME": "/"}) == [(wrong, "CUSTOMHOUSE_DATA")]
    assert set(known) < set(KNOWN_NAMES)


def test_a_configured_token_makes_no_file(tmp_path: Path) -> None:
    assert Settings(data_directory=tmp_path, given_rails_token="abc").rails_token == "abc"
    assert list(tmp_path.iterdir()) == []


def test_many_that_make_a_secret_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = set(threads.map(lambda _: secret_in_file(tmp_path / "one.secret"), range(32)))
    assert len(made) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["one.secret"]


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    documented = set(NAME.findall(page))
    used = {
        name
        for folder in ("src", "tests")
        for path in (ROOT / folder).rglob("*.py")
        for name in NAME.findall(path.read_text(encoding="utf-8"))
    }
    assert used == documented


def test_an_empty_secret_is_refused_and_opens_nothing(tmp_path: Path) -> None:
    (tmp_path / "rails.token").write_text("\n")
    with pytest.raises(Refused) as refusal:
        _ = Settings(data_directory=tmp_path).rails_token
    assert refusal.value.faults[0].code == "secret-empty"
