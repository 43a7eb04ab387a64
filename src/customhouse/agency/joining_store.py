"""SQL of applications to join ACH Debit: kept, decided, and asked about."""

# The payers and filers of an application that are registered, with the payer's party.
FILERS = """
select f.filer_code, f.party_id from filer f where f.filer_code = any(%(filer_codes)s)
"""
IMPORTER = """
select party_id from importer where importer_number = %(importer_number)s
"""

# Whether an account has a payer unit already.
ACCOUNT_TAKEN = """
select exists (select from payer_unit where account_token = %(account_token)s) as taken
"""

# Keep a new application; nothing comes back when its account has one that is open or approved.
ADD = """
insert into joining_application (application_number, payer_party_id, contact_name, contact_email,
  contact_phone, account_token, requested_on, filer_codes, secret_sha256, sender_id,
  idempotency_key, content_sha256, state, received_on, received_at)
values (%(application_number)s, %(payer_party_id)s, %(contact_name)s, %(contact_email)s,
  %(contact_phone)s, %(account_token)s, %(requested_on)s, %(filer_codes)s, %(secret_sha256)s,
  %(sender_id)s, %(idempotency_key)s, %(content_sha256)s, 'received', %(received_on)s,
  %(received_at)s)
on conflict do nothing
returning application_number
"""

# The application that a sender's request made before.
OF_REQUEST = """
select application_number, content_sha256, state from joining_application
where sender_id = %(sender_id)s and idempotency_key = %(idempotency_key)s
for update
"""

# Another secret for an application whose first one may not have arrived; the former ends.
GIVE_ANOTHER_TICKET = """
update joining_application set secret_sha256 = %(secret_sha256)s
where application_number = %(application_number)s
"""

# One application, held, with its payer as the commands that issue units name it.
HOLD = """
select a.application_number, a.state, a.account_token, a.requested_on, a.filer_codes,
       f.filer_code, i.importer_number
from joining_application a
left join filer f on f.party_id = a.payer_party_id
left join importer i on i.party_id = a.payer_party_id
where a.application_number = %(application_number)s
for update of a
"""

# Which of these numbers are free.
FREE_AMONG = """
select n from unnest(%(numbers)s::text[]) as n
where not exists (select from payer_unit u where u.payer_unit_number = n)
"""

# The unit that an account has, if an approval was begun before.
UNIT_OF_ACCOUNT = """
select payer_unit_number from payer_unit where account_token = %(account_token)s
"""

# Take back a unit that an approval issued before it broke off, if the bank never heard of it.
TAKE_BACK_UNHEARD = """
delete from payer_unit u
where u.payer_unit_number = %(payer_unit_number)s and u.prenote = 'asked'
  and not exists (select from designation d where d.payer_unit_number = u.payer_unit_number)
  and not exists (select from unit_suspension w where w.payer_unit_number = u.payer_unit_number)
"""

# Decide an application, once.
DECIDE = """
update joining_application
set state = %(state)s, decided_on = %(decided_on)s, decided_by = %(decided_by)s,
    reason = %(reason)s, payer_unit_number = %(payer_unit_number)s
where application_number = %(application_number)s and state = 'received'
"""

# An application as its contact may read it, by number and secret.
STATUS = """
select a.application_number, a.state, p.name as payer_name, a.received_on, a.requested_on,
       a.decided_on, a.reason, a.payer_unit_number, coalesce(u.prenote, 'asked') as prenote,
       u.prenote_matures_on, coalesce(u.prenote_code, '') as prenote_code
from joining_application a
join party p on p.id = a.payer_party_id
left join payer_unit u on u.payer_unit_number = a.payer_unit_number
where a.application_number = %(application_number)s and a.secret_sha256 = %(secret_sha256)s
"""

# Log that somebody asked about an application that there is, told or not.
RECORD_READING = """
insert into joining_reading (application_number, read_at, door, outcome)
select application_number, %(read_at)s, %(door)s, %(outcome)s
from joining_application where application_number = %(application_number)s
"""

# Applications as an officer sees them: neither the unit's number nor the account is among it.
LISTING = """
select a.application_number, a.state, p.kind as payer_kind, p.name as payer_name, a.contact_name,
       a.received_on, a.requested_on, a.decided_on, a.decided_by, a.reason
from joining_application a join party p on p.id = a.payer_party_id
where %(every)s or a.state = 'received'
order by a.received_at, a.application_number limit %(most)s
"""
