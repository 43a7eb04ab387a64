"""What must always hold between statements, authorizations, instructions and the ledger.

Each rule is SQL that finds every row for which it does not hold; ``customhouse ledger check``
runs these beside the ledger's own. Kinds of transfer are those of ledger.transfers: 1 authorized
(pending), 2 settled, 3 voided, 4 returned, 5 posted.
"""

from __future__ import annotations

from customhouse.agency.credit_invariants import CREDIT_INVARIANTS
from customhouse.ledger.invariants import Invariant

STATEMENT_TOTALS = Invariant(
    name="statement-totals",
    meaning="A statement's total is the sum of its live entries, and what was printed of all.",
    sql="""
select s.filer_code, s.statement_number, s.total_cents, s.preliminary_cents,
       sum(l.amount_cents) as printed_cents,
       coalesce(sum(l.amount_cents) filter (where l.removed_on is null), 0) as live_cents
from statement s
left join statement_entry l using (filer_code, statement_number)
group by s.filer_code, s.statement_number
having s.total_cents
         <> coalesce(sum(l.amount_cents) filter (where l.removed_on is null), 0)
    or s.preliminary_cents is distinct from sum(l.amount_cents)
    or (s.state = 'cancelled') <> (count(*) filter (where l.removed_on is null) = 0)
""",
)
STATEMENT_DUE = Invariant(
    name="statement-due",
    meaning="A statement is due with the earliest of the entries on it.",
    sql="""
select s.filer_code, s.statement_number, s.due_on, min(e.due_on) as earliest
from statement s
join statement_entry l using (filer_code, statement_number)
join entry_summary e on e.filer_code = l.filer_code and e.entry_number = l.entry_number
where l.removed_on is null
group by s.filer_code, s.statement_number
having s.due_on is distinct from min(e.due_on)
""",
)
LINE_IS_DUE_CHARGES = Invariant(
    name="line-is-due-charges",
    meaning="A live line is the sum of its entry's due charges by accounting class.",
    sql="""
select l.filer_code, l.statement_number, l.entry_number, l.amount_cents,
       coalesce(sum(c.amount_cents), 0) as charges_cents
from statement_entry l
join entry_summary e on e.filer_code = l.filer_code and e.entry_number = l.entry_number
left join entry_charge c
  on c.filer_code = l.filer_code and c.entry_number = l.entry_number and e.payable
 and not (e.deferred_tax and c.class_code in ('016', '017', '018', '022'))
 and (e.antidumping_paid or c.class_code <> '012')
 and (e.countervailing_paid or c.class_code <> '013')
where l.removed_on is null
group by l.filer_code, l.statement_number, l.entry_number, l.amount_cents
having l.amount_cents <> coalesce(sum(c.amount_cents), 0)
""",
)
ENTRY_ON_ITS_STATEMENT = Invariant(
    name="entry-on-its-statement",
    meaning="An entry and the live line of its statement name each other.",
    sql="""
select coalesce(e.filer_code, l.filer_code) as filer_code,
       coalesce(e.entry_number, l.entry_number) as entry_number,
       e.statement_number as of_entry, l.statement_number as of_line
from (select * from entry_summary where statement_number is not null) e
full join (select * from statement_entry where removed_on is null) l
  on l.filer_code = e.filer_code and l.entry_number = e.entry_number
where e.statement_number is distinct from l.statement_number
""",
)
AUTHORIZED_ONCE = Invariant(
    name="authorized-once",
    meaning="Authorized or final, a statement has one live authorization or was paid by credit.",
    sql="""
select s.filer_code, s.statement_number, s.state, count(a.attempt) as live
from statement s
left join authorization_attempt a
  on a.filer_code = s.filer_code and a.statement_number = s.statement_number
 and a.state in ('accepted', 'with_bank', 'settled')
group by s.filer_code, s.statement_number
having count(a.attempt) <> case when s.state = 'authorized'
                                  or (s.state = 'final' and s.paid_on is null)
                                then 1 else 0 end
""",
)
AUTHORIZED_AMOUNT = Invariant(
    name="authorized-amount",
    meaning="A live authorization is for the statement's total, and so is its instruction.",
    sql="""
select a.filer_code, a.statement_number, a.attempt, a.amount_cents, s.total_cents,
       o.body ->> 'amount_cents' as instructed_cents
from authorization_attempt a
join statement s on s.filer_code = a.filer_code and s.statement_number = a.statement_number
left join bank_outbox o
  on o.filer_code = a.filer_code and o.instruction_id = a.instruction_id
where (a.state in ('accepted', 'with_bank', 'settled') and a.amount_cents <> s.total_cents)
   or (a.amount_cents > 0 and a.state <> 'negated'
       and (o.body ->> 'amount_cents')::bigint is distinct from a.amount_cents)
""",
)
ATTEMPT_POSTED = Invariant(
    name="attempt-posted",
    meaning="Each attempt has exactly the transfers that its state calls for, at its amount.",
    sql="""
with posted as (
  select s.filer_code, a.statement_number, a.attempt, a.state, a.amount_cents,
         a.settled_on is not null as was_settled,
         count(*) filter (where t.kind = 1) as pending_rows,
         count(*) filter (where t.kind = 5) as posted_rows,
         count(*) filter (where t.kind = 3) as voided_rows,
         count(*) filter (where t.kind = 2) as settled_rows,
         count(*) filter (where t.kind in (4, 8)) as returned_rows,
         bool_or(t.amount_cents <> a.amount_cents) as other_amount
  from authorization_attempt a
  join statement s on s.filer_code = a.filer_code and s.statement_number = a.statement_number
  left join transfer t
    on t.payer_id = s.payer_party_id and t.ref = a.statement_number || '/' || a.attempt
   and t.kind in (1, 2, 3, 4, 5, 8)
  where a.amount_cents > 0
  group by s.filer_code, a.statement_number, a.attempt, a.state, a.amount_cents, a.settled_on
)
select filer_code, statement_number, attempt, state, pending_rows, posted_rows, voided_rows,
       settled_rows, returned_rows
from posted
where other_amount
   or (pending_rows, posted_rows, voided_rows, settled_rows, returned_rows) is distinct from
      case when state in ('accepted', 'with_bank')
             then (1::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint)
           when state = 'settled'
             then (1::bigint, 1::bigint, 0::bigint, 1::bigint, 0::bigint)
           when state = 'returned' and was_settled
             then (1::bigint, 1::bigint, 0::bigint, 1::bigint, 1::bigint)
           else (1::bigint, 0::bigint, 1::bigint, 0::bigint, 0::bigint) end
""",
)
TRANSFER_HAS_ATTEMPT = Invariant(
    name="transfer-has-attempt",
    meaning="Every transfer of a debit belongs to an attempt to pay a statement of its payer.",
    sql="""
select t.payer_id, t.id, t.kind, t.ref, t.amount_cents
from transfer t
where t.kind between 1 and 8 and not exists (
  select from statement s
  join authorization_attempt a
    on a.filer_code = s.filer_code and a.statement_number = s.statement_number
  where s.payer_party_id = t.payer_id and a.statement_number || '/' || a.attempt = t.ref)
""",
)
ATTEMPT_DATED = Invariant(
    name="attempt-dated",
    meaning="Revenue counts from acceptance, money from settlement, a bill from its return.",
    sql="""
select t.payer_id, t.id, t.kind, t.ref, t.effective_on, a.accepted_on, a.settled_on, a.returned_on
from authorization_attempt a
join statement s on s.filer_code = a.filer_code and s.statement_number = a.statement_number
join transfer t
  on t.payer_id = s.payer_party_id and t.ref = a.statement_number || '/' || a.attempt
where t.effective_on is distinct from case t.kind
  when 1 then a.accepted_on
  when 2 then a.settled_on
  when 4 then a.returned_on
  when 5 then a.accepted_on
  when 8 then a.returned_on
  else t.effective_on end
""",
)
INSTRUCTED_AS_AUTHORIZED = Invariant(
    name="instructed-as-authorized",
    meaning="An instruction names the payer unit and the statement that were authorized.",
    sql="""
select a.filer_code, a.statement_number, a.attempt, a.payer_unit_number,
       o.body ->> 'payer_unit_number' as instructed_unit,
       o.body ->> 'statement_number' as instructed_statement
from authorization_attempt a
join bank_outbox o on o.filer_code = a.filer_code and o.instruction_id = a.instruction_id
where (o.body ->> 'payer_unit_number', o.body ->> 'statement_number', o.body ->> 'instruction_id')
      is distinct from (a.payer_unit_number, a.statement_number, a.instruction_id)
""",
)
REVENUE_IS_PAID_STATEMENTS = Invariant(
    name="revenue-is-paid-statements",
    meaning="A payer's posted revenue is the total of its statements that were ever paid.",
    sql="""
with booked as (
  select payer_id, sum(case when credit = 'revenue' then amount_cents
                            else -amount_cents end) as cents
  from transfer
  where status = 'posted' and (credit = 'revenue' or debit = 'revenue')
  group by payer_id
), paid as (
  select s.payer_party_id as payer_id, sum(s.total_cents) as cents
  from statement s
  where s.paid_on is not null
     or exists (select from authorization_attempt a
                where a.filer_code = s.filer_code and a.statement_number = s.statement_number
                  and a.settled_on is not null)
  group by s.payer_party_id
)
select coalesce(b.payer_id, p.payer_id) as payer_id, b.cents as revenue_cents,
       p.cents as statements_cents
from booked b full join paid p on p.payer_id = b.payer_id
where coalesce(b.cents, 0) <> coalesce(p.cents, 0)
""",
)
RECEIVABLE_IS_RETURNED = Invariant(
    name="receivable-is-returned",
    meaning="A payer's receivable is what was returned after settlement and not paid since.",
    sql="""
with booked as (
  select payer_id, sum(case when debit = 'bills_receivable' then amount_cents
                            else -amount_cents end) as cents
  from transfer
  where status = 'posted' and (debit = 'bills_receivable' or credit = 'bills_receivable')
  group by payer_id
), owed as (
  select s.payer_party_id as payer_id, sum(s.total_cents) as cents
  from statement s
  where exists (select from authorization_attempt a
                where a.filer_code = s.filer_code and a.statement_number = s.statement_number
                  and a.state = 'returned' and a.settled_on is not null)
    and s.paid_on is null
    and not exists (select from authorization_attempt a
                where a.filer_code = s.filer_code and a.statement_number = s.statement_number
                  and a.state = 'settled')
  group by s.payer_party_id
)
select coalesce(b.payer_id, o.payer_id) as payer_id, b.cents as receivable_cents,
       o.cents as returned_cents
from booked b full join owed o on o.payer_id = b.payer_id
where coalesce(b.cents, 0) <> coalesce(o.cents, 0)
""",
)
NEGATED_NEVER_LEFT = Invariant(
    name="negated-never-left",
    meaning="No instruction of a negated authorization waits for the bank or was given to it.",
    sql="""
select a.filer_code, a.statement_number, a.attempt, o.delivered_at
from authorization_attempt a
join bank_outbox o on o.filer_code = a.filer_code and o.instruction_id = a.instruction_id
where a.state = 'negated'
""",
)
EVENTS_MATCHED = Invariant(
    name="events-matched",
    meaning="Every event of the bank fitted an authorization of the agency.",
    sql="select event_id, body ->> 'kind' as kind from bank_event where outcome = 'unmatched'",
)

