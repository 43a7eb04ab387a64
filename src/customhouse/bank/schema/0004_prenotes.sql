-- Prenotes, by which an account is tried before the first live debit, and the directory of the banks
-- that take part in ACH.

-- What an outbound file carries: a file of prenotes moves no money.
alter table bank_file
  add column purpose text not null default 'debits' check (purpose in ('debits', 'prenotes')),
  drop constraint bank_file_debit_cents_check,
  add constraint bank_file_debit_cents_check check (
    debit_cents between 0 and 999999999999 and (purpose = 'prenotes') = (debit_cents = 0));

-- The prenote to the account of a payer unit, one a unit: waiting for a file, in a file that went
-- out, matured, or answered, after which the account is unusable for good. A unit without a row was
-- bound while prenotes were waived. sequence grows with every change: the agency reads by it.
create table prenote (
  payer_unit_number text primary key references payer_unit,
  account_token text not null references account,
  state text not null check (state in ('asked', 'sent', 'matured', 'failed')),
  attempt integer not null default 0 check (attempt >= 0),
  -- The first day on which a live debit may go out unless the prenote is answered before.
  matures_on date,
  -- The return reason or change code that answered it.
  code text not null default '' check (code ~ '^([RC][0-9]{2})?$'),
  answered_on date,
  sequence bigint not null unique check (sequence >= 1),
  changed_at timestamptz not null,
  check ((state = 'asked') = (matures_on is null)),
  check ((state = 'failed') = (code <> '')),
  check ((code = '') = (answered_on is null)),
  check (state = 'asked' or attempt >= 1)
);
create index prenote_open on prenote (state) where state in ('asked', 'sent');

-- Whoever changes prenotes holds this row until commit, so that sequences appear in order.
create table prenote_cursor (
  only_row boolean primary key default true check (only_row),
  last_sequence bigint not null check (last_sequence >= 0)
);

-- One prenote in one file; the account is pinned when the file is planned.
create table prenote_entry (
  file_id bigint not null references bank_file,
  position integer not null check (position >= 1),
  payer_unit_number text not null references prenote,
  attempt integer not null check (attempt >= 1),
  account_token text not null references account,
  trace_number text not null check (trace_number ~ '^[0-9]{15}$'),
  primary key (file_id, position),
  unique (file_id, trace_number),
  unique (payer_unit_number, attempt)
);
create index prenote_entry_trace on prenote_entry (trace_number, file_id);

-- Each load of the participant directory, the newest of which holds.
create table directory_load (
  load_id bigint generated always as identity primary key,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  participants integer not null check (participants >= 1),
  loaded_at timestamptz not null
);

-- The banks of the newest load: whose routing number takes ACH entries (SEC-08). record_type is
-- 0 for a Federal Reserve Bank, 1 where entries go to this number, 2 where they go to the new one.
create table participant (
  routing_number text primary key check (routing_number ~ '^[0-9]{9}$'),
  office_code text not null check (office_code in ('O', 'B')),
  servicing_routing_number text not null check (servicing_routing_number ~ '^[0-9]{9}$'),
  record_type text not null check (record_type in ('0', '1', '2')),
  changed_on date,
  new_routing_number text not null check (new_routing_number ~ '^[0-9]{9}$'),
  customer_name text not null,
  address text not null,
  city text not null,
  state_code text not null,
  zip_code text not null,
  phone text not null,
  institution_status text not null,
  data_view_code text not null,
  check ((record_type = '2') = (new_routing_number <> '000000000'))
);
