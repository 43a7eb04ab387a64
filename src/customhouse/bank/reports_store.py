"""SQL of what the bank's own people may look at."""

# How many debits are in each state, and their cents.
DEBITS_BY_STATE = """
select state, count(*) as debits, sum(amount_cents)::bigint as amount_cents
from debit group by state order by state
"""

# Every file, newest first.
FILES = """
select name, created_on, effective_on, entries, debit_cents, state, sha256
from bank_file order by file_id desc limit %(most)s
"""

# What happened between two instants.
DAY_FIGURES = """
with bounds as (
  select %(from_instant)s::timestamptz as first, %(until_instant)s::timestamptz as over
), out as (
  select count(*) as files, coalesce(sum(entries), 0) as entries,
    coalesce(sum(debit_cents), 0) as cents
  from bank_file, bounds where released_at >= first and released_at < over
), taken as (
  select file.sha256, file.outcome from inbound_file file, bounds
  where received_at >= first and received_at < over
), items as (
  select item.kind, count(*) as items from inbound_item item join taken using (sha256)
  group by item.kind
), pushed as (
  select count(*) filter (where entry.kind = 'payment') as payments,
    coalesce(sum(entry.amount_cents) filter (where entry.kind = 'payment'), 0)::bigint as cents,
    count(*) filter (where entry.kind in ('debit_refused', 'returned')) as back
  from taken join incoming_batch batch using (sha256) join incoming_entry entry using (batch_id)
)
select out.files as files_out, out.entries::bigint as entries_out, out.cents::bigint as cents_out,
  (select count(*) from file_resend, bounds where resent_at >= first and resent_at < over)
    as files_resent,
  (select count(*) from bank_file, bounds where answered_at >= first and answered_at < over)
    as files_answered,
  (select count(*) from taken where outcome = 'taken') as files_taken,
  (select count(*) from taken where outcome = 'quarantined') as files_quarantined,
  coalesce((select items from items where kind = 'settled'), 0) as items_settled,
  coalesce((select items from items where kind = 'returned'), 0) as items_returned,
  coalesce((select items from items where kind = 'changed'), 0) as items_changed,
  pushed.payments as payments_pushed, pushed.cents as cents_pushed, pushed.back as entries_back,
  (select count(*) from alarm, bounds where raised_at >= first and raised_at < over)
    as alarms_raised,
  (select count(*) from alarm, bounds where cleared_at >= first and cleared_at < over)
    as alarms_cleared
from out, pushed
"""
