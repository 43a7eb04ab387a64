-- What follows returns and notifications of change: suspended units, disputes with receiving banks,
-- and changes of accounts under control.

-- A debit may now be refused after it was received: its unit was suspended before the file was built.
alter table debit
  drop constraint debit_check1,
  add constraint debit_refused_at_once check (answered_state <> 'refused' or state = 'refused');

-- Whether the agency has suspended a payer unit; of two pieces of news the higher sequence holds.
create table payer_unit_standing (
  payer_unit_number text primary key check (payer_unit_number ~ '^[0-9]{6}$'),
  sequence bigint not null check (sequence >= 0),
  suspended boolean not null,
  reason_code text not null check (reason_code ~ '^(R[0-9]{2})?$'),
  told_at timestamptz not null
);

-- What a return says besides: the returner's own trace number, and whether it suspects fraud.
alter table inbound_item
  add column own_trace text not null default '' check (own_trace ~ '^([0-9]{15})?$'),
  add column questionable boolean not null default false,
  drop constraint inbound_item_kind_check,
  add constraint inbound_item_kind_check
    check (kind in ('settled', 'returned', 'changed', 'contested'));

alter table event
  drop constraint event_kind_check,
  add constraint event_kind_check check (
    kind in ('refused', 'in_file', 'acknowledged', 'settled', 'returned', 'change_notified',
             'return_disputed', 'dispute_won', 'dispute_lost'));

-- An outbound file of answers to receiving banks: dishonored returns, or refused notifications of
-- change. As with files of debits, its bytes are a function of rows and sealed accounts.
create table answer_file (
  file_id bigint generated always as identity primary key,
  name text not null unique,
  purpose text not null check (purpose in ('dishonored', 'refused-changes')),
  origin text not null,
  created_on date not null,
  created_time text not null,
  file_id_modifier text not null check (file_id_modifier ~ '^[A-Z0-9]$'),
  entries integer not null check (entries >= 1),
  debit_cents bigint not null check (debit_cents between 0 and 999999999999),
  state text not null check (state in ('planned', 'sealed', 'released', 'acknowledged', 'rejected')),
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  planned_at timestamptz not null,
  sealed_at timestamptz,
  released_at timestamptz,
  check ((state = 'planned') = (sha256 is null)),
  check ((sha256 is null) = (sealed_at is null)),
  check ((state in ('planned', 'sealed')) = (released_at is null)),
  unique (origin, created_on, created_time, file_id_modifier)
);

-- A return that this bank does not take as it came. The money that it took is nobody's until the
-- dispute has ended; the owner of that money is carried_by: the agency, whose books then hold it in
-- suspense, or this bank, where the debit is not a settled one.
create table dispute (
  dispute_id bigint generated always as identity primary key,
  item_id bigint not null unique references inbound_item,
  instruction_id text not null references debit,
  entry_attempt integer not null check (entry_attempt >= 1),
  amount_cents bigint not null check (amount_cents between 0 and 9999999999),
  carried_by text not null check (carried_by in ('agency', 'bank')),
  return_code text not null check (return_code ~ '^R[0-9]{2}$'),
  return_trace text not null check (return_trace ~ '^[0-9]{15}$'),
  return_settled_on date not null,
  dishonor_code text not null check (dishonor_code in ('R61', 'R62', 'R67', 'R68', 'R69', 'R70')),
  information text not null default '' check (length(information) <= 21),
  -- The last banking day on which it may be dishonored.
  dishonor_by date not null,
  state text not null check (
    state in ('asked', 'opened', 'dishonored', 'contested', 'won', 'lost')),
  file_id bigint references answer_file,
  position integer check (position >= 1),
  dishonored_trace text check (dishonored_trace ~ '^[0-9]{15}$'),
  dishonored_on date,
  contest_by date,
  contest_code text check (contest_code ~ '^R7[1-7]$'),
  contested_on date,
  contest_item_id bigint unique references inbound_item,
  opened_at timestamptz not null,
  ended_on date,
  ended_by text,
  ending_reason text,
  check (num_nulls(file_id, position, dishonored_trace) in (0, 3)),
  check ((state in ('won', 'lost')) = (ended_on is not null)),
  check (num_nulls(ended_on, ended_by, ending_reason) in (0, 3)),
  unique (file_id, position)
);
create index dispute_instruction on dispute (instruction_id);
create index dispute_open on dispute (dishonor_by) where ended_on is null;

-- Accounts get versions: the same routing and account number may be kept once more when an older
-- version was replaced (a change of the account's kind alone).
alter table account
  add column superseded_at timestamptz,
  drop constraint account_fingerprint_key;
create unique index account_fingerprint_key on account (fingerprint) where superseded_at is null;

-- Every account that a payer unit had, the present one last. The unit keeps its number.
create table account_version (
  payer_unit_number text not null references payer_unit,
  version integer not null check (version >= 1),
  account_token text not null unique references account,
  cause text not null check (cause in ('bound', 'notification', 'customer')),
  item_id bigint references inbound_item,
  changed_by text not null check (length(changed_by) between 1 and 200),
  since timestamptz not null,
  check ((cause = 'notification') = (item_id is not null)),
  primary key (payer_unit_number, version)
);

-- A notification of change on its way: decided by two persons, or by a rule for its code.
create table account_change (
  item_id bigint primary key references inbound_item,
  payer_unit_number text not null,
  change_code text not null check (change_code ~ '^C[0-9]{2}$'),
  -- The account that the notified entry used.
  account_token text not null references account,
  received_on date not null,
  apply_by date not null,
  refuse_by date not null,
  state text not null check (
    state in ('waiting', 'queued', 'approved', 'applied', 'noted', 'refused')),
  -- Why it is queued for review rather than waiting.
  remark text not null default '',
  approved_by text,
  approved_at timestamptz,
  decided_by text,
  decided_on date,
  reason text not null default '',
  new_account_token text references account,
  refused_code text check (refused_code ~ '^C6[1-9]$'),
  file_id bigint references answer_file,
  position integer check (position >= 1),
  refusal_trace text check (refusal_trace ~ '^[0-9]{15}$'),
  check (num_nulls(approved_by, approved_at) in (0, 2)),
  check (state <> 'approved' or approved_by is not null),
  check ((state in ('applied', 'noted', 'refused')) = (decided_on is not null)),
  check (num_nulls(decided_by, decided_on) in (0, 2)),
  check ((state = 'applied') = (new_account_token is not null)),
  check ((state = 'refused') = (refused_code is not null)),
  check (approved_by is distinct from decided_by or approved_by is null),
  check (num_nulls(file_id, position, refusal_trace) in (0, 3)),
  unique (file_id, position)
);
create index account_change_open on account_change (apply_by)
  where state in ('waiting', 'queued', 'approved');

-- The codes of change that are applied without a person, and who decided so.
create table change_rule (
  change_code text primary key check (change_code ~ '^C[0-9]{2}$'),
  set_by text not null check (length(set_by) between 1 and 60),
  reason text not null check (length(reason) between 1 and 200),
  set_at timestamptz not null
);

-- What a person decided about an alarm that does not clear itself.
create table alarm_resolution (
  alarm_id bigint primary key references alarm,
  resolved_by text not null check (length(resolved_by) between 1 and 60),
  reason text not null check (length(reason) between 1 and 200),
  resolved_at timestamptz not null
);
