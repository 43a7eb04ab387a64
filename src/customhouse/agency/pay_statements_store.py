"""SQL of paying many statements in one step: which are due, and what explains a refusal."""

# A filer's statements that nobody has authorized, by number.
ALL_DUE = """
select statement_number, total_cents from statement
where filer_code = %(filer_code)s and state = 'preliminary'
  and (%(until)s::date is null or due_on <= %(until)s)
order by statement_number
limit %(limit)s
"""

# The same, locked in number order, so that their totals stay what they are.
ALL_DUE_LOCKED = """
select statement_number, total_cents from statement
where filer_code = %(filer_code)s and state = 'preliminary'
  and (%(until)s::date is null or due_on <= %(until)s)
order by statement_number
limit %(limit)s
for update
"""

# The live authorization of each of these statements that has one.
LIVE_ATTEMPTS = """
select statement_number, attempt, payer_unit_number, amount_cents, accepted_on, debit_on
from authorization_attempt
where filer_code = %(filer_code)s and statement_number = any(%(numbers)s)
  and state in ('accepted', 'with_bank', 'settled')
"""

# Every entry of these statements with its statement's total, in printed order, removed ones too.
ENTRIES = """
select l.statement_number, s.total_cents, l.entry_number, l.amount_cents, l.removed_on,
       l.removed_source
from statement_entry l
join statement s using (filer_code, statement_number)
where l.filer_code = %(filer_code)s and l.statement_number = any(%(numbers)s)
order by l.statement_number, l.line_number
"""

# What live authorizations take from a payer unit on each day, all of it and one filer's part.
DAY_LOADS = """
select u.daily_cap_cents, o.filer_code as owner_filer_code, d.debit_on,
       coalesce(sum(a.amount_cents), 0)::bigint as live_cents,
       coalesce(sum(a.amount_cents) filter (where a.filer_code = %(filer_code)s), 0)::bigint
         as own_cents
from payer_unit u
cross join unnest(%(days)s::date[]) as d(debit_on)
left join filer o on o.party_id = u.owner_party_id
left join authorization_attempt a
  on a.payer_unit_number = u.payer_unit_number and a.debit_on = d.debit_on
 and a.state in ('accepted', 'with_bank', 'settled')
where u.payer_unit_number = %(payer_unit_number)s
group by u.daily_cap_cents, o.filer_code, d.debit_on
order by d.debit_on
"""
