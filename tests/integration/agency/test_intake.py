"""Entry summaries come in by file: each item by itself, once, and as it was written."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from customhouse.agency import entry_intake
from customhouse.agency.entry_intake import EntryOutcome, take_entries
from customhouse.agency.entry_summaries import EntrySummaryDraft
from customhouse.clock import FixedClock
from customhouse.database import retrying
from customhouse.faults import Refused
from customhouse.settings import Settings
from tests.integration.agency.harbor import BROKER, IMPORTER_X, Harbor, entry_number

PROGRAM = Path(sys.executable).with_name("customhouse")


def fields(serial: int, **changes: str) -> dict[str, str]:
    return {
        "filer_code": BROKER,
        "entry_number": entry_number(BROKER, serial),
        "importer_number": IMPORTER_X,
        "port_of_entry": "3901",
        "processing_port": "3902",
        "entry_type": "01",
        "entry_date": "2026-11-12",
        "payment_type": "2",
        "print_date": "2026-11-24",
        "broker_reference": f"REF {serial}",
        **changes,
    }


def draft(serial: int, duty: str = "1046.08", **changes: str) -> EntrySummaryDraft:
    return EntrySummaryDraft(f"line {serial}", fields(serial, **changes), {"001": duty})


def take(harbor: Harbor, clock: FixedClock, *drafts: EntrySummaryDraft) -> list[EntryOutcome]:
    with harbor.connect() as connection:
        return take_entries(connection, drafts, clock=clock)


def statuses(outcomes: list[EntryOutcome]) -> list[str]:
    return [outcome.status for outcome in outcomes]


def run(settings: Settings, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **settings.environment()}
    return subprocess.run(
        [PROGRAM, *words], env=environment, input=given, capture_output=True, text=True, check=False
    )


def write_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="ascii") as stream:
        writer = csv.DictWriter(stream, [*rows[0], "charge_001", "charge_499"])
        writer.writeheader()
        writer.writerows([{**row, "charge_001": "1046.08", "charge_499": ""} for row in rows])
    return path


def test_good_items_go_in_whatever_the_bad_ones_do(harbor: Harbor, clock: FixedClock) -> None:
    outcomes = take(harbor, clock, draft(1), draft(2, "1e3"), draft(3, importer_number="x"))
    assert statuses(outcomes) == ["accepted", "refused", "refused"]
    assert outcomes[1].entry_number.startswith("B76-0000002")
    assert harbor.rows("select entry_number, class_code, amount_cents from entry_charge") == [
        (entry_number(BROKER, 1), "001", 104608)
    ]


def test_what_was_written_is_what_is_stored(harbor: Harbor, clock: FixedClock) -> None:
    changes = {"deferred_tax": "Y", "payable": "N", "consolidated": "Y", "team_number": "718"}
    take(harbor, clock, draft(1, **changes))
    (row,) = harbor.rows(
        "select importer_number, processing_port, entry_date, payment_type, print_date,"
        " deferred_tax, payable, antidumping_paid, consolidated, broker_reference, team_number,"
        " statement_number, received_at from entry_summary"
    )
    expected = (IMPORTER_X, "3902", date(2026, 11, 12), "2", date(2026, 11, 24), True, False)
    assert row == (*expected, True, True, "REF 1", "718", None, clock.now())


def test_the_same_again_is_already_there_and_another_replaces_it(
    harbor: Harbor, clock: FixedClock
) -> None:
    assert statuses(take(harbor, clock, draft(1), draft(2))) == ["accepted"] * 2
    spelled = draft(
        1, entry_number=f"B76-{entry_number(BROKER, 1)[:7]}-{entry_number(BROKER, 1)[7]}"
    )
    again = take(harbor, clock, spelled, draft(2, "7.00", payment_type="1", print_date=""))
    assert statuses(again) == ["unchanged", "replaced"]
    assert harbor.rows("select payment_type, print_date from entry_summary order by 1") == [
        ("1", None),
        ("2", date(2026, 11, 24)),
    ]
    assert harbor.rows("select sum(amount_cents) from entry_charge") == [(104608 + 700,)]


def test_an_entry_twice_in_one_file_is_taken_once(harbor: Harbor, clock: FixedClock) -> None:
    file = entry_intake.IntakeFile()
    with harbor.connect() as connection:
        first = take_entries(
            connection, [draft(1), draft(1), draft(1, "2.00")], clock=clock, file=file
        )
        later = take_entries(connection, [draft(1, "3.00"), draft(1)], clock=clock, file=file)
    assert statuses(first) == ["accepted", "unchanged", "refused"]
    assert statuses(later) == ["refused", "unchanged"]
    assert first[2].faults[0].code == later[0].faults[0].code == "entry-repeated"


def test_an_entry_on_a_statement_is_left_alone(harbor: Harbor, clock: FixedClock) -> None:
    take(harbor, clock, draft(1))
    harbor.print()
    other_day = draft(1, "5.00", print_date="2026-11-25")
    (same,) = take(harbor, clock, draft(1))
    (other,) = take(harbor, clock, other_day)
    assert same.status == "unchanged"
    assert (other.status, other.faults[0].code) == ("refused", "entry-on-statement")
    assert harbor.rows("select sum(amount_cents) from entry_charge") == [(104608,)]


def test_a_loaded_entry_comes_onto_its_statement(harbor: Harbor, clock: FixedClock) -> None:
    take(harbor, clock, draft(1), draft(2, "0.92"))
    run_of_day = harbor.print()
    assert run_of_day.statements == 1
    assert harbor.rows("select total_cents from statement") == [(104700,)]


def test_nothing_is_taken_before_the_first_business_day(
    settings: Settings, clock: FixedClock
) -> None:
    empty = Harbor(settings)
    with pytest.raises(Refused, match="No business day"):
        take(empty, clock, draft(1))


def test_a_chunk_of_many_is_taken_at_once(harbor: Harbor, clock: FixedClock) -> None:
    drafts = [draft(serial) for serial in range(1, 3001)]
    assert set(statuses(take(harbor, clock, *drafts))) == {"accepted"}
    assert set(statuses(take(harbor, clock, *drafts))) == {"unchanged"}
    assert harbor.rows("select count(*), sum(amount_cents) from entry_charge") == [
        (3000, 3000 * 104608)
    ]


def test_the_command_tells_every_outcome(harbor: Harbor, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "entries.csv", [fields(1), fields(2, entry_type="99"), fields(3)])
    loaded = run(harbor.settings, "entries", "load", str(path))
    assert loaded.returncode == 7
    assert loaded.stderr == ""
    lines = loaded.stdout.splitlines()
    assert lines[0] == f"line 2 B76-0000001-{entry_number(BROKER, 1)[7]}: accepted"
    assert lines[1].endswith(": refused")
    assert lines[2].startswith("  entry-field-wrong: The entry_type is '99'")
    assert lines[3] == "    hint: Write it like 01, then load it again."
    assert lines[4].endswith(": accepted")
    assert lines[5] == "3 entries: 2 accepted, 0 replaced, 0 already there, 1 refused"
    good = write_csv(tmp_path / "good.csv", [fields(1), fields(3)])
    again = run(harbor.settings, "entries", "load", str(good), "--json")
    assert again.returncode == 0
    told = [json.loads(line)["status"] for line in again.stdout.splitlines()]
    assert told == ["already there", "already there"]


def test_the_command_reads_json_by_the_name_of_the_file(harbor: Harbor, tmp_path: Path) -> None:
    path = tmp_path / "entries.json"
    path.write_text(json.dumps([{**fields(1), "payable": True, "charges": {"001": "1046.08"}}]))
    loaded = run(harbor.settings, "entries", "load", str(path))
    assert (loaded.returncode, loaded.stderr) == (0, "")
    assert harbor.rows("select amount_cents from entry_charge") == [(104608,)]


def test_the_command_reads_its_standard_input(harbor: Harbor, tmp_path: Path) -> None:
    text = write_csv(tmp_path / "entries.csv", [fields(1)]).read_text("ascii")
    loaded = run(harbor.settings, "entries", "load", "-", given=text)
    assert (loaded.returncode, loaded.stderr) == (0, "")
    item = json.dumps([{**fields(2), "charges": {"001": "1.00"}}])
    by_json = run(harbor.settings, "entries", "load", "-", "--format", "json", given=item)
    assert (by_json.returncode, by_json.stderr) == (0, "")
    assert harbor.rows("select sum(amount_cents) from entry_charge") == [(104708,)]


def test_a_file_of_nothing_but_a_header_says_so(harbor: Harbor, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "entries.csv", [fields(1)])
    path.write_text(path.read_text("ascii").splitlines()[0])
    loaded = run(harbor.settings, "entries", "load", str(path))
    assert (loaded.returncode, loaded.stdout, loaded.stderr) == (0, "no entries in it\n", "")


def test_one_load_tells_everything_of_an_item(harbor: Harbor, clock: FixedClock) -> None:
    wrong = {"entry_type": "99", "processing_port": "1001", "importer_number": "99-999999900"}
    (outcome,) = take(harbor, clock, draft(1, "1e3", **wrong, print_date="2026-11-26"))
    assert [fault.code for fault in outcome.faults] == [
        "entry-field-wrong",
        "entry-field-wrong",
        "entry-port-not-of-filer",
        "entry-importer-unknown",
        "print-date-not-business-day",
    ]


def test_a_file_that_is_none_is_one_line_and_a_hint(harbor: Harbor, tmp_path: Path) -> None:
    path = tmp_path / "entries.csv"
    absent = run(harbor.settings, "entries", "load", str(path))
    assert (absent.returncode, len(absent.stderr.splitlines())) == (2, 2)
    path.write_bytes(b"PK\x03\x04\x14\x00")
    workbook = run(harbor.settings, "entries", "load", str(path))
    assert (workbook.returncode, len(workbook.stderr.splitlines())) == (7, 2)
    assert "Excel workbook (.xlsx)" in workbook.stderr
    assert "Traceback" not in absent.stderr + workbook.stderr


def test_two_loads_at_once_leave_each_entry_whole(harbor: Harbor, clock: FixedClock) -> None:
    here = [draft(serial, "1.00") for serial in range(1, 301)]
    there = [draft(serial, "2.00") for serial in range(300, 0, -1)]

    def load(drafts: list[EntrySummaryDraft]) -> list[EntryOutcome]:
        return retrying(partial(take, harbor, clock, *drafts))

    with ThreadPoolExecutor(max_workers=2) as threads:
        both = [statuses(outcomes) for outcomes in threads.map(load, [here, there])]
    assert all(set(each) <= {"accepted", "replaced"} for each in both)
    counted = "select amount_cents, count(*) from entry_charge group by 1"
    assert harbor.rows(counted) in ([(100, 300)], [(200, 300)])
