"""SQL of the files with which the bank answers receiving banks: planned, sealed, released."""

# Disputes whose return is to be dishonored and is in no file yet, held.
HOLD_DISPUTES = """
select dispute_id, amount_cents as debit_cents, 0::bigint as credit_cents from dispute
where state = 'opened' and file_id is null and dishonor_by >= %(on)s::date
order by dispute_id limit %(most)s
for update
"""

# Refused notifications that are in no file yet, held.
HOLD_REFUSALS = """
select item_id, 0::bigint as debit_cents, 0::bigint as credit_cents from account_change
where state = 'refused' and file_id is null
order by item_id limit %(most)s
for update
"""

# Plan a file.
ADD_FILE = """
insert into answer_file (name, purpose, origin, created_on, created_time, file_id_modifier, entries,
  debit_cents, credit_cents, state, planned_at)
values (%(name)s, %(purpose)s, %(origin)s, %(created_on)s, %(created_time)s, %(modifier)s,
  %(entries)s, %(debit_cents)s, %(credit_cents)s, 'planned', %(planned_at)s)
returning file_id
"""

# Put disputes into a planned file.
PLACE_DISPUTES = """
update dispute set state = 'dishonored', file_id = %(file_id)s, position = new.position,
  dishonored_trace = new.trace, dishonored_on = %(on)s, contest_by = %(contest_by)s
from unnest(%(ids)s::bigint[], %(positions)s::integer[], %(traces)s::text[])
  as new (dispute_id, position, trace)
where dispute.dispute_id = new.dispute_id and dispute.state = 'opened'
"""

# Put refused notifications into a planned file.
PLACE_REFUSALS = """
update account_change set file_id = %(file_id)s, position = new.position,
  refusal_trace = new.trace
from unnest(%(ids)s::bigint[], %(positions)s::integer[], %(traces)s::text[])
  as new (item_id, position, trace)
where account_change.item_id = new.item_id and account_change.state = 'refused'
"""

# Files that are not released yet, in order.
UNRELEASED = """
select file_id, name, purpose, origin, created_on, created_time, file_id_modifier, entries,
  debit_cents, credit_cents, state, sha256
from answer_file where state in ('planned', 'sealed') order by file_id
"""

# The entries of a file of dishonored returns, in order.
DISHONORED_ENTRIES = """
select dispute.position, dispute.dishonored_trace as trace, dispute.dishonor_code as code,
  dispute.amount_cents, dispute.return_trace, dispute.return_settled_on, dispute.return_code,
  dispute.information, entry.account_token, entry.trace_number as original_trace,
  debit.statement_number
from dispute
join debit using (instruction_id)
join debit_entry entry
  on entry.instruction_id = dispute.instruction_id and entry.attempt = dispute.entry_attempt
where dispute.file_id = %(file_id)s order by dispute.position
"""

# The entries of a file of refused notifications, in order.
REFUSED_ENTRIES = """
select change.position, change.refusal_trace as trace, change.refused_code as code,
  change.item_id, change.change_code, item.own_trace, item.trace_number as original_trace,
  change.account_token, debit.statement_number
from account_change change
join inbound_item item using (item_id)
join debit on debit.instruction_id = item.instruction_id
where change.file_id = %(file_id)s order by change.position
"""

# Record the digest of a file's bytes, once.
SEAL = """
update answer_file set state = 'sealed', sha256 = %(sha256)s, sealed_at = %(at)s
where file_id = %(file_id)s and state = 'planned'
"""

# Record that a file is out.
RELEASE = """
update answer_file set state = 'released', released_at = %(at)s
where file_id = %(file_id)s and state = 'sealed'
"""

# Waiting acknowledgements of such files that are out, held.
HOLD_ANSWERED = """
select answer.sha256, answer.accepted, answer.file_sha256 = file.sha256 as same_bytes,
  file.file_id, file.name, file.state
from inbound_acknowledgement answer join answer_file file on file.name = answer.file_name
where answer.outcome = 'waiting' and file.state not in ('planned', 'sealed')
order by answer.accepted desc, answer.sha256
for update of file
"""

# Keep what became of an acknowledgement.
SETTLE_ANSWER = """
update inbound_acknowledgement set outcome = %(outcome)s where sha256 = %(sha256)s
"""

# Keep the operator's answer.
ANSWER_FILE = """
update answer_file set state = %(state)s where file_id = %(file_id)s and state = 'released'
"""

# The disputes of a refused file go out in another one.
TAKE_BACK_DISPUTES = """
update dispute set state = 'opened', file_id = null, position = null, dishonored_trace = null,
  dishonored_on = null, contest_by = null
where file_id = %(file_id)s and state = 'dishonored'
"""

# So do the refused notifications.
TAKE_BACK_REFUSALS = """
update account_change set file_id = null, position = null, refusal_trace = null
where file_id = %(file_id)s
"""
