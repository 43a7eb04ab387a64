"""Times the exception desk's work list with 100,000 parts that wait, as many beside that do not.

The parts are written as rows, three of an entry, over sixty days of age. Give another number of
parts. Ends with an error where a page takes a second or more.
"""

from __future__ import annotations

import sys
import time
from typing import Final

from benchmarks import harbor
from customhouse.agency.credit_work_list import AGES, MOST_LISTED, Filters, work_list

PARTS: Final = 100_000
MOST_SECONDS: Final = 1.0
_FILL: Final = """
with numbered as (
  select n, 1 + n %% 3 as position, '1' || lpad((n / 3 %% 50)::text, 9, '0') as company,
         'C26328091' || lpad((n / 3)::text, 12, '0') as credit_id,
         1 + n::bigint * 7919 %% 10000000 as cents, %(today)s::date - n / 3 %% 60 as since,
         (select min(party_id) from filer) + n %% 20 as payer
  from generate_series(%(first)s::integer, %(first)s + %(count)s - 1) as n
), entries as (
  insert into incoming_credit (company_identification, credit_id, sequence, kind, amount_cents,
    collected_on, sec_code, originating_dfi, trace_number, company_name, entry_description,
    identification_number, code, addenda, received_on, received_at)
  select company, credit_id, min(n), 'payment', sum(cents), min(since), 'CTX', '09100001',
         substr(credit_id, 7), 'EXAMPLE PAYER', 'CUSTOMSPAY', '', '',
         array_agg(rpad('TXP*B76', 80)), min(since), now()
  from numbered group by company, credit_id
)
insert into credit_part (payer_party_id, part_id, company_identification, credit_id, position,
  paying_party_id, amount_cents, collected_on, state, reason, detail, since_on, closed_on,
  refundable_cents)
select payer, credit_id || '.' || position, company, credit_id, position, payer, cents, since,
       case when %(waits)s then 'unapplied' else 'refundable' end,
       case when %(waits)s then (array['short', 'document-unknown', 'type-unknown'])[position]
            else '' end,
       '', since, case when %(waits)s then null else %(today)s::date end,
       case when %(waits)s then 0 else cents end
from numbered
"""
_ANALYZE: Final = ("analyze credit_part", "analyze incoming_credit")


def fill(there: harbor.Harbor, count: int) -> None:
    """Write so many parts that wait and so many that do not; a number that three divides."""
    with there.connect() as connection:
        for first, waits in ((3, True), (3 + count, False)):
            values = {"first": first, "count": count, "waits": waits, "today": harbor.TUESDAY}
            connection.execute(_FILL, values)
    with harbor.database.connect(there.settings, "agency", role="administrator") as connection:
        for statement in _ANALYZE:
            connection.execute(statement)


def timed(there: harbor.Harbor, filters: Filters) -> tuple[float, str | None]:
    """Give the seconds of a page with its totals, and the part behind which it goes on."""
    began = time.perf_counter()
    with there.connect() as connection:
        found = work_list(connection, filters, business_date=harbor.TUESDAY)
    seconds = time.perf_counter() - began
    if seconds >= MOST_SECONDS or not found.lines:
        raise SystemExit(f"{filters}: {len(found.lines)} lines in {seconds:.2f} s")
    return seconds, found.after


def main() -> None:
    """Print the seconds of the first page, of each later one at most, and with each filter."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PARTS
    count -= count % 3
    with harbor.running() as there:
        fill(there, count)
        seconds, after = timed(there, Filters())
        print(f"first page of {MOST_LISTED:,} of {count:,} parts: {seconds:.3f} s")
        later = []
        while after is not None:
            seconds, after = timed(there, Filters(after=after))
            later.append(seconds)
        print(f"{len(later)} later pages: at most {max(later):.3f} s")
        for name, filters in (
            ("by reason", Filters(reason="type-unknown")),
            ("by payer", Filters(payer_identifier=harbor.FILERS[0])),
            ("by amount", Filters(min_cents=9_000_000)),
            (f"{AGES[-1]} days", Filters(older_than_days=31)),
        ):
            print(f"{name}: {timed(there, filters)[0]:.3f} s")


if __name__ == "__main__":
    main()
