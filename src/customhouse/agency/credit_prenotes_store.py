"""SQL of the zero-dollar entries that arrived, and of what they make effective."""

# Hold the enrolments of some payers, in order.
HOLD = """
select count(*) as held from (
  select from credit_enrolment where payer_party_id = any(%(payers)s)
  order by payer_party_id for update
) as locked
"""

# Keep what each entry was good for, once; give back those that are new.
RECORD = """
insert into credit_prenote (company_identification, credit_id, payer_party_id, outcome, reason,
  detail, judged_on)
select t.company, t.credit_id, t.payer, t.outcome, t.reason, t.detail, %(judged_on)s
from unnest(%(companies)s::text[], %(credit_ids)s::text[], %(payers)s::bigint[],
            %(outcomes)s::text[], %(reasons)s::text[], %(details)s::text[])
  as t(company, credit_id, payer, outcome, reason, detail)
on conflict do nothing
returning credit_id
"""

# Make approved enrolments active; one that was decided otherwise meanwhile stays as it is.
ACTIVATE = """
update credit_enrolment e
set state = 'active', effective_on = %(effective_on)s, prenote_credit_id = t.credit_id,
    prenote_accepted_on = %(accepted_on)s
from unnest(%(payers)s::bigint[], %(credit_ids)s::text[]) as t(payer, credit_id)
where e.payer_party_id = t.payer and e.state = 'approved'
"""

# The latest zero-dollar entries that nobody can be told about, or that were refused.
REFUSED = """
select r.judged_on, r.credit_id, r.reason, r.detail, c.company_name, c.originating_dfi,
       p.name as payer_name
from credit_prenote r
join incoming_credit c using (company_identification, credit_id)
left join party p on p.id = r.payer_party_id
where r.outcome = 'refused'
order by r.judged_on desc, r.credit_id limit %(most)s
"""
