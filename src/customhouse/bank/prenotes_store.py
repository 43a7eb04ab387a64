"""SQL of prenotes: asked for at binding, put into files, matured or answered."""

# Begin the sequences, once.
BEGIN_CURSOR = """
insert into prenote_cursor (last_sequence) values (0) on conflict (only_row) do nothing
"""

# Hold the cursor until commit.
HOLD_CURSOR = """
select last_sequence from prenote_cursor for update
"""

# Move the cursor by what was changed.
MOVE_CURSOR = """
update prenote_cursor set last_sequence = last_sequence + %(changed)s
"""

# Ask for a prenote to the account of a unit, once.
ASK = """
insert into prenote (payer_unit_number, account_token, state, sequence, changed_at)
values (%(payer_unit_number)s, %(account_token)s, 'asked', %(last_sequence)s + 1, %(changed_at)s)
on conflict (payer_unit_number) do nothing
"""

# Ask for another one, to another account.
RENEW = """
update prenote
set account_token = %(account_token)s, state = 'asked', matures_on = null, code = '',
  answered_on = null, sequence = %(last_sequence)s + 1, changed_at = %(changed_at)s
where payer_unit_number = %(payer_unit_number)s
"""

# One prenote.
PRENOTE = """
select payer_unit_number, state, matures_on, code, sequence from prenote
where payer_unit_number = %(payer_unit_number)s
"""

# The prenotes that changed behind a sequence, in order.
AFTER = """
select payer_unit_number, state, matures_on, code, sequence from prenote
where sequence > %(after)s order by sequence limit %(most)s
"""

# Prenotes whose file was refused by the operator wait for another one.
ASK_AGAIN = """
with again as (
  select prenote.payer_unit_number, row_number() over (order by prenote.payer_unit_number) as n
  from prenote join prenote_entry entry using (payer_unit_number, attempt)
    join bank_file file using (file_id)
  where prenote.state = 'sent' and file.state = 'rejected'
)
update prenote set state = 'asked', matures_on = null,
  sequence = %(last_sequence)s + again.n, changed_at = %(changed_at)s
from again where prenote.payer_unit_number = again.payer_unit_number
"""

# The prenotes of a file that is delivered once more mature later.
PUT_OFF = """
with later as (
  select prenote.payer_unit_number, row_number() over (order by prenote.payer_unit_number) as n
  from prenote join prenote_entry entry using (payer_unit_number, attempt)
  where entry.file_id = %(file_id)s and prenote.state = 'sent'
    and prenote.matures_on < %(matures_on)s
)
update prenote set matures_on = %(matures_on)s,
  sequence = %(last_sequence)s + later.n, changed_at = %(changed_at)s
from later where prenote.payer_unit_number = later.payer_unit_number
"""

# Whether any prenote waits for a file.
ANY_WAITING = """
select exists (select from prenote where state = 'asked') as waiting
"""

# Make one file of the prenotes that wait, in order of their units, with rising traces, which begin
# again when they would wrap inside the file.
PLAN_FILE = """
with held as materialized (
  select payer_unit_number, account_token, attempt + 1 as attempt from prenote
  where state = 'asked' order by payer_unit_number limit %(most_entries)s for update
), placed as materialized (
  select *, row_number() over (order by payer_unit_number) as position from held
), new_file as (
  insert into bank_file (name, origin, created_on, created_time, file_id_modifier, effective_on,
    entries, debit_cents, state, planned_at, purpose)
  select %(name)s, %(origin)s, %(created_on)s, %(created_time)s, %(file_id_modifier)s,
    %(effective_on)s, count(*), 0, 'planned', %(planned_at)s, 'prenotes'
  from placed having count(*) > 0
  returning file_id, entries
), traced as (
  select file_id, entries,
    case when %(last_sequence)s + entries <= %(highest_sequence)s then %(last_sequence)s else 0
    end as behind
  from new_file
), added as (
  insert into prenote_entry (file_id, position, payer_unit_number, attempt, account_token,
    trace_number)
  select traced.file_id, position, payer_unit_number, attempt, account_token,
    %(odfi)s || lpad((behind + position)::text, 7, '0')
  from placed cross join traced
), moved as (
  update prenote set state = 'sent', attempt = placed.attempt, matures_on = %(matures_on)s,
    sequence = %(last_news)s + placed.position, changed_at = %(planned_at)s
  from placed where prenote.payer_unit_number = placed.payer_unit_number
  returning 1
)
select entries, behind + entries as last_sequence, (select count(*) from moved) as moved
from traced
"""