BILLS_ARE_RECEIVABLE = Invariant(
    name="bills-are-receivable",
    meaning="A payer's open bills are what its account bills_receivable says.",
    sql="""
with booked as (
  select payer_id, sum(case when debit = 'bills_receivable' then amount_cents
                            else -amount_cents end) as cents
  from transfer
  where status = 'posted' and (debit = 'bills_receivable' or credit = 'bills_receivable')
  group by payer_id
), billed as (
  select payer_party_id as payer_id, sum(amount_cents) as cents
  from bill where collection_status = '01' group by payer_party_id
)
select coalesce(b.payer_id, o.payer_id) as payer_id, b.cents as receivable_cents,
       o.cents as billed_cents
from booked b full join billed o on o.payer_id = b.payer_id
where coalesce(b.cents, 0) <> coalesce(o.cents, 0)
""",
)
DISPUTES_IN_SUSPENSE = Invariant(
    name="disputes-in-suspense",
    meaning="A payer's disputed debits are what its account returns_in_dispute says.",
    sql="""
with booked as (
  select payer_id, sum(case when debit = 'returns_in_dispute' then amount_cents
                            else -amount_cents end) as cents
  from transfer
  where status = 'posted' and (debit = 'returns_in_dispute' or credit = 'returns_in_dispute')
  group by payer_id
), disputed as (
  select s.payer_party_id as payer_id, sum(a.amount_cents) as cents
  from return_dispute d
  join authorization_attempt a
    on a.filer_code = d.filer_code and a.statement_number = d.statement_number
   and a.attempt = d.attempt
  join statement s
    on s.filer_code = d.filer_code and s.statement_number = d.statement_number
  where d.state = 'open'
  group by s.payer_party_id
)
select coalesce(b.payer_id, o.payer_id) as payer_id, b.cents as in_suspense_cents,
       o.cents as disputed_cents
from booked b full join disputed o on o.payer_id = b.payer_id
where coalesce(b.cents, 0) <> coalesce(o.cents, 0)
""",
)
TREASURY_AGREES = Invariant(
    name="treasury-agrees",
    meaning="A day behind us agreed with the bank, line by line, when it was last compared.",
    sql="""
select t.settled_on, t.bank_cents, t.ledger_cents, t.differing
from treasury_taking t
where t.differing > 0 and t.settled_on < (select max(business_date) from business_day)
  and not exists (
    select from treasury_taking n
    where n.settled_on = t.settled_on and n.taking_id > t.taking_id and n.compared_at is not null)
""",
)

INVARIANTS: tuple[Invariant, ...] = (
    STATEMENT_TOTALS,
    STATEMENT_DUE,
    LINE_IS_DUE_CHARGES,
    ENTRY_ON_ITS_STATEMENT,
    AUTHORIZED_ONCE,
    AUTHORIZED_AMOUNT,
    ATTEMPT_POSTED,
    TRANSFER_HAS_ATTEMPT,
    ATTEMPT_DATED,
    INSTRUCTED_AS_AUTHORIZED,
    REVENUE_IS_PAID_STATEMENTS,
    RECEIVABLE_IS_RETURNED,
    BILLS_ARE_RECEIVABLE,
    DISPUTES_IN_SUSPENSE,
    NEGATED_NEVER_LEFT,
    EVENTS_MATCHED,
    TREASURY_AGREES,
    *CREDIT_INVARIANTS,
)
