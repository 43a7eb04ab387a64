"""The business days of the agency: which are run, and what is told of those that cannot be."""

from __future__ import annotations

import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from customhouse.agency import bank_link, day
from customhouse.agency.bank_link import BankLink
from customhouse.agency.day import Agency
from customhouse.faults import Refused
from tests.integration.agency.harbor import MONDAY, Harbor


@pytest.fixture
def agency(harbor: Harbor) -> Agency:
    """Give the harbor's agency; nobody answers at its bank."""
    link = BankLink("http://127.0.0.1:9", "no token")
    return Agency(harbor.connect, link, harbor.policy, harbor.clock)


def test_days_are_listed_over_thanksgiving_and_the_weekend(agency: Agency) -> None:
    days = day.days_until(agency, date(2026, 11, 30))
    assert [each.day for each in days] == [23, 24, 25, 27, 30]


def test_a_day_beyond_the_calendar_is_refused(agency: Agency) -> None:
    with pytest.raises(Refused) as caught:
        day.days_until(agency, date(9999, 12, 31))
    assert [fault.code for fault in caught.value.faults] == ["day-outside-calendar"]


def test_days_are_run_in_order(agency: Agency) -> None:
    for wrong, code in (
        (date(2026, 11, 24), "day-out-of-order"),
        (date(2026, 11, 20), "day-out-of-order"),
        (date(2026, 11, 26), "not-a-processing-day"),
    ):
        with pytest.raises(Refused) as caught:
            day.run(agency, wrong, report=print)
        assert [fault.code for fault in caught.value.faults] == [code], wrong


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b"{}", b'{"events": [1]}', b'{"events": [{"kind": "news"}]}']
)
def test_news_that_cannot_be_read_is_refused_and_takes_nothing(
    agency: Agency, harbor: Harbor, body: bytes
) -> None:
    class Bank(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with HTTPServer(("127.0.0.1", 0), Bank) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        link = BankLink(f"http://127.0.0.1:{server.server_port}", "no token")
        with pytest.raises(Refused) as caught:
            bank_link.take_events(
                agency.connect, link, agency.clock, business_date=MONDAY, step="events"
            )
        server.shutdown()
    assert [fault.code for fault in caught.value.faults] == ["bank-unreadable"]
    assert harbor.rows("select count(*) from bank_event") == [(0,)]


def test_a_step_that_fails_leaves_the_earlier_ones_done(agency: Agency, harbor: Harbor) -> None:
    told: list[str] = []
    with pytest.raises(Refused):
        day.run(agency, MONDAY, part="morning", report=lambda step, _: told.append(step))
    assert told == ["open the business date"]
    assert harbor.rows("select step from day_step") == [("open the business date",)]
