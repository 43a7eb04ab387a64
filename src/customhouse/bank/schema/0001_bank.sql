-- The processor bank's tables. Account numbers are here as ciphertext only: the keys that open
-- them are in a file outside the database and outside its backups.

-- The bank's business date is the latest row; it only moves forward.
create table business_day (
  business_date date primary key,
  opened_at timestamptz not null
);

-- What the day has done: the latest run of each step.
create table day_step (
  business_date date not null references business_day,
  step text not null,
  finished_at timestamptz not null,
  summary text not null,
  primary key (business_date, step)
);

-- One captured bank account. The details (routing number, account number, type, holder) are sealed
-- with a data key of their own, which is wrapped by the key-encryption key of that version. The
-- fingerprint is a keyed hash of routing and account number: equal accounts, equal fingerprints.
create table account (
  token text primary key check (token ~ '^acct_[a-z2-7]{26}$'),
  fingerprint bytea not null unique check (length(fingerprint) = 32),
  key_version integer not null check (key_version >= 1),
  wrapped_key bytea not null check (length(wrapped_key) = 60),
  sealed_details bytea not null,
  captured_at timestamptz not null
);
create index account_key_version on account (key_version);

-- Who opened which account and what for: one row before each decryption, never changed.
create table account_access (
  access_id bigint generated always as identity primary key,
  token text not null references account,
  purpose text not null check (length(purpose) between 1 and 100),
  accessed_at timestamptz not null
);
create index account_access_token on account_access (token, access_id);

-- Bearer tokens of the bank's own door, kept as hashes only.
create table door_token (
  token_sha256 bytea primary key check (length(token_sha256) = 32),
  scope text not null check (scope in ('capture')),
  label text not null check (length(label) between 1 and 60),
  issued_at timestamptz not null,
  revoked_at timestamptz
);

-- SEC-03: one account a payer unit, one payer unit an account; a binding is never changed.
create table payer_unit (
  payer_unit_number text primary key
    check (payer_unit_number ~ '^[0-9]{6}$' and payer_unit_number <> '000000'),
  account_token text not null unique references account,
  bound_at timestamptz not null
);

-- One instruction of the agency. Its attempts in files are debit_entry rows; attempt is the
-- latest one, 0 before the first file.
create table debit (
  instruction_id text primary key check (instruction_id ~ '^[A-Za-z0-9._:/-]{1,100}$'),
  payer_unit_number text not null check (payer_unit_number ~ '^[0-9]{6}$'),
  statement_number text not null check (statement_number ~ '^[0-9A-Z]{10}$'),
  amount_cents bigint not null check (amount_cents between 1 and 9999999999),
  accepted_on date not null,
  debit_on date not null,
  state text not null check (
    state in ('received', 'in_file', 'acknowledged', 'settled', 'returned', 'refused')),
  -- What the first delivery was answered; every later one is answered the same.
  answered_state text not null check (answered_state in ('received', 'refused')),
  refusal_code text not null default '',
  attempt integer not null default 0 check (attempt >= 0),
  settled_on date,
  returned_on date,
  return_code text check (return_code ~ '^R[0-9]{2}$'),
  received_at timestamptz not null,
  check ((state = 'refused') = (refusal_code <> '')),
  check ((state = 'refused') = (answered_state = 'refused')),
  check ((state = 'returned') = (return_code is not null)),
  check ((return_code is null) = (returned_on is null)),
  check (state <> 'settled' or settled_on is not null),
  check (state in ('received', 'refused') or attempt >= 1)
);
create index debit_waiting on debit (debit_on, received_at, instruction_id)
  where state = 'received';

-- File ids of one origin and date: how many are used, and the creation time of the first.
create table file_series (
  origin text not null check (origin ~ '^[0-9]{9}$'),
  created_on date not null,
  first_time text not null check (first_time ~ '^([01][0-9]|2[0-3])[0-5][0-9]$'),
  files_used integer not null check (files_used >= 0),
  primary key (origin, created_on)
);

-- The last trace sequence of each ODFI; seven digits, then it wraps.
create table trace_sequence (
  odfi text primary key check (odfi ~ '^[0-9]{8}$'),
  last_sequence integer not null check (last_sequence between 0 and 9999999)
);

