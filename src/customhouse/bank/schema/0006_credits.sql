-- Entries that others originated: payments pushed to the agency's collection account, zero-dollar
-- entries that try it, and what has to go back: debits, and credits to accounts that are not here.

alter table inbound_file
  drop constraint inbound_file_kind_check,
  add constraint inbound_file_kind_check
    check (kind in ('acknowledgement', 'settlement', 'returns', 'credits', 'unknown'));

-- One batch of a delivered file, and what its header says of all its entries. The header record is
-- kept as it came, because a return repeats it; it holds no account number.
create table incoming_batch (
  batch_id bigint generated always as identity primary key,
  sha256 text not null references inbound_file,
  position integer not null check (position >= 1),
  header_record text not null check (length(header_record) = 94),
  sec_code text not null check (sec_code in ('CCD', 'CTX')),
  company_name text not null,
  company_identification text not null,
  entry_description text not null,
  odfi text not null check (odfi ~ '^[0-9]{8}$'),
  settled_on date not null,
  unique (sha256, position)
);

-- One such entry, once however often it is delivered: content is a keyed hash of all that makes it
-- the same. Another entry with the same trace number and settlement date is told by the ending of
-- its credit_id. sequence is given when the settlement date has come; until then the agency does
-- not hear of it, and of what goes back for its account never (kind 'returned').
create table incoming_entry (
  entry_id bigint generated always as identity primary key,
  batch_id bigint not null,
  credit_id text not null unique check (credit_id ~ '^C[0-9]{20}(-[1-9][0-9]*)?$'),
  sequence bigint unique check (sequence >= 1),
  kind text not null check (kind in ('payment', 'prenote', 'debit_refused', 'returned')),
  settled_on date not null,
  trace_number text not null check (trace_number ~ '^[0-9]{15}$'),
  content bytea not null check (length(content) = 32),
  transaction_code smallint not null,
  amount_cents bigint not null check (amount_cents between 0 and 9999999999),
  identification_number text not null,
  -- The payment related information of each addendum, 80 characters each, unread and end to end.
  addenda text not null,
  addenda_count integer not null check (addenda_count between 0 and 9999),
  check (length(addenda) = 80 * addenda_count),
  check ((kind = 'payment') <= (amount_cents > 0)),
  check ((kind = 'prenote') <= (amount_cents = 0)),
  check (kind <> 'returned' or sequence is null),
  unique (settled_on, trace_number, content)
);
create index incoming_entry_waiting on incoming_entry (settled_on, entry_id)
  where sequence is null and kind <> 'returned';

-- Whoever tells the agency of credits holds this row until commit, so that sequences appear in order.
create table credit_cursor (
  only_row boolean primary key default true check (only_row),
  last_sequence bigint not null check (last_sequence >= 0)
);

-- An entry that this bank sends back. The entry record holds the account number that the payer's
-- bank wrote: it is sealed like an account, and opened when the file of returns is written.
create table entry_return (
  entry_id bigint primary key,
  entry_token text not null unique check (entry_token ~ '^entr_[a-z2-7]{26}$'),
  key_version integer not null check (key_version >= 1),
  wrapped_key bytea not null check (length(wrapped_key) = 60),
  sealed_record bytea not null,
  return_code text not null check (return_code ~ '^R[0-9]{2}$'),
  debit_cents bigint not null check (debit_cents between 0 and 9999999999),
  credit_cents bigint not null check (credit_cents between 0 and 9999999999),
  -- The banking day by whose opening the return has to be at the originating bank.
  return_by date not null,
  file_id bigint references answer_file,
  position integer check (position >= 1),
  return_trace text check (return_trace ~ '^[0-9]{15}$'),
  -- When the operator had taken the file.
  answered_at timestamptz,
  check (num_nulls(file_id, position, return_trace) in (0, 3)),
  check (answered_at is null or file_id is not null),
  unique (file_id, position)
);
create index entry_return_waiting on entry_return (entry_id) where file_id is null;
create index entry_return_unanswered on entry_return (return_by) where answered_at is null;

-- A file of such returns is one more file of answers; what goes back are credits too.
alter table answer_file
  add column credit_cents bigint not null default 0
    check (credit_cents between 0 and 999999999999),
  drop constraint answer_file_purpose_check,
  add constraint answer_file_purpose_check
    check (purpose in ('dishonored', 'refused-changes', 'returned-entries'));

-- What moved on the agency's account on a day.
create index event_treasury on event (effective_on, event_id)
  where kind in ('settled', 'returned', 'return_disputed', 'dispute_won');
