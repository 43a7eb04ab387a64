"""SQL of the rails: payer units and instructions as they come from the agency."""

# Whether an account with this token was captured.
ACCOUNT_EXISTS = """
select exists (select from account where token = %(account_token)s) as present
"""

# Bind a payer unit to an account unless either of them is bound.
BIND = """
insert into payer_unit (payer_unit_number, account_token, bound_at)
values (%(payer_unit_number)s, %(account_token)s, %(bound_at)s)
on conflict do nothing
"""

# The bindings that either of the two has: none, this one, or others. An account that the unit had
# before counts as its own, since the agency knows the token of the first binding only.
BINDINGS = """
select payer_unit_number, account_token from payer_unit
where (payer_unit_number = %(payer_unit_number)s or account_token = %(account_token)s)
  and not exists (
    select from account_version former
    where former.payer_unit_number = payer_unit.payer_unit_number
      and former.account_token = %(account_token)s
      and former.payer_unit_number = %(payer_unit_number)s)
union
select payer_unit_number, account_token from account_version
where account_token = %(account_token)s
"""

# Keep instructions that are new, the first of an id. Those of a payer unit that is unbound, whose
# prenote has not matured or has come back are refused from the start.
ADD_INSTRUCTIONS = """
insert into debit (instruction_id, payer_unit_number, statement_number, amount_cents, accepted_on,
  debit_on, state, answered_state, refusal_code, received_at)
select new.instruction_id, new.payer_unit_number, new.statement_number, new.amount_cents,
  new.accepted_on, new.debit_on,
  case when judged.refusal_code = '' then 'received' else 'refused' end,
  case when judged.refusal_code = '' then 'received' else 'refused' end,
  judged.refusal_code, %(received_at)s
from unnest(%(instruction_ids)s::text[], %(payer_unit_numbers)s::text[],
  %(statement_numbers)s::text[], %(amounts_cents)s::bigint[], %(accepted_ons)s::date[],
  %(debit_ons)s::date[])
  with ordinality
  as new (instruction_id, payer_unit_number, statement_number, amount_cents, accepted_on,
    debit_on, place)
left join payer_unit unit using (payer_unit_number)
left join prenote using (payer_unit_number)
cross join lateral (select case
  when unit.payer_unit_number is null then %(not_bound)s
  when prenote.state in ('asked', 'sent') then %(not_matured)s
  when prenote.state = 'failed' then %(failed)s
  else '' end) as judged (refusal_code)
order by new.instruction_id, new.place
on conflict (instruction_id) do nothing
"""

# What is kept of some instructions, and what their first delivery was answered.
INSTRUCTIONS = """
select instruction_id, payer_unit_number, statement_number, amount_cents, accepted_on, debit_on,
  answered_state, refusal_code
from debit where instruction_id = any(%(instruction_ids)s)
"""
