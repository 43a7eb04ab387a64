"""SQL of origination: choosing instructions, numbering files and traces, the states of a file."""

# Debits that are due for a file, in order of arrival; those that somebody else holds are left.
HOLD_WAITING = """
select debit.instruction_id, debit.amount_cents, debit.attempt, payer_unit.account_token
from debit join payer_unit using (payer_unit_number)
where debit.state = 'received' and debit.debit_on <= %(effective_on)s
order by debit.received_at, debit.instruction_id
limit %(most)s
for update of debit skip locked
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

# Plan a file.
ADD_FILE = """
insert into bank_file (name, origin, created_on, created_time, file_id_modifier, effective_on,
  entries, debit_cents, state, planned_at)
values (%(name)s, %(origin)s, %(created_on)s, %(created_time)s, %(file_id_modifier)s,
  %(effective_on)s, %(entries)s, %(debit_cents)s, 'planned', %(planned_at)s)
returning file_id
"""

# Put entries into a planned file, in order.
ADD_ENTRIES = """
insert into debit_entry (file_id, position, instruction_id, attempt, account_token, trace_number)
select %(file_id)s, new.position, new.instruction_id, new.attempt, new.account_token,
  new.trace_number
from unnest(%(positions)s::integer[], %(instruction_ids)s::text[], %(attempts)s::integer[],
  %(account_tokens)s::text[], %(trace_numbers)s::text[])
  as new (position, instruction_id, attempt, account_token, trace_number)
"""

# Their instructions are now in a file, with one attempt more.
MARK_IN_FILE = """
update debit set state = 'in_file', attempt = attempt + 1
where instruction_id = any(%(instruction_ids)s) and state = 'received'
"""

# Files that are not released yet, in order.
UNRELEASED = """
select file_id, name, origin, created_on, created_time, file_id_modifier, effective_on, entries,
  debit_cents, state, sha256
from bank_file where state in ('planned', 'sealed') order by file_id
"""

# A piece of a file's entries, in order.
ENTRIES = """
select entry.position, entry.account_token, entry.trace_number, debit.statement_number,
  debit.amount_cents
from debit_entry entry join debit using (instruction_id)
where entry.file_id = %(file_id)s and entry.position > %(behind)s
order by entry.position limit %(most)s
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

# What each entry of a released file is reported as.
RELEASED_ENTRIES = """
select debit.instruction_id, entry.attempt, debit.amount_cents, entry.trace_number
from debit_entry entry join debit using (instruction_id)
where entry.file_id = %(file_id)s order by entry.position
"""
