"""What must always hold in the ledger, as SQL that finds every row for which it does not.

Constraints and rights already keep most of these; the checks read the rows themselves, so that a
dropped constraint, a restored backup or somebody with other rights is found out. Run them after
every step of a rehearsal, every night, and after every restore.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import LiteralString

from psycopg import Connection, sql
from psycopg.rows import dict_row

# One broken invariant can concern millions of rows; the first ones are enough to start from.
MOST_VIOLATIONS = 100


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule over stored rows: ``sql`` gives one row for each violation and none when it holds."""

    name: str
    sql: LiteralString
    meaning: str


@dataclass(frozen=True, slots=True)
class Violation:
    """One row that breaks an invariant; ``values`` are the columns that the check gave."""

    invariant: Invariant
    values: Mapping[str, object]

    def __str__(self) -> str:
        told = ", ".join(f"{name} {value}" for name, value in self.values.items())
        return f"{self.invariant.name}: {told}"


def check(connection: Connection, invariants: Iterable[Invariant]) -> list[Violation]:
    """Give the violations of invariants, at most 100 of each, in the order of the invariants."""
    # Whole tables are joined. Right after a large batch the planner still takes them for small,
    # and would look through one table for every row of the other until the statement times out.
    # Merged in the order of an index it would do so within each payer, of which some have most.
    connection.execute("set local enable_nestloop = off")
    connection.execute("set local enable_mergejoin = off")
    found = []
    for invariant in invariants:
        limited = sql.SQL("select * from ({}) as violation limit {}").format(
            sql.SQL(invariant.sql),
            sql.Literal(MOST_VIOLATIONS),
        )
        with connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(limited).fetchall()
        found += [Violation(invariant, row) for row in rows]
    return found


