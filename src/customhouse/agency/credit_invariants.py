"""What must always hold between incoming credits, their parts, claims, statements and the ledger.

Each rule is SQL that finds every row for which it does not hold; ``customhouse ledger check`` runs
them with the others. Together they prove that every cent that is not applied has an owner, a reason
and an age. Kinds of transfer: 10 received, 11 applied, 12 refundable, 13 returned, 14 refused
(pending), 15 return voided; the ref of the last three is the part, a slash and the attempt.
"""

from __future__ import annotations

from customhouse.ledger.invariants import Invariant

CREDIT_IN_PARTS = Invariant(
    name="credit-in-parts",
    meaning="The parts of a payment that are not moved come to its amount.",
    sql="""
select c.credit_id, c.amount_cents, coalesce(sum(p.amount_cents), 0) as in_parts_cents
from incoming_credit c
left join credit_part p on p.credit_id = c.credit_id and p.state <> 'moved'
where c.kind = 'payment'
group by c.credit_id, c.amount_cents
having c.amount_cents <> coalesce(sum(p.amount_cents), 0)
""",
)
UNAPPLIED_HAS_OWNER = Invariant(
    name="unapplied-has-owner",
    meaning="What the ledger holds as unapplied for an owner is what waits or is on its way back.",
    sql="""
with booked as (
  select payer_id, sum(case when credit = 'unapplied_credits' then amount_cents
                            else -amount_cents end) as cents
  from transfer
  where status = 'posted' and (debit = 'unapplied_credits' or credit = 'unapplied_credits')
  group by payer_id
), waiting as (
  select payer_party_id as payer_id, sum(amount_cents) as cents
  from credit_part where state in ('unapplied', 'returning') group by payer_party_id
)
select coalesce(b.payer_id, w.payer_id) as payer_id, b.cents as unapplied_cents,
       w.cents as waiting_cents
from booked b full join waiting w on w.payer_id = b.payer_id
where coalesce(b.cents, 0) <> coalesce(w.cents, 0)
""",
)
WAITING_HAS_REASON = Invariant(
    name="waiting-has-reason",
    meaning="A part that waits has an owner that exists, a reason and the day on which it began.",
    sql="""
select p.payer_party_id, p.part_id, p.reason, p.since_on
from credit_part p
where p.state in ('unapplied', 'returning')
  and (p.reason = '' or p.since_on is null
    or (p.reason = 'short') <> (p.statement_number is not null)
    or not exists (select from party o where o.id = p.payer_party_id))
""",
)
PART_POSTED = Invariant(
    name="part-posted",
    meaning="Each part has exactly the transfers that its state calls for, at its amounts.",
    sql="""
with posted as (
  select p.payer_party_id, p.part_id, p.state, p.amount_cents, p.applied_cents,
         p.refundable_cents, p.collected_on,
         coalesce(sum(t.amount_cents) filter (where t.kind = 10), 0) as received,
         coalesce(sum(t.amount_cents) filter (where t.kind = 11), 0) as applied,
         coalesce(sum(t.amount_cents) filter (where t.kind = 12 and c.reverses is null), 0)
           as refundable,
         bool_and(t.effective_on = p.collected_on) filter (where t.kind = 10) as on_collection
  from credit_part p
  left join transfer t
    on t.payer_id = p.payer_party_id and t.ref = p.part_id and t.kind in (10, 11, 12)
  left join transfer c
    on c.payer_id = t.payer_id and c.reverses = t.id and t.kind = 12
  group by p.payer_party_id, p.part_id
)
select payer_party_id, part_id, state, received, applied, refundable
from posted
where received <> amount_cents or applied <> applied_cents or refundable <> refundable_cents
   or on_collection is not true
""",
)
MOVED_IS_CORRECTED = Invariant(
    name="moved-is-corrected",
    meaning="The receipt of a part is taken back exactly when it was moved.",
    sql="""
select p.payer_party_id, p.part_id, p.state, c.id as correction
from credit_part p
join transfer t on t.payer_id = p.payer_party_id and t.ref = p.part_id and t.kind = 10
left join transfer c on c.payer_id = t.payer_id and c.reverses = t.id
where (p.state = 'moved') <> (c.id is not null)
""",
)
TRANSFER_HAS_PART = Invariant(
    name="transfer-has-part",
    meaning="Every transfer of a credit belongs to a part of its owner.",
    sql="""
select t.payer_id, t.id, t.kind, t.ref, t.amount_cents
from transfer t
where t.kind between 10 and 15 and not exists (
  select from credit_part p
  where p.payer_party_id = t.payer_id
    and p.part_id = case when t.kind >= 13 then split_part(t.ref, '/', 1) else t.ref end)
""",
)
RETURN_POSTED = Invariant(
    name="return-posted",
    meaning="A part going back has one pending transfer, a returned one has it posted; no other.",
    sql="""
with going as (
  select t.payer_id, split_part(t.ref, '/', 1) as part_id,
         sum(t.amount_cents) filter (where t.kind = 14 and e.id is null) as pending_cents,
         sum(t.amount_cents) filter (where t.kind = 13) as returned_cents,
         max(t.effective_on) filter (where t.kind = 13) as settled_on
  from transfer t
  left join transfer e on e.payer_id = t.payer_id and e.settles = t.id
  where t.kind in (13, 14)
  group by t.payer_id, split_part(t.ref, '/', 1)
)
select coalesce(p.payer_party_id, g.payer_id) as payer_id, p.part_id, p.state, g.pending_cents,
       g.returned_cents, g.settled_on
from (select * from credit_part where state in ('returning', 'returned')) p
full join going g on g.payer_id = p.payer_party_id and g.part_id = p.part_id
left join credit_return r
  on r.company_identification = p.company_identification and r.credit_id = p.credit_id
 and r.state <> 'refused'
where coalesce(g.pending_cents, 0)
        <> case when p.state = 'returning' then p.amount_cents else 0 end
   or coalesce(g.returned_cents, 0)
        <> case when p.state = 'returned' then p.amount_cents else 0 end
   or (p.state = 'returned' and g.settled_on is distinct from r.settled_on)
""",
)
RETURNED_WHOLE = Invariant(
    name="returned-whole",
    meaning="An entry goes back whole: all of its parts do, and come to what the bank was told.",
    sql="""
select coalesce(r.credit_id, p.credit_id) as credit_id, r.state, r.amount_cents,
       p.going_cents, p.all_cents
from (select * from credit_return where state <> 'refused') r
full join (
  select credit_id, company_identification, min(state) as state, sum(amount_cents) as all_cents,
         coalesce(sum(amount_cents) filter (where state in ('returning', 'returned')), 0)
           as going_cents,
         count(distinct state) as states
  from credit_part where state <> 'moved'
  group by company_identification, credit_id) p
  on p.company_identification = r.company_identification and p.credit_id = r.credit_id
where (r.credit_id is null and p.going_cents > 0)
   or (r.credit_id is not null
       and (p.going_cents is distinct from r.amount_cents
            or p.all_cents is distinct from r.amount_cents or p.states <> 1
            or (r.state = 'returned') <> (p.state = 'returned')))
""",
)
RETURN_YOUNG = Invariant(
    name="return-young",
    meaning="No entry is on its way back 10 days behind the newest transfer.",
    sql="""
select t.payer_id, t.ref, t.effective_on, t.amount_cents
from transfer t
where t.kind = 14
  and not exists (select from transfer e where e.payer_id = t.payer_id and e.settles = t.id)
  and t.effective_on < (select max((recorded_at at time zone 'UTC')::date) from transfer) - 10
""",
)
PAID_IN_FULL = Invariant(
    name="paid-in-full",
    meaning="A statement paid by credit has its total applied, on its payment date; no other any.",
    sql="""
with applied as (
  select p.filer_code, p.statement_number, sum(p.applied_cents) as cents,
         bool_and(t.effective_on = s.paid_on) as on_its_day
  from credit_part p
  join transfer t on t.payer_id = p.payer_party_id and t.ref = p.part_id and t.kind = 11
  join statement s on s.filer_code = p.filer_code and s.statement_number = p.statement_number
  where p.state = 'applied'
  group by p.filer_code, p.statement_number
)
select coalesce(s.filer_code, a.filer_code) as filer_code,
       coalesce(s.statement_number, a.statement_number) as statement_number, s.state,
       s.total_cents, a.cents as applied_cents
from (select * from statement where paid_on is not null) s
full join applied a
  on a.filer_code = s.filer_code and a.statement_number = s.statement_number
where s.total_cents is distinct from a.cents or a.on_its_day is not true
""",
)
CLAIMS_ARE_PAYABLE = Invariant(
    name="claims-are-payable",
    meaning="What is owed back by parts and claims is what the ledger says is payable.",
    sql="""
with booked as (
  select payer_id, sum(case when credit = 'refunds_payable' then amount_cents
                            else -amount_cents end) as cents
  from transfer
  where status = 'posted' and (debit = 'refunds_payable' or credit = 'refunds_payable')
  group by payer_id
), claimed as (
  select payer_party_id as payer_id, sum(amount_cents) as cents
  from refund_claim where state = 'claimed' group by payer_party_id
), owed as (
  select payer_party_id as payer_id, sum(refundable_cents) as cents
  from credit_part where refundable_cents > 0 group by payer_party_id
)
select coalesce(b.payer_id, c.payer_id, o.payer_id) as payer_id, b.cents as payable_cents,
       c.cents as claimed_cents, o.cents as owed_cents
from booked b
full join claimed c on c.payer_id = b.payer_id
full join owed o on o.payer_id = coalesce(b.payer_id, c.payer_id)
where coalesce(b.cents, 0) <> coalesce(c.cents, 0) or coalesce(c.cents, 0) <> coalesce(o.cents, 0)
""",
)
ENOUGH_IS_APPLIED = Invariant(
    name="enough-is-applied",
    meaning="When a day is closed, no unpaid statement has enough waiting for it.",
    sql="""
select s.filer_code, s.statement_number, s.total_cents, sum(p.amount_cents) as waiting_cents
from credit_part p
join statement s on s.filer_code = p.filer_code and s.statement_number = p.statement_number
join business_day d on d.business_date = (select max(business_date) from business_day)
where p.state = 'unapplied' and s.state = 'preliminary' and d.closed_at is not null
group by s.filer_code, s.statement_number, s.total_cents
having sum(p.amount_cents) >= s.total_cents
""",
)

CREDIT_INVARIANTS: tuple[Invariant, ...] = (
    CREDIT_IN_PARTS,
    UNAPPLIED_HAS_OWNER,
    WAITING_HAS_REASON,
    PART_POSTED,
    MOVED_IS_CORRECTED,
    TRANSFER_HAS_PART,
    RETURN_POSTED,
    RETURNED_WHOLE,
    RETURN_YOUNG,
    PAID_IN_FULL,
    CLAIMS_ARE_PAYABLE,
    ENOUGH_IS_APPLIED,
)
