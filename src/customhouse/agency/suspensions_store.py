"""SQL of suspended payer units: each suspension is a row that is closed once and stays."""

# Suspend units unless they are; the same returned debit suspends once, also after it was lifted.
SUSPEND = """
insert into unit_suspension (payer_unit_number, reason_code, reason, instruction_id, suspended_on,
  suspended_at, suspended_by)
select t.unit, t.code, t.reason, t.instruction, %(on)s, %(at)s, %(by)s
from unnest(%(units)s::text[], %(codes)s::text[], %(reasons)s::text[], %(instructions)s::text[])
  with ordinality as t(unit, code, reason, instruction, position)
join payer_unit u on u.payer_unit_number = t.unit
order by t.position
on conflict do nothing
returning payer_unit_number
"""

# Lift the open suspension of a unit.
LIFT = """
update unit_suspension
set lifted_on = %(on)s, lifted_at = %(at)s, lifted_by = %(by)s, lifting_reason = %(reason)s
where payer_unit_number = %(unit)s and lifted_on is null
returning payer_unit_number
"""

# Whether there is such a unit, and whether it is suspended.
STANDING = """
select exists (select from payer_unit where payer_unit_number = %(unit)s) as known,
       exists (select from unit_suspension
               where payer_unit_number = %(unit)s and lifted_on is null) as suspended
"""

# Suspensions, newest first: all, those of one unit, only the open ones.
SUSPENSIONS = """
select payer_unit_number, suspension_id, reason_code, reason, instruction_id, suspended_on,
       suspended_by, lifted_on, lifted_by, lifting_reason
from unit_suspension
where (%(unit)s::text is null or payer_unit_number = %(unit)s)
  and (not %(open_only)s::boolean or lifted_on is null)
order by suspension_id desc
limit %(most)s
"""

# What the bank has not been told of, in order: the suspension first, then its lifting.
UNTOLD = """
select payer_unit_number, suspension_id, reason_code, lifted_at is not null as is_lifted
from unit_suspension
where told_suspended_at is null or (lifted_at is not null and told_lifted_at is null)
order by suspension_id
limit %(most)s
"""

# The bank has been told.
MARK_TOLD = """
update unit_suspension
set told_suspended_at = coalesce(told_suspended_at, %(at)s),
    told_lifted_at = case when %(is_lifted)s then %(at)s::timestamptz else told_lifted_at end
where payer_unit_number = %(unit)s and suspension_id = %(suspension_id)s
"""

# The filers that may use units: their owners, and those designated on a day.
FILERS_OF_UNITS = """
select u.payer_unit_number, f.filer_code
from payer_unit u join filer f on f.party_id = u.owner_party_id
where u.payer_unit_number = any(%(units)s)
union
select d.payer_unit_number, d.filer_code from designation d
where d.payer_unit_number = any(%(units)s) and d.starts_on <= %(on)s
  and (d.ends_on is null or d.ends_on >= %(on)s)
order by 1, 2
"""
