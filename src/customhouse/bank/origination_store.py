"""SQL of origination: choosing instructions, numbering files and traces, the states of a file."""

# Whether any debit is due for a file.
ANY_WAITING = """
select exists (
  select from debit where state = 'received' and debit_on <= %(effective_on)s
) as waiting
"""

# Begin the file ids of an origin and date, once.
BEGIN_SERIES = """
insert into file_series (origin, created_on, first_time, files_used)
values (%(origin)s, %(created_on)s, %(first_time)s, 0)
on conflict (origin, created_on) do nothing
"""

# Take the next file id of an origin and date; the row is held until commit.
TAKE_FILE_ID = """
update file_series set files_used = files_used + 1
where origin = %(origin)s and created_on = %(created_on)s
returning first_time, files_used
"""

# Begin the traces of an ODFI, once.
BEGIN_TRACES = """
insert into trace_sequence (odfi, last_sequence) values (%(odfi)s, 0)
on conflict (odfi) do nothing
"""

# Hold the last trace sequence of an ODFI.
HOLD_TRACES = """
select last_sequence from trace_sequence where odfi = %(odfi)s for update
"""

# Keep the last trace sequence that was given out.
KEEP_TRACES = """
update trace_sequence set last_sequence = %(last_sequence)s where odfi = %(odfi)s
"""

# Make one file of the debits that are due, in order of arrival: as many as fit by number and by
# total (failure C11), in places from 1 and with rising traces, which begin again when they would
# wrap inside the file. Debits that somebody else holds are left. Nothing comes back when none is.
PLAN_FILE = """
with held as materialized (
  select debit.instruction_id, debit.amount_cents, debit.attempt, debit.received_at,
    payer_unit.account_token
  from debit join payer_unit using (payer_unit_number)
  where debit.state = 'received' and debit.debit_on <= %(effective_on)s
    and not exists (
      select from payer_unit_standing standing
      where standing.payer_unit_number = debit.payer_unit_number and standing.suspended)
    and not exists (
      select from prenote
      where prenote.payer_unit_number = debit.payer_unit_number and prenote.state <> 'matured')
  order by debit.received_at, debit.instruction_id
  limit %(most_entries)s
  for update of debit skip locked
), placed as materialized (
  select *, row_number() over arrival as position, sum(amount_cents) over arrival as total_cents
  from held window arrival as (order by received_at, instruction_id)
), fitting as materialized (
  select * from placed where total_cents <= %(most_cents)s
), new_file as (
  insert into bank_file (name, origin, created_on, created_time, file_id_modifier, effective_on,
    entries, debit_cents, state, planned_at)
  select %(name)s, %(origin)s, %(created_on)s, %(created_time)s, %(file_id_modifier)s,
    %(effective_on)s, count(*), sum(amount_cents), 'planned', %(planned_at)s
  from fitting having count(*) > 0
  returning file_id, entries
), traced as (
  select file_id, entries,
    case when %(last_sequence)s + entries <= %(highest_sequence)s then %(last_sequence)s else 0
    end as behind
  from new_file
), added as (
  insert into debit_entry (file_id, position, instruction_id, attempt, account_token, trace_number)
  select traced.file_id, position, instruction_id, attempt + 1, account_token,
    %(odfi)s || lpad((behind + position)::text, 7, '0')
  from fitting cross join traced
), moved as (
  update debit set state = 'in_file', attempt = debit.attempt + 1
  from fitting where debit.instruction_id = fitting.instruction_id
  returning 1
)
select file_id, entries, behind + entries as last_sequence,
  (select count(*) from moved) as moved
from traced
"""

# Files that are not released yet, in order.
UNRELEASED = """
select file_id, name, origin, created_on, created_time, file_id_modifier, effective_on, entries,
  debit_cents, state, sha256, purpose
from bank_file where state in ('planned', 'sealed') order by file_id
"""

# A piece of a file's entries, in order.
ENTRIES = """
select entry.account_token, entry.trace_number, debit.statement_number, debit.amount_cents
from debit_entry entry join debit using (instruction_id)
where entry.file_id = %(file_id)s and entry.position > %(behind)s
  and entry.position <= %(until)s
order by entry.position
"""

# Record the digest of a file's bytes, once.
SEAL = """
update bank_file set state = 'sealed', sha256 = %(sha256)s, sealed_at = %(sealed_at)s
where file_id = %(file_id)s and state = 'planned'
"""

# Record that a file is out.
RELEASE = """
update bank_file set state = 'released', released_at = %(released_at)s
where file_id = %(file_id)s and state = 'sealed'
"""

# Tell the agency of a piece of a file's entries that they are in it, in order, each once.
TELL_IN_FILE = """
insert into event (sequence, event_id, kind, instruction_id, amount_cents, effective_on,
  trace_number, code, detail, recorded_at)
select %(last_sequence)s + row_number() over (order by entry.position),
  entry.instruction_id || ':' || entry.attempt || ':in_file', 'in_file', entry.instruction_id,
  debit.amount_cents, %(effective_on)s, entry.trace_number, '', %(name)s, %(recorded_at)s
from debit_entry entry join debit using (instruction_id)
where entry.file_id = %(file_id)s and entry.position > %(behind)s
  and entry.position <= %(until)s
  and not exists (
    select from event
    where event.event_id = entry.instruction_id || ':' || entry.attempt || ':in_file')
"""
