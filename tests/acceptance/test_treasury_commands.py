"""A treasurer's days, seen from outside: the bank against the ledger, and what arrived.

One week is played once through commands and bank files; each test holds one thing against it.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from bai2 import bai2 as others

from customhouse.database import connect
from customhouse.faults import Refused
from customhouse.rehearsal.receiving_banks import Script, ScriptLine
from tests.acceptance.servers import serving, with_free_ports
from tests.acceptance.treasury_auditor import Auditor
from tests.acceptance.wharf import (
    BROKER,
    FRIDAY,
    MONDAY,
    OTHER_BROKER,
    TUESDAY,
    WEDNESDAY,
    Wharf,
)
from tests.conftest import MakeSettings

# A week through two processes, on a machine that others use too.
pytestmark = pytest.mark.timeout(600)

RETURNED = date(2026, 12, 1)
LAST = date(2026, 12, 2)
DAYS = (WEDNESDAY, FRIDAY, RETURNED)


@dataclass
class Week:
    """What was seen at the doors."""

    wharf: Wharf
    numbers: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def kept(self, day: date, ending: str) -> Path:
        """Give where the export of a day is kept."""
        return self.wharf.folder / f"{day}.{ending}"

    def rows(self, day: date) -> list[dict[str, str]]:
        """Give the rows of the CSV of a day."""
        with self.kept(day, "csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))


def _play(seen: Week) -> None:
    wharf = seen.wharf
    wharf.settle_in()
    with connect(wharf.settings, "agency") as connection:
        connection.execute(
            "insert into credit_enrolment (payer_party_id, payer_identifier, state, effective_on)"
            " select party_id, filer_code, 'active', '2026-11-02'::date from filer"
        )
    ports = ("3901", "3902", "3903")
    rows = [wharf.row(n, f"{n}000.00", processing_port=port) for n, port in enumerate(ports, 1)]
    wharf.load_entries(rows)
    wharf.finish(MONDAY)
    by_port = {each.port: number for number, each in wharf.statements("P").items()}
    seen.numbers = dict(
        zip(("debit", "over", "short"), (by_port[each] for each in ports), strict=True)
    )
    wharf.authorize((seen.numbers["debit"], 103_358, wharf.units["broker"]))
    script = Script(wharf.folder / "operator" / "script.json")
    script.add([ScriptLine(seen.numbers["debit"], "R01", 2)])
    wharf.push(
        f"{BROKER}:{seen.numbers['over']}=2043.58",
        f"{BROKER}:{seen.numbers['short']}=3000.00",
        f"{BROKER}:{seen.numbers['short']}=5.00!stranger",
        f"{BROKER}:{seen.numbers['short']}=7.00!account",
    )
    wharf.run_to(TUESDAY, FRIDAY)
    wharf.evening(FRIDAY)
    wharf.banks(FRIDAY)
    # The bank has the settlement; the agency hears of it on Monday.
    seen.said["early"] = wharf.command("treasury", "day", FRIDAY.isoformat(), code=75)
    files = (f"--csv={seen.kept(FRIDAY, 'csv')}", f"--bai2={seen.kept(FRIDAY, 'bai2')}")
    seen.said["early file"] = wharf.command("treasury", "day", FRIDAY.isoformat(), *files, code=75)
    assert not seen.kept(FRIDAY, "csv").exists()
    assert not seen.kept(FRIDAY, "bai2").exists()
    seen.said["tomorrow"] = wharf.command("treasury", "day", "2026-12-01", code=75)
    seen.said["early json"] = wharf.command("treasury", "day", "2026-12-01", "--json", code=75)
    seen.said["morning"] = wharf.command("day", "--until", "2026-11-30", "--part", "morning")
    seen.said["check"] = wharf.command("treasury", "check")
    seen.said["checked"] = wharf.command("ledger", "check")
    wharf.run_to(date(2026, 11, 30), LAST)
    for day in DAYS:
        files = [f"--{each}={seen.kept(day, each)}" for each in ("csv", "bai2")]
        seen.said[f"{day}"] = wharf.command("treasury", "day", day.isoformat(), *files)
    seen.said["lines"] = wharf.command("treasury", "day", WEDNESDAY.isoformat())
    seen.said["json"] = wharf.command("treasury", "day", WEDNESDAY.isoformat(), "--json")
    seen.said["empty"] = wharf.command("treasury", "day", "2026-11-22")
    token = wharf.folder / "token"
    token.write_text(wharf.credentials[BROKER]["token"])
    asked = ("credits", "received", "--url", wharf.settings.agency_url, "--token-file", str(token))
    seen.said["received"] = wharf.command(*asked, "--from", TUESDAY.isoformat())
    seen.said["received json"] = wharf.command(*asked, "--json")
    seen.said["later"] = wharf.command(*asked, "--from", FRIDAY.isoformat())
    days = ("--from", "2026-11-27", "--to", "2026-11-24")
    seen.said["backwards"] = wharf.command(*asked, *days, code=7)
    kept = str(wharf.folder / "received.csv")
    wharf.command(*asked, "--csv", kept)
    other = wharf.folder / "other-token"
    other.write_text(wharf.credentials[OTHER_BROKER]["token"])
    seen.said["other"] = wharf.command(*asked[:-1], str(other))
    seen.said["nobody"] = wharf.command(*asked[:-1], str(_wrong_token(wharf)), code=7)


def _wrong_token(wharf: Wharf) -> Path:
    path = wharf.folder / "wrong-token"
    path.write_text("x" * 40)
    return path


@pytest.fixture(scope="module")
def week(make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    """Play the week once, with both sides as processes of their own."""
    folder: Path = tmp_path_factory.mktemp("treasury")
    with make_settings(folder) as fresh:
        settings = replace(with_free_ports(fresh), clock="rehearsal")
        seen = Week(Wharf(settings, folder))
        with serving(settings, "bank"), serving(settings, "agency"):
            _play(seen)
            yield seen


@pytest.mark.requirement("CRD-07")
def test_every_movement_is_told_with_what_it_paid(week: Week) -> None:
    """Two payments that matched and one that did not, as of the day of collection."""
    over, short = week.numbers["over"], week.numbers["short"]
    told = week.said["lines"]
    assert f"statement {over} (final since 2026-11-27): applied $2,033.58, owed back $10.00" in told
    assert f"statement {short} (preliminary): $3,000.00 waits (short)" in told
    assert "3 movements: in $5,048.58, out $0.00, together $5,048.58" in told
    assert "Difference     $0.00" in told


def test_a_day_that_the_agency_has_not_heard_of_differs(week: Week) -> None:
    """What only one side has is named, and the command fails."""
    told = week.said["early"]
    number = week.numbers["debit"]
    assert "The bank and the ledger differ: 1 only at the bank" in told
    assert f"B76-{number}-1: $1,033.58  debit settled" in told
    assert "ONLY AT THE BANK" in told
    assert "its business date is 2026-11-27" in told
    assert told.startswith("NOT OVER: the agency hears of 2026-11-27 on its next morning")


def test_a_day_that_the_bank_has_not_come_to_does_not_look_final(week: Week) -> None:
    """It says so before any sum, ends with 75, and no file of it is kept."""
    told = week.said["tomorrow"]
    assert told.startswith(
        "NOT OVER: the bank has not come to 2026-12-01 yet; its date is 2026-11-27. What is told"
    )
    totals = json.loads(next(x for x in week.said["early json"].splitlines() if x[0] == "{"))
    assert (totals["bank_lines"], totals["bank_date"]) == (0, "2026-11-27")
    assert totals["unfinished"].startswith("the bank has not come to 2026-12-01")
    assert "treasury-day-unfinished" in week.said["early file"]


def test_the_morning_compares_the_days_behind_it(week: Week) -> None:
    """Friday, and the weekend behind it; on Friday itself it had differed."""
    (told,) = [x for x in week.said["morning"].splitlines() if "compare with the bank" in x]
    assert told.endswith("3 days agree")
    (friday,) = [line for line in week.said["check"].splitlines() if "27 November" in line]
    assert friday.split()[-2:] == ["$1,033.58", "agrees"]
    assert "DIFFERS" not in week.said["check"]
    assert len(week.said["check"].splitlines()) == 7
    assert "do not hold" not in week.said["checked"]


def test_the_files_on_disk_say_the_same_as_the_csv(week: Week) -> None:
    """An auditor of its own rebuilds the days from the bank's files."""
    settings = week.wharf.settings
    auditor = Auditor(settings.exchange_directory, settings.collection_account, 2026)
    audited = auditor.read()
    assert set(audited) == set(DAYS)
    for day in DAYS:
        rows = week.rows(day)
        assert {row["agreement"] for row in rows} == {"agrees"}
        told = Counter(
            (row["kind"], int(row["bank_cents"]), row["trace_number"])
            for row in rows
            if row["bank_cents"]
        )
        assert told == audited[day]
        assert [row["bank_cents"] for row in rows] == [row["ledger_cents"] for row in rows]