SIDES_EQUAL = Invariant(
    name="sides-equal",
    meaning="The sum of all debits is the sum of all credits, whatever their status.",
    sql="""
select coalesce(sum(amount_cents) filter (where debit is not null), 0) as debits,
       coalesce(sum(amount_cents) filter (where credit is not null), 0) as credits
from transfer
having coalesce(sum(amount_cents) filter (where debit is not null), 0)
    <> coalesce(sum(amount_cents) filter (where credit is not null), 0)
""",
)
SIDES_DIFFER = Invariant(
    name="sides-differ",
    meaning="No transfer goes from an account to itself.",
    sql="select payer_id, id, debit::text as account from transfer where debit = credit",
)
AMOUNT_IN_RANGE = Invariant(
    name="amount-in-range",
    meaning="Every amount is from 1 cent to the twelve digits that a file total holds.",
    sql="""
select payer_id, id, amount_cents from transfer
where amount_cents is null or amount_cents not between 1 and 999999999999
""",
)
POSTED_ONCE = Invariant(
    name="posted-once",
    meaning="A business event (payer, kind, ref) is on the books once.",
    sql="""
select payer_id, kind, ref, count(*) as times from transfer
group by payer_id, kind, ref having count(*) > 1
""",
)
SETTLED_ONCE = Invariant(
    name="settled-once",
    meaning="A pending transfer is posted or voided at most once.",
    sql="""
select payer_id, settles, count(*) as times from transfer
where settles is not null
group by payer_id, settles having count(*) > 1
""",
)
SETTLING_REPEATS_PENDING = Invariant(
    name="settling-repeats-pending",
    meaning="A transfer that ends a pending one repeats its sides, amount and ref, not earlier.",
    sql="""
select s.payer_id, s.id, s.settles, p.status::text as named_status, s.amount_cents,
       p.amount_cents as pending_cents
from transfer as s
left join transfer as p on p.payer_id = s.payer_id and p.id = s.settles
where s.settles is not null
  and (p.id is null or p.status <> 'pending' or s.status = 'pending'
    or s.effective_on < p.effective_on
    or (s.debit, s.credit, s.amount_cents, s.ref)
       is distinct from (p.debit, p.credit, p.amount_cents, p.ref))
""",
)
KIND_HAS_ITS_SIDES = Invariant(
    name="kind-has-its-sides",
    meaning="Every transfer has a known kind, and the accounts and the status of that kind.",
    sql="""
select payer_id, id, kind, debit::text as debit, credit::text as credit, status::text as status
from transfer
where case kind
  when 1 then status = 'pending' and debit = 'debits_in_transit'
    and credit in ('revenue', 'bills_receivable')
  when 2 then status = 'posted' and debit = 'treasury' and credit = 'debits_in_transit'
  when 3 then status = 'voided' and debit = 'debits_in_transit'
    and credit in ('revenue', 'bills_receivable')
  when 4 then status = 'posted' and debit = 'bills_receivable' and credit = 'treasury'
  when 5 then status = 'posted' and settles is not null and debit = 'debits_in_transit'
    and credit in ('revenue', 'bills_receivable')
  when 6 then status = 'posted' and debit = 'returns_in_dispute' and credit = 'treasury'
  when 7 then status = 'posted' and debit = 'treasury' and credit = 'returns_in_dispute'
  when 8 then status = 'posted' and debit = 'bills_receivable' and credit = 'returns_in_dispute'
  when 9 then status = 'posted' and reverses is not null
  when 10 then status = 'posted' and debit = 'treasury' and credit = 'unapplied_credits'
  when 11 then status = 'posted' and debit = 'unapplied_credits'
    and credit in ('revenue', 'bills_receivable')
  when 12 then status = 'posted' and debit = 'unapplied_credits' and credit = 'refunds_payable'
  when 13 then status = 'posted' and settles is not null and debit = 'unapplied_credits'
    and credit = 'treasury'
  when 14 then status = 'pending' and debit = 'unapplied_credits' and credit = 'treasury'
  when 15 then status = 'voided' and debit = 'unapplied_credits' and credit = 'treasury'
end is not true
""",
)
VOID_NAMES_PENDING = Invariant(
    name="void-names-pending",
    meaning="A voided transfer names the pending one that it ends; a pending one names none.",
    sql="""
select payer_id, id, status::text as status, settles, reverses from transfer
where (status = 'voided' and settles is null)
   or (status = 'pending' and (settles is not null or reverses is not null))
""",
)
CORRECTION_MIRRORS = Invariant(
    name="correction-mirrors",
    meaning="A correction swaps the sides of the posted transfer that it names, amount for amount.",
    sql="""
select c.payer_id, c.id, c.reverses, o.status::text as named_status
from transfer as c
left join transfer as o on o.payer_id = c.payer_id and o.id = c.reverses
where (c.reverses is not null or c.kind = 9)
  and (o.id is null or o.status <> 'posted' or o.reverses is not null
    or c.status <> 'posted' or c.kind <> 9
    or (c.debit, c.credit, c.amount_cents)
       is distinct from (o.credit, o.debit, o.amount_cents))
""",
)
CORRECTED_ONCE = Invariant(
    name="corrected-once",
    meaning="A transfer is taken back at most once.",
    sql="""
select payer_id, reverses, count(*) as times from transfer
where reverses is not null
group by payer_id, reverses having count(*) > 1
""",
)
DATES_SANE = Invariant(
    name="dates-sane",
    meaning="A transfer is effective at most two years before and 31 days after it was recorded.",
    sql="""
select payer_id, id, effective_on, recorded_at from transfer
where effective_on not between (recorded_at at time zone 'UTC')::date - 731
                           and (recorded_at at time zone 'UTC')::date + 31
""",
)
TRANSIT_COVERED = Invariant(
    name="transit-covered",
    meaning="Of a debit (payer, ref) no more settles than was posted as in transit.",
    sql="""
select t.payer_id, coalesce(o.ref, t.ref) as debit_ref,
       sum(case when t.debit = 'debits_in_transit' then t.amount_cents else -t.amount_cents end)
         as in_transit_cents
from transfer as t
left join transfer as o on o.payer_id = t.payer_id and o.id = t.reverses
where t.status = 'posted' and (t.debit = 'debits_in_transit' or t.credit = 'debits_in_transit')
group by t.payer_id, coalesce(o.ref, t.ref)
having sum(case when t.debit = 'debits_in_transit' then t.amount_cents
                else -t.amount_cents end) < 0
""",
)
RETURN_COVERED = Invariant(
    name="return-covered",
    meaning="Of a debit (payer, ref) no more comes back from the treasury than settled there.",
    sql="""
select t.payer_id, coalesce(o.ref, t.ref) as debit_ref,
       sum(case when t.debit = 'treasury' then t.amount_cents else -t.amount_cents end)
         as settled_cents
from transfer as t
left join transfer as o on o.payer_id = t.payer_id and o.id = t.reverses
where t.status = 'posted' and coalesce(o.kind, t.kind) in (2, 4, 6, 7)
group by t.payer_id, coalesce(o.ref, t.ref)
having sum(case when t.debit = 'treasury' then t.amount_cents else -t.amount_cents end) < 0
""",
)
TRANSIT_YOUNG = Invariant(
    name="transit-young",
    meaning="No debit stays in transit, pending or posted, 10 days behind the newest transfer.",
    sql="""
with in_transit as (
  select t.payer_id, coalesce(o.ref, t.ref) as debit_ref, min(t.effective_on) as since,
         sum(case when t.debit = 'debits_in_transit' then t.amount_cents
                  else -t.amount_cents end) as cents
  from transfer as t
  left join transfer as o on o.payer_id = t.payer_id and o.id = t.reverses
  left join transfer as s on s.payer_id = t.payer_id and s.settles = t.id
  where (t.debit = 'debits_in_transit' or t.credit = 'debits_in_transit')
    and (t.status = 'posted' or (t.status = 'pending' and s.id is null))
  group by t.payer_id, coalesce(o.ref, t.ref)
)
select payer_id, debit_ref, since, cents
from in_transit
where cents <> 0
  and since < (select max((recorded_at at time zone 'UTC')::date) from transfer) - 10
""",
)

