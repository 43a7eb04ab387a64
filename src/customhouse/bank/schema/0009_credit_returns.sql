-- Credits that the agency refuses after it took them: all of an entry's money goes back to who sent
-- it. The entry itself stays a payment, for it came; what goes back is one more entry_return. Told
-- to the agency (sequence) on the day on which the return settles, when the operator has it.
create table credit_return (
  entry_id bigint primary key,
  amount_cents bigint not null check (amount_cents between 1 and 9999999999),
  -- The agency's business date of the decision.
  refused_on date not null,
  -- The banking day by whose opening the return has to be at the originating bank.
  return_by date not null,
  taken_at timestamptz not null,
  sequence bigint unique check (sequence >= 1),
  settled_on date,
  check ((sequence is null) = (settled_on is null))
);
create index credit_return_open on credit_return (entry_id) where sequence is null;
create index credit_return_settled on credit_return (settled_on) where settled_on is not null;
