"""SQL of a filer's list of statements as its programs read it: in number order, page by page."""

# The numbers of one page of a filer's statements after a number.
NUMBERS = """
select statement_number from statement
where filer_code = %(filer_code)s
  and (%(after)s::text is null or statement_number > %(after)s)
  and (%(state)s::text is null or state = %(state)s)
  and (%(due_until)s::date is null or due_on <= %(due_until)s)
order by statement_number
limit %(limit)s
"""

# The same of those that nobody has authorized: the few among very many, which have an index.
UNPAID_NUMBERS = """
select statement_number from statement
where filer_code = %(filer_code)s and state = 'preliminary'
  and (%(after)s::text is null or statement_number > %(after)s)
  and (%(due_until)s::date is null or due_on <= %(due_until)s)
order by statement_number
limit %(limit)s
"""

# Statements by number, each with its latest attempt; one that ACH Credit paid has none that counts.
STATEMENTS = """
select s.statement_number, s.state, s.payment_type, s.importer_number, s.processing_port,
       s.print_date, s.due_on, s.preliminary_cents, s.total_cents, s.attempts,
       a.state as attempt_state, a.payer_unit_number, a.accepted_on, a.debit_on, a.settled_on,
       a.return_code, s.paid_on,
       (select coalesce(sum(p.amount_cents), 0)::bigint from credit_part p
        where p.filer_code = s.filer_code and p.statement_number = s.statement_number
          and p.state = 'unapplied') as waiting_cents
from statement s
left join authorization_attempt a
  on a.filer_code = s.filer_code and a.statement_number = s.statement_number
 and a.attempt = s.attempts and s.paid_on is null
where s.filer_code = %(filer_code)s and s.statement_number = any(%(numbers)s)
order by s.statement_number
"""
