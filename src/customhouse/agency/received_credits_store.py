"""SQL of what of a payer's own payments arrived."""

# A page of the parts of a payer's payments in the order of collection, behind one of them. A part
# that was shared out or moved is told by its shares.
PAGE = """
select p.collected_on, p.part_id, p.credit_id, i.trace_number, i.sec_code, i.company_name,
       i.entry_description, p.amount_cents, p.state, p.applied_cents, p.refundable_cents,
       case when p.state in ('unapplied', 'returning') then p.reason
            else coalesce(c.cause, '') end as reason,
       case when p.state = 'unapplied' then p.detail else '' end as detail,
       p.document_number, p.payer_identifier,
       p.filer_code, p.statement_number, s.state as statement_state, s.final_on, p.matched_by,
       p.since_on
from credit_part p
join incoming_credit i
  on i.company_identification = p.company_identification and i.credit_id = p.credit_id
left join statement s
  on s.filer_code = p.filer_code and s.statement_number = p.statement_number
left join refund_claim c on c.payer_party_id = p.payer_party_id and c.part_id = p.part_id
where p.paying_party_id = %(party_id)s and p.state <> 'moved'
  and p.collected_on between %(first)s and %(last)s
  and (p.collected_on, p.part_id collate "C") > (%(after_on)s::date, %(after_part)s::text)
order by p.collected_on, p.part_id collate "C"
limit %(limit)s
"""
