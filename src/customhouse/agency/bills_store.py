"""SQL of the bills (debit vouchers): numbered, issued and closed a batch at a time."""

# Take numbers for so many bills of each district on a day; gives the last one of each.
TAKE_NUMBERS = """
insert into bill_sequence (district, issued_on, last_sequence)
select t.district, %(issued_on)s, t.bills
from unnest(%(districts)s::text[], %(counts)s::integer[]) as t(district, bills)
order by t.district
on conflict (district, issued_on)
do update set last_sequence = bill_sequence.last_sequence + excluded.last_sequence
returning district, last_sequence
"""

# Issue bills, each once for its attempt.
ISSUE = """
insert into bill (filer_code, bill_number, bill_type, payer_party_id, statement_number, attempt,
  amount_cents, return_code, issued_on, due_on, collection_status)
select t.filer_code, t.number, '7', t.payer, t.statement, t.attempt, t.cents, t.code,
       %(issued_on)s, %(due_on)s, '01'
from unnest(%(filer_codes)s::text[], %(numbers)s::text[], %(payers)s::bigint[],
            %(statements)s::text[], %(attempts)s::integer[], %(cents)s::bigint[],
            %(codes)s::text[])
  as t(filer_code, number, payer, statement, attempt, cents, code)
"""

# Close the open bills of statements whose new attempt has settled.
CLOSE = """
update bill b set collection_status = '04', paid_attempt = t.attempt, paid_on = t.paid_on
from unnest(%(filer_codes)s::text[], %(statements)s::text[], %(attempts)s::integer[],
            %(paid_ons)s::date[]) as t(filer_code, statement, attempt, paid_on)
where b.filer_code = t.filer_code and b.statement_number = t.statement
  and b.collection_status = '01'
"""

# Bills of some filers, or of all, newest first: all, the open ones only, those of one statement.
BILLS = """
select b.filer_code, b.bill_number, b.statement_number, b.attempt, b.amount_cents, b.return_code,
       b.issued_on, b.due_on, b.collection_status, b.paid_on, b.paid_attempt,
       p.name as payer_name
from bill b join party p on p.id = b.payer_party_id
where (%(filer_codes)s::text[] is null or b.filer_code = any(%(filer_codes)s))
  and (%(statement)s::text is null or b.statement_number = %(statement)s)
  and (not %(open_only)s::boolean or b.collection_status = '01')
order by b.issued_on desc, b.bill_number desc
limit %(most)s
"""
