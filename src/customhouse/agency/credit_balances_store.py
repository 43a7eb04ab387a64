"""SQL of what is still to come on statements for which something waits, and who has been told."""

# What waits for some statements, with the payers whose money it is; then for all.
WAITING_OF = """
select p.filer_code, p.statement_number, sum(p.amount_cents)::bigint as cents,
       array_agg(distinct p.paying_party_id) filter (where p.paying_party_id is not null)
         as payers
from credit_part p
where p.state = 'unapplied' and (p.filer_code, p.statement_number) in (
  select * from unnest(%(filer_codes)s::text[], %(numbers)s::text[]))
group by p.filer_code, p.statement_number
"""
WAITING = """
select p.filer_code, p.statement_number, sum(p.amount_cents)::bigint as cents,
       array_agg(distinct p.paying_party_id) filter (where p.paying_party_id is not null)
         as payers
from credit_part p
where p.state = 'unapplied' and p.statement_number is not null
group by p.filer_code, p.statement_number
"""

# Whom the balance due has not been told as it is now: each payer whose money waits, with what is
# due, what arrived, of how many payers it is, and how often this one was told a balance.
_untold = """)
select w.filer_code, w.statement_number, payer.party_id as payer_party_id,
       s.total_cents as due_cents, w.cents as arrived_cents, cardinality(w.payers) as payers,
       coalesce(told.times, 0)::integer as times
from waiting w
join statement s on s.filer_code = w.filer_code and s.statement_number = w.statement_number
cross join lateral unnest(w.payers) as payer(party_id)
left join lateral (
  select n.natural_key, count(*) over () as times
  from payer_notice n
  where n.payer_party_id = payer.party_id and n.statement_number = w.statement_number
    and n.kind = 'balance-due'
  order by n.notice_id desc
  limit 1) as told on true
where s.state = 'preliminary' and s.total_cents > w.cents
  and not starts_with(coalesce(told.natural_key, ''), concat_ws('/', 'short', w.statement_number,
    s.total_cents, s.total_cents - w.cents, ''))
order by w.filer_code, w.statement_number, payer.party_id
limit %(limit)s
"""

# The same of some statements, and of all.
UNTOLD_OF = "with waiting as (" + WAITING_OF + _untold
UNTOLD = "with waiting as (" + WAITING + _untold
