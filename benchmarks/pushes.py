"""The payments that benchmarks push: who may pay, what they pay, and the file that brings them.

Statements are of one entry each; every second one is paid by its filer, the others by one of 2,000
importers, each in a batch of its own. Of a hundred payments 90 are exact, four too little, three
too much, two name no document, and one says nothing that can be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks import harbor
from customhouse.agency import registration
from customhouse.agency.parties import Importer
from customhouse.bank import profile
from customhouse.rehearsal.ach_writing import Envelope
from customhouse.rehearsal.push_writing import Originator, PushedItem, render_pushes, traces_for
from customhouse.settings import Settings

CENTS: Final = 104_608
IMPORTERS: Final = 2_000
MOST_ADDENDA: Final = 9_999
SHORT, OVER, UNKNOWN, UNREADABLE = range(4), range(4, 7), range(7, 9), range(9, 10)
ODFI: Final = "09100001"
ENVELOPE: Final = Envelope(
    f" {profile.BANK_ROUTING.number}",
    f" {profile.OPERATOR_ROUTING.number}",
    harbor.TUESDAY,
    "0700",
    "A",
)

_STATEMENTS = """
insert into statement (filer_code, statement_number, payer_party_id, payment_type,
  processing_port, print_date, state, preliminary_cents, total_cents)
select f.filer_code,
       (10 + n / 999 %% 90)::text || '27' || lpad((100 + n / 89910)::text, 3, '0')
       || lpad((1 + n %% 999)::text, 3, '0'),
       f.party_id, '2', '3901', %(on)s, 'preliminary', %(cents)s, %(cents)s
from generate_series(%(first)s::bigint, %(last)s, %(step)s) as n
join (select *, row_number() over (order by filer_code) - 1 as place from filer) as f
  on f.place = n / 2 %% (select count(*) from filer)
"""
_LINES = """
insert into statement_entry (filer_code, statement_number, entry_number, importer_number, printed,
  line_number, amount_cents)
select f.filer_code,
       (10 + n / 999 %% 90)::text || '27' || lpad((100 + n / 89910)::text, 3, '0')
       || lpad((1 + n %% 999)::text, 3, '0'),
       lpad(n::text, 8, '0'), '10-' || lpad((n / 2 %% %(importers)s)::text, 7, '0') || '00', '', 1,
       %(cents)s
from generate_series(%(first)s::bigint, %(last)s, %(step)s) as n
join (select *, row_number() over (order by filer_code) - 1 as place from filer) as f
  on f.place = n / 2 %% (select count(*) from filer)
"""
_ENROLLED = """
insert into credit_enrolment (payer_party_id, payer_identifier, state, effective_on)
select party_id, identifier, 'active', %(on)s
from (select party_id, filer_code as identifier from filer
      union all select party_id, importer_number from importer) as payer
"""


def enroll(there: harbor.Harbor) -> None:
    """Register the importers and let every payer have joined ACH Credit."""
    importers = [Importer(importer(n), f"Fictitious Importer {n}") for n in range(IMPORTERS)]
    with there.connect() as connection:
        registration.register_importers(connection, importers)
        connection.execute(_ENROLLED, {"on": harbor.MONDAY})


def lay_out(there: harbor.Harbor, places: range) -> None:
    """Write the statements of some places."""
    values = {"first": places[0], "last": places[-1], "step": places.step, "cents": CENTS}
    with there.connect() as connection:
        connection.execute("set local statement_timeout = 0")
        connection.execute(_STATEMENTS, values | {"on": harbor.TUESDAY})
        connection.execute(_LINES, values | {"importers": IMPORTERS})
    there.analyze()


def importer(place: int) -> str:
    """Give the number of an importer."""
    return f"10-{place % IMPORTERS:07}00"


def number(place: int) -> str:
    """Give the number of the statement at a place."""
    return f"{10 + place // 999 % 90}27{100 + place // 89_910}{1 + place % 999:03}"


def payer(place: int) -> str:
    """Give who pays the statement at a place."""
    if place % 2:
        return importer(place // 2)
    return harbor.FILERS[place // 2 % len(harbor.FILERS)]


def write_payments(settings: Settings, count: int, to: Path) -> None:
    """Write the file of so many CCD+ payments, the first for the statement at place 0."""
    items = sorted(_payments(settings, count), key=lambda item: item.originator.company_name)
    _write(items, to)


def write_remittance(settings: Settings, places: range, to: Path) -> None:
    """Write the file of one CTX payment of the first filer, an addendum for each place."""
    addenda = tuple(_text(harbor.FILERS[0], place, CENTS) for place in places)
    _write([_item(settings, harbor.FILERS[0], CENTS * len(addenda), addenda)], to)


def places_of_one(first: int, count: int = MOST_ADDENDA) -> range:
    """Give the places of so many statements of the first filer, from a place on."""
    step = 2 * len(harbor.FILERS)
    begin = -(-first // step) * step
    return range(begin, begin + count * step, step)


def _payments(settings: Settings, count: int) -> Iterator[PushedItem]:
    for place in range(count):
        kind, cents = place % 100, CENTS
        named = place + 60_000_000 if kind in UNKNOWN else place
        if kind in SHORT:
            cents -= 1
        elif kind in OVER:
            cents += 100
        text = _text(payer(place), named, cents)
        if kind in UNREADABLE:
            text = f"PAYMENT OF DUTY, STATEMENT {number(place)}"
        yield _item(settings, payer(place), cents, (text,))


def _text(who: str, place: int, cents: int) -> str:
    return f"TXP*{who}*90001*261124*{number(place)}*{cents}\\"


def _item(settings: Settings, who: str, cents: int, addenda: tuple[str, ...]) -> PushedItem:
    sec_code = "CCD" if len(addenda) == 1 else "CTX"
    digits = who.replace("-", "").rjust(10, "0")[:10]
    return PushedItem(
        Originator(ODFI, f"EXAMPLE {who}", digits, "CUSTOMSPAY", sec_code),
        "22",
        settings.collection_routing,
        settings.collection_account,
        cents,
        "",
        "THE AGENCY",
        addenda,
        harbor.TUESDAY,
    )


def _write(items: list[PushedItem], to: Path) -> None:
    to.write_bytes(render_pushes(ENVELOPE, zip(traces_for(items, 1), items, strict=True)))
