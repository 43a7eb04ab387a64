"""SQL of the work list of the exception desk."""

# What waits, the oldest and largest first; each filter holds only where it is given. Money that
# only waits for the rest of its statement is asked for by its reason. An entry is claimed by its
# trace number, which its id holds, its amount and its day. What is said about a part is said about
# its shares: C….1.2 has the answers about C….1.
LISTING = """
select p.part_id, p.reason, p.detail, p.amount_cents, p.collected_on, p.since_on,
       p.payer_party_id, o.name as owner_name, o.kind as owner_kind, s.name as sender_name,
       p.payer_identifier, p.type_code, p.document_number, p.statement_number,
       i.company_name, p.company_identification, i.trace_number,
       (select count(*) from credit_answer a
        where a.part_id = any(array(
          select array_to_string((string_to_array(p.part_id, '.'))[1:k], '.')
          from generate_series(2, cardinality(string_to_array(p.part_id, '.'))) as k))
       )::integer as answers,
       (select count(*) from credit_claim k
        where k.trace_number = i.trace_number and k.amount_cents = i.amount_cents
          and k.collected_on = i.collected_on)::integer as claims
from (select * from credit_part p
      where p.state = 'unapplied'
        and (%(after_on)s::date is null or p.since_on >= %(after_on)s::date)
        and (%(after_on)s::date is null
             or (p.since_on, -p.amount_cents, p.part_id)
              > (%(after_on)s::date, -%(after_cents)s::bigint, %(after_part)s::text))
        and (%(reason)s::text is null or p.reason = %(reason)s)
        and (%(since)s::date is null or p.since_on <= %(since)s)
        and p.amount_cents >= %(min_cents)s
        and (%(party)s::bigint is null
             or coalesce(p.paying_party_id, p.payer_party_id) = %(party)s)
        and (not %(answered)s
             or exists (
               select from credit_answer a
               where a.part_id = any(array(
                 select array_to_string((string_to_array(p.part_id, '.'))[1:k], '.')
                 from generate_series(2, cardinality(string_to_array(p.part_id, '.'))) as k)))
             or exists (select from credit_claim k
                        join incoming_credit e on e.amount_cents = k.amount_cents
                        where k.trace_number = substr(p.credit_id, 7, 15)
                          and k.collected_on = p.collected_on
                          and e.company_identification = p.company_identification
                          and e.credit_id = p.credit_id))
      order by p.since_on, p.amount_cents desc, p.part_id
      limit %(most)s) as p
join party o on o.id = p.payer_party_id
left join party s on s.id = p.paying_party_id
join incoming_credit i
  on i.company_identification = p.company_identification and i.credit_id = p.credit_id
order by p.since_on, p.amount_cents desc, p.part_id
"""

# How much waits for each reason, and of which age, with the same filters.
TOTALS = """
select p.reason, count(*)::bigint as parts, sum(p.amount_cents)::bigint as cents,
       min(p.since_on) as oldest_on,
       count(*) filter (where g.age <= 1) as up_to_1,
       count(*) filter (where g.age between 2 and 7) as up_to_7,
       count(*) filter (where g.age between 8 and 30) as up_to_30,
       count(*) filter (where g.age > 30) as older
from credit_part p
cross join lateral (select %(business_date)s::date - p.since_on as age) as g
where p.state = 'unapplied'
  and (%(reason)s::text is null or p.reason = %(reason)s)
  and (%(since)s::date is null or p.since_on <= %(since)s)
  and p.amount_cents >= %(min_cents)s
  and (%(party)s::bigint is null or coalesce(p.paying_party_id, p.payer_party_id) = %(party)s)
  and (not %(answered)s
       or exists (
         select from credit_answer a
         where a.part_id = any(array(
           select array_to_string((string_to_array(p.part_id, '.'))[1:k], '.')
           from generate_series(2, cardinality(string_to_array(p.part_id, '.'))) as k)))
       or exists (select from credit_claim k
                  join incoming_credit e on e.amount_cents = k.amount_cents
                  where k.trace_number = substr(p.credit_id, 7, 15)
                    and k.collected_on = p.collected_on
                    and e.company_identification = p.company_identification
                    and e.credit_id = p.credit_id))
group by p.reason
order by cents desc, p.reason
"""

# Where a part stands in the order of the list, whether it waits or not.
PLACE = """
select p.since_on, p.amount_cents from credit_part p
where p.credit_id = %(credit_id)s and p.part_id = %(part_id)s
"""
