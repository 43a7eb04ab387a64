"""SQL of the balances: sums over transfers, in numeric, cast to bigint at the end."""

# One account over all payers, by effective date.
SIDES_OF_ACCOUNT = """
select coalesce(sum(amount_cents) filter (where debit = %(account)s::account_code), 0)::bigint,
       coalesce(sum(amount_cents) filter (where credit = %(account)s::account_code), 0)::bigint
from transfer
where status = 'posted'
  and (debit = %(account)s::account_code or credit = %(account)s::account_code)
  and effective_on <= %(as_of)s::date
"""

# One payer's account, by effective date; each side by its own index.
SIDES_OF_PAYERS_ACCOUNT = """
select
  (select coalesce(sum(amount_cents), 0)::bigint from transfer
   where payer_id = %(payer_id)s and debit = %(account)s::account_code and status = 'posted'
     and effective_on <= %(as_of)s::date),
  (select coalesce(sum(amount_cents), 0)::bigint from transfer
   where payer_id = %(payer_id)s and credit = %(account)s::account_code and status = 'posted'
     and effective_on <= %(as_of)s::date)
"""

# What is in flight on one account, over all payers or one: pending, and no row has ended it.
PENDING_SIDES_OF_ACCOUNT = """
select coalesce(sum(amount_cents) filter (where debit = %(account)s::account_code), 0)::bigint,
       coalesce(sum(amount_cents) filter (where credit = %(account)s::account_code), 0)::bigint
from transfer as p
where p.status = 'pending'
  and (p.debit = %(account)s::account_code or p.credit = %(account)s::account_code)
  and (%(payer_id)s::bigint is null or p.payer_id = %(payer_id)s::bigint)
  and p.effective_on <= %(as_of)s::date
  and not exists (
    select from transfer as s where s.payer_id = p.payer_id and s.settles = p.id)
"""

# Every account of the chart with both sides' sums, posted and in flight.
TRIAL_BALANCE = """
with counted as (
  select t.debit, t.credit, t.amount_cents, t.status
  from transfer as t
  where t.effective_on <= %(as_of)s::date
    and (t.status = 'posted'
      or (t.status = 'pending' and not exists (
        select from transfer as s where s.payer_id = t.payer_id and s.settles = t.id)))
), leg as (
  select debit as account, status, amount_cents as debit_cents, 0 as credit_cents from counted
  union all
  select credit, status, 0, amount_cents from counted
)
select a.account::text as account,
       coalesce(sum(l.debit_cents) filter (where l.status = 'posted'), 0)::bigint as debit_cents,
       coalesce(sum(l.credit_cents) filter (where l.status = 'posted'), 0)::bigint as credit_cents,
       coalesce(sum(l.debit_cents) filter (where l.status = 'pending'), 0)::bigint
         as pending_debit_cents,
       coalesce(sum(l.credit_cents) filter (where l.status = 'pending'), 0)::bigint
         as pending_credit_cents
from unnest(enum_range(null::account_code)) as a(account)
left join leg as l on l.account = a.account
group by a.account
order by a.account
"""