# A piece of a file's prenotes, in order.
ENTRIES = """
select account_token, trace_number from prenote_entry
where file_id = %(file_id)s and position > %(behind)s and position <= %(until)s
order by position
"""

# Prenotes mature whose day is next, unless the operator has not taken their file.
MATURE = """
with ripe as (
  select prenote.payer_unit_number, row_number() over (order by prenote.payer_unit_number) as n
  from prenote join prenote_entry entry using (payer_unit_number, attempt)
    join bank_file file using (file_id)
  where prenote.state = 'sent' and prenote.matures_on <= %(ripe_on)s
    and file.state = 'acknowledged'
)
update prenote set state = 'matured', sequence = %(last_sequence)s + ripe.n,
  changed_at = %(changed_at)s
from ripe where prenote.payer_unit_number = ripe.payer_unit_number
"""

# Waiting items that answer a prenote: its trace is in no later file of debits. Held.
HOLD_ANSWERS = """
select item.item_id, item.kind, item.code, item.dated_on, item.amount_cents,
  prenote.payer_unit_number, prenote.state, prenote.attempt, entry.attempt as entry_attempt,
  entry.account_token <> prenote.account_token as replaced
from inbound_item item
join lateral (
  select prenote_entry.payer_unit_number, prenote_entry.attempt, prenote_entry.file_id,
    prenote_entry.account_token
  from prenote_entry join bank_file file using (file_id)
  where prenote_entry.trace_number = item.trace_number and file.created_on <= item.dated_on
    and file.state in ('released', 'acknowledged', 'rejected')
  order by prenote_entry.file_id desc limit 1
) entry on true
join prenote on prenote.payer_unit_number = entry.payer_unit_number
where item.outcome = 'waiting' and item.kind in ('returned', 'changed')
  and not exists (
    select from debit_entry later
    where later.trace_number = item.trace_number and later.file_id > entry.file_id)
order by item.item_id
limit %(most)s
for update of prenote
"""

# Keep what became of the items; what they are about is named like an instruction.
SETTLE_ITEMS = """
update inbound_item set outcome = new.outcome, instruction_id = new.subject
from unnest(%(item_ids)s::bigint[], %(outcomes)s::text[], %(subjects)s::text[])
  as new (item_id, outcome, subject)
where inbound_item.item_id = new.item_id
"""

# Prenotes that came back: their accounts are not used any more (failure C19).
FAIL = """
update prenote set state = 'failed', code = new.code, answered_on = new.answered_on,
  sequence = %(last_sequence)s + new.n, changed_at = %(changed_at)s
from unnest(%(units)s::text[], %(codes)s::text[], %(answered_ons)s::date[])
  with ordinality as new (payer_unit_number, code, answered_on, n)
where prenote.payer_unit_number = new.payer_unit_number
"""

# Debits that wait although the prenote of their unit came back, held, in order of their ids.
HOLD_UNUSABLE = """
select debit.instruction_id, debit.payer_unit_number, debit.amount_cents
from debit join prenote using (payer_unit_number)
where debit.state = 'received' and prenote.state = 'failed'
order by debit.instruction_id
limit %(most)s
for update of debit
"""

# How many prenotes are in each state.
BY_STATE = """
select state, count(*) as prenotes from prenote group by state order by state
"""
