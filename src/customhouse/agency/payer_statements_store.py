"""SQL of the statements that payers of ACH Credit have to pay."""

# The open statements of a filer, each with what waits for it taken off.
OPEN_OF_FILER = """
select s.filer_code, p.name as filer_name, s.statement_number,
       greatest(0, s.total_cents - (
         select coalesce(sum(c.amount_cents), 0) from credit_part c
         where c.filer_code = s.filer_code and c.statement_number = s.statement_number
           and c.state = 'unapplied'))::bigint as amount_cents,
       s.print_date, s.due_on,
       coalesce((select a.bank_lead_days from credit_application a
                 where a.payer_party_id = %(payer)s and a.state = 'approved'
                 order by a.form_id desc limit 1), 0) as lead_days
from statement s
join filer f on f.filer_code = s.filer_code
join party p on p.id = f.party_id
where s.filer_code = %(filer_code)s and s.state = 'preliminary' and s.total_cents > 0
  and s.statement_number > %(after)s
order by s.statement_number limit %(most)s
"""

# The open statements of whatever filer that name an importer: by its number, or by ``base``, the
# number without suffix.
OPEN_OF_IMPORTER = """
select s.filer_code, p.name as filer_name, s.statement_number,
       greatest(0, s.total_cents - (
         select coalesce(sum(c.amount_cents), 0) from credit_part c
         where c.filer_code = s.filer_code and c.statement_number = s.statement_number
           and c.state = 'unapplied'))::bigint as amount_cents,
       s.print_date, s.due_on,
       coalesce((select a.bank_lead_days from credit_application a
                 where a.payer_party_id = %(payer)s and a.state = 'approved'
                 order by a.form_id desc limit 1), 0) as lead_days
from statement s
join filer f on f.filer_code = s.filer_code
join party p on p.id = f.party_id
where s.state = 'preliminary' and s.importer_number is not null and s.total_cents > 0
  and left(s.importer_number, 10) = left(%(number)s, 10)
  and (s.importer_number = %(number)s or left(s.importer_number, 10) = %(base)s)
  and s.statement_number > %(after)s
order by s.statement_number limit %(most)s
"""

# Those of a filer's statements that name an importer which has joined, with the lead days of its
# newest approved form.
OBLIGATIONS = """
select e.payer_party_id, s.filer_code, s.statement_number, s.state, s.preliminary_cents,
       s.total_cents, s.due_on,
       coalesce((select a.bank_lead_days from credit_application a
                 where a.payer_party_id = e.payer_party_id and a.state = 'approved'
                 order by a.form_id desc limit 1), 0) as lead_days
from statement s
join credit_enrolment e
  on left(e.payer_identifier, 10) = left(s.importer_number, 10)
 and (e.payer_identifier = s.importer_number or substr(e.payer_identifier, 3, 1) = '-')
where s.filer_code = %(filer_code)s and s.statement_number = any(%(numbers)s)
  and s.importer_number is not null and e.state = 'active'
order by s.statement_number
"""
