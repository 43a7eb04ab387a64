-- What the bank says moved on the agency's account on a day, as it was last told, and how the
-- ledger compared with it.

-- One asking of the bank for one day. A day that was asked for again has a newer one, and the older
-- one's lines go. The figures are there once the comparison was made; cents, out is negative.
create table treasury_taking (
  settled_on date not null,
  taking_id bigint generated always as identity,
  taken_at timestamptz not null,
  compared_at timestamptz,
  bank_lines integer,
  bank_cents bigint,
  ledger_cents bigint,
  -- Lines on one side only, or with another amount.
  differing integer,
  check (num_nulls(compared_at, bank_lines, bank_cents, ledger_cents, differing) in (0, 5)),
  primary key (settled_on, taking_id)
);

create table treasury_line (
  settled_on date not null,
  taking_id bigint not null,
  line_id text not null check (length(line_id) between 1 and 200),
  kind text not null check (kind in ('credit_received', 'debit_settled', 'debit_returned',
    'return_disputed', 'dispute_won')),
  amount_cents bigint not null check (amount_cents >= 0),
  direction text not null check (direction in ('credit', 'debit')),
  -- The credit_id of a credit, the instruction_id of what a debit brought.
  reference text not null,
  statement_number text not null,
  trace_number text not null,
  company_name text not null,
  primary key (settled_on, taking_id, line_id)
);

-- What a payer pushed, by days.
create index credit_part_paying on credit_part (paying_party_id, collected_on);
create index credit_part_owner on credit_part (payer_party_id, collected_on);
