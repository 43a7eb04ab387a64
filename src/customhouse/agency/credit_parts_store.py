"""SQL of the parts of incoming credits: added, locked, used, moved; a batch at a time."""

# The agency itself, for which money stands while nobody else is known.
AGENCY_PARTY = "select id from party where kind = 'agency'"

# The same, when it is needed for the first time.
MAKE_AGENCY_PARTY = """
insert into party (kind, name) values ('agency', 'The agency')
on conflict (kind) where kind = 'agency' do update set name = excluded.name
returning id
"""

# Add parts that wait, or have come to their end in the moment in which they came.
ADD = """
insert into credit_part (payer_party_id, part_id, company_identification, credit_id, position,
  paying_party_id, amount_cents, collected_on, state, reason, detail, payer_identifier, type_code,
  document_number, notes, filer_code, statement_number, matched_by, since_on, applied_cents,
  refundable_cents, closed_on)
select t.payer_party_id, t.part_id, t.company_identification, t.credit_id, t.position,
       t.paying_party_id, t.amount_cents, t.collected_on, t.state, t.reason, t.detail,
       t.payer_identifier, t.type_code, t.document_number, t.notes, t.filer_code,
       t.statement_number, t.matched_by, coalesce(t.since_on, %(today)s), t.applied_cents,
       t.refundable_cents, case when t.state <> 'unapplied' then %(today)s::date end
from json_to_recordset(%(parts)s::json)
  as t(payer_party_id bigint, part_id text, company_identification text, credit_id text,
       position integer, paying_party_id bigint, amount_cents bigint, collected_on date,
       state text, reason text, detail text, payer_identifier text, type_code text,
       document_number text, notes text[], filer_code text, statement_number text,
       matched_by text, since_on date, applied_cents bigint, refundable_cents bigint)
"""

# Parts as they stand, locked in key order.
HOLD = """
select p.payer_party_id, p.part_id, p.company_identification, p.credit_id, p.position,
       p.paying_party_id, p.amount_cents, p.collected_on, p.state, p.reason, p.detail,
       p.payer_identifier, p.type_code, p.document_number, p.notes, p.filer_code,
       p.statement_number, p.matched_by, p.since_on
from credit_part p
where (p.payer_party_id, p.part_id) in (
  select * from unnest(%(payers)s::bigint[], %(part_ids)s::text[]))
order by p.payer_party_id, p.part_id
for update
"""

# The receipts of parts on the books.
RECEIPTS = """
select t.payer_id, t.ref, t.id
from transfer t
where t.kind = 10 and (t.payer_id, t.ref) in (
  select * from unnest(%(payers)s::bigint[], %(part_ids)s::text[]))
"""

# Parts that are replaced by others.
MARK_MOVED = """
update credit_part p set state = 'moved', closed_on = %(closed_on)s
from unnest(%(payers)s::bigint[], %(part_ids)s::text[]) as t(payer, part_id)
where p.payer_party_id = t.payer and p.part_id = t.part_id and p.state = 'unapplied'
"""

# Parts that are now for a statement, how they came to it, and that they wait for the rest of it.
ASSIGN = """
update credit_part p
set filer_code = t.filer_code, statement_number = t.statement_number, reason = 'short',
    detail = '', matched_by = t.matched_by
from unnest(%(payers)s::bigint[], %(part_ids)s::text[], %(filer_codes)s::text[],
            %(statements)s::text[], %(matched)s::text[])
  as t(payer, part_id, filer_code, statement_number, matched_by)
where p.payer_party_id = t.payer and p.part_id = t.part_id and p.state = 'unapplied'
"""
