"""SQL of the mails beside payers' notices: claimed, sent, marked."""

# Take turns: one run sends at a time; the turn ends with the connection.
TAKE_TURN = "select pg_try_advisory_lock(7304418831) as taken"
END_TURN = "select pg_advisory_unlock(7304418831) as given_back"

# Whether anything is to be sent or taken up.
ANY_WAITING = """
select true as waits from payer_mail where state in ('waiting', 'sending') limit 1
"""

# How many wait on.
COUNT_WAITING = "select count(*) as waiting from payer_mail where state = 'waiting'"

# What a run that broke off was sending.
TAKE_UP = """
update payer_mail set state = %(state)s, detail = %(detail)s, finished_at = %(at)s
where state = 'sending'
"""

# The next mails that wait, in order.
WAITING = """
select m.payer_party_id, m.notice_id, m.address, n.kind, n.statement_number, n.text, n.created_at
from payer_mail m join payer_notice n using (payer_party_id, notice_id)
where m.state = 'waiting' and m.notice_id > %(behind)s
order by m.notice_id limit %(most)s
"""

# Before the server is spoken to.
BEGIN = """
update payer_mail set state = 'sending', attempts = attempts + 1
where payer_party_id = %(payer)s and notice_id = %(notice_id)s and state = 'waiting'
"""

# How it ended.
END = """
update payer_mail set state = %(state)s, detail = %(detail)s, finished_at = %(at)s
where payer_party_id = %(payer)s and notice_id = %(notice_id)s and state = 'sending'
"""

# Mails that did not arrive for certain.
UNSENT = """
select m.notice_id, p.name as payer_name, m.address, n.kind, m.state, m.detail, n.created_on
from payer_mail m
join payer_notice n using (payer_party_id, notice_id)
join party p on p.id = m.payer_party_id
where m.state in ('refused', 'uncertain')
order by m.notice_id desc limit %(most)s
"""

# An officer has one sent again.
SEND_AGAIN = """
update payer_mail set state = 'waiting', detail = '', finished_at = null
where notice_id = %(notice_id)s and state in ('refused', 'uncertain')
"""
