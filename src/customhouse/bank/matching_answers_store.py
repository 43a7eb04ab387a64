"""SQL of the operator's answers to outbound files."""

# The first waiting acceptance or refusal of a file that is out.
NEXT_ANSWER = """
select answer.sha256, answer.file_name, answer.file_sha256, answer.accepted, answer.reason,
  answer.entries as answer_entries, answer.debit_cents as answer_debit_cents,
  answer.credit_cents as answer_credit_cents, file.file_id, file.sha256 as recorded_sha256,
  file.entries, file.debit_cents, file.effective_on, file.state
from inbound_acknowledgement answer join bank_file file on file.name = answer.file_name
where answer.outcome = 'waiting' and answer.accepted = %(accepted)s
  and file.state not in ('planned', 'sealed')
order by file.file_id, answer.sha256
limit 1
"""

# Hold a file and its debits, in order of their ids; give the states that those are in.
HOLD_STATES = """
with held_file as materialized (
  select file_id from bank_file where file_id = %(file_id)s for update
), held as materialized (
  select debit.state
  from held_file join debit_entry entry using (file_id) join debit using (instruction_id)
  order by debit.instruction_id
  for update of debit
)
select coalesce(array_agg(distinct state), '{}') as states from held
"""

# The debits of a piece of a file that are still in it are acknowledged.
ACKNOWLEDGE_DEBITS = """
update debit set state = 'acknowledged'
from debit_entry entry
where entry.file_id = %(file_id)s and entry.position > %(behind)s
  and entry.position <= %(until)s and debit.instruction_id = entry.instruction_id
  and debit.state = 'in_file'
"""

# Tell the agency of the acknowledged debits of a piece of a file, in order, each once.
TELL_ACKNOWLEDGED = """
insert into event (sequence, event_id, kind, instruction_id, amount_cents, effective_on,
  trace_number, code, detail, recorded_at)
select %(last_sequence)s + row_number() over (order by entry.position),
  entry.instruction_id || ':' || entry.attempt || ':acknowledged', 'acknowledged',
  entry.instruction_id, debit.amount_cents, %(effective_on)s, entry.trace_number, '',
  %(file_name)s, %(recorded_at)s
from debit_entry entry join debit using (instruction_id)
where entry.file_id = %(file_id)s and entry.position > %(behind)s
  and entry.position <= %(until)s and debit.state = 'acknowledged'
  and not exists (
    select from event
    where event.event_id = entry.instruction_id || ':' || entry.attempt || ':acknowledged')
"""

# All debits of a refused file wait for another one.
TAKE_DEBITS_BACK = """
update debit set state = 'received'
from debit_entry entry
where entry.file_id = %(file_id)s and debit.instruction_id = entry.instruction_id
  and debit.state = 'in_file'
"""

# Keep the operator's answer to a file.
ANSWER_FILE = """
update bank_file set state = %(state)s, answered_at = %(answered_at)s
where file_id = %(file_id)s and state = 'released'
"""

# Keep what became of an acknowledgement.
SETTLE_ANSWER = """
update inbound_acknowledgement set outcome = %(outcome)s where sha256 = %(sha256)s
"""
