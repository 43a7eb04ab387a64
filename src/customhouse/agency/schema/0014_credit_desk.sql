-- The exception desk of ACH Credit: who decides there, what was decided, what payers answered, and
-- what was learned from it (CRD-04). Decisions, answers and claims are only ever added.

-- Who may decide at the desk; the token of the API is kept as its hash only. Ended, it stays, since
-- decisions name it.
create table credit_officer (
  officer_id bigint generated always as identity primary key,
  name text not null unique check (length(name) between 1 and 60),
  token_sha256 bytea not null unique check (length(token_sha256) = 32),
  added_on date not null,
  ended_on date check (ended_on >= added_on)
);

-- Every decision about a part, in order. The request, so that the same one again gets the same
-- answer, which is the outcome.
create table credit_desk_act (
  company_identification text not null,
  act_id bigint generated always as identity,
  credit_id text not null,
  payer_party_id bigint not null,
  part_id text not null,
  action text not null check (action in ('assign', 'apply', 'split', 'refund', 'ask')),
  request jsonb not null,
  outcome jsonb not null,
  -- Why; of a question, what was asked.
  reason text not null check (length(reason) between 1 and 500),
  officer text not null references credit_officer (name),
  decided_on date not null,
  decided_at timestamptz not null,
  primary key (company_identification, act_id)
);
create index credit_desk_act_credit on credit_desk_act (credit_id, act_id);

-- What a payer answered about money of its own; it moves nothing by itself. Said twice, it is one
-- answer.
create table credit_answer (
  payer_party_id bigint not null,
  answer_id bigint generated always as identity,
  credit_id text not null,
  part_id text not null,
  kind text not null check (kind in ('documents', 'refund', 'text')),
  documents text[] not null check (cardinality(documents) <= 20),
  text text not null check (length(text) <= 500),
  given_on date not null,
  given_at timestamptz not null,
  check ((kind = 'documents') = (cardinality(documents) > 0)),
  check (kind <> 'text' or text <> ''),
  primary key (payer_party_id, answer_id),
  unique (payer_party_id, part_id, kind, documents, text)
);
create index credit_answer_credit on credit_answer (credit_id, answer_id);

-- Money that nobody is known for, claimed by a payer who names amount, day and trace number. The
-- payer is not told whether there is any.
create table credit_claim (
  payer_party_id bigint not null,
  claim_id bigint generated always as identity,
  trace_number text not null check (trace_number ~ '^[0-9]{15}$'),
  amount_cents bigint not null check (amount_cents between 1 and 9999999999),
  collected_on date not null,
  documents text[] not null check (cardinality(documents) <= 20),
  text text not null check (length(text) <= 500),
  given_on date not null,
  given_at timestamptz not null,
  primary key (payer_party_id, claim_id),
  unique (payer_party_id, trace_number, amount_cents, collected_on, documents, text)
);
create index credit_claim_trace on credit_claim (trace_number, amount_cents, collected_on);

-- How an originator spells the payments of one payer, learned from one that an officer applied.
-- Element is the place in the addendum at which it stands.
create table credit_rule (
  payer_party_id bigint not null references party,
  rule_id bigint generated always as identity,
  payer_identifier text not null,
  company_identification text not null,
  flaw text not null check (flaw in (
    'payer-alias', 'type-alias', 'document-spelling', 'document-element')),
  element integer not null check (element between 1 and 20),
  -- An alias as it is sent, and what it means; empty for a document number.
  seen text not null check (length(seen) <= 80),
  meant text not null check (length(meant) <= 80),
  -- What stands before and behind a document number.
  prefix text not null check (length(prefix) <= 60),
  suffix text not null check (length(suffix) <= 60),
  learned_from text not null,
  reason text not null check (length(reason) between 1 and 500),
  starts_on date not null,
  made_by text not null references credit_officer (name),
  made_at timestamptz not null,
  ends_on date check (ends_on >= starts_on),
  ended_by text references credit_officer (name),
  ending_reason text check (length(ending_reason) between 1 and 500),
  check ((flaw in ('payer-alias', 'type-alias')) = (seen <> '' and meant <> '')),
  check (num_nulls(ends_on, ended_by, ending_reason) in (0, 3)),
  primary key (payer_party_id, rule_id)
);
create unique index credit_rule_open on credit_rule
  (company_identification, payer_party_id, flaw, element, seen, prefix, suffix)
  where ends_on is null;
-- What an originator sends in the payer's place means one payer.
create unique index credit_rule_alias on credit_rule (company_identification, seen)
  where ends_on is null and flaw = 'payer-alias';

-- Who is asked about money that waits.
create index credit_part_told on credit_part
  (coalesce(paying_party_id, payer_party_id), since_on, part_id) where state = 'unapplied';
-- Which payers an originator has paid for.
create index credit_part_originator on credit_part (company_identification, payer_party_id)
  where state = 'applied';
-- What is open for an amount, and for an importer: candidates for money that was not matched.
create index statement_unpaid_total on statement (total_cents) where state = 'preliminary';
create index statement_unpaid_importer on statement (importer_number, due_on)
  where state = 'preliminary' and importer_number is not null;
