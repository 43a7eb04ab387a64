"""SQL of what the operator delivers: files, acknowledgements and items as they came."""

# Count another delivery of bytes that were taken; nothing comes back when they are new or were
# refused: under another name, or by a newer release, they may be right by now.
DELIVERED_BEFORE = """
update inbound_file set deliveries = deliveries + 1
where sha256 = %(sha256)s and outcome = 'taken' returning name
"""

# Keep a delivered file, or what became of it when it was refused before.
ADD_FILE = """
insert into inbound_file (sha256, name, kind, outcome, faults, received_at)
values (%(sha256)s, %(name)s, %(kind)s, %(outcome)s, %(faults)s, %(received_at)s)
on conflict (sha256) do update set name = excluded.name, kind = excluded.kind,
  outcome = excluded.outcome, faults = excluded.faults, deliveries = inbound_file.deliveries + 1
where inbound_file.outcome = 'quarantined'
"""

# Keep an acknowledgement.
ADD_ACKNOWLEDGEMENT = """
insert into inbound_acknowledgement (sha256, file_name, file_sha256, accepted, reason, entries,
  debit_cents, credit_cents, outcome)
values (%(sha256)s, %(file_name)s, %(file_sha256)s, %(accepted)s, %(reason)s, %(entries)s,
  %(debit_cents)s, %(credit_cents)s, 'waiting')
"""

# Keep items that were not reported before, under whatever file name (failure C2).
ADD_ITEMS = """
insert into inbound_item (sha256, kind, trace_number, code, dated_on, amount_cents, own_trace,
  questionable)
select %(sha256)s, new.kind, new.trace_number, new.code, new.dated_on, new.amount_cents,
  new.own_trace, new.questionable
from unnest(%(kinds)s::text[], %(trace_numbers)s::text[], %(codes)s::text[],
  %(dated_ons)s::date[], %(amounts_cents)s::bigint[], %(own_traces)s::text[],
  %(questionables)s::boolean[])
  with ordinality as new (kind, trace_number, code, dated_on, amount_cents, own_trace,
    questionable, position)
order by new.position
on conflict (kind, trace_number, code, dated_on, amount_cents) do nothing
returning item_id, kind, trace_number, code, dated_on, amount_cents
"""

# Keep the sealed corrected data of a notification of change.
ADD_CORRECTIONS = """
insert into account_correction (item_id, correction_token, key_version, wrapped_key,
  sealed_corrected_data)
select new.item_id, new.correction_token, new.key_version, new.wrapped_key, new.sealed
from unnest(%(item_ids)s::bigint[], %(tokens)s::text[], %(key_versions)s::integer[],
  %(wrapped_keys)s::bytea[], %(sealed)s::bytea[])
  as new (item_id, correction_token, key_version, wrapped_key, sealed)
"""
