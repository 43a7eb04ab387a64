-- Negation of an authorization on its own day (DEB-04), a debit date of the payer's choice (DEB-15)
-- and authorizations that came over the JSON API rather than in an ABI batch.

alter table authorization_attempt
  drop constraint authorization_attempt_state_check,
  add constraint authorization_attempt_state_check check (
    state in ('accepted', 'with_bank', 'settled', 'returned', 'refused', 'negated')),
  alter column batch_id drop not null,
  -- The API request it came in, where it did not come in an ABI batch.
  add column request_id bigint,
  add constraint authorization_attempt_origin_check check (num_nonnulls(batch_id, request_id) = 1),
  -- True when the payer picked debit_on; otherwise it is the agency's estimate.
  add column debit_on_chosen boolean not null default false,
  add column negated_on date,
  add column negated_at timestamptz,
  -- The batch or the request that negated it.
  add column negated_batch_id bigint,
  add column negated_request_id bigint,
  add constraint authorization_attempt_negation_check check (
    (state = 'negated') = (negated_on is not null)
    and (state = 'negated') = (negated_at is not null)
    and (state = 'negated') = (num_nonnulls(negated_batch_id, negated_request_id) = 1)),
  add constraint authorization_attempt_same_day_check check (negated_on = accepted_on);

-- The last day to pay: the earliest due date of the entries on it.
alter table statement add column due_on date;
