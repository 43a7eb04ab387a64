"""SQL of parties: who they are, who transmits for whom, and which payer unit pays for whom."""

# Changes of parties are rare and read what they change: one at a time until the transaction ends.
LOCK_PARTIES = "select pg_advisory_xact_lock(7301)"

# Filers by code, each with its ports in order.
FILERS = """
select f.filer_code, p.name,
       array(select port from filer_port o where o.filer_code = f.filer_code
             order by port) as ports,
       array(select port from filer_port o where o.filer_code = f.filer_code
               and o.uses_client_branch
             order by port) as client_branch_ports
from filer f join party p on p.id = f.party_id
where f.filer_code = any(%(filer_codes)s)
"""

# Importers by number.
IMPORTERS = """
select i.importer_number, p.name
from importer i join party p on p.id = i.party_id
where i.importer_number = any(%(importer_numbers)s)
"""

# New filers: party numbers are given out in the order of the list, so both sides line up.
INSERT_FILERS = """
with given as (
  select * from unnest(%(keys)s::text[], %(names)s::text[]) with ordinality as g(key, name, n)
), born as (
  insert into party (kind, name) select 'filer', name from given order by n returning id
), numbered as (
  select id, row_number() over (order by id) as n from born
)
insert into filer (filer_code, party_id) select key, id from given join numbered using (n)
"""

# New importers, in the same way.
INSERT_IMPORTERS = """
with given as (
  select * from unnest(%(keys)s::text[], %(names)s::text[]) with ordinality as g(key, name, n)
), born as (
  insert into party (kind, name) select 'importer', name from given order by n returning id
), numbered as (
  select id, row_number() over (order by id) as n from born
)
insert into importer (importer_number, party_id) select key, id from given join numbered using (n)
"""

# Filers under other names than before.
RENAME_FILERS = """
update party p set name = g.name
from filer f join unnest(%(keys)s::text[], %(names)s::text[]) as g(key, name)
  on g.key = f.filer_code
where p.id = f.party_id
"""

# Importers under other names than before.
RENAME_IMPORTERS = """
update party p set name = g.name
from importer i join unnest(%(keys)s::text[], %(names)s::text[]) as g(key, name)
  on g.key = i.importer_number
where p.id = i.party_id
"""

# The ports of these filers are written anew.
DELETE_PORTS = "delete from filer_port where filer_code = any(%(filer_codes)s)"
INSERT_PORTS = """
insert into filer_port (filer_code, port, uses_client_branch)
select * from unnest(%(filer_codes)s::text[], %(ports)s::text[], %(branches)s::boolean[])
"""

# Senders by their three codes, each with its filers and those whose statements it receives.
SENDERS = """
select s.sender_id, s.site_code, s.id_code, s.office_code,
       array(select filer_code from sender_filer f where f.sender_id = s.sender_id
             order by filer_code) as filer_codes,
       array(select filer_code from sender_filer f where f.sender_id = s.sender_id
             and f.receives_statements order by filer_code) as receives_statements_of
from sender s join unnest(%(site_codes)s::text[], %(id_codes)s::text[], %(office_codes)s::text[])
  as g(site_code, id_code, office_code) using (site_code, id_code, office_code)
"""

# The sender of a token, with its kept password.
SENDER_OF_BEARER = """
select s.sender_id, s.site_code, s.id_code, s.office_code, s.password_salt,
       s.password_hash as password_digest,
       array(select filer_code from sender_filer f where f.sender_id = s.sender_id
             order by filer_code) as filer_codes
from sender s where s.token_sha256 = %(token_sha256)s
"""

# Senders by number, without anything secret.
SENDER_SITES = """
select sender_id, site_code, id_code, office_code from sender
where sender_id = any(%(sender_ids)s)
"""

# New senders.
INSERT_SENDERS = """
insert into sender (site_code, id_code, office_code, token_sha256, password_salt, password_hash)
select * from unnest(%(site_codes)s::text[], %(id_codes)s::text[], %(office_codes)s::text[],
                     %(tokens)s::bytea[], %(salts)s::bytea[], %(digests)s::bytea[])
"""

# Other credentials for a sender; the former token and password end at once.
RENEW_CREDENTIAL = """
update sender set token_sha256 = %(token)s, password_salt = %(salt)s, password_hash = %(digest)s
where site_code = %(site_code)s and id_code = %(id_code)s and office_code = %(office_code)s
"""

# The filers of these senders are written anew.
DELETE_SENDER_FILERS = "delete from sender_filer where sender_id = any(%(sender_ids)s)"
INSERT_SENDER_FILERS = """
insert into sender_filer (sender_id, filer_code, receives_statements)
select s.sender_id, g.filer_code, g.receives
from unnest(%(site_codes)s::text[], %(id_codes)s::text[], %(office_codes)s::text[],
            %(filer_codes)s::text[], %(receives)s::boolean[])
  as g(site_code, id_code, office_code, filer_code, receives)
join sender s using (site_code, id_code, office_code)
"""

# The sender that receives the unsolicited messages of each filer.
RECEIVERS = """
select f.filer_code, s.sender_id, s.site_code, s.id_code, s.office_code
from sender_filer f join sender s using (sender_id)
where f.receives_statements and f.filer_code = any(%(filer_codes)s)
"""

