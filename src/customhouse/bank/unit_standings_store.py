"""SQL of the payer units that the agency has suspended, and of their debits that are held back."""

# Whether a payer unit is bound here.
UNIT_EXISTS = """
select exists (select from payer_unit where payer_unit_number = %(payer_unit_number)s) as present
"""

# Keep news of a unit unless newer news is kept.
KEEP_STANDING = """
insert into payer_unit_standing (payer_unit_number, sequence, suspended, reason_code, told_at)
values (%(payer_unit_number)s, %(sequence)s, %(suspended)s, %(reason_code)s, %(told_at)s)
on conflict (payer_unit_number) do update set sequence = excluded.sequence,
  suspended = excluded.suspended, reason_code = excluded.reason_code, told_at = excluded.told_at
where payer_unit_standing.sequence < excluded.sequence
"""

# Debits that are due for a file and whose unit is suspended, held, in order of their ids.
HOLD_SUSPENDED = """
select debit.instruction_id, debit.payer_unit_number, debit.amount_cents
from debit join payer_unit_standing standing using (payer_unit_number)
where debit.state = 'received' and debit.debit_on <= %(effective_on)s and standing.suspended
order by debit.instruction_id
limit %(most)s
for update of debit
"""
