-- Joining ACH Credit as CBP Form 401 asks for it (CRD-12), the payers' own tokens, and what payers
-- are told (CRD-04, CRD-13, NOT-02).

-- How it came that a payer may pay: approved, its zero-dollar entry accepted; or why it may not.
alter table credit_enrolment
  add column approved_on date,
  -- The zero-dollar entry that was accepted, and the business date of that.
  add column prenote_credit_id text,
  add column prenote_accepted_on date,
  add column decided_by text check (length(decided_by) between 1 and 60),
  -- Why it was refused or removed.
  add column reason text not null default '' check (length(reason) <= 300),
  add column removed_on date,
  add constraint credit_enrolment_prenote_check check (
    (prenote_credit_id is null) = (prenote_accepted_on is null)),
  add constraint credit_enrolment_removed_check check (
    removed_on is null or state in ('removed', 'received', 'refused'));

-- One form as it was filed: to join, or to change what was told before. It holds no account: payers
-- push money from wherever they please.
create table credit_application (
  payer_party_id bigint not null,
  application_number text not null check (application_number ~ '^E[A-HJ-NP-Z2-9]{9}$'),
  -- The order in which forms were filed.
  form_id bigint generated always as identity,
  purpose text not null check (purpose in ('new', 'change')),
  company_name text not null check (length(company_name) between 1 and 60),
  address text[] not null check (cardinality(address) between 1 and 5),
  contact_name text not null check (length(contact_name) between 1 and 60),
  contact_phone text not null check (length(contact_phone) between 7 and 30),
  contact_email text not null check (length(contact_email) between 3 and 200),
  contact_fax text not null default '' check (length(contact_fax) <= 30),
  -- Who signed for the payer.
  official_name text not null check (length(official_name) between 1 and 60),
  official_title text not null check (length(official_title) between 1 and 60),
  notify_by text not null check (notify_by in ('page', 'e-mail')),
  -- The banking days that the payer's bank wants before a payment settles.
  bank_lead_days smallint not null check (bank_lead_days between 0 and 10),
  -- The sender whose request it was; null for one on paper or with the payer's own token.
  sender_id bigint,
  state text not null check (state in ('received', 'approved', 'refused')),
  received_on date not null,
  received_at timestamptz not null,
  decided_on date,
  decided_by text check (length(decided_by) between 1 and 60),
  reason text not null default '' check (length(reason) <= 300),
  check ((state = 'received') = (decided_on is null)),
  check ((decided_on is null) = (decided_by is null)),
  check ((state = 'refused') = (reason <> '')),
  primary key (payer_party_id, application_number)
);
-- A payer has one open application.
create unique index credit_application_open on credit_application (payer_party_id)
  where state = 'received';
-- Payers are told by this, the newest approved form.
create index credit_application_approved on credit_application (payer_party_id, form_id)
  where state = 'approved';
create index credit_application_number on credit_application (application_number);

-- Every zero-dollar entry that arrived, and what it was good for. The payer may be unknown, so the
-- originator's own identification leads the key, as with incoming_credit.
create table credit_prenote (
  company_identification text not null,
  credit_id text not null,
  payer_party_id bigint,
  outcome text not null check (outcome in ('accepted', 'repeated', 'refused')),
  reason text not null default '' check (reason = '' or reason ~ '^[a-z][a-z-]{2,39}$'),
  detail text not null default '' check (length(detail) <= 300),
  judged_on date not null,
  check ((outcome = 'refused') = (reason <> '')),
  check (outcome = 'refused' or payer_party_id is not null),
  primary key (company_identification, credit_id)
);

-- The bearer token of an importer; a filer uses its sender's. Only the hash is kept.
create table payer_token (
  payer_party_id bigint not null,
  token_sha256 bytea not null unique check (length(token_sha256) = 32),
  issued_at timestamptz not null,
  primary key (payer_party_id)
);

-- What a payer is told in words, once under each natural key; its inbox.
create table payer_notice (
  payer_party_id bigint not null,
  notice_id bigint generated always as identity,
  statement_number text,
  kind text not null check (kind ~ '^[a-z][a-z-]{2,39}$'),
  text text not null check (length(text) between 1 and 2000),
  natural_key text not null,
  created_on date not null,
  created_at timestamptz not null,
  primary key (payer_party_id, notice_id),
  unique (payer_party_id, natural_key)
);
create index payer_notice_statement on payer_notice (payer_party_id, statement_number)
  where statement_number is not null;

-- The mail of a notice, for payers who chose e-mail. It is marked sending before the server is
-- spoken to; found so by a later run it is uncertain, and never sent again by itself (NOT-02).
create table payer_mail (
  payer_party_id bigint not null,
  notice_id bigint not null,
  address text not null check (length(address) between 3 and 200 and address !~ '[[:cntrl:]]'),
  state text not null check (state in ('waiting', 'sending', 'sent', 'refused', 'uncertain')),
  -- What the server said, without the address.
  detail text not null default '' check (length(detail) <= 300),
  attempts integer not null default 0 check (attempts >= 0),
  finished_at timestamptz,
  check ((finished_at is not null) = (state in ('sent', 'refused', 'uncertain'))),
  primary key (payer_party_id, notice_id)
);
create index payer_mail_waiting on payer_mail (notice_id) where state in ('waiting', 'sending');
create index payer_mail_unsent on payer_mail (notice_id) where state in ('refused', 'uncertain');

-- An importer looks for the open statements that name it, whatever its suffix (CRD-13); the print
-- run looks for the importers that joined.
create index statement_importer_open on statement (left(importer_number, 10), statement_number)
  where state = 'preliminary' and importer_number is not null;
create index credit_enrolment_base on credit_enrolment (left(payer_identifier, 10));
