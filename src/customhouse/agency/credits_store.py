"""SQL of incoming credits as they came."""

# The cursor: the last credit that was taken.
LAST_SEQUENCE = "select coalesce(max(sequence), 0) from incoming_credit"

# One process takes credits at a time; others may read.
LOCK_CREDITS = "lock table incoming_credit in share row exclusive mode"

# Which of these were taken before.
KNOWN = "select sequence from incoming_credit where sequence = any(%(sequences)s)"

# Keep credits as they came. A line feed stands in no addendum and parts them here.
ADD = """
insert into incoming_credit (company_identification, credit_id, sequence, kind, amount_cents,
  collected_on, sec_code, originating_dfi, trace_number, company_name, entry_description,
  identification_number, code, addenda, received_on, received_at)
select t.company_identification, t.credit_id, t.sequence, t.kind, t.amount_cents, t.collected_on,
       t.sec_code, t.originating_dfi, t.trace_number, t.company_name, t.entry_description,
       t.identification_number, t.code, string_to_array(t.addenda, chr(10)), %(received_on)s,
       %(received_at)s
from unnest(%(company_identifications)s::text[], %(credit_ids)s::text[], %(sequences)s::bigint[],
            %(kinds)s::text[], %(amounts)s::bigint[], %(collected_ons)s::date[],
            %(sec_codes)s::text[], %(dfis)s::text[], %(traces)s::text[], %(company_names)s::text[],
            %(descriptions)s::text[], %(identifications)s::text[], %(codes)s::text[],
            %(addenda)s::text[])
  as t(company_identification, credit_id, sequence, kind, amount_cents, collected_on, sec_code,
       originating_dfi, trace_number, company_name, entry_description, identification_number,
       code, addenda)
"""
