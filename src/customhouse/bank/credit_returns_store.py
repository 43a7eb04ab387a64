"""SQL of the credits that the agency refuses: taken once, made into returns, told when settled."""

# What is known of an entry that the agency refuses; it may have been refused before.
FIND = """
select entry.entry_id, entry.kind, entry.amount_cents, entry.settled_on,
  entry.sequence is not null as is_told, refused.entry_id is not null as is_refused
from incoming_entry entry left join credit_return refused using (entry_id)
where entry.credit_id = %(credit_id)s
"""

# Keep that an entry is refused, once.
ADD = """
insert into credit_return (entry_id, amount_cents, refused_on, return_by, taken_at)
values (%(entry_id)s, %(amount_cents)s, %(refused_on)s, %(return_by)s, %(taken_at)s)
on conflict (entry_id) do nothing
"""

# Files whose refused entries are no returns yet, in order.
FILES = """
select distinct batch.sha256
from credit_return refused
join incoming_entry entry using (entry_id)
join incoming_batch batch using (batch_id)
where refused.sequence is null
  and not exists (select from entry_return back where back.entry_id = refused.entry_id)
order by batch.sha256
"""

# Refused entries of a file that are no returns yet, held.
HOLD = """
select entry.entry_id, batch.position, entry.trace_number, entry.content, refused.return_by
from credit_return refused
join incoming_entry entry using (entry_id)
join incoming_batch batch using (batch_id)
where refused.sequence is null and batch.sha256 = %(sha256)s
  and not exists (select from entry_return back where back.entry_id = refused.entry_id)
order by entry.entry_id limit %(most)s
for update of refused
"""

# Returns of refused credits that the operator has and the agency has not heard of, held; the day
# on which their file was made.
HOLD_ANSWERED = """
select refused.entry_id, file.created_on
from credit_return refused
join entry_return back using (entry_id)
join answer_file file on file.file_id = back.file_id
where refused.sequence is null and back.answered_at is not null
  and file.created_on < %(on)s::date
order by file.created_on, refused.entry_id limit %(most)s
for update of refused
"""

# The last news that was told.
LAST_SEQUENCE = "select coalesce(max(sequence), 0) from credit_return"

# Tell of returns that settled.
TELL = """
update credit_return refused set sequence = new.sequence, settled_on = new.settled_on
from unnest(%(entry_ids)s::bigint[], %(sequences)s::bigint[], %(settled_ons)s::date[])
  as new (entry_id, sequence, settled_on)
where refused.entry_id = new.entry_id and refused.sequence is null
"""

# A page of returns that settled behind a cursor, in order.
AFTER = """
select refused.sequence, entry.credit_id, refused.amount_cents, refused.settled_on,
  back.return_trace as trace_number
from credit_return refused
join incoming_entry entry using (entry_id)
join entry_return back using (entry_id)
where refused.sequence > %(after)s
order by refused.sequence limit %(most)s
"""
