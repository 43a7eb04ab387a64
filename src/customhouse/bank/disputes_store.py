"""SQL of the disputes about returns: opened, sent, contested and ended, each a set at a time."""

# Open disputes about returns that were just matched; one already there stays.
OPEN = """
insert into dispute (item_id, instruction_id, entry_attempt, amount_cents, carried_by, return_code,
  return_trace, return_settled_on, dishonor_code, information, dishonor_by, state, opened_at)
select new.item_id, new.instruction_id, new.attempt, item.amount_cents, new.carried_by, item.code,
  item.own_trace, item.dated_on, new.dishonor_code, new.information, new.dishonor_by, new.state,
  %(opened_at)s
from unnest(%(item_ids)s::bigint[], %(instruction_ids)s::text[], %(attempts)s::integer[],
  %(carriers)s::text[], %(codes)s::text[], %(information_texts)s::text[], %(dishonor_bys)s::date[],
  %(states)s::text[])
  as new (item_id, instruction_id, attempt, carried_by, dishonor_code, information, dishonor_by,
    state)
join inbound_item item using (item_id)
where item.own_trace <> ''
order by new.item_id
on conflict (item_id) do nothing
"""

# Contested returns that wait, with the dishonored return that each answers; both are held.
HOLD_CONTESTED = """
select item.item_id, item.code, item.dated_on, item.amount_cents, dispute.dispute_id,
  dispute.instruction_id, dispute.amount_cents as disputed_cents, dispute.contest_by
from inbound_item item
join lateral (
  select * from dispute candidate
  where candidate.state = 'dishonored' and exists (
    select from debit_entry entry
    where entry.instruction_id = candidate.instruction_id
      and entry.attempt = candidate.entry_attempt and entry.trace_number = item.trace_number)
  order by candidate.dispute_id desc limit 1
) chosen on true
join dispute on dispute.dispute_id = chosen.dispute_id
where item.outcome = 'waiting' and item.kind = 'contested'
order by item.item_id
limit %(most)s
for update of dispute
"""

# Keep what became of contested returns.
SETTLE_CONTESTED = """
update inbound_item set outcome = new.outcome, instruction_id = new.instruction_id
from unnest(%(item_ids)s::bigint[], %(outcomes)s::text[], %(instruction_ids)s::text[])
  as new (item_id, outcome, instruction_id)
where inbound_item.item_id = new.item_id
"""

# The receiving bank insists.
CONTEST = """
update dispute set state = 'contested', contest_code = new.code, contested_on = new.dated_on,
  contest_item_id = new.item_id
from unnest(%(dispute_ids)s::bigint[], %(codes)s::text[], %(dated_ons)s::date[],
  %(item_ids)s::bigint[]) as new (dispute_id, code, dated_on, item_id)
where dispute.dispute_id = new.dispute_id and dispute.state = 'dishonored'
"""

# One dispute with its debit, both held.
HOLD_ONE = """
select dispute.dispute_id, dispute.instruction_id, dispute.entry_attempt, dispute.item_id,
  dispute.amount_cents, dispute.carried_by, dispute.return_code, dispute.state
from dispute join debit using (instruction_id)
where dispute.dispute_id = %(dispute_id)s
for update of debit, dispute
"""

# Disputes whose time has run out: won when nobody contested, lost when nobody dishonored. A file
# that the operator has not taken reached nobody, so that silence about it wins nothing.
HOLD_DUE = """
select dispute.dispute_id, dispute.instruction_id, dispute.entry_attempt, dispute.item_id,
  dispute.amount_cents, dispute.carried_by, dispute.return_code, dispute.state
from dispute join debit using (instruction_id)
where (dispute.state = 'dishonored' and dispute.contest_by < %(on)s::date
    and exists (select from answer_file file
      where file.file_id = dispute.file_id and file.state = 'acknowledged'))
   or (dispute.state in ('asked', 'opened') and dispute.dishonor_by < %(on)s::date)
order by debit.instruction_id, dispute.dispute_id
limit %(most)s
for update of debit, dispute
"""

# End disputes.
END = """
update dispute set state = new.state, ended_on = %(on)s, ended_by = %(by)s,
  ending_reason = new.reason
from unnest(%(dispute_ids)s::bigint[], %(states)s::text[], %(reasons)s::text[])
  as new (dispute_id, state, reason)
where dispute.dispute_id = new.dispute_id and dispute.ended_on is null
"""

# The debits of lost disputes have come back.
RETURN_DEBITS = """
update debit set state = 'returned', returned_on = %(on)s, return_code = new.code
from unnest(%(instruction_ids)s::text[], %(codes)s::text[]) as new (instruction_id, code)
where debit.instruction_id = new.instruction_id and debit.state = 'settled'
"""

# A person decided that a return was not agreed to.
DISHONOR = """
update dispute set state = 'opened' where dispute_id = %(dispute_id)s and state = 'asked'
"""

# Clear the alarms about the returns of ended disputes, and about the disputes themselves.
CLEAR_ALARMS = """
update alarm set cleared_at = %(cleared_at)s
where cleared_at is null and (kind, reference) in (
  select kind, reference from unnest(%(kinds)s::text[], %(references)s::text[])
    as named (kind, reference))
"""

# Disputes, newest first, all or only those that go on.
DISPUTES = """
select dispute.dispute_id, debit.statement_number, dispute.amount_cents, dispute.carried_by,
  dispute.return_code, dispute.return_settled_on, dispute.dishonor_code, dispute.dishonor_by,
  dispute.state, dispute.dishonored_on, dispute.contest_by, dispute.contest_code,
  dispute.ended_on, dispute.ended_by, dispute.ending_reason
from dispute join debit using (instruction_id)
where not %(open_only)s::boolean or dispute.ended_on is null
order by dispute.dispute_id desc limit %(most)s
"""
