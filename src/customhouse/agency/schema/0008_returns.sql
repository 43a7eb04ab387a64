-- What returned debits lead to: payer units that are stopped, bills, and returns in dispute.

-- A payer unit that may not be used from a day on, and why; lifted by a person, kept for good. The
-- bank is told of both, in order: told_… is when it had the news.
create table unit_suspension (
  payer_unit_number text not null references payer_unit,
  suspension_id bigint generated always as identity,
  -- A return reason, or empty where an officer stopped the unit.
  reason_code text not null check (reason_code ~ '^(R[0-9]{2})?$'),
  reason text not null check (length(reason) between 1 and 200),
  -- The returned debit that caused it, if one did: the same return stops a unit once.
  instruction_id text unique,
  suspended_on date not null,
  suspended_at timestamptz not null,
  suspended_by text not null check (length(suspended_by) between 1 and 60),
  told_suspended_at timestamptz,
  lifted_on date,
  lifted_at timestamptz,
  lifted_by text check (length(lifted_by) between 1 and 60),
  lifting_reason text check (length(lifting_reason) between 1 and 200),
  told_lifted_at timestamptz,
  check (num_nulls(lifted_on, lifted_at, lifted_by, lifting_reason) in (0, 4)),
  check (told_lifted_at is null or (lifted_at is not null and told_suspended_at is not null)),
  primary key (payer_unit_number, suspension_id)
);
create unique index unit_suspension_open on unit_suspension (payer_unit_number)
  where lifted_on is null;
create index unit_suspension_untold on unit_suspension (suspension_id)
  where told_suspended_at is null or (lifted_at is not null and told_lifted_at is null);

-- The next bill number of a district and day.
create table bill_sequence (
  district text not null check (district ~ '^[0-9]{2}$'),
  issued_on date not null,
  last_sequence integer not null check (last_sequence between 1 and 1679615),
  primary key (district, issued_on)
);

-- A debit voucher (bill type 7): what is owed since a settled debit came back. Collection status
-- as CATAIR has it: 01 not paid, 04 paid.
create table bill (
  filer_code text not null,
  bill_number text not null check (bill_number ~ '^[0-9]{7}[0-9A-Z]{4}$'),
  bill_type text not null check (bill_type = '7'),
  payer_party_id bigint not null,
  statement_number text not null,
  -- The attempt whose debit came back.
  attempt integer not null check (attempt >= 1),
  amount_cents bigint not null check (amount_cents between 1 and 9999999999),
  return_code text not null check (return_code ~ '^R[0-9]{2}$'),
  issued_on date not null,
  due_on date not null check (due_on > issued_on),
  collection_status text not null check (collection_status in ('01', '04')),
  paid_attempt integer,
  paid_on date,
  check ((collection_status = '04') = (paid_on is not null)),
  check ((paid_attempt is null) = (paid_on is null)),
  primary key (filer_code, bill_number),
  unique (filer_code, statement_number, attempt)
);
create unique index bill_open on bill (filer_code, statement_number)
  where collection_status = '01';
create index bill_payer on bill (payer_party_id) where collection_status = '01';

-- A return that the bank disputes: the money is away and nobody's until the dispute has ended.
create table return_dispute (
  filer_code text not null,
  statement_number text not null,
  attempt integer not null check (attempt >= 1),
  return_code text not null check (return_code ~ '^R[0-9]{2}$'),
  opened_on date not null,
  state text not null check (state in ('open', 'won', 'lost')),
  ended_on date,
  check ((state = 'open') = (ended_on is null)),
  primary key (filer_code, statement_number, attempt)
);
create index return_dispute_open on return_dispute (opened_on) where state = 'open';

-- What filers are told of grows; the words of each kind are in the code.
alter table notice
  drop constraint notice_kind_check,
  add constraint notice_kind_check check (kind ~ '^[a-z][a-z-]{2,39}$');
