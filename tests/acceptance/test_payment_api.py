"""Paying many statements over the JSON API: one step, an authorization each, faults by item."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import pytest

from customhouse.settings import Settings
from tests.acceptance.servers import serving, with_free_ports
from tests.acceptance.wharf import (
    BROKER,
    FRIDAY,
    IMPORTER_Y,
    MONDAY,
    OTHER_BROKER,
    TUESDAY,
    WEDNESDAY,
    Wharf,
    entry_number,
)
from tests.conftest import MakeSettings

PORTS = ("3901", "3902", "3903")
DOLLARS = {"3901": "1000.00", "3902": "2000.00", "3903": "3000.00"}


@dataclass
class Office:
    """A broker at its desk: three statements printed on Tuesday and a way to ask the API."""

    wharf: Wharf
    numbers: list[str] = field(default_factory=list)
    cents: dict[str, int] = field(default_factory=dict)

    def ask(
        self,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        filer: str = BROKER,
        code: int = 200,
    ) -> Any:
        """Get a path, or post a body to it; give the JSON of an answer that has this status."""
        headers = {"Authorization": f"Bearer {self.wharf.credentials[filer]['token']}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        url = f"{self.wharf.settings.agency_url}/api/v1{path}"
        if body is None:
            response = httpx2.get(url, headers=headers, trust_env=False, timeout=30)
        else:
            response = httpx2.post(url, json=body, headers=headers, trust_env=False, timeout=30)
        assert response.status_code == code, response.text
        return response.json()

    def order(self, **values: Any) -> dict[str, Any]:
        """Give an order for all three statements from the broker's own unit."""
        statements = [
            {"statement_number": each, "amount_cents": self.cents[each]} for each in self.numbers
        ]
        unit = self.wharf.units["broker"]
        return {"filer_code": BROKER, "payer_unit_number": unit, "statements": statements} | values


@contextmanager
def opened(settings: Settings) -> Iterator[Office]:
    """Print one statement at each of three ports; the third holds entries of two importers."""
    chosen = replace(with_free_ports(settings), clock="rehearsal")
    with serving(chosen, "bank"), serving(chosen, "agency"):
        wharf = Wharf(chosen, chosen.data_directory)
        wharf.settle_in()
        third = {"port_of_entry": "3903", "processing_port": "3903"}
        rows = [
            wharf.row(serial, DOLLARS[port], port_of_entry=port, processing_port=port)
            for serial, port in enumerate(PORTS, 1)
        ]
        wharf.load_entries([*rows, wharf.row(4, "50.00", importer_number=IMPORTER_Y, **third)])
        wharf.finish(MONDAY)
        office = Office(wharf)
        listed = office.ask(f"/statements?filer_code={BROKER}&state=preliminary")
        office.numbers = [each["statement_number"] for each in listed["statements"]]
        office.cents = {
            each["statement_number"]: each["total_cents"] for each in listed["statements"]
        }
        assert sorted(office.cents.values()) == [103358, 203358, 311716]
        yield office


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    """Give an office of which a test may pay all statements."""
    with opened(settings) as office:
        yield office