def test_others_read_the_bai2_of_every_day(week: Week) -> None:
    for day in DAYS:
        text = week.kept(day, "bai2").read_text(encoding="ascii")
        account = others.parse_from_string(text).children[0].children[0]
        told = sorted((each.type_code.transaction.value, each.amount) for each in account.children)
        cents = [int(row["bank_cents"]) for row in week.rows(day) if row["bank_cents"]]
        assert told == sorted(("credit" if each > 0 else "debit", abs(each)) for each in cents)
    returned = week.kept(RETURNED, "bai2").read_text(encoding="ascii")
    assert "16,557,103358," in returned


def test_the_collection_account_is_in_no_export(week: Week) -> None:
    """H9: of the agency's own account the last four digits are shown, of a payer's nothing."""
    account = week.wharf.settings.collection_account
    kept = [path.read_text() for day in DAYS for path in week.wharf.folder.glob(f"{day}.*")]
    assert len(kept) == 2 * len(DAYS)
    for text in (*kept, *week.said.values()):
        assert account not in text
        assert "7001000100" not in text
    assert f"XXXXXXXX{account[-4:]}" in "".join(kept)


def test_json_has_a_line_for_each_movement_and_one_of_totals(week: Week) -> None:
    lines = [json.loads(line) for line in week.said["json"].splitlines()]
    assert [each["record"] for each in lines] == ["movement"] * 3 + ["totals"]
    assert lines[-1]["difference_cents"] == 0
    assert lines[-1]["unfinished"] == ""
    assert sum(each["bank_cents"] for each in lines[:-1]) == lines[-1]["bank_cents"] == 504_858


