"""SQL of refused uses of payer units: kept row by row, counted by filer and business date."""

# Keep the refused uses of one batch or request.
INSERT_REFUSALS = """
insert into payer_unit_refusal (filer_code, business_date, refused_at, sender_id, batch_id,
  request_id, payer_unit_number, statement_number, fault_code)
select %(filer_code)s, %(business_date)s, %(refused_at)s, %(sender_id)s, %(batch_id)s,
       %(request_id)s, r.unit, r.statement, r.code
from unnest(%(units)s::text[], %(statements)s::text[], %(codes)s::text[])
  as r(unit, statement, code)
"""

# Filers with so many refused uses in a business date that an officer must look.
FRAUD_ALERTS = """
select filer_code, business_date, count(*)::integer as refusals,
       array_agg(distinct payer_unit_number order by payer_unit_number) as payer_unit_numbers,
       min(refused_at) as first_at, max(refused_at) as last_at
from payer_unit_refusal
where business_date >= %(since)s
group by filer_code, business_date
having count(*) >= %(at_least)s
order by business_date, filer_code
"""
