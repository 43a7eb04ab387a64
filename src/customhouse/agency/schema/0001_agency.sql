-- The agency's business tables. Large tables are keyed by filer first (one filer's rows stay
-- together), small tables are reference data. No account number of any bank is stored here:
-- a payer unit holds the bank's opaque token only (SEC-02).

-- Everyone the ledger can name as a payer. Numbers are handed out by us and mean nothing outside.
create table party (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('filer', 'importer', 'agency')),
  name text not null check (length(name) between 1 and 60)
);

create table filer (
  filer_code text primary key check (filer_code ~ '^[0-9A-Z]{3}$'),
  party_id bigint not null unique references party
);

-- The ports at which a filer may have its statements processed.
create table filer_port (
  filer_code text not null references filer,
  port text not null check (port ~ '^[0-9]{4}$'),
  primary key (filer_code, port)
);

-- Twelve positions with a suffix always written: blank equals 00 (19 CFR 24.5(d)).
create table importer (
  importer_number text primary key check (
    importer_number ~ '^([0-9]{2}-[0-9]{7}[0-9A-Z]{2}|[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{6}-[0-9]{5})$'),
  party_id bigint not null unique references party
);

-- Who may transmit over ABI. Token and password are kept as hashes only.
create table sender (
  sender_id bigint generated always as identity primary key,
  site_code text not null check (site_code ~ '^[0-9A-Z]{4}$'),
  id_code text not null check (id_code ~ '^[0-9A-Z]{3}$'),
  office_code text not null default '' check (office_code ~ '^([0-9A-Z]{2})?$'),
  token_sha256 bytea not null unique check (length(token_sha256) = 32),
  password_salt bytea not null,
  password_hash bytea not null,
  unique (site_code, id_code, office_code)
);

-- The filers for whom a sender transmits; the receiver of a filer's unsolicited messages is one.
create table sender_filer (
  sender_id bigint not null references sender,
  filer_code text not null references filer,
  receives_statements boolean not null default false,
  primary key (sender_id, filer_code)
);
create unique index sender_filer_receiver on sender_filer (filer_code) where receives_statements;

-- A person's sign-in (an identity of the edge) sees the filers named here.
create table user_filer (
  username text not null,
  filer_code text not null references filer,
  primary key (username, filer_code)
);

-- SEC-01, SEC-03: one unit, one token; one token, one unit.
create table payer_unit (
  payer_unit_number text primary key check (payer_unit_number ~ '^[0-9]{6}$' and payer_unit_number <> '000000'),
  owner_party_id bigint not null references party,
  account_token text not null unique,
  effective_on date not null
);

-- SEC-04, SEC-06: which filer may use which importer's payer unit, and when.
create table designation (
  payer_unit_number text not null references payer_unit,
  filer_code text not null references filer,
  starts_on date not null,
  ends_on date check (ends_on >= starts_on),
  primary key (payer_unit_number, filer_code, starts_on)
);

-- The business date: one row a day, opened once and closed once.
create table business_day (
  business_date date primary key,
  opened_at timestamptz not null,
  closed_at timestamptz
);

-- What the day has done: one row for each step that finished.
create table day_step (
  business_date date not null references business_day,
  step text not null,
  finished_at timestamptz not null,
  summary text not null,
  primary key (business_date, step)
);

create table entry_summary (
  filer_code text not null,
  entry_number text not null check (entry_number ~ '^[0-9]{8}$'),
  importer_number text not null,
  port_of_entry text not null check (port_of_entry ~ '^[0-9]{4}$'),
  processing_port text not null check (processing_port ~ '^[0-9]{4}$'),
  entry_type text not null check (entry_type ~ '^[0-9]{2}$'),
  entry_date date not null,
  payment_type text not null check (payment_type in ('1', '2', '3')),
  print_date date check ((print_date is null) = (payment_type = '1')),
  deferred_tax boolean not null default false,
  payable boolean not null default true,
  antidumping_paid boolean not null default true,
  countervailing_paid boolean not null default true,
  consolidated boolean not null default false,
  broker_reference text not null default '' check (length(broker_reference) <= 9),
  team_number text not null default '' check (team_number ~ '^([0-9A-Z]{3})?$'),
  -- The statement it is on now; null while it waits for its print date or is single pay.
  statement_number text,
  received_at timestamptz not null,
  primary key (filer_code, entry_number)
);
create index entry_summary_print on entry_summary (print_date, filer_code)
  where statement_number is null;

-- Charges by accounting class code: 001 duty, 016 to 022 tax, 012 antidumping, 013 countervailing,
-- 044 reconciliation interest, the rest fees.
create table entry_charge (
  filer_code text not null,
  entry_number text not null,
  class_code text not null check (class_code ~ '^[0-9A-Z]{3}$'),
  amount_cents bigint not null check (amount_cents between 0 and 9999999999),
  primary key (filer_code, entry_number, class_code)
);

-- The next sequence of a statement number, per district and day of printing.
create table statement_sequence (
  district text not null check (district ~ '^[0-9]{2}$'),
  print_date date not null,
  last_sequence integer not null check (last_sequence between 1 and 46655),
  primary key (district, print_date)
);