# The ports of filers.
PORTS = """
select filer_code, array_agg(port) as ports from filer_port
where filer_code = any((select %(filer_codes)s::text[])::text[])
group by filer_code
"""

# The filers that a person's sign-in sees.
FILERS_OF_USER = """
select filer_code from user_filer where username = %(username)s order by filer_code
"""

# Who of these users sees which filer already.
USER_FILERS = """
select username, filer_code from user_filer where username = any(%(usernames)s)
"""

# Let users see filers.
INSERT_USER_FILERS = """
insert into user_filer (username, filer_code)
select * from unnest(%(usernames)s::text[], %(filer_codes)s::text[])
"""

# Payer units by number or by account, with their owners.
PAYER_UNITS = """
select u.payer_unit_number, f.filer_code as owner_filer_code,
       i.importer_number as owner_importer_number, u.account_token, u.effective_on,
       u.daily_cap_cents
from payer_unit u
left join filer f on f.party_id = u.owner_party_id
left join importer i on i.party_id = u.owner_party_id
where u.payer_unit_number = any(%(numbers)s) or u.account_token = any(%(tokens)s)
"""

# The payer units that pay for an owner.
PAYER_UNITS_OF_OWNERS = """
select u.payer_unit_number, f.filer_code as owner_filer_code,
       i.importer_number as owner_importer_number, u.account_token, u.effective_on,
       u.daily_cap_cents
from payer_unit u
left join filer f on f.party_id = u.owner_party_id
left join importer i on i.party_id = u.owner_party_id
where f.filer_code = any(%(filer_codes)s) or i.importer_number = any(%(importer_numbers)s)
order by u.payer_unit_number
"""

# The lowest numbers that are neither issued nor asked for.
FREE_PAYER_UNIT_NUMBERS = """
select lpad(n::text, 6, '0') from generate_series(1, 999999) as n
where not exists (select from payer_unit u where u.payer_unit_number = lpad(n::text, 6, '0'))
  and lpad(n::text, 6, '0') <> all(%(asked)s::text[])
order by n limit %(count)s
"""

# New payer units; each has one owner, a filer or an importer. None is effective before the bank has
# answered how the prenote to its account stands.
INSERT_PAYER_UNITS = """
insert into payer_unit (payer_unit_number, owner_party_id, account_token, effective_on,
  daily_cap_cents, prenote)
select g.number, coalesce(f.party_id, i.party_id), g.token, g.effective_on, g.cap, 'asked'
from unnest(%(numbers)s::text[], %(filer_codes)s::text[], %(importer_numbers)s::text[],
            %(tokens)s::text[], %(effective)s::date[], %(caps)s::bigint[])
  as g(number, filer_code, importer_number, token, effective_on, cap)
left join filer f on f.filer_code = g.filer_code
left join importer i on i.importer_number = g.importer_number
"""

# Payer units from another day than before, or with another daily cap.
CHANGE_PAYER_UNITS = """
update payer_unit u set effective_on = g.effective_on, daily_cap_cents = g.cap
from unnest(%(numbers)s::text[], %(effective)s::date[], %(caps)s::bigint[])
  as g(number, effective_on, cap)
where u.payer_unit_number = g.number
"""

# Units that the bank refused to bind are taken back, unless someone was designated meanwhile.
DELETE_PAYER_UNITS = """
delete from payer_unit u where u.payer_unit_number = any(%(numbers)s)
  and not exists (select from designation d where d.payer_unit_number = u.payer_unit_number)
"""

# Designations that touch these units.
DESIGNATIONS = """
select payer_unit_number, filer_code, starts_on, ends_on from designation
where payer_unit_number = any(%(numbers)s)
"""

# New designations, or another end for one that began on the same day.
PUT_DESIGNATIONS = """
insert into designation (payer_unit_number, filer_code, starts_on, ends_on)
select * from unnest(%(numbers)s::text[], %(filer_codes)s::text[], %(starts)s::date[],
                     %(ends)s::date[])
on conflict (payer_unit_number, filer_code, starts_on) do update set ends_on = excluded.ends_on
"""

# What a filer may know of payer units on a day: their owners, and whether it is designated.
USABLE_UNITS = """
select u.payer_unit_number,
       (select f.filer_code from filer f where f.party_id = u.owner_party_id) as owner_filer_code,
       (select i.importer_number from importer i where i.party_id = u.owner_party_id)
         as owner_importer_number,
       greatest(u.effective_on, case when u.prenote = 'matured' then u.prenote_matures_on end)
         as effective_on,
       exists (select from designation d
               where d.payer_unit_number = u.payer_unit_number
                 and d.filer_code = %(filer_code)s and d.starts_on <= %(on)s
                 and (d.ends_on is null or d.ends_on >= %(on)s)) as designated,
       coalesce(u.prenote_failed_on,
         (select w.suspended_on from unit_suspension w
          where w.payer_unit_number = u.payer_unit_number and w.lifted_on is null)) as suspended_on,
       u.prenote in ('asked', 'pending') as unverified
from payer_unit u
where u.payer_unit_number = any((select %(units)s::text[])::text[])
"""
