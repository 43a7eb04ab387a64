"""SQL of what people see of statements."""

# The filers a signed-in user may see.
FILERS_OF_USER = (
    "select filer_code from user_filer where username = %(username)s order by filer_code"
)

# Statements of some filers, newest first, or one of them by number, with the latest attempt.
SUMMARIES = """
select s.filer_code, s.statement_number as number, s.state, s.payment_type, s.importer_number,
       s.print_date, s.processing_port, s.total_cents, s.preliminary_cents, s.attempts,
       a.accepted_on, a.debit_on, a.settled_on, a.return_code, s.final_on
from statement s
left join authorization_attempt a
  on a.filer_code = s.filer_code and a.statement_number = s.statement_number
 and a.attempt = s.attempts
where s.filer_code = any(%(filer_codes)s)
  and (%(number)s::text is null or s.statement_number = %(number)s)
order by s.print_date desc, s.filer_code, s.statement_number
limit %(limit)s
"""

# The lines of a statement in printed order.
LINES = """
select entry_number, importer_number, amount_cents, removed_on, removed_source
from statement_entry
where filer_code = %(filer_code)s and statement_number = %(number)s
order by line_number
"""

# The attempts of a statement, first to last.
ATTEMPTS = """
select attempt, state, payer_unit_number, amount_cents, accepted_on, debit_on, settled_on,
       returned_on, return_code, trace_number
from authorization_attempt
where filer_code = %(filer_code)s and statement_number = %(number)s
order by attempt
"""

# Notices of some filers, newest first, or those about one statement.
NOTICES = """
select filer_code, statement_number, kind, text, created_on
from notice
where filer_code = any(%(filer_codes)s)
  and (%(number)s::text is null or statement_number = %(number)s)
order by created_on desc, notice_id desc
limit %(limit)s
"""
