"""SQL of alerts: what is due and unpaid, what nobody will pay, refused units, days near a cap."""

# Unpaid statements of some filers that are due by a day, the earliest first, each with what arrived
# for it by ACH Credit and waits.
UNPAID = """
select s.filer_code, s.statement_number, s.due_on, s.total_cents,
       (select coalesce(sum(p.amount_cents), 0)::bigint from credit_part p
        where p.filer_code = s.filer_code and p.statement_number = s.statement_number
          and p.state = 'unapplied') as waiting_cents
from statement s
where s.filer_code = any(%(filer_codes)s) and s.state = 'preliminary' and s.due_on <= %(until)s
order by s.due_on, s.filer_code, s.statement_number
limit %(limit)s
"""

# The others: due later, the earliest first, then those without a due date.
OPEN = """
select s.filer_code, s.statement_number, s.due_on, s.total_cents,
       (select coalesce(sum(p.amount_cents), 0)::bigint from credit_part p
        where p.filer_code = s.filer_code and p.statement_number = s.statement_number
          and p.state = 'unapplied') as waiting_cents
from statement s
where s.filer_code = any(%(filer_codes)s) and s.state = 'preliminary'
  and (s.due_on > %(until)s or s.due_on is null)
order by s.due_on, s.filer_code, s.statement_number
limit %(limit)s
"""

# Entries due by a day that are on no statement and will not come on one in time: their print date
# has passed, or is later than they are due. What is paid singly is not this program's to watch.
ON_NO_STATEMENT = """
select e.filer_code, e.entry_number, e.entry_type, e.due_on, e.print_date,
       (select coalesce(sum(c.amount_cents), 0)::bigint from entry_charge c
        where c.filer_code = e.filer_code and c.entry_number = e.entry_number) as charges_cents
from entry_summary e
where e.filer_code = any(%(filer_codes)s) and e.statement_number is null
  and e.due_on <= %(until)s and e.payment_type <> '1'
  and (e.print_date < %(business_date)s or e.print_date > e.due_on)
order by e.due_on, e.filer_code, e.entry_number
limit %(limit)s
"""

# How often payer units were refused to some filers in a business date, by statement and reason. A
# statement that is authorized or paid by now, or has nothing left to pay, needs no other unit.
REFUSED_UNITS = """
select r.filer_code, r.payer_unit_number, r.statement_number, r.fault_code,
       count(*)::integer as refusals, s.state is not null as on_file
from payer_unit_refusal r
left join statement s
  on s.filer_code = r.filer_code and s.statement_number = r.statement_number
where r.filer_code = any(%(filer_codes)s) and r.business_date = %(business_date)s
  and (s.state is null or s.state = 'preliminary')
group by r.filer_code, r.payer_unit_number, r.statement_number, r.fault_code, s.state
order by r.filer_code, r.payer_unit_number, r.statement_number, r.fault_code
limit %(limit)s
"""

# Days from today on whose live debits come to nine tenths of a declared cap, of units that the
# filers own or are designated for and debit on that day. Who owns the unit is told all of it.
DAYS_NEAR_CAP = """
with mine as (
  select g.payer_unit_number, bool_or(g.owned) as owned
  from (
    select u.payer_unit_number, true as owned
    from filer f join payer_unit u on u.owner_party_id = f.party_id
    where f.filer_code = any(%(filer_codes)s)
    union all
    select d.payer_unit_number, false
    from designation d
    where d.filer_code = any(%(filer_codes)s) and d.starts_on <= %(business_date)s
      and (d.ends_on is null or d.ends_on >= %(business_date)s)) as g
  group by g.payer_unit_number
)
select u.payer_unit_number, a.debit_on, sum(a.amount_cents)::bigint as live_cents,
       (case when m.owned then sum(a.amount_cents)
             else sum(a.amount_cents) filter (where a.filer_code = any(%(filer_codes)s))
        end)::bigint as told_cents,
       0::bigint as asked_cents, u.daily_cap_cents
from mine m
join payer_unit u using (payer_unit_number)
join authorization_attempt a
  on a.payer_unit_number = u.payer_unit_number and a.debit_on >= %(business_date)s
 and a.state in ('accepted', 'with_bank', 'settled')
where u.daily_cap_cents is not null
group by u.payer_unit_number, a.debit_on, m.owned
having sum(a.amount_cents) * 10 >= u.daily_cap_cents * 9
   and (m.owned or count(*) filter (where a.filer_code = any(%(filer_codes)s)) > 0)
order by a.debit_on, u.payer_unit_number
limit %(limit)s
"""