create table statement (
  filer_code text not null,
  -- Never given twice: statement_sequence hands the numbers out per district and day.
  statement_number text not null check (statement_number ~ '^[0-9]{7}[0-9A-Z]{3}$'),
  payer_party_id bigint not null,
  payment_type text not null check (payment_type in ('2', '3')),
  processing_port text not null,
  importer_number text check ((importer_number is null) = (payment_type = '2')),
  print_date date not null,
  state text not null check (state in ('preliminary', 'authorized', 'final', 'cancelled')),
  -- What was printed, never changed, and what is due now that entries were taken off.
  preliminary_cents bigint not null check (preliminary_cents between 0 and 9999999999),
  total_cents bigint not null check (total_cents between 0 and 9999999999),
  attempts integer not null default 0 check (attempts >= 0),
  final_on date check ((final_on is not null) = (state = 'final')),
  primary key (filer_code, statement_number),
  check (total_cents <= preliminary_cents)
);
create index statement_state on statement (state, print_date);

create table statement_entry (
  filer_code text not null,
  statement_number text not null,
  entry_number text not null,
  importer_number text not null,
  -- The records of the line as they were printed, one a line (Q1, Q2, QA): a final repeats them
  -- whatever has happened to the entry since.
  printed text not null,
  line_number integer not null check (line_number >= 1),
  amount_cents bigint not null check (amount_cents between 0 and 9999999999),
  removed_on date,
  removed_source text check (removed_source in ('ABI', 'CBP')),
  check ((removed_on is null) = (removed_source is null)),
  primary key (filer_code, statement_number, entry_number)
);
-- An entry is live on at most one statement.
create unique index statement_entry_live on statement_entry (filer_code, entry_number)
  where removed_on is null;

-- Every batch as it arrived, its password masked, and the answer it got.
create table abi_batch (
  sender_id bigint not null,
  batch_id bigint generated always as identity,
  idempotency_key text,
  content_sha256 bytea not null,
  raw bytea not null,
  received_at timestamptz not null,
  business_date date,
  answer text,
  rejected boolean,
  check ((answer is null) = (rejected is null)),
  primary key (sender_id, batch_id),
  unique (sender_id, idempotency_key)
);
create index abi_batch_content on abi_batch (sender_id, content_sha256);

create table authorization_attempt (
  filer_code text not null,
  statement_number text not null,
  attempt integer not null check (attempt >= 1),
  payer_unit_number text not null,
  amount_cents bigint not null check (amount_cents between 0 and 9999999999),
  state text not null check (state in ('accepted', 'with_bank', 'settled', 'returned', 'refused')),
  instruction_id text not null,
  sender_id bigint not null,
  batch_id bigint not null,
  accepted_on date not null,
  accepted_at timestamptz not null,
  debit_on date not null,
  settled_on date,
  returned_on date,
  return_code text,
  trace_number text,
  primary key (filer_code, statement_number, attempt),
  unique (filer_code, instruction_id)
);
-- At most one live authorization a statement (DEB-04): the last guard behind the row lock.
create unique index authorization_attempt_live
  on authorization_attempt (filer_code, statement_number)
  where state in ('accepted', 'with_bank', 'settled');
create index authorization_attempt_instruction on authorization_attempt (instruction_id);

-- Instructions to the bank, written with the decision and pushed afterwards.
create table bank_outbox (
  filer_code text not null,
  instruction_id text not null,
  body jsonb not null,
  created_at timestamptz not null,
  delivered_at timestamptz,
  primary key (filer_code, instruction_id)
);
create index bank_outbox_waiting on bank_outbox (created_at) where delivered_at is null;

-- The bank's events as they were polled, each with what it led to.
create table bank_event (
  event_id text primary key,
  sequence bigint not null unique,
  body jsonb not null,
  received_at timestamptz not null,
  outcome text not null check (outcome in ('applied', 'recorded', 'unmatched'))
);

-- What the agency sends by itself; it stays until the receiver has acknowledged it.
create table abi_outbox (
  sender_id bigint not null,
  message_id bigint generated always as identity,
  filer_code text not null,
  application text not null check (application ~ '^[A-Z0-9]{2}$'),
  reason text not null,
  natural_key text not null,
  content text not null,
  created_on date not null,
  created_at timestamptz not null,
  acknowledged_at timestamptz,
  primary key (sender_id, message_id),
  unique (sender_id, natural_key)
);
create index abi_outbox_waiting on abi_outbox (sender_id, message_id) where acknowledged_at is null;

-- What a filer is told in words, beside its ABI messages.
create table notice (
  filer_code text not null,
  notice_id bigint generated always as identity,
  statement_number text,
  kind text not null check (kind in ('debit-returned', 'debit-refused', 'change-notified')),
  text text not null,
  natural_key text not null,
  created_on date not null,
  created_at timestamptz not null,
  primary key (filer_code, notice_id),
  unique (filer_code, natural_key)
);
