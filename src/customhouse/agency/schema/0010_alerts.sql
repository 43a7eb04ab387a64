-- What alerts look for, found without reading what has long been paid.

-- Entries that wait for a statement, the earliest due date first; single pay is not watched.
create index entry_summary_waiting on entry_summary (filer_code, due_on)
  where statement_number is null and payment_type <> '1';

-- The payer units of an owner, and those that a filer may use.
create index payer_unit_owner on payer_unit (owner_party_id);
create index designation_filer on designation (filer_code);