DISPUTE_COVERED = Invariant(
    name="dispute-covered",
    meaning="Of a disputed return (payer, ref) no more is resolved than was taken.",
    sql="""
select t.payer_id, coalesce(o.ref, t.ref) as debit_ref,
       sum(case when t.debit = 'returns_in_dispute' then t.amount_cents else -t.amount_cents end)
         as in_dispute_cents
from transfer as t
left join transfer as o on o.payer_id = t.payer_id and o.id = t.reverses
where t.status = 'posted'
  and (t.debit = 'returns_in_dispute' or t.credit = 'returns_in_dispute')
group by t.payer_id, coalesce(o.ref, t.ref)
having sum(case when t.debit = 'returns_in_dispute' then t.amount_cents
                else -t.amount_cents end) < 0
""",
)
DISPUTE_YOUNG = Invariant(
    name="dispute-young",
    meaning="No money stays in dispute 31 days behind the newest transfer.",
    sql="""
with in_dispute as (
  select t.payer_id, coalesce(o.ref, t.ref) as debit_ref, min(t.effective_on) as since,
         sum(case when t.debit = 'returns_in_dispute' then t.amount_cents
                  else -t.amount_cents end) as cents
  from transfer as t
  left join transfer as o on o.payer_id = t.payer_id and o.id = t.reverses
  where t.status = 'posted'
    and (t.debit = 'returns_in_dispute' or t.credit = 'returns_in_dispute')
  group by t.payer_id, coalesce(o.ref, t.ref)
)
select payer_id, debit_ref, since, cents
from in_dispute
where cents <> 0
  and since < (select max((recorded_at at time zone 'UTC')::date) from transfer) - 31
""",
)

UNAPPLIED_COVERED = Invariant(
    name="unapplied-covered",
    meaning="Of a received credit (payer, ref) no more is used or goes back than was received.",
    sql="""
select t.payer_id, split_part(coalesce(o.ref, t.ref), '/', 1) as credit_ref,
       sum(case when t.credit = 'unapplied_credits' then t.amount_cents else -t.amount_cents end)
         as unapplied_cents
from transfer as t
left join transfer as o on o.payer_id = t.payer_id and o.id = t.reverses
where (t.debit = 'unapplied_credits' or t.credit = 'unapplied_credits')
  and (t.status = 'posted' or (t.status = 'pending' and not exists (
    select from transfer as e where e.payer_id = t.payer_id and e.settles = t.id)))
group by t.payer_id, split_part(coalesce(o.ref, t.ref), '/', 1)
having sum(case when t.credit = 'unapplied_credits' then t.amount_cents
                else -t.amount_cents end) < 0
""",
)

INVARIANTS: tuple[Invariant, ...] = (
    SIDES_EQUAL,
    SIDES_DIFFER,
    AMOUNT_IN_RANGE,
    POSTED_ONCE,
    SETTLED_ONCE,
    SETTLING_REPEATS_PENDING,
    KIND_HAS_ITS_SIDES,
    VOID_NAMES_PENDING,
    CORRECTION_MIRRORS,
    CORRECTED_ONCE,
    DATES_SANE,
    TRANSIT_COVERED,
    RETURN_COVERED,
    TRANSIT_YOUNG,
    DISPUTE_COVERED,
    DISPUTE_YOUNG,
    UNAPPLIED_COVERED,
)
