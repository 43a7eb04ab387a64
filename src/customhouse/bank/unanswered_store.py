"""SQL of files that nobody answers."""

# Raise an alarm for each file without an answer since an instant, once. A file of which a debit has
# settled or come back was plainly processed.
RAISE_FOR_UNANSWERED = """
insert into alarm (kind, reference, sentence, raised_at)
select 'answer-missing', name,
  'The operator has not answered ' || name || '. Ask it, then: customhouse bank resend ' || name,
  %(raised_at)s
from bank_file
where state = 'released' and released_at <= %(silent_since)s
  and not exists (
    select from file_resend
    where file_resend.file_id = bank_file.file_id and resent_at > %(silent_since)s)
  and not exists (
    select from debit_entry join debit using (instruction_id)
    where debit_entry.file_id = bank_file.file_id and debit.state <> 'in_file')
order by file_id
on conflict (kind, reference) do nothing
"""

# Raise an alarm for each file of answers to receiving banks that is silent since an instant, once.
# One whose dishonored return is contested was plainly passed on.
RAISE_FOR_ANSWERS = """
insert into alarm (kind, reference, sentence, raised_at)
select 'answer-missing', name,
  'The operator has not answered ' || name || '. Ask it: nothing in it is over until it does.',
  %(raised_at)s
from answer_file file where state = 'released' and released_at <= %(silent_since)s
  and not exists (select from dispute
    where dispute.file_id = file.file_id and dispute.contest_item_id is not null)
order by file_id
on conflict (kind, reference) do nothing
"""

# Clear the alarms of such files that have their answer, or of which a return is contested.
CLEAR_ANSWERS = """
update alarm set cleared_at = %(cleared_at)s
from answer_file file
where alarm.kind = 'answer-missing' and alarm.cleared_at is null
  and alarm.reference = file.name and (file.state in ('acknowledged', 'rejected')
    or exists (select from dispute
      where dispute.file_id = file.file_id and dispute.contest_item_id is not null))
"""

# Clear the alarms of files that have their answer, or of which a debit has got further.
CLEAR_ANSWERED = """
update alarm set cleared_at = %(cleared_at)s
from bank_file
where alarm.kind = 'answer-missing' and alarm.cleared_at is null
  and alarm.reference = bank_file.name
  and (bank_file.state in ('acknowledged', 'rejected')
    or exists (
      select from debit_entry join debit using (instruction_id)
      where debit_entry.file_id = bank_file.file_id and debit.state <> 'in_file'))
"""

# One file by its name.
FILE = """
select file_id, name, origin, created_on, created_time, file_id_modifier, effective_on, entries,
  debit_cents, state, sha256, purpose
from bank_file where name = %(name)s
"""

# Record that a file is about to be delivered once more.
RECORD_RESEND = """
insert into file_resend (file_id, resent_at, resent_by)
values (%(file_id)s, %(resent_at)s, %(resent_by)s)
on conflict (file_id, resent_at) do nothing
"""
