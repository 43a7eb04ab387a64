"""SQL of treasury days: what the bank said of a day, and the ledger's side of the same day."""

# Begin to take a day from the bank.
NEW_TAKING = """
insert into treasury_taking (settled_on, taken_at) values (%(day)s, %(taken_at)s)
returning taking_id
"""

# Keep a page of the bank's lines.
ADD_LINES = """
insert into treasury_line (settled_on, taking_id, line_id, kind, amount_cents, direction,
  reference, statement_number, trace_number, company_name)
select %(day)s, %(taking_id)s, t.line_id, t.kind, t.amount_cents, t.direction, t.reference,
       t.statement_number, t.trace_number, t.company_name
from json_to_recordset(%(lines)s::json)
  as t(line_id text, kind text, amount_cents bigint, direction text, reference text,
       statement_number text, trace_number text, company_name text)
"""

# The lines of older takings of a day, which the new one replaces.
DROP_OLDER_LINES = """
delete from treasury_line where settled_on = %(day)s and taking_id < %(taking_id)s
"""

# What a comparison came to.
RECORD_COMPARISON = """
update treasury_taking
set compared_at = %(compared_at)s, bank_lines = %(bank_lines)s, bank_cents = %(bank_cents)s,
    ledger_cents = %(ledger_cents)s, differing = %(differing)s
where settled_on = %(day)s and taking_id = %(taking_id)s
"""

# Whoever reads page by page on a terminal may think about a line for some minutes.
LET_READER_WAIT = "select set_config('idle_in_transaction_session_timeout', '10min', true)"

# The days since one that differed when they were last compared.
STILL_DIFFERING = """
select t.settled_on
from treasury_taking t
where t.settled_on >= %(since)s and t.differing > 0
  and not exists (
    select from treasury_taking n
    where n.settled_on = t.settled_on and n.taking_id > t.taking_id and n.compared_at is not null)
order by t.settled_on
"""

# Both sides of a day, a row for each movement: the bank's lines in its order, and what the ledger
# has on the treasury's account by the same kind and reference; cents, what goes out is negative. A
# correction belongs to what it takes back, so that money which changed its owner comes to itself. A
# second line of the bank for the same event meets nothing: the ledger has it once.
BOTH_SIDES = """
with posted as (
  select coalesce(o.kind, t.kind) as kind, coalesce(o.ref, t.ref) as ref, t.payer_id,
         case when t.debit = 'treasury' then t.amount_cents else -t.amount_cents end as cents
  from transfer t
  left join transfer o on t.kind = 9 and o.payer_id = t.payer_id and o.id = t.reverses
  where t.effective_on = %(day)s and t.status = 'posted'
    and (t.debit = 'treasury' or t.credit = 'treasury')
), ledger as (
  select m.kind, m.reference, min(m.statement_number) as statement_number,
         sum(m.cents)::bigint as cents, 1::bigint as nth
  from (
    select 'credit_received' as kind, split_part(p.ref, '.', 1) as reference,
           '' as statement_number, p.cents
    from posted p where p.kind = 10
    union all
    select 'credit_returned', split_part(p.ref, '.', 1), '', p.cents
    from posted p where p.kind = 13
    union all
    select case p.kind when 2 then 'debit_settled' when 4 then 'debit_returned'
                       when 6 then 'return_disputed' when 7 then 'dispute_won'
                       else 'kind ' || p.kind end,
           coalesce(a.instruction_id, p.ref), split_part(p.ref, '/', 1), p.cents
    from posted p
    left join statement s
      on s.statement_number = split_part(p.ref, '/', 1) and s.payer_party_id = p.payer_id
    left join authorization_attempt a
      on a.filer_code = s.filer_code and a.statement_number = s.statement_number
     and a.attempt::text = split_part(p.ref, '/', 2)
    where p.kind not in (10, 13)) as m
  group by m.kind, m.reference
  having sum(m.cents) <> 0
), bank as (
  select l.line_id, l.kind, l.reference, l.statement_number, l.trace_number, l.company_name,
         case l.direction when 'credit' then l.amount_cents else -l.amount_cents end as cents,
         row_number() over (partition by l.kind, l.reference order by l.line_id) as nth
  from treasury_line l
  where l.settled_on = %(day)s and l.taking_id = %(taking_id)s
)
select coalesce(b.kind, g.kind) as kind, coalesce(b.reference, g.reference) as reference,
       b.line_id, coalesce(nullif(b.statement_number, ''), g.statement_number, '')
         as statement_number,
       coalesce(b.trace_number, '') as trace_number,
       coalesce(b.company_name, '') as company_name,
       b.cents as bank_cents, g.cents as ledger_cents
from bank b
full join ledger g on g.kind = b.kind and g.reference = b.reference and g.nth = b.nth
"""

# What a day comes to on both sides.
TOTALS = (
    "with side as ("
    + BOTH_SIDES
    + """)
select count(bank_cents)::integer as bank_lines,
       coalesce(sum(bank_cents) filter (where bank_cents > 0), 0)::bigint as bank_in_cents,
       coalesce(sum(bank_cents) filter (where bank_cents < 0), 0)::bigint as bank_out_cents,
       count(ledger_cents)::integer as ledger_lines,
       coalesce(sum(ledger_cents), 0)::bigint as ledger_cents,
       count(*) filter (where ledger_cents is null)::integer as bank_only,
       count(*) filter (where bank_cents is null)::integer as ledger_only,
       count(*) filter (where bank_cents <> ledger_cents)::integer as other_amount
from side
"""
)

# The bank's own figures of a day by the direction of its lines, as it told them.
BANK_TOTALS = """
select count(*) filter (where direction = 'credit')::integer,
       coalesce(sum(amount_cents) filter (where direction = 'credit'), 0)::bigint,
       count(*) filter (where direction = 'debit')::integer,
       coalesce(sum(amount_cents) filter (where direction = 'debit'), 0)::bigint
from treasury_line
where settled_on = %(day)s and taking_id = %(taking_id)s
"""

# Every movement of a day, a row for each part of a payment, with the statement that it is for.
ROWS = (
    "with side as ("
    + BOTH_SIDES
    + """)
select side.line_id, side.kind, side.reference, side.trace_number, side.company_name,
       side.bank_cents, side.ledger_cents,
       coalesce(p.filer_code, a.filer_code) as filer_code,
       coalesce(p.statement_number, nullif(side.statement_number, '')) as statement_number,
       s.state as statement_state, s.final_on,
       p.part_id, p.amount_cents, p.state as part_state, p.applied_cents, p.refundable_cents,
       case when p.state in ('unapplied', 'returning') then p.reason
            else coalesce(c.cause, '') end as reason,
       p.document_number,
       p.payer_identifier, a.attempt, a.return_code
from side
left join credit_part p
  on side.kind in ('credit_received', 'credit_returned') and p.credit_id = side.reference
 and p.state <> 'moved'
left join refund_claim c
  on c.payer_party_id = p.payer_party_id and c.part_id = p.part_id
left join authorization_attempt a
  on side.kind not in ('credit_received', 'credit_returned') and a.instruction_id = side.reference
left join statement s
  on s.filer_code = coalesce(p.filer_code, a.filer_code)
 and s.statement_number = coalesce(p.statement_number, a.statement_number)
where not %(only_differing)s::boolean or side.bank_cents is distinct from side.ledger_cents
order by side.line_id is null, side.line_id collate "C", side.kind, side.reference,
         p.position, p.part_id collate "C"
"""
)
