"""SQL of payment instructions: who pays, and what is due on statements and bills."""

# A payer by its party, as it has joined ACH Credit, with the lead days of its newest form. An
# importer that joined under another suffix is meant by that enrolment; one that ended counts last.
PAYER = """
select e.state, e.effective_on, e.payer_identifier,
       coalesce((select a.bank_lead_days from credit_application a
                 where a.payer_party_id = e.payer_party_id and a.state = 'approved'
                 order by a.form_id desc limit 1), 0) as lead_days
from credit_enrolment e
where e.payer_party_id = %(party_id)s
   or (%(base)s::text is not null and left(e.payer_identifier, 10) = %(base)s)
order by array_position(array['active', 'approved', 'received'], e.state),
         e.payer_party_id = %(party_id)s desc
limit 1
"""

# How statements stand: what waits for them, and the open bill of each if there is one.
STATEMENTS = """
select 'statement' as kind, s.statement_number as number, s.filer_code, s.statement_number,
       s.state, s.total_cents,
       (select coalesce(sum(p.amount_cents), 0)::bigint from credit_part p
        where p.filer_code = s.filer_code and p.statement_number = s.statement_number
          and p.state = 'unapplied') as waiting_cents,
       coalesce(b.due_on, s.due_on) as due_on, s.paid_on, true as is_open
from statement s
left join bill b on b.filer_code = s.filer_code and b.statement_number = s.statement_number
 and b.collection_status = '01'
where (s.filer_code, s.statement_number) in (
  select * from unnest(%(filer_codes)s::text[], %(numbers)s::text[]))
"""

# How bills stand: what is due on each is what is due on its statement.
BILLS = """
select 'bill' as kind, b.bill_number as number, s.filer_code, s.statement_number,
       s.state, s.total_cents,
       (select coalesce(sum(p.amount_cents), 0)::bigint from credit_part p
        where p.filer_code = s.filer_code and p.statement_number = s.statement_number
          and p.state = 'unapplied') as waiting_cents,
       b.due_on, b.paid_on, b.collection_status = '01' as is_open
from bill b
join statement s on s.filer_code = b.filer_code and s.statement_number = b.statement_number
where (b.filer_code, b.bill_number) in (
  select * from unnest(%(filer_codes)s::text[], %(numbers)s::text[]))
"""

# The numbers of statements that a filer has to pay; those that are due first come first.
ALL_DUE_OF_FILER = """
select s.statement_number
from statement s
left join bill b on b.filer_code = s.filer_code and b.statement_number = s.statement_number
 and b.collection_status = '01'
where s.filer_code = %(filer_code)s and s.state = 'preliminary' and s.total_cents > 0
  and (%(until)s::date is null or coalesce(b.due_on, s.due_on) <= %(until)s)
order by coalesce(b.due_on, s.due_on), s.statement_number
limit %(most)s
"""

# The same of an importer's own statements, by its number without suffix.
ALL_DUE_OF_IMPORTER = """
select s.statement_number
from statement s
left join bill b on b.filer_code = s.filer_code and b.statement_number = s.statement_number
 and b.collection_status = '01'
where s.state = 'preliminary' and s.total_cents > 0 and s.importer_number is not null
  and case when substr(s.importer_number, 3, 1) = '-' then left(s.importer_number, 10)
           else s.importer_number end = %(base)s
  and (%(until)s::date is null or coalesce(b.due_on, s.due_on) <= %(until)s)
order by coalesce(b.due_on, s.due_on), s.statement_number
limit %(most)s
"""
