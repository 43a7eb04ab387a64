"""SQL of notifications of change and of the versions of accounts. Corrected data stays sealed."""

# Keep notifications that were matched, with the account that their entry used. One is queued where
# a later account of the unit's is known already, or where its code changes no account.
KEEP = """
insert into account_change (item_id, payer_unit_number, change_code, account_token, received_on,
  apply_by, refuse_by, state, remark)
select new.item_id, debit.payer_unit_number, item.code, entry.account_token, %(received_on)s,
  %(apply_by)s, %(refuse_by)s,
  case when item.code = any(%(account_codes)s) and entry.account_token = unit.account_token
    then 'waiting' else 'queued' end,
  case when not item.code = any(%(account_codes)s) then %(no_account)s
    when entry.account_token <> unit.account_token then %(newer)s else '' end
from unnest(%(item_ids)s::bigint[], %(attempts)s::integer[]) as new (item_id, attempt)
join inbound_item item using (item_id)
join unnest(%(item_ids)s::bigint[], %(instruction_ids)s::text[])
  as of (item_id, instruction_id) using (item_id)
join debit on debit.instruction_id = of.instruction_id
join debit_entry entry
  on entry.instruction_id = of.instruction_id and entry.attempt = new.attempt
join payer_unit unit on unit.payer_unit_number = debit.payer_unit_number
order by new.item_id
on conflict (item_id) do nothing
"""

# Changes in order of their dates, all or only those that are undecided.
CHANGES = """
select item_id, payer_unit_number, change_code, received_on, apply_by, refuse_by, state, remark,
  approved_by, decided_by, decided_on, reason, refused_code
from account_change
where not %(open_only)s::boolean or state in ('waiting', 'queued', 'approved')
order by apply_by, item_id limit %(most)s
"""

# One change with the present account of its unit, both held.
HOLD_ONE = """
select change.item_id, change.payer_unit_number, change.change_code, change.account_token,
  change.refuse_by, change.state, change.approved_by, unit.account_token as present_token
from account_change change join payer_unit unit using (payer_unit_number)
where change.item_id = %(item_id)s
for update of unit, change
"""

# Waiting changes whose code is applied by a rule.
RULED = """
select change.item_id, rule.set_by
from account_change change join change_rule rule using (change_code)
where change.state = 'waiting' order by change.item_id limit %(most)s
"""

# A first person approves.
APPROVE = """
update account_change set state = 'approved', approved_by = %(by)s, approved_at = %(at)s,
  reason = %(reason)s
where item_id = %(item_id)s
"""

# A change is queued for review.
QUEUE = """
update account_change set state = 'queued', remark = %(remark)s, approved_by = null,
  approved_at = null
where item_id = %(item_id)s
"""

# The customer has changed the account: what its bank notified before is queued for review (C10).
QUEUE_OF_UNIT = """
update account_change set state = 'queued', remark = %(remark)s, approved_by = null,
  approved_at = null
where payer_unit_number = %(payer_unit_number)s and state in ('waiting', 'approved')
"""

# A change is decided: applied, noted or refused.
DECIDE = """
update account_change set state = %(state)s, decided_by = %(by)s, decided_on = %(on)s,
  reason = %(reason)s, new_account_token = %(new_token)s, refused_code = %(refused_code)s
where item_id = %(item_id)s
"""

# The sealed corrected data of a notification.
CORRECTION = """
select correction_token as token, key_version, wrapped_key, sealed_corrected_data as sealed
from account_correction where item_id = %(item_id)s
"""

# A payer unit's present account, held.
HOLD_UNIT = """
select account_token from payer_unit where payer_unit_number = %(payer_unit_number)s for update
"""

# An account is replaced by another version.
SUPERSEDE = """
update account set superseded_at = %(at)s where token = %(token)s and superseded_at is null
"""

# The payer unit that an account is bound to, if any.
UNIT_OF_ACCOUNT = """
select payer_unit_number from payer_unit where account_token = %(token)s
"""

# The unit has another account; its number stays.
BIND_VERSION = """
update payer_unit set account_token = %(new_token)s
where payer_unit_number = %(payer_unit_number)s
"""

# Begin the history of a unit's accounts, once.
BEGIN_VERSIONS = """
insert into account_version (payer_unit_number, version, account_token, cause, changed_by, since)
select payer_unit_number, 1, account_token, 'bound', 'first binding', bound_at
from payer_unit where payer_unit_number = %(payer_unit_number)s
on conflict (payer_unit_number, version) do nothing
"""

# Add the next version of a unit's account.
ADD_VERSION = """
insert into account_version (payer_unit_number, version, account_token, cause, item_id, changed_by,
  since)
select %(payer_unit_number)s, max(version) + 1, %(new_token)s, %(cause)s, %(item_id)s, %(by)s,
  %(at)s
from account_version where payer_unit_number = %(payer_unit_number)s
"""

# Apply a code by rule from now on.
SET_RULE = """
insert into change_rule (change_code, set_by, reason, set_at)
values (%(change_code)s, %(by)s, %(reason)s, %(at)s)
on conflict (change_code) do update set set_by = excluded.set_by, reason = excluded.reason,
  set_at = excluded.set_at
"""

# Apply a code by persons only from now on.
DROP_RULE = """
delete from change_rule where change_code = %(change_code)s
"""

# Raise an alarm for each change that was not decided in time, once.
RAISE_OVERDUE = """
insert into alarm (kind, reference, sentence, raised_at)
select 'change-overdue', 'item ' || item_id,
  'The change ' || item_id || ' (' || change_code || ') of payer unit ' || payer_unit_number
    || ' should have been applied by ' || apply_by || '.', %(at)s
from account_change
where state in ('waiting', 'queued', 'approved') and apply_by < %(on)s::date
on conflict (kind, reference) do nothing
"""

# Clear those whose change was decided.
CLEAR_OVERDUE = """
update alarm set cleared_at = %(at)s
from account_change change
where alarm.kind = 'change-overdue' and alarm.cleared_at is null
  and alarm.reference = 'item ' || change.item_id and change.decided_on is not null
"""
