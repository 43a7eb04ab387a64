"""SQL of the entries that this bank sends back: kept sealed, put into files, watched."""

# Keep sealed entries that go back; their amounts are those of the entries. None is kept under a key
# that has been destroyed since it was read.
ADD = """
insert into entry_return (entry_id, entry_token, key_version, wrapped_key, sealed_record,
  return_code, debit_cents, credit_cents, return_by)
select * from unnest(%(entry_ids)s::bigint[], %(tokens)s::text[], %(key_versions)s::integer[],
  %(wrapped_keys)s::bytea[], %(sealed)s::bytea[], %(return_codes)s::text[],
  %(debits_cents)s::bigint[], %(credits_cents)s::bigint[], %(return_bys)s::date[])
where not exists (select from retired_key where key_version = any(%(key_versions)s::integer[]))
"""

# Say of each reversal that is in no file yet and that nobody was told of whether there is a credit
# of the same company and amount that it could reverse; since is by settlement date the first day of
# such a credit.
JUDGE_REVERSALS = """
with judged as (
  select entry.entry_id, case when exists (
      select from incoming_entry credit join incoming_batch of_credit using (batch_id)
      where credit.kind = 'payment' and credit.amount_cents = entry.amount_cents
        and credit.settled_on between window_of.since and entry.settled_on
        and of_credit.company_identification = batch.company_identification)
    then %(not_authorized)s else %(improper)s end as code
  from entry_return back
  join incoming_entry entry using (entry_id)
  join incoming_batch batch using (batch_id)
  join unnest(%(settled_ons)s::date[], %(sinces)s::date[]) as window_of (settled_on, since)
    on window_of.settled_on = entry.settled_on
  where back.file_id is null and entry.kind = 'debit_refused' and entry.sequence is null
    and batch.entry_description = %(reversal)s
)
update entry_return set return_code = judged.code
from judged
where entry_return.entry_id = judged.entry_id and entry_return.return_code <> judged.code
"""

# The settlement dates of such reversals.
REVERSAL_DATES = """
select distinct entry.settled_on
from entry_return back
join incoming_entry entry using (entry_id)
join incoming_batch batch using (batch_id)
where back.file_id is null and entry.kind = 'debit_refused' and entry.sequence is null
  and batch.entry_description = %(reversal)s
"""

# Entries that are to go back and are in no file yet, held; those of one batch follow each other.
HOLD = """
select back.entry_id, back.debit_cents, back.credit_cents
from entry_return back join incoming_entry entry using (entry_id)
where back.file_id is null
order by entry.batch_id, back.entry_id limit %(most)s
for update of back
"""

# Put them into a planned file.
PLACE = """
update entry_return set file_id = %(file_id)s, position = new.position,
  return_trace = new.trace
from unnest(%(ids)s::bigint[], %(positions)s::integer[], %(traces)s::text[])
  as new (entry_id, position, trace)
where entry_return.entry_id = new.entry_id and entry_return.file_id is null
"""

# The entries of a refused file go out in another one.
TAKE_BACK = """
update entry_return set file_id = null, position = null, return_trace = null
where file_id = %(file_id)s and answered_at is null
"""

# The operator has the entries of a file.
ANSWER = """
update entry_return set answered_at = %(at)s where file_id = %(file_id)s and answered_at is null
"""

# The entries of a file of returns, in order, with the headers of their batches.
ENTRIES = """
select back.position, back.return_trace as trace, back.return_code as code,
  entry.batch_id, batch.header_record, back.entry_token as token, back.key_version,
  back.wrapped_key, back.sealed_record as sealed
from entry_return back
join incoming_entry entry using (entry_id)
join incoming_batch batch using (batch_id)
where back.file_id = %(file_id)s order by back.position
"""

# Raise an alarm for each entry whose return the operator has not taken though its time is nearly
# over, or is over.
RAISE_FOR_DEADLINES = """
insert into alarm (kind, reference, sentence, raised_at)
select case when back.return_by > %(on)s::date then 'entry-return-due' else 'entry-return-late' end,
  entry.credit_id,
  'The return ' || back.return_code || ' of the entry with trace ' || entry.trace_number
    || ' has to be at its bank by the opening of ' || back.return_by
    || ', and the operator has not acknowledged it.',
  %(raised_at)s
from entry_return back join incoming_entry entry using (entry_id)
where back.answered_at is null and back.return_by <= %(near)s::date
on conflict (kind, reference) do nothing
"""

# Raise an alarm for each return of ours that another bank dishonors, once; it is kept as it came.
RAISE_FOR_DISHONORED = """
insert into alarm (kind, reference, sentence, raised_at)
select 'entry-return-dishonored', 'item ' || item.item_id,
  'The return of the entry with trace ' || item.trace_number || ' is dishonored ' || item.code
    || ', settling ' || item.dated_on || '.', %(raised_at)s
from inbound_item item where item.kind = 'dishonored' and item.outcome = 'waiting'
on conflict (kind, reference) do nothing
"""

# Clear those alarms once the operator has the return.
CLEAR_DEADLINES = """
update alarm set cleared_at = %(cleared_at)s
from incoming_entry entry join entry_return back using (entry_id)
where alarm.kind in ('entry-return-due', 'entry-return-late') and alarm.cleared_at is null
  and alarm.reference = entry.credit_id and back.answered_at is not null
"""
