"""A harbor whose statements stand in every state that a page can show, and people to look at it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

from customhouse import rails
from customhouse.agency import bank_events, finals, registration
from customhouse.agency.party_rules import UserFiler
from customhouse.settings import Settings
from customhouse.web.identity import set_password
from tests.integration.agency.harbor import (
    BROKER,
    IMPORTER_X,
    IMPORTER_Y,
    OTHER_BROKER,
    WEDNESDAY,
    Harbor,
    dispositions,
)

PASSWORD = "seven grey harbor cranes"
BROKERS_CLERK = "clerk@harbor.example"
OTHER_CLERK = "clerk@coast.example"
STRANGER = "nobody@nowhere.example"

UPDATE_ACCEPTED = "P12"
NOV_30 = date(2026, 11, 30)
DEC_1 = date(2026, 12, 1)
DEC_2 = date(2026, 12, 2)
PAID_AGAIN_CENTS = 703_358


@dataclass(frozen=True)
class Statements:
    """The numbers of the statements by what they show."""

    open: str
    returned: str
    authorized: str
    final: str
    cancelled: str
    foreign: str
    paid_again: str
    refused: str


def build(settings: Settings) -> Statements:
    """Print, trim, authorize, settle and return statements; give the people their sign-ins."""
    harbor = Harbor.build(settings)
    harbor.rows("select 1")
    with harbor.connect() as connection:
        users = [UserFiler(BROKERS_CLERK, BROKER), UserFiler(OTHER_CLERK, OTHER_BROKER)]
        registration.register_users(connection, users)
    for username in (BROKERS_CLERK, OTHER_CLERK, STRANGER):
        set_password(settings, username, PASSWORD)
    final = _statement(harbor, 0, {"001": 418_250, "499": 3_358, "501": 1_250})
    returned = _statement(harbor, 1, {"001": 99_900_000, "499": 65_150})
    gone, emptied = _entries_of_cancelled(harbor)
    paid_again = _statement(harbor, 3, {"001": 700_000, "499": 3_358}, serial=324_527)
    refused = _statement(harbor, 4, {"001": 80_000})
    amounts = (
        (final, 422_858),
        (returned, 99_965_150),
        (paid_again, PAID_AGAIN_CENTS),
        (refused, 80_000),
    )
    for number, cents in amounts:
        assert dispositions(harbor.authorize(number, cents)) == ["D00"]
    harbor.rows("update authorization_attempt set state = 'with_bank' returning 1")
    harbor.open(WEDNESDAY)
    _ = finals.send_finals(harbor.connect, WEDNESDAY, policy=harbor.policy, clock=harbor.clock)
    opened = _open_statement(harbor)
    authorized = _statement(harbor, 9, {"001": 1_234_500, "022": 700}, payment_type="3")
    assert dispositions(harbor.authorize(authorized, 1_235_200)) == ["D00"]
    foreign = _statement(harbor, 9, {"001": 100}, filer=OTHER_BROKER)
    assert gone
    harbor.open(NOV_30)
    _tell(harbor, 1, "settled", f"{final}-1", cents=422_858, on=date(2026, 11, 27))
    _tell(harbor, 2, "returned", f"{returned}-1", cents=99_965_150, on=NOV_30)
    _tell(harbor, 3, "returned", f"{paid_again}-1", cents=PAID_AGAIN_CENTS, on=NOV_30)
    _tell(harbor, 4, "refused", f"{refused}-1", cents=80_000, on=None)
    _pay_again(harbor, paid_again)
    return Statements(opened, returned, authorized, final, emptied, foreign, paid_again, refused)


def _pay_again(harbor: Harbor, number: str) -> None:
    """Authorize a returned statement once more on 1 December; its second final goes out."""
    harbor.open(DEC_1)
    assert dispositions(harbor.authorize(number, PAID_AGAIN_CENTS)) == ["D00"]
    harbor.rows(
        "update authorization_attempt set state = 'with_bank' where attempt = 2 returning 1"
    )
    harbor.open(DEC_2)
    run = finals.send_finals(harbor.connect, DEC_2, policy=harbor.policy, clock=harbor.clock)
    assert run.sent == 1


def settle_again(settings: Settings, number: str) -> None:
    """Let the agency hear that the second debit of a statement has settled."""
    harbor = Harbor(settings, today=DEC_2)
    _tell(harbor, 5, "settled", f"{number}-2", cents=PAID_AGAIN_CENTS, on=DEC_2)


def print_many(settings: Settings, statements: int) -> None:
    """Print so many statements of the other broker, one entry on each."""
    harbor = Harbor(settings, today=DEC_2)
    for index in range(statements):
        _statement(harbor, 9, {"001": 10_000 + index}, filer=OTHER_BROKER)


def settle_and_return(harbor: Harbor, number: str, cents: int) -> None:
    """Let the agency hear that the first debit of a statement settled and came back."""
    _tell(harbor, 101, "settled", f"{number}-1", cents=cents, on=harbor.today)
    _tell(harbor, 102, "returned", f"{number}-1", cents=cents, on=harbor.today)


def print_one(harbor: Harbor, cents: int) -> str:
    """Print one statement more of some cents of duty; give its number."""
    return _statement(harbor, 9, {"001": cents})


_serials: Iterator[int] = count(1)


def _statement(
    harbor: Harbor,
    before: int,
    charges: dict[str, int],
    *,
    serial: int | None = None,
    **values: object,
) -> str:
    """Schedule one entry and print it as a statement of its own."""
    harbor.entry(serial or next(_serials), charges=charges, **values)
    harbor.print_one_statement(before)
    return _newest(harbor)


def _newest(harbor: Harbor) -> str:
    query = "select statement_number from statement order by statement_number desc limit 1"
    return harbor.rows(query)[0][0]


def _entries_of_cancelled(harbor: Harbor) -> tuple[str, str]:
    entry = harbor.entry(next(_serials), charges={"001": 5_000})
    harbor.print_one_statement(2)
    record = f"H3901{BROKER}  {entry}1"
    answer = harbor.send(harbor.batch("SU", [record])).answer
    assert dispositions(answer) == [UPDATE_ACCEPTED], answer
    return entry, _newest(harbor)


def _open_statement(harbor: Harbor) -> str:
    """Print a statement of four entries and take one of them off again."""
    charges = (
        {"001": 1_000_000, "499": 3_358, "501": 12_500, "056": 420},
        {"001": 250_000, "012": 125_000, "499": 3_358},
        {},
        {"001": 77_700, "499": 3_358},
    )
    numbers = [
        harbor.entry(
            next(_serials),
            importer=IMPORTER_Y if index % 2 else IMPORTER_X,
            charges=each,
            antidumping_paid=index != 1,
        )
        for index, each in enumerate(charges)
    ]
    harbor.print_one_statement(9)
    answer = harbor.send(harbor.batch("SU", [f"H3901{BROKER}  {numbers[3]}1"])).answer
    assert dispositions(answer) == [UPDATE_ACCEPTED], answer
    return _newest(harbor)


def _tell(
    harbor: Harbor,
    sequence: int,
    kind: rails.EventKind,
    attempt: str,
    *,
    cents: int,
    on: date | None,
) -> None:
    """Let the agency hear an event of the bank's about an attempt: a statement's number and -n."""
    event = rails.BankEvent(
        sequence=sequence,
        event_id=f"{kind}/{attempt}",
        kind=kind,
        instruction_id=f"{BROKER}-{attempt}",
        amount_cents=cents,
        effective_on=on,
        trace_number="091000010000001",
        code="R01" if kind == "returned" else "",
        detail="unit-unknown" if kind == "refused" else "",
    )
    bodies = {event.event_id: json.dumps(rails.to_json(event))}
    with harbor.connect() as connection:
        bank_events.apply(connection, [event], bodies=bodies, clock=harbor.clock)
