"""SQL of what payers see of their money that waits, and of what they answer."""

# What waits of a payer's own money, the oldest first.
WAITING = """
select p.part_id, p.credit_id, p.amount_cents, p.collected_on, p.since_on, p.reason, p.detail,
       p.payer_identifier, p.document_number, p.statement_number, i.trace_number, i.company_name
from credit_part p
join incoming_credit i
  on i.company_identification = p.company_identification and i.credit_id = p.credit_id
where p.state = 'unapplied' and coalesce(p.paying_party_id, p.payer_party_id) = %(party)s
order by p.since_on, p.part_id
limit %(most)s
"""

# What an officer asked a payer about entries, in order. A part that became another payer's stands
# there still as it was when it was asked about.
QUESTIONS = """
select a.part_id, a.act_id, a.reason, a.decided_on from credit_desk_act a
join credit_part p on p.payer_party_id = a.payer_party_id and p.part_id = a.part_id
where a.credit_id = any(%(credit_ids)s) and a.action = 'ask'
  and coalesce(p.paying_party_id, p.payer_party_id) = %(party)s
order by a.act_id
"""

# What a payer answered about entries, in order.
ANSWERS = """
select a.part_id, a.after_act, a.kind, a.documents, a.text, a.given_on from credit_answer a
where a.payer_party_id = %(party)s and a.credit_id = any(%(credit_ids)s)
order by a.answer_id
"""

# A payer's own part, waiting or not; nobody else's. About one that is owed back something may be
# said while the debit that stood against it has come back and its claim is not paid out.
OWN_PART = """
select p.closed_on, p.state = 'unapplied' or exists (
         select from refund_claim c
         join statement s
           on s.filer_code = p.filer_code and s.statement_number = p.statement_number
         where c.payer_party_id = p.payer_party_id and c.part_id = p.part_id
           and c.cause = 'paid-by-debit' and c.state = 'claimed' and s.state = 'preliminary')
from credit_part p
where p.credit_id = %(credit_id)s and p.part_id = %(part_id)s
  and coalesce(p.paying_party_id, p.payer_party_id) = %(party)s
"""

# How many answers about a part a payer has given; how many claims on a day.
COUNT_ANSWERS = """
select count(*) from credit_answer
where payer_party_id = %(party)s and part_id = %(part_id)s
"""
COUNT_CLAIMS = """
select count(*) from credit_claim where payer_party_id = %(party)s and given_on = %(given_on)s
"""

# Answers of a payer about a part take turns until the transaction ends.
TAKE_TURN = "select pg_advisory_xact_lock(hashtextextended(%(part_id)s, %(party)s))"

# Keep an answer, behind the last question; nothing comes back where it is the last answer, given
# again while nothing new was asked.
ADD_ANSWER = """
insert into credit_answer (payer_party_id, credit_id, part_id, kind, documents, text, given_on,
  given_at, after_act)
select %(party)s, %(credit_id)s, %(part_id)s, %(kind)s, %(documents)s::text[], %(text)s,
       %(given_on)s, %(given_at)s, q.act_id
from (select coalesce(max(d.act_id), 0) as act_id from credit_desk_act d
      where d.credit_id = %(credit_id)s and d.action = 'ask'
        and d.part_id = any(%(part_ids)s)) as q
where not exists (
  select from (
    select a.kind, a.documents, a.text, a.after_act from credit_answer a
    where a.payer_party_id = %(party)s and a.part_id = %(part_id)s
    order by a.answer_id desc
    limit 1) as l
  where l.kind = %(kind)s and l.documents = %(documents)s::text[] and l.text = %(text)s
    and l.after_act = q.act_id)
returning answer_id
"""

# Keep a claim of money that nobody is known for; nothing comes back where it was made before.
ADD_CLAIM = """
insert into credit_claim (payer_party_id, trace_number, amount_cents, collected_on, documents,
  text, given_on, given_at)
values (%(party)s, %(trace_number)s, %(cents)s, %(collected_on)s, %(documents)s, %(text)s,
  %(given_on)s, %(given_at)s)
on conflict do nothing
returning claim_id
"""
