-- Sending money back through the bank: a whole entry that the agency refuses (R23).

-- While the bank sends it back a part is returning, and returned when the return has settled. In
-- both the money pays nothing and is owed to nobody; since_on goes on counting its age.
alter table credit_part
  drop constraint credit_part_state_check,
  add constraint credit_part_state_check check (
    state in ('unapplied', 'applied', 'refundable', 'moved', 'returning', 'returned'));
do $$
declare found name;
begin
  select conname into strict found from pg_constraint
  where conrelid = 'credit_part'::regclass and contype = 'c'
    and pg_get_constraintdef(oid) like '%CASE%';
  execute format('alter table credit_part drop constraint %I', found);
end $$;
alter table credit_part add constraint credit_part_used_check check (
  case when state in ('applied', 'refundable') then applied_cents + refundable_cents = amount_cents
       else applied_cents + refundable_cents = 0 end);
create index credit_part_returning on credit_part (credit_id) where state = 'returning';

-- One decision to send an entry back. The bank that does not take it ends the attempt.
create table credit_return (
  company_identification text not null,
  credit_id text not null,
  attempt integer not null check (attempt between 1 and 99),
  amount_cents bigint not null check (amount_cents between 1 and 9999999999),
  state text not null check (state in ('decided', 'with_bank', 'returned', 'refused')),
  officer text not null references credit_officer (name),
  reason text not null check (length(reason) between 1 and 500),
  decided_on date not null,
  delivered_at timestamptz,
  -- The bank's news: its cursor, the day on which the return settled, and its trace number.
  sequence bigint unique,
  settled_on date,
  trace_number text,
  -- Why the bank did not take it.
  refusal text not null default '' check (length(refusal) <= 300),
  -- The business date on which it ended either way.
  closed_on date,
  check ((state = 'returned') = (sequence is not null)),
  check (num_nulls(sequence, settled_on, trace_number) in (0, 3)),
  check ((state = 'refused') = (refusal <> '')),
  check ((state in ('returned', 'refused')) = (closed_on is not null)),
  primary key (company_identification, credit_id, attempt)
);
create unique index credit_return_once on credit_return (company_identification, credit_id)
  where state <> 'refused';
create index credit_return_open on credit_return (decided_on, credit_id)
  where state in ('decided', 'with_bank');

alter table treasury_line
  drop constraint treasury_line_kind_check,
  add constraint treasury_line_kind_check check (
    kind in ('credit_received', 'credit_returned', 'debit_settled', 'debit_returned',
             'return_disputed', 'dispute_won'));

-- What may be decided at the desk is the program's to say; the names are kept well-formed here.
alter table credit_desk_act
  drop constraint if exists credit_desk_act_action_check,
  add constraint credit_desk_act_action_check check (action ~ '^[a-z][a-z-]{2,19}$');
