"""SQL of the rails on the agency's side: what waits for the bank and what came from it."""

# Instructions that the bank does not have yet, but for those it would not take in this run.
WAITING = """
select instruction_id, body from bank_outbox
where delivered_at is null and instruction_id <> all(%(except)s::text[])
order by created_at, instruction_id limit %(limit)s
"""

# The bank has them.
MARK_DELIVERED = """
update bank_outbox set delivered_at = %(delivered_at)s
where instruction_id = any(%(instructions)s) and delivered_at is null
"""

# Their attempts are with the bank.
MARK_WITH_BANK = """
update authorization_attempt set state = 'with_bank'
where instruction_id = any(%(instructions)s) and state = 'accepted'
"""

# The cursor: the last event that was taken.
LAST_SEQUENCE = "select coalesce(max(sequence), 0) from bank_event"

# One process applies events at a time; others may read.
LOCK_EVENTS = "lock table bank_event in share row exclusive mode"

# The statements of these instructions, locked before anything about them changes.
LOCK_STATEMENTS = """
select s.statement_number from statement s
where (s.filer_code, s.statement_number) in (
  select a.filer_code, a.statement_number from authorization_attempt a
  where a.instruction_id = any(%(instructions)s))
order by s.filer_code, s.statement_number
for update
"""

# The attempts of these instructions with the payer and the state of their statement.
ATTEMPTS = """
select a.filer_code, a.statement_number, a.attempt, a.instruction_id, a.state, a.amount_cents,
       a.accepted_on, a.settled_on, s.payer_party_id, s.state as statement_state,
       s.attempts as statement_attempts, a.payer_unit_number,
       exists (select from return_dispute d
               where d.filer_code = a.filer_code and d.statement_number = a.statement_number
                 and d.attempt = a.attempt and d.state = 'open') as disputed
from authorization_attempt a
join statement s on s.filer_code = a.filer_code and s.statement_number = a.statement_number
where a.instruction_id = any(%(instructions)s)
"""

# Which of these events were taken before.
KNOWN_EVENTS = "select event_id from bank_event where event_id = any(%(events)s)"

# Keep the events and what became of each.
INSERT_EVENTS = """
insert into bank_event (event_id, sequence, body, received_at, outcome)
select e.event, e.sequence, e.body::jsonb, %(received_at)s, e.outcome
from unnest(%(events)s::text[], %(sequences)s::bigint[], %(bodies)s::text[],
            %(outcomes)s::text[]) as e(event, sequence, body, outcome)
"""

# The new states of attempts.
UPDATE_ATTEMPTS = """
update authorization_attempt a
set state = t.state,
    trace_number = coalesce(nullif(t.trace, ''), a.trace_number),
    settled_on = coalesce(t.settled_on, a.settled_on),
    returned_on = coalesce(t.returned_on, a.returned_on),
    return_code = coalesce(nullif(t.code, ''), a.return_code)
from unnest(%(instructions)s::text[], %(states)s::text[], %(traces)s::text[],
            %(settled_ons)s::date[], %(returned_ons)s::date[], %(codes)s::text[])
  as t(instruction, state, trace, settled_on, returned_on, code)
where a.instruction_id = t.instruction
"""

# Statements whose debit came back are open again.
REOPEN_STATEMENTS = """
update statement s set state = 'preliminary', final_on = null
from unnest(%(filer_codes)s::text[], %(numbers)s::text[]) as t(filer_code, number)
where s.filer_code = t.filer_code and s.statement_number = t.number
"""