@pytest.fixture(scope="module")
def shared(
    make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """Give an office for tests that touch one statement each, or none."""
    with make_settings(tmp_path_factory.mktemp("shared")) as fresh, opened(fresh) as office:
        yield office


@pytest.mark.requirement("DEB-06", "DEB-07", "DEB-10", "DEB-16", "SEC-07")
def test_many_statements_are_paid_in_one_step(office: Office) -> None:
    """A wrong amount refuses its own item; the others are authorized, each by itself (A1, A4)."""
    order = office.order()
    order["statements"][1]["amount_cents"] += 1
    first = office.ask("/authorizations", order, key="monday-1")
    assert [each["outcome"] for each in first["outcomes"]] == ["accepted", "refused", "accepted"]
    assert [each["code"] for each in first["outcomes"][1]["faults"]] == ["amount-not-equal"]
    assert (first["accepted"], first["refused"]) == (2, 1)
    assert first["outcomes"][0]["expected_debit_on"] == FRIDAY.isoformat()
    assert "estimate" in first["advice"]
    assert office.ask("/authorizations", order, key="monday-1") == first
    order["statements"][1]["amount_cents"] -= 1
    reused = office.ask("/authorizations", order, key="monday-1", code=422)
    assert reused["code"] == "idempotency-key-reused"
    second = office.ask("/authorizations", order, key="monday-2")
    codes = [[fault["code"] for fault in each["faults"]] for each in second["outcomes"]]
    assert codes == [["statement-already-authorized"], [], ["statement-already-authorized"]]
    standing = second["outcomes"][0]["standing"]
    assert standing["amount_cents"] == office.cents[office.numbers[0]]
    listed = office.ask(f"/statements?filer_code={BROKER}&state=authorized")["statements"]
    assert [each["statement_number"] for each in listed] == office.numbers
    assert {each["attempts"] for each in listed} == {1}


@pytest.mark.requirement("DEB-16")
def test_all_that_is_due_is_paid_with_the_totals_on_the_books(office: Office) -> None:
    order = office.order(all_due=True)
    del order["statements"]
    tried = office.ask("/authorizations/preview", order)
    assert tried["accepted"] == 3
    assert office.ask(f"/statements?state=preliminary&filer_code={BROKER}")["statements"]
    paid = office.ask("/authorizations", order, key="all-1")
    assert (paid["accepted"], paid["refused"], paid["has_more"]) == (3, 0, False)
    assert paid["accepted_cents"] == sum(office.cents.values())
    again = office.ask("/authorizations", order, key="all-2")
    assert again["outcomes"] == []


@pytest.mark.requirement("SEC-06", "DEB-16")
def test_an_importers_unit_leaves_out_what_holds_other_importers(office: Office) -> None:
    unit = office.wharf.units["importer"]
    order = office.order(all_due=True, payer_unit_number=unit)
    del order["statements"]
    paid = office.ask("/authorizations", order, key="of-importer")
    assert paid["accepted"] == 2
    assert paid["left_out"] == [office.numbers[2]]
    alerts = office.ask("/alerts")["alerts"]
    assert "payer-unit-refused" not in [each["kind"] for each in alerts]


@pytest.mark.requirement("DEB-15")
def test_the_payer_picks_the_day_of_debit(shared: Office) -> None:
    """A day before the bank can debit is refused; a later banking day is taken."""
    item = shared.order()["statements"][0]
    too_early = shared.order(statements=[item], debit_on=WEDNESDAY.isoformat())
    (tried,) = shared.ask("/authorizations/preview", too_early)["outcomes"]
    assert [each["code"] for each in tried["faults"]] == ["debit-date-not-possible"]
    after_it_is_due = shared.order(statements=[{**item, "debit_on": "2026-12-08"}])
    (tried,) = shared.ask("/authorizations/preview", after_it_is_due)["outcomes"]
    assert "from 2026-11-27 to 2026-12-07" in tried["faults"][0]["detail"]
    chosen = {**item, "debit_on": "2026-12-07"}
    paid = shared.ask("/authorizations", shared.order(statements=[chosen]), key="day")
    assert paid["outcomes"][0]["expected_debit_on"] == "2026-12-07"
    assert paid["outcomes"][0]["debit_on_chosen"]


@pytest.mark.requirement("SEC-05", "SEC-06")
def test_other_filers_are_none_of_ones_business(shared: Office) -> None:
    """A7: a filer of somebody else is refused, and nothing tells whether it exists."""
    order = shared.order()
    refused = shared.ask("/authorizations", order, key="theirs", filer=OTHER_BROKER, code=403)
    assert refused["code"] == "filer-not-of-sender"
    unknown = shared.ask("/statements?filer_code=ZZZ", filer=OTHER_BROKER, code=403)
    known = shared.ask(f"/statements?filer_code={BROKER}", filer=OTHER_BROKER, code=403)
    assert unknown["detail"].replace("ZZZ", BROKER) == known["detail"]


@pytest.mark.requirement("DEB-07")
def test_the_form_of_an_item_refuses_that_item_alone(shared: Office) -> None:
    """A6: texts, fractions, nulls and strange names are told item by item; the rest goes on."""
    order = shared.order()
    good = order["statements"][1]
    bad = [
        {"statement_number": good["statement_number"], "amount_cents": "1033.58"},
        {"statement_number": 7, "amount_cents": -1, "colour": "red"},
        "3927328001",
    ]
    answer = shared.ask("/authorizations", {**order, "statements": [*bad, good]}, key="forms")
    codes = [[fault["code"] for fault in each["faults"]] for each in answer["outcomes"]]
    wrong = "order-field-wrong"
    assert codes == [[wrong], ["order-field-unknown", wrong, wrong], [wrong], []]
    both = shared.ask("/authorizations", {**order, "all_due": True}, key="both", code=422)
    assert both["code"] == "order-statements-unclear"
    assert shared.ask("/authorizations", order, code=400)["code"] == "idempotency-key-missing"


@pytest.mark.requirement("DEB-03", "SEC-07")
def test_a_preview_names_the_entries_that_explain_a_difference(shared: Office) -> None:
    """The broker still asks for the printed total after an entry was taken off."""
    third = shared.numbers[2]
    printed = shared.cents[third]
    assert "P12" in shared.wharf.remove(4)
    order = shared.order(statements=[{"statement_number": third, "amount_cents": printed}])
    (outcome,) = shared.ask("/authorizations/preview", order)["outcomes"]
    difference = outcome["difference"]
    assert (difference["difference_cents"], difference["unexplained_cents"]) == (8358, 0)
    (entry,) = difference["entries"]
    assert entry["kind"] == "taken-off"
    assert entry["entry_number"] == entry_number(BROKER, 4).digits
    assert (entry["removed_on"], entry["removed_source"]) == (TUESDAY.isoformat(), "ABI")


def test_a_list_is_read_page_by_page(shared: Office) -> None:
    read: list[str] = []
    after = ""
    while after is not None:
        query = f"/statements?filer_code={BROKER}&limit=2" + (f"&after={after}" if after else "")
        page = shared.ask(query)
        read += [each["statement_number"] for each in page["statements"]]
        after = page["next_after"]
    assert read == shared.numbers
    wrong = shared.ask(f"/statements?filer_code={BROKER}&state=torn", code=422)
    assert wrong["code"] == "query-wrong"
