"""SQL of enrolments for ACH Credit and of the forms that were filed for them."""

# A payer's enrolment, held: one form at a time is filed, decided or answered by a prenote.
HOLD_STATE = """
select state from credit_enrolment where payer_party_id = %(payer)s for update
"""

# The open form of a payer, and who filed it.
OPEN_FORM = """
select application_number, purpose, received_on, filed_by as filed_how, sender_id, filer_codes
from credit_application
where payer_party_id = %(payer)s and state = 'received'
"""

# Who sent the newest form of a payer, under whatever suffix of its number.
NEWEST_FORM = """
select a.sender_id
from credit_application a join credit_enrolment e using (payer_party_id)
where left(e.payer_identifier, 10) = left(%(payer_identifier)s, 10)
  and (e.payer_identifier = %(payer_identifier)s or substr(e.payer_identifier, 3, 1) = '-')
order by a.form_id desc limit 1
"""

# Whether the open form of a payer says the same, and came from the same sender.
IS_SAME_FORM = """
select application_number from credit_application
where payer_party_id = %(payer)s and state = 'received' and purpose = %(purpose)s
  and company_name = %(company_name)s and address = %(address)s::text[]
  and contact_name = %(contact_name)s and contact_phone = %(contact_phone)s
  and contact_email = %(contact_email)s and contact_fax = %(contact_fax)s
  and official_name = %(official_name)s and official_title = %(official_title)s
  and notify_by = %(notify_by)s and bank_lead_days = %(bank_lead_days)s
  and filed_by = %(filed_by)s and sender_id is not distinct from %(sender_id)s::bigint
"""

# Keep a form; nothing comes back when another one was filed meanwhile.
ADD = """
insert into credit_application (payer_party_id, application_number, purpose, company_name, address,
  contact_name, contact_phone, contact_email, contact_fax, official_name, official_title,
  notify_by, bank_lead_days, filed_by, sender_id, filer_codes, state, received_on, received_at)
values (%(payer)s, %(application_number)s, %(purpose)s, %(company_name)s, %(address)s::text[],
  %(contact_name)s, %(contact_phone)s, %(contact_email)s, %(contact_fax)s, %(official_name)s,
  %(official_title)s, %(notify_by)s, %(bank_lead_days)s, %(filed_by)s, %(sender_id)s,
  %(filer_codes)s::text[], 'received', %(received_on)s, %(received_at)s)
on conflict do nothing
returning application_number
"""

# A payer applies for the first time, or again after it was refused or removed.
RECEIVE = """
insert into credit_enrolment (payer_party_id, payer_identifier, state)
values (%(payer)s, %(identifier)s, 'received')
on conflict (payer_party_id) do update
set state = 'received', effective_on = null, approved_on = null, prenote_credit_id = null,
    prenote_accepted_on = null, decided_by = null, reason = ''
where credit_enrolment.state in ('refused', 'removed')
"""

# For whom a form is.
PAYER_OF_FORM = """
select e.payer_identifier from credit_application a join credit_enrolment e using (payer_party_id)
where a.application_number = %(application_number)s
"""

# Hold the enrolments of a payer under all suffixes of its number, in order, before a form or one of
# them is decided: of all of them one joins.
HOLD_SUFFIXES = """
select count(*) as held from (
  select from credit_enrolment
  where left(payer_identifier, 10) = left(%(payer_identifier)s, 10)
    and (payer_identifier = %(payer_identifier)s or substr(payer_identifier, 3, 1) = '-')
  order by payer_party_id for update
) as locked
"""

# A form, held, with its payer's enrolment and the address that holds until it is approved.
HOLD_FORM = """
select a.payer_party_id, a.application_number, a.purpose, a.state, a.contact_email,
       e.payer_identifier, e.state as enrolment_state,
       (select b.contact_email from credit_application b
        where b.payer_party_id = a.payer_party_id and b.state = 'approved'
        order by b.form_id desc limit 1) as former_email
from credit_application a join credit_enrolment e using (payer_party_id)
where a.application_number = %(application_number)s
for update of a
"""

# Decide a form, once.
DECIDE = """
update credit_application
set state = %(state)s, decided_on = %(decided_on)s, decided_by = %(decided_by)s,
    reason = %(reason)s
where payer_party_id = %(payer)s and application_number = %(application_number)s
  and state = 'received'
"""

# An enrolment is approved and waits for its zero-dollar entry.
APPROVE = """
update credit_enrolment
set state = 'approved', approved_on = %(approved_on)s, decided_by = %(officer)s, reason = '',
    removed_on = null
where payer_party_id = %(payer)s and state = 'received'
"""

# An enrolment is refused, or removed.
END = """
update credit_enrolment
set state = %(state)s, decided_by = %(officer)s, reason = %(reason)s,
    removed_on = coalesce(%(removed_on)s::date, removed_on)
where payer_party_id = %(payer)s
"""

# How a payer's enrolment stands.
ENROLMENT = """
select e.payer_identifier, p.name as payer_name, e.state, e.approved_on, e.prenote_accepted_on,
       e.effective_on, e.removed_on, e.reason
from credit_enrolment e join party p on p.id = e.payer_party_id
where e.payer_party_id = %(payer)s
"""

# What the newest approved form of a payer says.
DETAILS = """
select company_name, address, contact_name, contact_phone, contact_email, contact_fax, notify_by,
       bank_lead_days, filed_by as filed_how, sender_id, filer_codes
from credit_application
where payer_party_id = %(payer)s and state = 'approved'
order by form_id desc limit 1
"""

# Forms as an officer sees them, oldest first.
LISTING = """
select a.application_number, a.purpose, a.state, e.payer_identifier, p.name as payer_name,
       a.company_name, a.contact_name, a.received_on, a.decided_on, a.decided_by, a.reason,
       e.state as enrolment_state, e.effective_on, a.filed_by as filed_how, a.sender_id,
       a.filer_codes
from credit_application a
join credit_enrolment e using (payer_party_id)
join party p on p.id = a.payer_party_id
where %(every)s or a.state = 'received'
order by a.form_id limit %(most)s
"""

# One form, in the same shape.
FORM_BY_NUMBER = """
select a.application_number, a.purpose, a.state, e.payer_identifier, p.name as payer_name,
       a.company_name, a.contact_name, a.received_on, a.decided_on, a.decided_by, a.reason,
       e.state as enrolment_state, e.effective_on, a.filed_by as filed_how, a.sender_id,
       a.filer_codes
from credit_application a
join credit_enrolment e using (payer_party_id)
join party p on p.id = a.payer_party_id
where a.application_number = %(application_number)s
"""
