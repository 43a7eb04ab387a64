"""SQL of matching: what waits, the debits that it is about, and what becomes of both."""

# The next waiting items of one kind with the debit of their trace; the debits are held. A trace is
# used again after ten million: the debit was sent by the day of the report, preferably with its
# amount, and is the latest of those.
HOLD_MATCHES = """
select item.item_id, item.kind, item.trace_number, item.code, item.dated_on, item.amount_cents,
  debit.instruction_id, debit.state, debit.amount_cents as debit_cents, debit.attempt,
  entry.attempt as entry_attempt, debit.settled_on, debit.returned_on, debit.return_code,
  entry.name as file_name, entry.effective_on as file_effective_on, item.questionable,
  exists (select from dispute where dispute.instruction_id = debit.instruction_id
    and dispute.carried_by = 'agency') as disputed
from inbound_item item
join lateral (
  select debit_entry.instruction_id, debit_entry.attempt, file.name, file.effective_on
  from debit_entry join bank_file file using (file_id)
    join debit candidate on candidate.instruction_id = debit_entry.instruction_id
  where debit_entry.trace_number = item.trace_number and file.created_on <= item.dated_on
    and file.state in ('released', 'acknowledged', 'rejected')
  order by (candidate.amount_cents = item.amount_cents) desc, debit_entry.file_id desc limit 1
) entry on true
join debit on debit.instruction_id = entry.instruction_id
where item.outcome = 'waiting' and item.kind = %(kind)s and item.item_id > %(behind)s
order by item.item_id
limit %(most)s
for update of debit
"""

# Keep what became of items.
SETTLE_ITEMS = """
update inbound_item set outcome = new.outcome, instruction_id = new.instruction_id
from unnest(%(item_ids)s::bigint[], %(outcomes)s::text[], %(instruction_ids)s::text[])
  as new (item_id, outcome, instruction_id)
where inbound_item.item_id = new.item_id
"""

# Keep what became of debits.
MOVE_DEBITS = """
update debit set state = new.state, settled_on = new.settled_on, returned_on = new.returned_on,
  return_code = new.return_code
from unnest(%(instruction_ids)s::text[], %(states)s::text[], %(settled_ons)s::date[],
  %(returned_ons)s::date[], %(return_codes)s::text[])
  as new (instruction_id, state, settled_on, returned_on, return_code)
where debit.instruction_id = new.instruction_id
"""

# Raise an alarm for each item that still waits (failure C8), once: it matches nothing, or it came
# after its time counted from the effective date, and the day of settlement is not known yet.
RAISE_FOR_UNMATCHED = """
insert into alarm (kind, reference, sentence, raised_at)
select 'item-unmatched', 'item ' || item_id,
  'A reported item (' || kind || ', trace ' || trace_number || ') matches nothing that was sent,'
    || ' or came late for a debit that is not reported as settled.', %(raised_at)s
from inbound_item where outcome = 'waiting' and kind <> 'dishonored'
on conflict (kind, reference) do nothing
"""

# Clear those alarms whose item has found its debit; each finds its item by the number in its
# reference, because comparing every alarm with every item would take minutes for many.
CLEAR_MATCHED = """
update alarm set cleared_at = %(cleared_at)s
from inbound_item item
where alarm.kind = 'item-unmatched' and alarm.cleared_at is null
  and item.item_id = substring(alarm.reference from '^item ([0-9]+)$')::bigint
  and item.outcome = 'applied'
"""

# Raise an alarm for each acknowledgement that names no file of ours, once.
RAISE_FOR_UNKNOWN_FILE = """
insert into alarm (kind, reference, sentence, raised_at)
select 'acknowledgement-unmatched', sha256,
  'The acknowledgement of ' || file_name || ' is about no file that was sent.', %(raised_at)s
from inbound_acknowledgement where outcome = 'waiting'
  and not exists (select from answer_file
    where answer_file.name = inbound_acknowledgement.file_name)
on conflict (kind, reference) do nothing
"""

# Clear those alarms whose acknowledgement has found its file.
CLEAR_KNOWN_FILE = """
update alarm set cleared_at = %(cleared_at)s
from inbound_acknowledgement answer
where alarm.kind = 'acknowledgement-unmatched' and alarm.cleared_at is null
  and alarm.reference = answer.sha256 and answer.outcome = 'applied'
"""
