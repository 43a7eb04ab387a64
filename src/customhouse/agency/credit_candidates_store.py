"""SQL of the documents that a payment may have meant; each statement is bounded."""

# Statements and bills of some numbers, whatever their state.
BY_NUMBER = """
select 'statement' as kind, s.statement_number as number, s.filer_code, s.statement_number,
       s.state, s.total_cents, s.due_on, s.payer_party_id, p.name as payer_name,
       s.importer_number
from statement s join party p on p.id = s.payer_party_id
where s.statement_number = any(%(numbers)s)
union all
select 'bill', b.bill_number, s.filer_code, s.statement_number, s.state, s.total_cents, b.due_on,
       s.payer_party_id, p.name, s.importer_number
from bill b
join statement s on s.filer_code = b.filer_code and s.statement_number = b.statement_number
join party p on p.id = s.payer_party_id
where b.bill_number = any(%(numbers)s)
limit 200
"""

# Open statements on which exactly so much is due, the earliest due first.
BY_AMOUNT = """
select 'statement' as kind, s.statement_number as number, s.filer_code, s.statement_number,
       s.state, s.total_cents, s.due_on, s.payer_party_id, p.name as payer_name,
       s.importer_number
from statement s join party p on p.id = s.payer_party_id
where s.state = 'preliminary' and s.total_cents = %(cents)s
order by s.due_on, s.filer_code, s.statement_number
limit 50
"""

# Open statements of a filer, and of an importer, the earliest due first.
OF_FILERS = """
select 'statement' as kind, s.statement_number as number, s.filer_code, s.statement_number,
       s.state, s.total_cents, s.due_on, s.payer_party_id, p.name as payer_name,
       s.importer_number
from unnest(%(filer_codes)s::text[]) as g(filer_code)
cross join lateral (
  select * from statement o
  where o.filer_code = g.filer_code and o.state = 'preliminary'
  order by o.due_on limit 200) as s
join party p on p.id = s.payer_party_id
order by s.due_on
limit 200
"""
OF_IMPORTERS = """
select 'statement' as kind, s.statement_number as number, s.filer_code, s.statement_number,
       s.state, s.total_cents, s.due_on, s.payer_party_id, p.name as payer_name,
       s.importer_number
from unnest(%(importers)s::text[]) as g(importer_number)
cross join lateral (
  select * from statement o
  where o.importer_number = g.importer_number and o.state = 'preliminary'
  order by o.due_on limit 200) as s
join party p on p.id = s.payer_party_id
order by s.due_on
limit 200
"""

# To which payers this originator's money went, counted over some of its payments.
EARLIER_PAYERS = """
select g.payer, count(*)::integer as payments
from (select coalesce(paying_party_id, payer_party_id) as payer from credit_part
      where company_identification = %(company)s and state = 'applied' limit 5000) as g
group by g.payer
order by payments desc, g.payer
limit 5
"""

# The statements that this originator paid with the same amount before: a duplicate, perhaps.
EARLIER_STATEMENTS = """
select c.statement_number from credit_part c
where c.company_identification = %(company)s and c.state = 'applied'
  and c.amount_cents = %(cents)s and c.statement_number is not null
order by c.collected_on desc, c.part_id
limit 5
"""

# On which statements entries stand.
OF_ENTRIES = """
select l.filer_code, l.statement_number, l.entry_number
from unnest(%(filer_codes)s::text[], %(entry_numbers)s::text[]) as t(filer_code, entry_number)
join statement_entry l on l.filer_code = t.filer_code and l.entry_number = t.entry_number
where l.removed_on is null
limit 50
"""

# An entry of each statement whose charges are so many cents.
ENTRIES_OF_CENTS = """
select t.filer_code, t.number, l.entry_number
from unnest(%(filer_codes)s::text[], %(numbers)s::text[], %(cents)s::bigint[])
  as t(filer_code, number, cents)
cross join lateral (
  select e.entry_number from statement_entry e
  where e.filer_code = t.filer_code and e.statement_number = t.number and e.removed_on is null
    and e.amount_cents = t.cents
  order by e.line_number
  limit 1) as l
"""

# The identifiers of some parties.
IDENTIFIERS = """
select f.filer_code as identifier, 'filer' as kind from filer f
where f.party_id = any(%(parties)s)
union all
select i.importer_number, 'importer' from importer i where i.party_id = any(%(parties)s)
"""

# The parties behind filer codes, and behind importer numbers without suffix.
PARTIES_OF_FILERS = """
select f.filer_code, f.party_id from filer f where f.filer_code = any(%(filer_codes)s)
"""
PARTIES_OF_IMPORTERS = """
select g.base, i.party_id
from unnest(%(bases)s::text[]) as g(base)
join importer i on i.importer_number = g.base
                or (length(g.base) = 10 and left(i.importer_number, 10) = g.base
                    and substr(i.importer_number, 3, 1) = '-')
limit 2000
"""
