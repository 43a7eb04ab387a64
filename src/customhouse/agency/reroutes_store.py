"""SQL of copies of statements on request."""

# The filers that a sender transmits for.
FILERS_OF_SENDER = """
select filer_code from sender_filer where sender_id = %(sender_id)s order by filer_code
"""

# Whose the statements are that a request names, among these filers.
FILERS_OF_STATEMENTS = """
select statement_number, filer_code from statement
where filer_code = any(%(filer_codes)s) and statement_number = any(%(numbers)s)
"""

# The importers that requests name, as far as they are on file with any suffix.
IMPORTERS_KNOWN = """
select g.number
from unnest(%(numbers)s::text[]) as g(number)
where exists (select from importer i
              where i.importer_number = g.number
                 or (length(g.number) = 12 and left(i.importer_number, 10) = left(g.number, 10)))
"""

# The statements that were sent for filers on days, oldest first; copies are not copied again.
SENT = """
select o.message_id, o.filer_code, o.created_on, o.content
from unnest(%(filer_codes)s::text[], %(days)s::date[]) as g(filer_code, sent_on)
join abi_outbox o on o.filer_code = g.filer_code and o.created_on = g.sent_on
where o.application = 'PF' and left(o.natural_key, 3) <> 'MO/'
order by o.filer_code, o.created_on, o.message_id
"""
