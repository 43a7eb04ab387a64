"""SQL of the transfers. Every statement only adds rows or reads them."""

# Add posted or pending transfers, in key order, so that two writers meet in the same order.
INSERT_TRANSFERS = """
insert into transfer (payer_id, kind, ref, debit, credit, amount_cents, status,
  effective_on, recorded_at, actor)
select n.payer_id, n.kind, n.ref, n.debit, n.credit, n.cents, n.status, n.effective_on,
       %(recorded_at)s::timestamptz, %(actor)s::bigint
from json_to_recordset(%(transfers)s::json)
  as n(payer_id bigint, kind smallint, ref text, debit account_code, credit account_code,
       cents bigint, status transfer_status, effective_on date)
order by n.payer_id, n.kind, n.ref
"""

# Tell which of the named transfers are not pending ones on the books.
FIND_NOT_PENDING = """
select n.payer_id, n.kind, n.ref
from unnest(%(payers)s::bigint[], %(pending_kinds)s::smallint[], %(pending_refs)s::text[])
  as n(payer_id, kind, ref)
where not exists (
  select from transfer as p
  where p.payer_id = n.payer_id and p.kind = n.kind and p.ref = n.ref and p.status = 'pending')
order by n.payer_id, n.kind, n.ref
"""

# Post or void pending transfers: each new row repeats the sides and the amount of the one it names.
INSERT_RESOLUTIONS = """
insert into transfer (payer_id, kind, ref, debit, credit, amount_cents, status, settles,
  effective_on, recorded_at, actor)
select p.payer_id, n.kind, p.ref, p.debit, p.credit, p.amount_cents, n.status::transfer_status,
       p.id, n.effective_on, %(recorded_at)s::timestamptz, %(actor)s::bigint
from unnest(%(payers)s::bigint[], %(pending_kinds)s::smallint[], %(pending_refs)s::text[],
            %(kinds)s::smallint[], %(statuses)s::text[], %(effective_ons)s::date[])
  as n(payer_id, pending_kind, pending_ref, kind, status, effective_on)
join transfer as p
  on p.payer_id = n.payer_id and p.kind = n.pending_kind and p.ref = n.pending_ref
where p.status = 'pending'
order by p.payer_id, p.id
"""

# Take back posted transfers, not themselves corrections, by others with their sides swapped.
INSERT_CORRECTIONS = """
insert into transfer (payer_id, kind, ref, debit, credit, amount_cents, status, reverses,
  effective_on, recorded_at, actor)
select o.payer_id, %(kind)s::smallint, n.ref, o.credit, o.debit, o.amount_cents, 'posted',
       o.id, n.effective_on, %(recorded_at)s::timestamptz, %(actor)s::bigint
from unnest(%(payers)s::bigint[], %(transfers)s::bigint[], %(refs)s::text[],
            %(effective_ons)s::date[]) as n(payer_id, transfer_id, ref, effective_on)
join transfer as o on o.payer_id = n.payer_id and o.id = n.transfer_id
where o.status = 'posted' and o.reverses is null
order by o.payer_id, o.id
"""

# Tell which of the named transfers cannot be taken back: unknown, not posted, or a correction.
FIND_NOT_CORRECTABLE = """
select n.payer_id, n.transfer_id
from unnest(%(payers)s::bigint[], %(transfers)s::bigint[]) as n(payer_id, transfer_id)
where not exists (
  select from transfer as o
  where o.payer_id = n.payer_id and o.id = n.transfer_id
    and o.status = 'posted' and o.reverses is null)
order by n.payer_id, n.transfer_id
"""

# One payer's transfers, as they were recorded.
TRANSFERS_OF_PAYER = """
select payer_id, id, kind, ref, debit::text, credit::text, amount_cents, status::text, settles,
       reverses, effective_on, recorded_at, actor
from transfer
where payer_id = %(payer_id)s
order by id
"""
