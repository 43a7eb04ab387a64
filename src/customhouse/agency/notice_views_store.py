"""SQL of the notices that people see, each with what became of its debit since."""

# Notices of some filers, newest first: all of them, those about one statement, only the current
# ones or only the others. The bank event that a notice tells of names the attempt. A returned or
# refused debit is current while no later attempt was made and the statement is open; a change is
# news from ``news_since`` on.
NOTICES = """
select filer_code, statement_number, kind, text, created_on, is_current, return_code,
       statement_state, later_state, later_accepted_on, later_debit_on, later_settled_on,
       later_returned_on
from (
  select n.filer_code, n.notice_id, n.statement_number, n.kind, n.text, n.created_on,
         case when n.kind = 'change-notified' then n.created_on >= %(news_since)s::date
              else coalesce(s.state = 'preliminary'
                            and coalesce(a.attempt, s.attempts) = s.attempts, false)
         end as is_current,
         a.return_code, s.state as statement_state,
         later.state as later_state, later.accepted_on as later_accepted_on,
         later.debit_on as later_debit_on, later.settled_on as later_settled_on,
         later.returned_on as later_returned_on
  from notice n
  left join statement s using (filer_code, statement_number)
  left join bank_event e on e.event_id = n.natural_key
  left join authorization_attempt a
    on a.filer_code = n.filer_code and a.instruction_id = e.body ->> 'instruction_id'
  left join authorization_attempt later
    on later.filer_code = a.filer_code and later.statement_number = a.statement_number
   and later.attempt = a.attempt + 1
  where n.filer_code = any(%(filer_codes)s)
    and (%(number)s::text is null or n.statement_number = %(number)s)
) as told
where %(current)s::boolean is null or is_current = %(current)s
order by created_on desc, notice_id desc
limit %(limit)s
"""
