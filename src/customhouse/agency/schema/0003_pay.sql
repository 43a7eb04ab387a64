-- Paying many statements in one step: what watches over it.

-- Every authorization that was refused because its filer may not use the payer unit, or not for the
-- importers of the statement (SEC-06): kept for the officer, never changed. The statement number
-- is empty where what was sent is none.
create table payer_unit_refusal (
  filer_code text not null,
  refusal_id bigint generated always as identity,
  business_date date not null,
  refused_at timestamptz not null,
  sender_id bigint not null,
  batch_id bigint,
  request_id bigint,
  payer_unit_number text not null check (payer_unit_number ~ '^[0-9]{6}$'),
  statement_number text not null check (statement_number ~ '^([0-9]{7}[0-9A-Z]{3})?$'),
  fault_code text not null
    check (fault_code in ('payer-unit-unknown', 'payer-unit-other-importer')),
  check (num_nonnulls(batch_id, request_id) = 1),
  primary key (filer_code, refusal_id)
);
create index payer_unit_refusal_day on payer_unit_refusal (business_date, filer_code);

-- The most that the payer's bank lets be debited from the account in a day, as the payer declared.
alter table payer_unit
  add column daily_cap_cents bigint check (daily_cap_cents between 1 and 999999999999);

-- The sums that are held against it.
create index authorization_attempt_debit_day on authorization_attempt (payer_unit_number, debit_on)
  where state in ('accepted', 'with_bank', 'settled');

-- What is still to be paid, the earliest due date first.
create index statement_unpaid on statement (filer_code, due_on) where state = 'preliminary';
