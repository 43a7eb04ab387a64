-- Payments that arrive by themselves (ACH Credit): what came, what each part of it is for, and what
-- is owed back. Every cent received is in exactly one part that is not moved.

-- A statement that pushed money has paid in full: it has no live authorization. paid_on is the
-- collection date that completed the payment (CRD-07), paid_known_on the day behind which the final
-- goes out (CRD-03): the same, or the business date on which an officer applied it.
alter table statement
  drop constraint statement_state_check,
  add constraint statement_state_check check (
    state in ('preliminary', 'authorized', 'paid', 'final', 'cancelled')),
  add column paid_on date,
  add column paid_known_on date,
  add constraint statement_paid_check check (
    (paid_on is null) = (paid_known_on is null)
    and (state <> 'paid' or paid_on is not null)
    and (paid_on is null or state in ('paid', 'final')));
create index statement_paid on statement (filer_code, statement_number) where state = 'paid';
-- An addendum names a statement or a bill, not its filer.
create index statement_by_number on statement (statement_number);
create index bill_by_number on bill (bill_number);

-- A bill is paid by another attempt to debit, or by a credit, which is none.
do $$
declare found name;
begin
  select conname into strict found from pg_constraint
  where conrelid = 'bill'::regclass and contype = 'c'
    and pg_get_constraintdef(oid) like '%paid_attempt IS NULL%';
  execute format('alter table bill drop constraint %I', found);
end $$;
alter table bill add constraint bill_paid_check check (paid_on is not null or paid_attempt is null);

-- Who has joined ACH Credit (CRD-12). payer_identifier is what a payment's addendum names: an
-- importer number with its hyphens, or a filer code.
create table credit_enrolment (
  payer_party_id bigint not null references party,
  payer_identifier text not null unique check (length(payer_identifier) between 3 and 12),
  state text not null check (state in ('received', 'approved', 'active', 'refused', 'removed')),
  -- The first day on which a payment may be originated; known when the prenote was accepted.
  effective_on date,
  check (state <> 'active' or effective_on is not null),
  primary key (payer_party_id)
);

-- What arrived at the bank for the agency's account, as it came; never changed. The payer is not
-- known yet, so the originator's own identification leads the key.
create table incoming_credit (
  company_identification text not null,
  credit_id text not null check (credit_id ~ '^C[0-9]{20}(-[1-9][0-9]{0,3})?$'),
  -- The bank's cursor.
  sequence bigint not null unique,
  kind text not null check (kind in ('payment', 'prenote', 'debit_refused')),
  amount_cents bigint not null check (amount_cents between 0 and 9999999999),
  -- The settlement date: the day on which the money was collected (CRD-07).
  collected_on date not null,
  sec_code text not null,
  originating_dfi text not null,
  trace_number text not null,
  company_name text not null,
  entry_description text not null,
  identification_number text not null,
  -- With which return code the bank refused a debit, otherwise empty.
  code text not null,
  -- The payment related information of each addendum, all 80 characters as they came.
  addenda text[] not null,
  received_on date not null,
  received_at timestamptz not null,
  check ((kind = 'payment') = (amount_cents > 0) or kind = 'debit_refused'),
  primary key (company_identification, credit_id)
);
create index incoming_credit_day on incoming_credit (collected_on, sequence);

-- The money of one addendum, of a whole entry that cannot be told apart, or of a share that an
-- officer made. Its owner is who it stands for in the ledger: the payer of the statement, the payer
-- who is named, or the agency while nobody is.
create table credit_part (
  payer_party_id bigint not null,
  -- The credit, the addendum's place in it (0: the whole entry), and each share: C….2.1
  part_id text not null check (length(part_id) between 23 and 60),
  company_identification text not null,
  credit_id text not null,
  position integer not null check (position between 0 and 9999),
  -- Who pushed it, where that is known: whom we tell, and to whom too much goes back.
  paying_party_id bigint,
  amount_cents bigint not null check (amount_cents between 1 and 9999999999),
  collected_on date not null,
  state text not null check (state in ('unapplied', 'applied', 'refundable', 'moved')),
  -- Why it is or was not applied at once; short: it waits for the rest.
  reason text not null default '' check (reason = '' or reason ~ '^[a-z][a-z-]{2,39}$'),
  detail text not null default '' check (length(detail) <= 300),
  -- What was read, empty where nothing was; the blanks and hyphens that were put right are notes.
  payer_identifier text not null default '',
  type_code text not null default '',
  document_number text not null default '',
  notes text[] not null default '{}',
  -- The statement that it is for, when that is known.
  filer_code text,
  statement_number text,
  -- How it came to its statement where not by its own addendum: a rule, or who decided and why.
  matched_by text not null default '' check (length(matched_by) <= 300),
  applied_cents bigint not null default 0 check (applied_cents >= 0),
  refundable_cents bigint not null default 0 check (refundable_cents >= 0),
  -- The business date since which it waits, and the one on which it was applied, owed back, moved.
  since_on date not null,
  closed_on date,
  check ((filer_code is null) = (statement_number is null)),
  check (state <> 'unapplied' or reason <> ''),
  check ((state = 'unapplied') = (closed_on is null)),
  check (case when state in ('unapplied', 'moved') then applied_cents + refundable_cents = 0
              else applied_cents + refundable_cents = amount_cents end),
  check ((state = 'applied') = (applied_cents > 0)),
  primary key (payer_party_id, part_id)
);
create index credit_part_waiting on credit_part (filer_code, statement_number)
  where state = 'unapplied';
create index credit_part_desk on credit_part (since_on, part_id) where state = 'unapplied';
create index credit_part_statement on credit_part (filer_code, statement_number)
  where state = 'applied';
create index credit_part_credit on credit_part (credit_id);

-- What is owed back to a payer from a payment (CRD-05, CRD-08); refunds pay it.
create table refund_claim (
  payer_party_id bigint not null,
  part_id text not null,
  -- To whom it is owed: who pushed the money, which may be another than it stood for.
  payee_party_id bigint not null,
  amount_cents bigint not null check (amount_cents between 1 and 9999999999),
  cause text not null check (
    cause in ('over', 'duplicate', 'paid-by-debit', 'nothing-due', 'officer')),
  filer_code text,
  statement_number text,
  claimed_on date not null,
  state text not null default 'claimed' check (state in ('claimed')),
  primary key (payer_party_id, part_id)
);

-- The agency itself: whom money stands for while nobody else is known; made when it is first needed.
create unique index party_agency on party (kind) where kind = 'agency';
