"""SQL of one part at the exception desk, with all that is known of it."""

# One part, with its entry as it came.
PART = """
select p.payer_party_id, p.part_id, p.company_identification, p.credit_id, p.position,
       p.paying_party_id, p.amount_cents, p.collected_on, p.state, p.reason, p.detail,
       p.payer_identifier, p.type_code, p.document_number, p.notes, p.filer_code,
       p.statement_number, p.matched_by, p.applied_cents, p.refundable_cents, p.since_on,
       p.closed_on, o.name as owner_name, o.kind as owner_kind, s.name as sender_name,
       i.amount_cents as entry_cents, i.sec_code, i.trace_number, i.company_name,
       i.entry_description, i.identification_number, i.addenda, i.received_on
from credit_part p
join party o on o.id = p.payer_party_id
left join party s on s.id = p.paying_party_id
join incoming_credit i
  on i.company_identification = p.company_identification and i.credit_id = p.credit_id
where p.credit_id = %(credit_id)s and p.part_id = %(part_id)s
"""

# What was decided about parts, in order.
ACTS = """
select a.act_id, a.part_id, a.action, a.request, a.outcome, a.reason, a.officer, a.decided_on
from credit_desk_act a
where a.credit_id = %(credit_id)s and (a.part_id = any(%(part_ids)s) or a.action = 'return')
order by a.act_id
limit 200
"""

# What payers answered about parts, in order.
ANSWERS = """
select a.payer_party_id, p.name as payer_name, a.part_id, a.kind, a.documents, a.text, a.given_on
from credit_answer a join party p on p.id = a.payer_party_id
where a.credit_id = %(credit_id)s and a.part_id = any(%(part_ids)s)
order by a.answer_id
limit 100
"""

# Who claims an entry by its amount, day and trace number.
CLAIMS = """
select c.payer_party_id, p.name as payer_name, 'claim' as kind, c.documents, c.text, c.given_on
from credit_claim c join party p on p.id = c.payer_party_id
where c.trace_number = %(trace_number)s and c.amount_cents = %(cents)s
  and c.collected_on = %(collected_on)s
order by c.claim_id
limit 20
"""

# What is due on documents that a payer answered with.
DUE = """
select s.statement_number as number, s.state, s.total_cents from statement s
where s.statement_number = any(%(numbers)s)
union all
select b.bill_number, s.state, s.total_cents
from bill b
join statement s on s.filer_code = b.filer_code and s.statement_number = b.statement_number
where b.bill_number = any(%(numbers)s)
limit 200
"""
