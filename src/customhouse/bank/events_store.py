"""SQL of the events that the agency polls."""

# Begin the sequences, once.
BEGIN_CURSOR = """
insert into event_cursor (last_sequence) values (0) on conflict (only_row) do nothing
"""

# Hold the cursor until commit: whoever adds events next gets later sequences and commits later.
HOLD_CURSOR = """
select last_sequence from event_cursor for update
"""

# Add events in the given order, each once.
ADD = """
insert into event (sequence, event_id, kind, instruction_id, amount_cents, effective_on,
  trace_number, code, detail, recorded_at)
select %(last_sequence)s + row_number() over (order by new.position), new.event_id, new.kind,
  new.instruction_id, new.amount_cents, new.effective_on, new.trace_number, new.code, new.detail,
  %(recorded_at)s
from unnest(%(event_ids)s::text[], %(kinds)s::text[], %(instruction_ids)s::text[],
  %(amounts_cents)s::bigint[], %(effective_ons)s::date[], %(trace_numbers)s::text[],
  %(codes)s::text[], %(details)s::text[])
  with ordinality as new (event_id, kind, instruction_id, amount_cents, effective_on,
    trace_number, code, detail, position)
where not exists (select from event where event.event_id = new.event_id)
"""

# Move the cursor by what was added.
MOVE_CURSOR = """
update event_cursor set last_sequence = last_sequence + %(added)s
"""

# The events behind a cursor, in order.
AFTER = """
select sequence, event_id, kind, instruction_id, amount_cents, effective_on, trace_number, code,
  detail
from event where sequence > %(after)s order by sequence limit %(most)s
"""
