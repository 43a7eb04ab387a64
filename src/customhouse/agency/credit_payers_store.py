"""SQL of payers by the identifiers that payments name."""

# The payers of these numbers, and those that joined under another suffix of one of them: ``bases``
# are the importer numbers without suffix.
PAYERS = """
select p.id as payer_party_id, f.filer_code as payer_identifier, p.name, p.kind, e.state,
       e.effective_on, e.removed_on
from filer f
join party p on p.id = f.party_id
left join credit_enrolment e on e.payer_party_id = p.id
where f.filer_code = any(%(numbers)s)
union all
select p.id, i.importer_number, p.name, p.kind, e.state, e.effective_on,
       e.removed_on
from importer i
join party p on p.id = i.party_id
left join credit_enrolment e on e.payer_party_id = p.id
where i.importer_number = any(%(numbers)s)
union all
select p.id, i.importer_number, p.name, p.kind, e.state, e.effective_on,
       e.removed_on
from importer i
join party p on p.id = i.party_id
join credit_enrolment e on e.payer_party_id = p.id
where left(i.importer_number, 10) = any(%(bases)s) and i.importer_number ~ '^[0-9]{2}-'
  and i.importer_number <> all(%(numbers)s)
order by payer_identifier
"""
