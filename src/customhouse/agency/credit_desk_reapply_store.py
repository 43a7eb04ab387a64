"""SQL of claims that are withdrawn, because their money pays its statement after all."""

# A claim, locked: why it is owed, and whether it has gone its way.
LOCK_CLAIM = """
select c.cause, c.state from refund_claim c
where c.payer_party_id = %(payer)s and c.part_id = %(part_id)s
for update
"""

# A claim is withdrawn.
WITHDRAW = """
update refund_claim set state = 'withdrawn', withdrawn_on = %(withdrawn_on)s
where payer_party_id = %(payer)s and part_id = %(part_id)s and state = 'claimed'
"""

# What made it payable, on the books.
PAYABLE = """
select t.id, t.effective_on from transfer t
where t.payer_id = %(payer)s and t.kind = 12 and t.ref = %(part_id)s
"""

# The part waits again.
WAIT_AGAIN = """
update credit_part
set state = 'unapplied', reason = 'short', refundable_cents = 0, closed_on = null
where payer_party_id = %(payer)s and part_id = %(part_id)s and state = 'refundable'
  and applied_cents = 0
"""