-- One outbound file. Its bytes are a function of this row, its debit_entry rows and the sealed
-- accounts; the digest is recorded before anybody outside can see the file.
create table bank_file (
  file_id bigint generated always as identity primary key,
  name text not null unique,
  origin text not null,
  created_on date not null,
  created_time text not null,
  file_id_modifier text not null check (file_id_modifier ~ '^[A-Z0-9]$'),
  effective_on date not null check (effective_on > created_on),
  entries integer not null check (entries >= 1),
  debit_cents bigint not null check (debit_cents between 1 and 999999999999),
  state text not null check (state in ('planned', 'sealed', 'released', 'acknowledged', 'rejected')),
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  planned_at timestamptz not null,
  sealed_at timestamptz,
  released_at timestamptz,
  answered_at timestamptz,
  unique (origin, created_on, created_time, file_id_modifier),
  check ((state = 'planned') = (sha256 is null)),
  check ((sha256 is null) = (sealed_at is null)),
  check ((state in ('planned', 'sealed')) = (released_at is null)),
  check ((state in ('acknowledged', 'rejected')) = (answered_at is not null))
);
create index bank_file_unreleased on bank_file (file_id) where state in ('planned', 'sealed');

-- One entry of one file: an attempt to debit. The account is pinned when the file is planned.
create table debit_entry (
  file_id bigint not null references bank_file,
  position integer not null check (position >= 1),
  instruction_id text not null references debit,
  attempt integer not null check (attempt >= 1),
  account_token text not null references account,
  trace_number text not null check (trace_number ~ '^[0-9]{15}$'),
  primary key (file_id, position),
  unique (file_id, trace_number),
  unique (instruction_id, attempt)
);
create index debit_entry_trace on debit_entry (trace_number, file_id);

-- A delivered file, known by the digest of its bytes; another delivery is only counted.
create table inbound_file (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  name text not null,
  kind text not null check (kind in ('acknowledgement', 'settlement', 'returns', 'unknown')),
  outcome text not null check (outcome in ('taken', 'quarantined')),
  faults integer not null default 0,
  deliveries integer not null default 1 check (deliveries >= 1),
  received_at timestamptz not null,
  check ((outcome = 'quarantined') = (faults > 0))
);

-- What the operator answered to one of our files. It waits until the file it names is released.
create table inbound_acknowledgement (
  sha256 text primary key references inbound_file,
  file_name text not null,
  file_sha256 text not null,
  accepted boolean not null,
  reason text not null,
  entries bigint not null,
  debit_cents bigint not null,
  credit_cents bigint not null,
  outcome text not null check (outcome in ('waiting', 'applied', 'mismatched'))
);
create index inbound_acknowledgement_waiting on inbound_acknowledgement (file_name)
  where outcome = 'waiting';

-- One reported item. Reported again, under whatever file name, it is the same row. It waits while
-- nothing on file has its trace number, and is mismatched when it contradicts what is on file.
create table inbound_item (
  item_id bigint generated always as identity primary key,
  sha256 text not null references inbound_file,
  kind text not null check (kind in ('settled', 'returned', 'changed')),
  trace_number text not null check (trace_number ~ '^[0-9]{15}$'),
  code text not null check (code ~ '^([RC][0-9]{2})?$'),
  dated_on date not null,
  amount_cents bigint not null check (amount_cents between 0 and 9999999999),
  outcome text not null default 'waiting' check (outcome in ('waiting', 'applied', 'mismatched')),
  instruction_id text,
  unique (kind, trace_number, code, dated_on),
  check ((outcome = 'waiting') = (instruction_id is null))
);
create index inbound_item_waiting on inbound_item (kind, item_id) where outcome = 'waiting';

-- Corrected data of a notification of change, sealed like an account; it is never applied by
-- itself, because a silent change of an account is how fraud comes in.
create table account_correction (
  item_id bigint primary key references inbound_item,
  correction_token text not null unique check (correction_token ~ '^corr_[a-z2-7]{26}$'),
  key_version integer not null check (key_version >= 1),
  wrapped_key bytea not null check (length(wrapped_key) = 60),
  sealed_corrected_data bytea not null
);

-- What a person has to look at: raised once for each reference, cleared when it resolves itself.
create table alarm (
  alarm_id bigint generated always as identity primary key,
  kind text not null,
  reference text not null,
  sentence text not null,
  raised_at timestamptz not null,
  cleared_at timestamptz,
  unique (kind, reference)
);

-- What the agency is told, once each. Whoever adds events holds the cursor's row until commit, so
-- that sequences appear in order and nothing appears behind a cursor that was already read.
create table event_cursor (
  only_row boolean primary key default true check (only_row),
  last_sequence bigint not null check (last_sequence >= 0)
);

create table event (
  sequence bigint primary key check (sequence >= 1),
  event_id text not null unique,
  kind text not null check (
    kind in ('refused', 'in_file', 'acknowledged', 'settled', 'returned', 'change_notified')),
  instruction_id text not null references debit,
  amount_cents bigint not null,
  effective_on date,
  trace_number text not null,
  code text not null,
  detail text not null,
  recorded_at timestamptz not null
);

-- The access log is history, also for those who may write to every other table.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are never changed or deleted', tg_table_name;
end $$;
create trigger account_access_is_history before update or delete on account_access
  for each statement execute function refuse_change();
