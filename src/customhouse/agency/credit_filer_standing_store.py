"""SQL of what filers have to do with importers, for who decides a form to join ACH Credit."""

# Which of these filers have entry summaries of these importers. Every summary of the filers is
# read, once: forms are few, and an index would cost every summary that arrives.
ENTRIES = """
select distinct filer_code, importer_number from entry_summary
where filer_code = any(%(filer_codes)s) and left(importer_number, 10) = any(%(beginnings)s)
"""

# Which of them are designated for a payer unit of these importers on a day.
DESIGNATIONS_IN_FORCE = """
select distinct d.filer_code, i.importer_number
from designation d
join payer_unit u using (payer_unit_number)
join importer i on i.party_id = u.owner_party_id
where d.filer_code = any(%(filer_codes)s) and left(i.importer_number, 10) = any(%(beginnings)s)
  and d.starts_on <= %(on)s and (d.ends_on is null or d.ends_on >= %(on)s)
"""
