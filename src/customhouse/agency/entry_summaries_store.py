"""SQL of entry summaries at intake."""

# The stored form of these entries, held until they are written, in one order for everybody. The
# columns stand as the fields of an entry do.
STORED = """
select e.filer_code, e.entry_number, e.importer_number, e.port_of_entry, e.processing_port,
       e.entry_type, e.entry_date, e.payment_type, e.print_date, e.deferred_tax, e.payable,
       e.antidumping_paid, e.countervailing_paid, e.consolidated, e.broker_reference,
       e.team_number, e.client_branch, e.warehouse_entry,
       array(select c.class_code from entry_charge c
             where c.filer_code = e.filer_code and c.entry_number = e.entry_number
             order by c.class_code) as class_codes,
       array(select c.amount_cents from entry_charge c
             where c.filer_code = e.filer_code and c.entry_number = e.entry_number
             order by c.class_code) as amounts_cents,
       e.statement_number
from entry_summary e
where (e.filer_code, e.entry_number) in (
  select * from unnest(%(filer_codes)s::text[], %(entry_numbers)s::text[]))
order by e.filer_code, e.entry_number
for update of e
"""

# Write entries, new or changed; one that came onto a statement meanwhile is left alone and absent
# from the result.
WRITE = """
insert into entry_summary (filer_code, entry_number, importer_number, port_of_entry,
  processing_port, entry_type, entry_date, payment_type, print_date, deferred_tax, payable,
  antidumping_paid, countervailing_paid, consolidated, broker_reference, team_number,
  client_branch, warehouse_entry, due_on, received_at)
select g.*, %(received_at)s::timestamptz
from unnest(%(filer_code)s::text[], %(entry_number)s::text[], %(importer_number)s::text[],
            %(port_of_entry)s::text[], %(processing_port)s::text[], %(entry_type)s::text[],
            %(entry_date)s::date[], %(payment_type)s::text[], %(print_date)s::date[],
            %(deferred_tax)s::boolean[], %(payable)s::boolean[], %(antidumping_paid)s::boolean[],
            %(countervailing_paid)s::boolean[], %(consolidated)s::boolean[],
            %(broker_reference)s::text[], %(team_number)s::text[], %(client_branch)s::text[],
            %(warehouse_entry)s::text[], %(due_on)s::date[]) as g
on conflict (filer_code, entry_number) do update
set importer_number = excluded.importer_number, port_of_entry = excluded.port_of_entry,
    processing_port = excluded.processing_port, entry_type = excluded.entry_type,
    entry_date = excluded.entry_date, payment_type = excluded.payment_type,
    print_date = excluded.print_date, deferred_tax = excluded.deferred_tax,
    payable = excluded.payable, antidumping_paid = excluded.antidumping_paid,
    countervailing_paid = excluded.countervailing_paid, consolidated = excluded.consolidated,
    broker_reference = excluded.broker_reference, team_number = excluded.team_number,
    client_branch = excluded.client_branch, warehouse_entry = excluded.warehouse_entry,
    due_on = excluded.due_on,
    received_at = excluded.received_at
where entry_summary.statement_number is null
returning filer_code, entry_number
"""

# The charges of these entries are written anew.
DELETE_CHARGES = """
delete from entry_charge c
using unnest(%(filer_codes)s::text[], %(entry_numbers)s::text[]) as g(filer_code, entry_number)
where c.filer_code = g.filer_code and c.entry_number = g.entry_number
"""
INSERT_CHARGES = """
insert into entry_charge (filer_code, entry_number, class_code, amount_cents)
select * from unnest(%(filer_codes)s::text[], %(entry_numbers)s::text[], %(class_codes)s::text[],
                     %(amounts_cents)s::bigint[])
"""

# The print dates of warehouse entries, by filer code and number together.
WAREHOUSE_DATES = """
select e.filer_code || e.entry_number, e.print_date
from entry_summary e
where (e.filer_code, e.entry_number) in (
    select * from unnest(%(filer_codes)s::text[], %(entry_numbers)s::text[]))
  and e.entry_type in ('21', '22') and e.print_date is not null
"""
