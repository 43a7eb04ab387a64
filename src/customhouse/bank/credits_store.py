"""SQL of the entries that others originated: kept once, told to the agency, shown to a person."""

# Keep the batches of a piece of a file.
ADD_BATCHES = """
insert into incoming_batch (sha256, position, header_record, sec_code, company_name,
  company_identification, entry_description, odfi, settled_on)
select %(sha256)s, * from unnest(%(positions)s::integer[], %(records)s::text[],
  %(sec_codes)s::text[], %(company_names)s::text[], %(company_identifications)s::text[],
  %(descriptions)s::text[], %(odfis)s::text[], %(settled_ons)s::date[])
returning position, batch_id
"""

# Keep the entries of a piece that were not delivered before, under whatever file name (C2), the
# first of those that are there twice. What has the trace number and the settlement date of another
# entry, in this piece too, is told apart by an ending.
ADD_ENTRIES = """
with given as (
  select distinct on (settled_on, trace_number, content) *
  from unnest(%(batch_ids)s::bigint[], %(base_ids)s::text[], %(kinds)s::text[],
    %(settled_ons)s::date[], %(trace_numbers)s::text[], %(contents)s::bytea[],
    %(transaction_codes)s::smallint[], %(amounts_cents)s::bigint[],
    %(identification_numbers)s::text[], %(addenda)s::text[], %(addenda_faults)s::text[])
    with ordinality as each (batch_id, base_id, kind, settled_on, trace_number, content,
      transaction_code, amount_cents, identification_number, addenda, addenda_fault, position)
  order by settled_on, trace_number, content, position
), before as materialized (
  select settled_on, trace_number, (
      select count(*) from incoming_entry known
      where known.settled_on = named.settled_on and known.trace_number = named.trace_number
    ) as count
  from (select distinct settled_on, trace_number from given) named
), new as (
  select given.*, before.count + row_number() over (
      partition by given.settled_on, given.trace_number order by given.position) as place
  from given join before using (settled_on, trace_number)
  where not exists (
    select from incoming_entry known
    where known.settled_on = given.settled_on and known.trace_number = given.trace_number
      and known.content = given.content)
)
insert into incoming_entry (batch_id, credit_id, kind, settled_on, trace_number, content,
  transaction_code, amount_cents, identification_number, addenda, addenda_count, addenda_fault)
select batch_id, base_id || case when place > 1 then '-' || place else '' end, kind, settled_on,
  trace_number, content, transaction_code, amount_cents, identification_number, addenda,
  length(addenda) / 80, addenda_fault
from new
order by position
returning settled_on, trace_number, content, entry_id
"""

# Begin the sequences, once.
BEGIN_CURSOR = """
insert into credit_cursor (last_sequence) values (0) on conflict (only_row) do nothing
"""

# Hold the cursor until commit: whoever tells next gives later sequences and commits later.
HOLD_CURSOR = """
select last_sequence from credit_cursor for update
"""

# Give the next sequences to entries whose settlement date has come.
TELL = """
with due as (
  select entry_id, row_number() over (order by settled_on, entry_id) as place
  from incoming_entry
  where sequence is null and kind <> 'returned' and settled_on <= %(on)s::date
  order by settled_on, entry_id limit %(most)s
)
update incoming_entry set sequence = %(last_sequence)s + due.place
from due where incoming_entry.entry_id = due.entry_id
"""

# Move the cursor by what was told.
MOVE_CURSOR = """
update credit_cursor set last_sequence = last_sequence + %(told)s
"""

