"""SQL of debits that came back for want of money."""

# How often the debits of statements came back R01 or R09 by payer unit, and when the first was
# accepted.
SHORT_RETURNS = """
select statement_number, payer_unit_number, count(*)::integer as returns,
       min(accepted_on) as first_on
from authorization_attempt
where filer_code = %(filer_code)s and statement_number = any(%(numbers)s)
  and state = 'returned' and return_code = any(%(codes)s)
group by statement_number, payer_unit_number
"""
