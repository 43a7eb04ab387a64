"""SQL of the final statements: which are due, a filer and a chunk at a time.

A final of ACH Credit is due behind the day on which the payment was known (CRD-03), under either
policy: the money is in the treasury. That a state is one of two is said beside the rule for each,
so that a filer's statements of many years are not looked at.
"""

# The filers with finals due, under the policy that acceptance is enough (DEB-08).
FILERS_AUTHORIZED = """
select s.filer_code
from statement s
join authorization_attempt a
  on a.filer_code = s.filer_code and a.statement_number = s.statement_number
 and a.attempt = s.attempts
where s.state = 'authorized' and a.accepted_on < %(business_date)s
  and a.state in ('with_bank', 'settled')
union
select filer_code from statement where state = 'paid' and paid_known_on < %(business_date)s
order by filer_code
"""

# The same, under the policy that treasury has to confirm the funds first (19 CFR 24.25(c)(4)(ii)).
FILERS_CONFIRMED = """
select s.filer_code
from statement s
join authorization_attempt a
  on a.filer_code = s.filer_code and a.statement_number = s.statement_number
 and a.attempt = s.attempts
where s.state = 'authorized' and a.settled_on < %(business_date)s and a.state = 'settled'
union
select filer_code from statement where state = 'paid' and paid_known_on < %(business_date)s
order by filer_code
"""

# A filer's next statements whose final is due, in number order, locked, with their lines' count.
DUE_AUTHORIZED = """
select s.statement_number,
       (select count(*) from statement_entry l
        where l.filer_code = s.filer_code and l.statement_number = s.statement_number) as lines
from statement s
left join authorization_attempt a
  on a.filer_code = s.filer_code and a.statement_number = s.statement_number
 and a.attempt = s.attempts
where s.filer_code = %(filer_code)s and s.statement_number > %(after)s
  and s.state in ('authorized', 'paid')
  and (s.state = 'authorized' and a.accepted_on < %(business_date)s
         and a.state in ('with_bank', 'settled')
       or s.state = 'paid' and s.paid_known_on < %(business_date)s)
order by s.statement_number limit %(limit)s
for update of s
"""

# The same, under the policy that treasury has to confirm the funds first.
DUE_CONFIRMED = """
select s.statement_number,
       (select count(*) from statement_entry l
        where l.filer_code = s.filer_code and l.statement_number = s.statement_number) as lines
from statement s
left join authorization_attempt a
  on a.filer_code = s.filer_code and a.statement_number = s.statement_number
 and a.attempt = s.attempts
where s.filer_code = %(filer_code)s and s.statement_number > %(after)s
  and s.state in ('authorized', 'paid')
  and (s.state = 'authorized' and a.settled_on < %(business_date)s and a.state = 'settled'
       or s.state = 'paid' and s.paid_known_on < %(business_date)s)
order by s.statement_number limit %(limit)s
for update of s
"""

# The finals are out.
MARK_FINAL = """
update statement set state = 'final', final_on = %(business_date)s
where filer_code = %(filer_code)s and statement_number = any(%(numbers)s)
"""