# A page of entries behind a cursor, in order. It ends before the addenda are more than a page
# holds, but never before its first entry.
AFTER = """
with page as (
  select entry_id, sequence,
    sum(addenda_count) over (order by sequence) - addenda_count as before, addenda_count
  from (
    select entry_id, sequence, addenda_count from incoming_entry
    where sequence > %(after)s order by sequence limit %(most)s
  ) next
)
select entry.sequence, entry.credit_id, entry.kind, entry.amount_cents,
  entry.settled_on as collected_on, batch.sec_code, batch.odfi as originating_dfi,
  entry.trace_number, batch.company_name, batch.company_identification, batch.entry_description,
  entry.identification_number,
  case when entry.kind = 'debit_refused' then coalesce(back.return_code, '') else '' end as code,
  entry.addenda, entry.addenda_fault
from page
join incoming_entry entry using (entry_id)
join incoming_batch batch using (batch_id)
left join entry_return back on back.entry_id = entry.entry_id
where page.before = 0 or page.before + page.addenda_count <= %(most_addenda)s
order by entry.sequence
"""

# Raise an alarm for each bank of a file's entries that is not in the participant directory, where
# one is loaded (SEC-08); the ninth digit of a routing number follows from the first eight.
RAISE_FOR_UNKNOWN_BANKS = """
insert into alarm (kind, reference, sentence, raised_at)
select 'originator-unknown', batch.odfi || ' in ' || left(%(sha256)s, 16),
  'The originating bank ' || batch.odfi || ' is not in the participant directory; '
    || count(*) || ' of its entries came, the first is ' || min(entry.credit_id) || '.',
  %(raised_at)s
from incoming_batch batch join incoming_entry entry using (batch_id)
where batch.sha256 = %(sha256)s
  and exists (select from directory_load)
  and not exists (
    select from participant
    where participant.routing_number between batch.odfi || '0' and batch.odfi || '9')
group by batch.odfi
on conflict (kind, reference) do nothing
"""

# Raise an alarm for each debit in a file that is refused (failure C18). It names no code, which a
# file that comes later may change.
RAISE_FOR_DEBITS = """
insert into alarm (kind, reference, sentence, raised_at)
select 'debit-refused', entry.credit_id,
  'A debit to the agency''s account (trace ' || entry.trace_number || ', settling '
    || entry.settled_on || ') is refused and goes back; customhouse bank credits show '
    || entry.credit_id || ' tells with which code.',
  %(raised_at)s
from incoming_batch batch
join incoming_entry entry using (batch_id)
where batch.sha256 = %(sha256)s and entry.kind = 'debit_refused'
on conflict (kind, reference) do nothing
"""

# Entries of a settlement date, or those whose date has not come, in order.
CREDITS = """
select entry.credit_id, entry.kind, entry.settled_on, entry.amount_cents, batch.company_name,
  batch.odfi, batch.sec_code, entry.addenda_count, entry.sequence,
  coalesce(back.return_code, case when refused.entry_id is null then '' else 'R23' end)
    as return_code
from incoming_entry entry
join incoming_batch batch using (batch_id)
left join entry_return back using (entry_id)
left join credit_return refused using (entry_id)
where case when %(on)s::date is null then entry.sequence is null and entry.kind <> 'returned'
  else entry.settled_on = %(on)s::date end
order by entry.settled_on, entry.entry_id
limit %(most)s
"""

# One entry with its batch, its file and what became of it.
CREDIT = """
select entry.credit_id, entry.kind, entry.settled_on, entry.amount_cents, entry.transaction_code,
  entry.trace_number, entry.identification_number, entry.addenda, entry.sequence,
  entry.addenda_fault, batch.sec_code, batch.company_name, batch.company_identification,
  batch.entry_description, batch.odfi, file.name as file_name,
  coalesce(back.return_code, case when refused.entry_id is null then '' else 'R23' end)
    as return_code,
  coalesce(back.return_by, refused.return_by) as return_by, back.return_trace,
  answer.name as return_file, answer.state as return_state, refused.refused_on,
  refused.settled_on as returned_on
from incoming_entry entry
join incoming_batch batch using (batch_id)
join inbound_file file using (sha256)
left join entry_return back using (entry_id)
left join credit_return refused using (entry_id)
left join answer_file answer using (file_id)
where entry.credit_id = %(credit_id)s
"""