def test_a_day_without_movements_agrees(week: Week) -> None:
    assert "At the bank            0 movements" in week.said["empty"]
    assert "Difference     $0.00" in week.said["empty"]


def test_a_payer_sees_what_of_its_payments_arrived(week: Week) -> None:
    """Its own two; the stranger's is nobody's to see, and a wrong token sees nothing."""
    over, short = week.numbers["over"], week.numbers["short"]
    told = week.said["received"].splitlines()
    assert f"statement {over} (final since 2026-11-27), paid $2,033.58" in told[0]
    assert "owed back $10.00 (over)" in told[0]
    assert f"statement {short} (preliminary), waits since" in told[1]
    assert told[2:] == [
        "2 payments, $5,043.58: $2,033.58 paid statements, $10.00 owed back, $3,000.00 waiting"
    ]
    assert week.said["later"].startswith("0 payments")
    assert "sender-unknown" in week.said["nobody"]
    expected = "to is 2026-11-24, which is not the day of from, 2026-11-27, or later"
    assert expected in week.said["backwards"]
    assert week.said["other"].startswith("0 payments")
    first, *_ = week.said["received json"].splitlines()
    assert json.loads(first)["collected_on"] == WEDNESDAY.isoformat()
    rows = list(csv.DictReader((week.wharf.folder / "received.csv").read_text().splitlines()))
    assert [row["applied_cents"] for row in rows] == ["203358", "0"]


@pytest.mark.parametrize(
    "query", ["from=soon", "to=2026-13-01", "after=x", "limit=0", "limit=1001"]
)
def test_a_parameter_that_cannot_be_read_is_named(week: Week, query: str) -> None:
    name, _, value = query.partition("=")
    with week.wharf.client() as client, pytest.raises(Refused) as caught:
        client.get_json("/api/v1/payer/credits/received", {name: value})
    (fault,) = caught.value.faults
    assert fault.code == "query-wrong"
    assert f"The parameter {name} is" in fault.sentence
