"""SQL of payers' inboxes, and of the mails that are put beside their notices."""

# Tell payers once, and put a mail beside each new notice: to the address that the notice names, or
# to the one on the newest approved form of a payer that chose e-mail there.
PUT = """
with given as (
  select t.payer, t.number, t.kind, t.text, t.key, t.address, t.n
  from unnest(%(payers)s::bigint[], %(numbers)s::text[], %(kinds)s::text[], %(texts)s::text[],
              %(keys)s::text[], %(addresses)s::text[])
    with ordinality as t(payer, number, kind, text, key, address, n)
), told as (
  insert into payer_notice (payer_party_id, statement_number, kind, text, natural_key, created_on,
    created_at)
  select payer, number, kind, text, key, %(created_on)s, %(created_at)s from given order by n
  on conflict (payer_party_id, natural_key) do nothing
  returning payer_party_id, notice_id, natural_key
)
insert into payer_mail (payer_party_id, notice_id, address, state)
select t.payer_party_id, t.notice_id, coalesce(g.address, chosen.contact_email), 'waiting'
from told t
join given g on g.payer = t.payer_party_id and g.key = t.natural_key
left join lateral (
  select contact_email, notify_by from credit_application a
  where a.payer_party_id = t.payer_party_id and a.state = 'approved'
  order by form_id desc limit 1
) as chosen on true
where g.address is not null or chosen.notify_by = 'e-mail'
on conflict do nothing
"""

# A payer's notices behind one of them, oldest first.
AFTER = """
select notice_id, kind, statement_number, text, created_on, created_at
from payer_notice
where payer_party_id = %(payer)s and notice_id > %(after)s
order by notice_id limit %(limit)s
"""

# A payer's notices, newest first.
NEWEST = """
select notice_id, kind, statement_number, text, created_on, created_at
from payer_notice
where payer_party_id = %(payer)s
order by notice_id desc limit %(limit)s
"""
