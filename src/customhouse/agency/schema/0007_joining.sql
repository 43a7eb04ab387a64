-- Joining ACH Debit (CBP Form 400), and how the bank's prenotes to new accounts stand.

-- What is known of the prenote to a unit's account: asked when the bank was not heard yet, waived
-- where it asks for none. A unit whose prenote has neither matured nor been waived is not effective.
alter table payer_unit
  add column prenote text not null default 'waived'
    check (prenote in ('asked', 'waived', 'pending', 'matured', 'failed')),
  -- The first day for a live debit, as the bank expects it; null before the prenote is in a file.
  add column prenote_matures_on date,
  -- The return reason or change code of one that came back, and the day on which we heard of it.
  add column prenote_code text not null default '' check (prenote_code ~ '^([RC][0-9]{2})?$'),
  add column prenote_failed_on date,
  -- Of two pieces of the bank's news the one of the higher sequence holds.
  add column prenote_sequence bigint not null default 0,
  add constraint payer_unit_prenote_failed_check check (
    (prenote = 'failed') = (prenote_code <> '') and (prenote = 'failed') = (prenote_failed_on is not null));

-- How far the bank's news of prenotes was read.
create table prenote_cursor (
  only_row boolean primary key default true check (only_row),
  last_sequence bigint not null check (last_sequence >= 0)
);
insert into prenote_cursor (last_sequence) values (0);

-- One application. The account is an opaque token of the bank's; of the contact's secret only the
-- hash is kept. The unit's number is told to the contact and to nobody else.
create table joining_application (
  application_number text primary key check (application_number ~ '^J[A-HJ-NP-Z2-9]{9}$'),
  payer_party_id bigint not null references party,
  contact_name text not null check (length(contact_name) between 1 and 60),
  contact_email text not null check (length(contact_email) between 3 and 200),
  contact_phone text not null check (length(contact_phone) between 7 and 30),
  account_token text not null,
  requested_on date not null,
  -- The filers that may use the unit, for an importer's.
  filer_codes text[] not null,
  secret_sha256 bytea not null check (length(secret_sha256) = 32),
  -- The API request that it came in, by its sender and key; both null for one on paper.
  sender_id bigint,
  idempotency_key text,
  content_sha256 bytea,
  state text not null check (state in ('received', 'approved', 'refused', 'withdrawn')),
  received_on date not null,
  received_at timestamptz not null,
  decided_on date,
  decided_by text check (length(decided_by) between 1 and 60),
  reason text not null default '',
  payer_unit_number text references payer_unit,
  check ((state = 'received') = (decided_on is null)),
  check ((decided_on is null) = (decided_by is null)),
  check ((state = 'approved') = (payer_unit_number is not null)),
  check ((state = 'refused') = (reason <> '')),
  check (num_nulls(sender_id, idempotency_key, content_sha256) in (0, 3)),
  unique (sender_id, idempotency_key)
);
create index joining_application_open on joining_application (received_at) where state = 'received';
create unique index joining_application_account on joining_application (account_token)
  where state in ('received', 'approved');

-- Every question about an application, answered or not, kept for good.
create table joining_reading (
  reading_id bigint generated always as identity primary key,
  application_number text not null,
  read_at timestamptz not null,
  door text not null check (door in ('page', 'api', 'command')),
  outcome text not null check (outcome in ('told', 'not told'))
);
create index joining_reading_application on joining_reading (application_number, reading_id);
