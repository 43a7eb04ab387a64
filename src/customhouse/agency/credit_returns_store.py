"""SQL of the entries that the agency sends back: decided, handed over, heard of, brought back.

A credit is found by its id; company_identification leads the key of its row.
"""

# The parts of an entry, moved ones too, and how often the bank did not take it.
PARTS = """
select p.part_id, p.state, p.statement_number,
       (select count(*) from credit_return r
        where r.credit_id = p.credit_id and r.state = 'refused')::integer as refusals
from credit_part p
where p.credit_id = %(credit_id)s
order by p.part_id collate "C"
"""

# The parts of an entry that hold its money, locked in key order.
HOLD_PARTS = """
select p.payer_party_id, p.part_id, p.paying_party_id, p.amount_cents, p.state,
       p.statement_number
from credit_part p
where p.credit_id = %(credit_id)s and p.state <> 'moved'
order by p.payer_party_id, p.part_id
for update
"""

# What an entry came to, in cents.
WHOLE = """
select i.amount_cents from incoming_credit i
where i.company_identification = %(company)s and i.credit_id = %(credit_id)s
"""

# Keep a decision, once while it is not ended by the bank.
ADD = """
insert into credit_return (company_identification, credit_id, attempt, amount_cents, state,
  officer, reason, decided_on)
values (%(company)s, %(credit_id)s, %(attempt)s, %(cents)s, 'decided', %(officer)s, %(reason)s,
  %(decided_on)s)
on conflict do nothing
"""

# Parts that are on their way back from now on.
MARK_RETURNING = """
update credit_part set state = 'returning', closed_on = %(on)s
where credit_id = %(credit_id)s and state = 'unapplied'
"""

# Decisions that the bank has not got, the oldest first.
WAITING = """
select r.company_identification, r.credit_id, r.attempt, r.amount_cents, r.decided_on
from credit_return r
where r.state = 'decided'
order by r.decided_on, r.credit_id limit %(most)s
"""

# The bank has them.
MARK_DELIVERED = """
update credit_return set state = 'with_bank', delivered_at = %(at)s
where credit_id = %(credit_id)s and attempt = %(attempt)s and state = 'decided'
"""

# One process takes the news, or ends an attempt, at a time; others may read.
LOCK = "lock table credit_return in share row exclusive mode"

# The cursor: the last news that was taken.
LAST_SEQUENCE = "select coalesce(max(sequence), 0) from credit_return"

# Which of these news were taken.
KNOWN = "select sequence from credit_return where sequence = any(%(sequences)s)"

# Those of some credits that are on their way.
ON_THEIR_WAY = """
select r.company_identification, r.credit_id, r.attempt, r.amount_cents, r.decided_on
from credit_return r
where r.credit_id = any(%(credit_ids)s) and r.state in ('decided', 'with_bank')
"""

# Their parts, locked in key order.
HOLD_RETURNING = """
select p.payer_party_id, p.part_id, p.paying_party_id, p.credit_id, p.amount_cents
from credit_part p
where p.credit_id = any(%(credit_ids)s) and p.state = 'returning'
order by p.payer_party_id, p.part_id
for update
"""

# Keep that returns have settled.
MARK_RETURNED = """
update credit_return r
set state = 'returned', sequence = t.sequence, settled_on = t.settled_on,
    trace_number = t.trace, closed_on = %(on)s
from unnest(%(credit_ids)s::text[], %(sequences)s::bigint[], %(settled_ons)s::date[],
            %(traces)s::text[]) as t(credit_id, sequence, settled_on, trace)
where r.credit_id = t.credit_id and r.state in ('decided', 'with_bank')
"""

# So have the parts.
RETURN_PARTS = """
update credit_part set state = 'returned', closed_on = %(on)s
where credit_id = any(%(credit_ids)s) and state = 'returning'
"""

# The bank does not take one: the attempt is over.
MARK_REFUSED = """
update credit_return set state = 'refused', refusal = %(refusal)s, closed_on = %(on)s
where credit_id = %(credit_id)s and attempt = %(attempt)s and state = 'decided'
"""

# Its parts wait at the desk again, as old as they were.
BRING_BACK = """
update credit_part
set state = 'unapplied', closed_on = null, reason = %(reason)s, detail = %(detail)s
where credit_id = %(credit_id)s and state = 'returning'
"""

# What is on its way back, the oldest decision first.
LISTING = """
select r.credit_id, r.amount_cents, i.collected_on, r.state, r.decided_on, r.officer, r.reason,
       i.company_name, i.trace_number
from credit_return r
join incoming_credit i
  on i.company_identification = r.company_identification and i.credit_id = r.credit_id
where r.state in ('decided', 'with_bank')
order by r.decided_on, r.credit_id limit %(most)s
"""

# Who claims an entry by its amount, day and trace number.
CLAIMANTS = """
select distinct p.name
from incoming_credit i
join credit_claim c on c.trace_number = i.trace_number and c.amount_cents = i.amount_cents
  and c.collected_on = i.collected_on
join party p on p.id = c.payer_party_id
where i.company_identification = %(company)s and i.credit_id = %(credit_id)s
order by p.name
limit 20
"""
