"""SQL of what the bank tells of prenotes to the accounts of payer units."""

# How far the bank's news were read.
LAST_SEQUENCE = "select last_sequence from prenote_cursor"

# They were read so far.
MOVE_CURSOR = """
insert into prenote_cursor (last_sequence) values (%(sequence)s)
on conflict (only_row) do update set last_sequence = excluded.last_sequence
where prenote_cursor.last_sequence < excluded.last_sequence
"""

# Keep news of units, the newest. Gives each unit, and whether it cannot be used from now on.
KEEP = """
with heard as (
  select * from unnest(%(units)s::text[], %(states)s::text[], %(matures_ons)s::date[],
                       %(codes)s::text[], %(sequences)s::bigint[])
    as h(unit, state, matures_on, code, sequence)
)
update payer_unit u
set prenote = h.state, prenote_matures_on = h.matures_on, prenote_code = h.code,
    prenote_sequence = h.sequence,
    prenote_failed_on = case when h.state = 'failed' then %(on)s::date end
from heard h, payer_unit before
where u.payer_unit_number = h.unit and before.payer_unit_number = h.unit
  and (u.prenote = 'asked' or u.prenote_sequence < h.sequence)
returning u.payer_unit_number, u.prenote = 'failed' and before.prenote <> 'failed'
"""

# The filers that use these units today.
FILERS_OF_UNITS = """
select u.payer_unit_number, f.filer_code
from payer_unit u join filer f on f.party_id = u.owner_party_id
where u.payer_unit_number = any(%(units)s)
union
select d.payer_unit_number, d.filer_code from designation d
where d.payer_unit_number = any(%(units)s) and (d.ends_on is null or d.ends_on >= %(on)s)
order by 1, 2
"""
