"""SQL of statement updates: lock statements, then entries; record departures and reschedules."""

# Lock the statements that the named entries are on, in number order.
LOCK_STATEMENTS = """
select s.statement_number from statement s
where s.filer_code = %(filer_code)s and s.statement_number in (
  select e.statement_number from entry_summary e
  where e.filer_code = %(filer_code)s and e.entry_number = any(%(entries)s))
order by s.statement_number
for update
"""

# Lock the named entries, in number order.
LOCK_ENTRIES = """
select entry_number from entry_summary
where filer_code = %(filer_code)s and entry_number = any(%(entries)s)
order by entry_number
for update
"""

# The locked entries with the figures of the statement each is on; a statement is counted once,
# however many of its entries are named.
ENTRY_FACTS = """
with counted as (
  select o.statement_number, count(*)::integer as entries
  from statement_entry o
  where o.filer_code = %(filer_code)s and o.removed_on is null
    and o.statement_number = any(%(locked)s)
  group by o.statement_number
)
select e.filer_code, e.entry_number, e.importer_number, e.entry_type, e.entry_date,
       e.processing_port,
       exists (select from filer_port p where p.filer_code = e.filer_code
                 and p.port = e.processing_port and p.uses_client_branch) as uses_client_branch,
       e.broker_reference, e.payment_type, e.print_date, e.statement_number,
       s.state as statement_state,
       s.total_cents as statement_total_cents,
       n.entries as statement_entries,
       exists (select from authorization_attempt a
               where a.filer_code = s.filer_code and a.statement_number = s.statement_number
                 and a.state = 'returned' and a.settled_on is not null) as statement_billed,
       l.amount_cents
from entry_summary e
left join statement s
  on s.filer_code = e.filer_code and s.statement_number = e.statement_number
left join counted n on n.statement_number = e.statement_number
left join statement_entry l
  on l.filer_code = e.filer_code and l.statement_number = e.statement_number
 and l.entry_number = e.entry_number and l.removed_on is null
where e.filer_code = %(filer_code)s and e.entry_number = any(%(entries)s)
"""

# Entries get their new payment type, days and client branch and are on no statement now.
RESCHEDULE = """
update entry_summary e
set payment_type = r.payment_type, print_date = r.print_date, client_branch = r.client_branch,
    due_on = r.due_on, statement_number = null
from unnest(%(entries)s::text[], %(payment_types)s::text[], %(print_dates)s::date[],
            %(client_branches)s::text[], %(due_dates)s::date[])
  as r(entry, payment_type, print_date, client_branch, due_on)
where e.filer_code = %(filer_code)s and e.entry_number = r.entry
"""

# Lines that left their statement.
REMOVE_LINES = """
update statement_entry l
set removed_on = %(business_date)s, removed_source = 'ABI'
from unnest(%(numbers)s::text[], %(entries)s::text[]) as r(number, entry)
where l.filer_code = %(filer_code)s and l.statement_number = r.number
  and l.entry_number = r.entry and l.removed_on is null
"""

# The new totals and last days to pay, once the lines are off; a statement emptied of entries is
# cancelled and keeps its day.
RETOTAL = """
update statement s
set total_cents = t.cents, state = case when t.cancelled then 'cancelled' else s.state end,
    due_on = coalesce(
      (select min(e.due_on) from statement_entry l
       join entry_summary e on e.filer_code = l.filer_code and e.entry_number = l.entry_number
       where l.filer_code = s.filer_code and l.statement_number = s.statement_number
         and l.removed_on is null), s.due_on)
from unnest(%(numbers)s::text[], %(totals)s::bigint[], %(cancelled)s::boolean[])
  as t(number, cents, cancelled)
where s.filer_code = %(filer_code)s and s.statement_number = t.number
"""
