"""SQL of closings: days on which the agency, or one of its ports, does not work."""

# The closings that count on a day.
IN_FORCE = """
select port, closed_on, reason from closure
where calendar = 'federal-offices' and effective_on <= %(on)s
  and (withdrawn_on is null or withdrawn_on > %(on)s)
"""

# Every closing, latest day last.
LISTED = """
select port, closed_on, reason, effective_on, withdrawn_on from closure
where calendar = 'federal-offices'
order by closed_on, port
"""

# Write closings, new or changed.
WRITE = """
insert into closure (calendar, port, closed_on, reason, effective_on, withdrawn_on)
select 'federal-offices', g.*
from unnest(%(ports)s::text[], %(days)s::date[], %(reasons)s::text[], %(effective)s::date[],
            %(withdrawn)s::date[]) as g
on conflict (calendar, port, closed_on) do update
set reason = excluded.reason, effective_on = excluded.effective_on,
    withdrawn_on = excluded.withdrawn_on
"""

# What waits for its statement, by everything that its dates depend on.
WAITING = """
select distinct processing_port, entry_type, entry_date, payment_type, print_date, due_on
from entry_summary
where statement_number is null and print_date is not null
"""

# Date anew what waits.
REDATE = """
update entry_summary e
set print_date = r.new_print_date, due_on = r.new_due_on
from unnest(%(ports)s::text[], %(entry_types)s::text[], %(entry_dates)s::date[],
            %(payment_types)s::text[], %(print_dates)s::date[], %(due_dates)s::date[],
            %(new_print_dates)s::date[], %(new_due_dates)s::date[])
  as r(port, entry_type, entry_date, payment_type, print_date, due_on, new_print_date, new_due_on)
where e.statement_number is null and e.processing_port = r.port and e.entry_type = r.entry_type
  and e.entry_date = r.entry_date and e.payment_type = r.payment_type
  and e.print_date = r.print_date and e.due_on is not distinct from r.due_on
"""
