"""SQL of what people see of statements."""

# One statement by number, if it is one of these filers', with its latest attempt that was not
# negated.
SUMMARY = """
select s.filer_code, s.statement_number as number, s.state, s.payment_type, s.importer_number,
       s.print_date, s.due_on, s.processing_port, s.client_branch, s.total_cents,
       s.preliminary_cents, s.attempts,
       a.state as attempt_state, a.accepted_on, a.debit_on, a.settled_on, a.return_code, s.final_on,
       s.paid_on, s.paid_known_on,
       (select coalesce(sum(p.amount_cents), 0)::bigint from credit_part p
        where p.filer_code = s.filer_code and p.statement_number = s.statement_number
          and p.state = 'unapplied') as waiting_cents
from statement s
left join lateral (
  select * from authorization_attempt b
  where b.filer_code = s.filer_code and b.statement_number = s.statement_number
    and b.state <> 'negated'
  order by b.attempt desc limit 1
) as a on true
where s.filer_code = any(%(filer_codes)s) and s.statement_number = %(number)s
order by s.filer_code
limit 1
"""

# The lines of a statement in printed order.
LINES = """
select entry_number, importer_number, amount_cents, removed_on, removed_source
from statement_entry
where filer_code = %(filer_code)s and statement_number = %(number)s
order by line_number
"""

# The attempts of a statement, first to last, each with the day its final statement was sent. A
# final goes out on a later day than the acceptance and no later than the day of the next one; it
# stands in the outbox in a message of that filer and day, which the natural key begins with. What
# ACH Credit paid has its final from a later day than every attempt's.
ATTEMPTS = """
select a.attempt, a.state, a.payer_unit_number, a.amount_cents, a.accepted_on, a.debit_on,
       a.settled_on, a.returned_on, a.return_code, a.trace_number, a.negated_on,
       a.debit_on_chosen,
       (select max(o.created_on)
        from sender
        join abi_outbox o on o.sender_id = sender.sender_id
         and o.natural_key > 'F/' || a.filer_code || '/' || to_char(a.accepted_on, 'YYYY-MM-DD')
         and o.natural_key < 'F/' || a.filer_code || '/' || coalesce(
               to_char(coalesce(later.accepted_on + 1, case when s.paid_on is null
                                                         then s.final_on + 1
                                                         else s.final_on end), 'YYYY-MM-DD'),
               '9999')
        where o.created_on > a.accepted_on
          and o.content ~ ('\\nB[^\\n]{12}' || a.statement_number)) as receipt_on
from authorization_attempt a
join statement s using (filer_code, statement_number)
left join authorization_attempt later
  on later.filer_code = a.filer_code and later.statement_number = a.statement_number
 and later.attempt = a.attempt + 1
where a.filer_code = %(filer_code)s and a.statement_number = %(number)s
order by a.attempt
"""
