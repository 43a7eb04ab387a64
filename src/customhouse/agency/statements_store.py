"""SQL of statements: the print run, the lines as printed, and what finals and notices need."""

# The filers that have entries to print by a day.
FILERS_TO_PRINT = """
select distinct filer_code from entry_summary
where statement_number is null and print_date <= %(print_date)s
  and processing_port <> all(%(closed_ports)s)
order by filer_code
"""

# Hold one filer's entries to print against intake and statement updates. They are read afterwards,
# in a later statement: one that waited for a lock would still read the charges from before.
HOLD_ENTRIES_TO_PRINT = """
select count(*) from (
  select from entry_summary e
  where e.filer_code = %(filer_code)s and e.statement_number is null
    and e.print_date <= %(print_date)s and e.processing_port <> all(%(closed_ports)s)
  order by e.entry_number
  for update of e) as held
"""

# The entries held, and one that came meanwhile, with their charges.
ENTRIES_TO_PRINT = """
select e.filer_code, e.entry_number, e.importer_number, e.port_of_entry, e.processing_port,
       e.entry_type, e.payment_type, e.print_date, e.deferred_tax, e.payable,
       e.antidumping_paid, e.countervailing_paid, e.consolidated, e.broker_reference,
       e.team_number, e.client_branch, e.due_on,
       array(select c.class_code from entry_charge c
             where c.filer_code = e.filer_code and c.entry_number = e.entry_number
             order by c.class_code) as class_codes,
       array(select c.amount_cents from entry_charge c
             where c.filer_code = e.filer_code and c.entry_number = e.entry_number
             order by c.class_code) as amounts_cents
from entry_summary e
where e.filer_code = %(filer_code)s and e.statement_number is null
  and e.print_date <= %(print_date)s and e.processing_port <> all(%(closed_ports)s)
order by e.entry_number
for update of e
"""

# Take the next sequences of a district and day; gives the last one taken.
TAKE_SEQUENCES = """
insert into statement_sequence (district, print_date, last_sequence)
values (%(district)s, %(print_date)s, %(count)s)
on conflict (district, print_date) do update
set last_sequence = statement_sequence.last_sequence + excluded.last_sequence
returning last_sequence
"""

# The ledger's payer of a statement of type 2: its filer.
PARTY_OF_FILER = "select party_id from filer where filer_code = %(filer_code)s"

# Parties of importers by number (type 3), or without suffix by the lowest one that is registered,
# 00 before all others (type 5): ten characters are an IRS number without its suffix.
PARTIES_OF_IMPORTERS = """
select distinct on (g.number) g.number, i.party_id
from unnest(%(importer_numbers)s::text[]) as g(number)
join importer i
  on left(i.importer_number, 10) = left(g.number, 10)
 and (i.importer_number = g.number or length(g.number) = 10)
order by g.number, i.importer_number collate "C"
"""

# Record new statements of one filer.
INSERT_STATEMENTS = """
insert into statement (filer_code, statement_number, payer_party_id, payment_type,
  processing_port, client_branch, importer_number, print_date, due_on, state,
  preliminary_cents, total_cents)
select %(filer_code)s, s.number, s.payer, s.payment_type, s.port, s.client_branch, s.importer,
       %(print_date)s, s.due_on, 'preliminary', s.cents, s.cents
from unnest(%(numbers)s::text[], %(payers)s::bigint[], %(payment_types)s::text[],
            %(ports)s::text[], %(client_branches)s::text[], %(importers)s::text[],
            %(due_dates)s::date[], %(cents)s::bigint[])
  as s(number, payer, payment_type, port, client_branch, importer, due_on, cents)
"""

# Record the lines of new statements of one filer.
INSERT_LINES = """
insert into statement_entry (filer_code, statement_number, entry_number, importer_number,
  printed, line_number, amount_cents)
select %(filer_code)s, l.number, l.entry, l.importer, l.printed, l.line, l.cents
from unnest(%(numbers)s::text[], %(entries)s::text[], %(importers)s::text[],
            %(printed)s::text[], %(lines)s::integer[], %(cents)s::bigint[])
  as l(number, entry, importer, printed, line, cents)
"""

# The entries are on their statements now.
MARK_ENTRIES = """
update entry_summary e set statement_number = l.number
from unnest(%(numbers)s::text[], %(entries)s::text[]) as l(number, entry)
where e.filer_code = %(filer_code)s and e.entry_number = l.entry
"""

# Statements by number with everything a printed statement needs, removed lines included.
PRINTED_STATEMENTS = """
select s.filer_code, s.statement_number, s.payment_type, s.processing_port, s.client_branch,
       s.importer_number, s.print_date, s.due_on, s.state, s.attempts, s.total_cents,
       array_agg(l.printed order by l.line_number) as printed,
       array_agg(l.entry_number order by l.line_number)
         filter (where l.removed_on is not null) as removed_entries,
       array_agg(l.removed_source order by l.line_number)
         filter (where l.removed_on is not null) as removed_sources
from statement s
join statement_entry l using (filer_code, statement_number)
where s.filer_code = %(filer_code)s and s.statement_number = any(%(numbers)s)
group by s.filer_code, s.statement_number
order by s.statement_number
"""
