"""SQL of money that is owed back because a debit paid its statement, where that debit came back."""

# What payers pushed for statements that are due again, and is still owed back to them, each with
# what is due and, where the debit had settled, the newest bill of it.
OWED_BACK = """
select p.filer_code, p.statement_number, s.total_cents as due_cents, p.payer_party_id, p.part_id,
       c.payee_party_id, c.amount_cents, p.collected_on, c.claimed_on, s.attempts,
       (select b.bill_number from bill b
        where b.filer_code = s.filer_code and b.statement_number = s.statement_number
          and b.collection_status = '01'
        order by b.issued_on desc, b.bill_number desc limit 1) as bill_number
from credit_part p
join refund_claim c on c.payer_party_id = p.payer_party_id and c.part_id = p.part_id
join statement s on s.filer_code = p.filer_code and s.statement_number = p.statement_number
where (p.filer_code, p.statement_number) in (
  select * from unnest(%(filer_codes)s::text[], %(numbers)s::text[]))
  and p.state = 'refundable' and p.paying_party_id is not null
  and c.cause = 'paid-by-debit' and c.state = 'claimed' and s.state = 'preliminary'
order by p.filer_code, p.statement_number, c.payee_party_id, p.collected_on, p.part_id
"""

# The same of all statements, the oldest claims first.
ALL_OWED_BACK = """
select p.filer_code, p.statement_number, s.total_cents as due_cents, p.payer_party_id, p.part_id,
       c.payee_party_id, c.amount_cents, p.collected_on, c.claimed_on, s.attempts,
       (select b.bill_number from bill b
        where b.filer_code = s.filer_code and b.statement_number = s.statement_number
          and b.collection_status = '01'
        order by b.issued_on desc, b.bill_number desc limit 1) as bill_number
from credit_part p
join refund_claim c on c.payer_party_id = p.payer_party_id and c.part_id = p.part_id
join statement s on s.filer_code = p.filer_code and s.statement_number = p.statement_number
where p.state = 'refundable' and p.statement_number is not null and s.state = 'preliminary'
  and c.cause = 'paid-by-debit' and c.state = 'claimed'
order by c.claimed_on, p.part_id
limit %(most)s
"""
