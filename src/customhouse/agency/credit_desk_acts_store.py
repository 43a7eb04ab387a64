"""SQL of what officers decide at the exception desk."""

# A part wherever it stands; part ids are unique among all owners.
PART = """
select p.payer_party_id, p.part_id, p.company_identification, p.credit_id, p.position,
       p.paying_party_id, p.amount_cents, p.collected_on, p.state, p.reason, p.filer_code,
       p.statement_number, p.closed_on, i.addenda
from credit_part p
join incoming_credit i
  on i.company_identification = p.company_identification and i.credit_id = p.credit_id
where p.credit_id = %(credit_id)s and p.part_id = %(part_id)s
"""

# The last decision about a part: the same request again gets its answer. A question that was
# answered since may be asked again.
LAST_ACT = """
select a.action, a.request, a.outcome, a.officer,
       a.action = 'ask' and exists (
         select from credit_answer w
         where w.credit_id = a.credit_id and w.part_id = a.part_id and w.after_act >= a.act_id)
from credit_desk_act a
where a.company_identification = %(company)s and a.credit_id = %(credit_id)s
  and a.part_id = %(part_id)s
order by a.act_id desc
limit 1
"""

# Keep a decision.
ADD_ACT = """
insert into credit_desk_act (company_identification, credit_id, payer_party_id, part_id, action,
  request, outcome, reason, officer, decided_on, decided_at)
values (%(company)s, %(credit_id)s, %(payer)s, %(part_id)s, %(action)s, %(request)s, %(outcome)s,
  %(reason)s, %(officer)s, %(decided_on)s, %(decided_at)s)
returning act_id
"""

# Who a party is when it pays: the identifier with which it joined, or else its own. A party has one
# of each at most, by their keys.
PAYER_OF_PARTY = """
select p.id as payer_party_id, p.kind, p.name,
       coalesce(e.payer_identifier, f.filer_code, i.importer_number) as payer_identifier
from party p
left join credit_enrolment e on e.payer_party_id = p.id
left join filer f on f.party_id = p.id
left join importer i on i.party_id = p.id
where p.id = %(party)s
"""

# Which of these may pay by ACH Credit: what has joined under a filer code, or under an importer
# number whatever its suffix.
JOINED = """
select e.payer_party_id, 'joined' as kind, p.name, e.payer_identifier
from credit_enrolment e join party p on p.id = e.payer_party_id
where e.state in ('approved', 'active')
  and (e.payer_identifier = %(filer_code)s
       or (case when substr(e.payer_identifier, 3, 1) = '-'
                then left(e.payer_identifier, 10) else e.payer_identifier end) = %(importer)s)
order by e.payer_identifier
limit 5
"""
