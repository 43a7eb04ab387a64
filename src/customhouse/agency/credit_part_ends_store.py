"""SQL of what became of a payer's money."""

# A part, or what of it is still its payer's where it was shared out or moved.
ENDS = """
select p.part_id, p.state, p.amount_cents, p.applied_cents, p.refundable_cents, p.statement_number
from credit_part p
where p.credit_id = %(credit_id)s and starts_with(p.part_id || '.', %(part_id)s || '.')
  and p.state <> 'moved' and coalesce(p.paying_party_id, p.payer_party_id) = %(party)s
order by p.part_id collate "C"
limit %(most)s
"""
