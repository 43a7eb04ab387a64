"""SQL of what moved on the agency's account at the bank on a day.

A debit that came back before it settled moved nothing: its settlement is told under the same key.
"""

# The lines of a day behind a line, in the order of their ids.
LINES = """
select line_id, kind, amount_cents, direction, reference, statement_number, trace_number,
  company_name, settled_on
from (
  (select 'credit:' || entry.credit_id as line_id, 'credit_received' as kind, entry.amount_cents,
     'credit' as direction, entry.credit_id as reference, '' as statement_number,
     entry.trace_number, batch.company_name, entry.settled_on
   from incoming_entry entry join incoming_batch batch using (batch_id)
   where entry.settled_on = %(on)s::date and entry.kind = 'payment' and entry.sequence is not null)
  union all
  (select 'return:' || entry.credit_id, 'credit_returned', refused.amount_cents, 'debit',
     entry.credit_id, '', back.return_trace, batch.company_name, refused.settled_on
   from credit_return refused
   join incoming_entry entry using (entry_id)
   join incoming_batch batch using (batch_id)
   join entry_return back using (entry_id)
   where refused.settled_on = %(on)s::date)
  union all
  (select 'debit:' || event.event_id,
     case event.kind when 'settled' then 'debit_settled' when 'returned' then 'debit_returned'
       else event.kind end,
     event.amount_cents,
     case when event.kind in ('settled', 'dispute_won') then 'credit' else 'debit' end,
     event.instruction_id, debit.statement_number, event.trace_number, '', event.effective_on
   from event join debit using (instruction_id)
   where event.effective_on = %(on)s::date
     and event.kind in ('settled', 'returned', 'return_disputed', 'dispute_won')
     and (event.kind <> 'returned' or exists (
       select from event settled
       where settled.event_id = regexp_replace(event.event_id, ':[a-z_]+$', ':settled'))))
) moved
where line_id collate "C" > %(after)s collate "C"
order by line_id collate "C"
limit %(most)s
"""

# What a day's lines add up to.
TOTALS = """
select count(*) as lines,
  coalesce(sum(amount_cents) filter (where is_credit), 0)::bigint as credit_cents,
  coalesce(sum(amount_cents) filter (where not is_credit), 0)::bigint as debit_cents
from (
  (select amount_cents, true as is_credit from incoming_entry
   where settled_on = %(on)s::date and kind = 'payment' and sequence is not null)
  union all
  (select amount_cents, false from credit_return where settled_on = %(on)s::date)
  union all
  (select event.amount_cents, event.kind in ('settled', 'dispute_won')
   from event
   where event.effective_on = %(on)s::date
     and event.kind in ('settled', 'returned', 'return_disputed', 'dispute_won')
     and (event.kind <> 'returned' or exists (
       select from event settled
       where settled.event_id = regexp_replace(event.event_id, ':[a-z_]+$', ':settled'))))
) moved
"""
