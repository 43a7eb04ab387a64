"""SQL of incoming credits as they came."""

# The cursor: the last credit that was taken.
LAST_SEQUENCE = "select coalesce(max(sequence), 0) from incoming_credit"

# One process takes credits at a time; others may read.
LOCK_CREDITS = "lock table incoming_credit in share row exclusive mode"

# Which of these were taken before.
KNOWN = "select sequence from incoming_credit where sequence = any(%(sequences)s)"

# Keep credits as they came.
ADD = """
insert into incoming_credit (company_identification, credit_id, sequence, kind, amount_cents,
  collected_on, sec_code, originating_dfi, trace_number, company_name, entry_description,
  identification_number, code, addenda, received_on, received_at)
select t.company_identification, t.credit_id, t.sequence, t.kind, t.amount_cents, t.collected_on,
       t.sec_code, t.originating_dfi, t.trace_number, t.company_name, t.entry_description,
       t.identification_number, t.code, t.addenda, %(received_on)s, %(received_at)s
from json_to_recordset(%(credits)s::json)
  as t(company_identification text, credit_id text, sequence bigint, kind text,
       amount_cents bigint, collected_on date, sec_code text, originating_dfi text,
       trace_number text, company_name text, entry_description text, identification_number text,
       code text, addenda text[])
"""
