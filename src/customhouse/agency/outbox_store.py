"""SQL of the outbox of ABI messages and of the notices in words."""

# Put messages in their order, each once.
INSERT_MESSAGES = """
insert into abi_outbox (sender_id, filer_code, application, reason, natural_key, content,
  created_on, created_at)
select m.sender_id, m.filer_code, m.application, m.reason, m.key, m.content,
       %(created_on)s, %(created_at)s
from unnest(%(sender_ids)s::bigint[], %(filer_codes)s::text[], %(applications)s::text[],
            %(reasons)s::text[], %(keys)s::text[], %(contents)s::text[])
  with ordinality as m(sender_id, filer_code, application, reason, key, content, n)
order by m.n
on conflict (sender_id, natural_key) do nothing
"""

# Give notices once.
INSERT_NOTICES = """
insert into notice (filer_code, statement_number, kind, text, natural_key, created_on, created_at)
select n.filer_code, n.number, n.kind, n.text, n.key, %(created_on)s, %(created_at)s
from unnest(%(filer_codes)s::text[], %(numbers)s::text[], %(kinds)s::text[], %(texts)s::text[],
            %(keys)s::text[]) as n(filer_code, number, kind, text, key)
on conflict (filer_code, natural_key) do nothing
"""

# A sender's waiting messages, as many as the bytes of those before them allow: a receiver that
# never acknowledges must not have all of them read into memory at once.
WAITING = """
select message_id, created_at, application, reason, content
from (
  select message_id, created_at, application, reason, content,
         sum(octet_length(content)) over (order by message_id)
           - octet_length(content) as bytes_before
  from (
    select message_id, created_at, application, reason, content
    from abi_outbox
    where sender_id = %(sender_id)s and acknowledged_at is null
    order by message_id limit %(limit)s) as first
  ) as measured
where bytes_before <= %(bytes)s
order by message_id
"""

# Acknowledge one; the first instant is kept.
ACKNOWLEDGE = """
update abi_outbox set acknowledged_at = coalesce(acknowledged_at, %(at)s)
where sender_id = %(sender_id)s and message_id = %(message_id)s
"""
