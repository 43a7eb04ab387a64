-- The ledger: one table of transfers, each of which is a debit, a credit and an amount in one row,
-- so that no row can be unbalanced. Rows are only ever added: the application has no right to
-- change or remove one. Balances are sums; nothing that many transactions share is updated.

-- The chart of accounts. Together with the payer a code names one account; an unknown code cannot
-- be written, and no foreign key is paid for.
create type account_code as enum (
  'treasury',            -- the government's account: money that came and went
  'debits_in_transit',   -- debits authorized by payers, on their way through the banks
  'revenue',             -- duties, taxes and fees earned
  'unapplied_credits',   -- payments received, not yet matched to what they pay
  'refunds_payable',     -- owed to payees
  'refunds_in_transit',  -- refunds on their way through the banks
  'bills_receivable',    -- owed by payers, such as a settled debit that came back
  'interest_expense'     -- interest paid on refunds
);

create type transfer_status as enum (
  'pending',  -- money in flight: counts as pending until another row names it
  'posted',   -- counts in the balances
  'voided'    -- ends a pending transfer without posting it: counts nowhere
);

create table transfer (
  -- Whom the accounts of this row stand for: filer, importer or payee. First in every key, so
  -- that one payer's rows stay together wherever the table is spread.
  payer_id bigint not null,
  id bigint generated always as identity,
  -- The business event, see TransferKind: 1 debit authorized, 2 debit settled, 3 debit voided,
  -- 4 debit returned, 5 debit posted, 9 correction.
  kind smallint not null,
  -- The natural key of the event: document number and attempt.
  ref text not null check (length(ref) between 1 and 60),
  debit account_code not null,
  credit account_code not null,
  -- Whole cents; twelve digits are what the total of an ACH file holds.
  amount_cents bigint not null,
  status transfer_status not null,
  -- The pending transfer that this row posts or voids; it repeats that row's sides and amount.
  settles bigint,
  -- The posted transfer that this row takes back; it swaps that row's sides.
  reverses bigint,
  -- The business date on which it counts; as_of of a balance looks at this.
  effective_on date not null,
  -- The program's clock when the row was written, and who caused it.
  recorded_at timestamptz not null,
  actor bigint not null,
  primary key (payer_id, id),
  constraint transfer_once unique (payer_id, kind, ref),
  constraint transfer_sides_differ check (debit <> credit),
  constraint transfer_amount check (amount_cents between 1 and 999999999999),
  constraint transfer_effective_on check (effective_on between '2000-01-01' and '2199-12-31'),
  constraint transfer_names_one_other check (settles is null or reverses is null),
  constraint transfer_pending_names_none check (status <> 'pending' or num_nonnulls(settles, reverses) = 0),
  constraint transfer_void_names_pending check (status <> 'voided' or settles is not null),
  constraint transfer_correction check ((kind = 9) = (reverses is not null)),
  -- What each event may post. "Returned" after settlement is a claim on the payer, and paying that
  -- claim credits it: revenue is earned once.
  constraint transfer_kind check (
    case kind
      when 1 then status = 'pending' and settles is null
        and debit = 'debits_in_transit' and credit in ('revenue', 'bills_receivable')
      when 2 then status = 'posted' and settles is null
        and debit = 'treasury' and credit = 'debits_in_transit'
      when 3 then status = 'voided'
        and debit = 'debits_in_transit' and credit in ('revenue', 'bills_receivable')
      when 4 then status = 'posted' and settles is null
        and debit = 'bills_receivable' and credit = 'treasury'
      when 5 then status = 'posted' and settles is not null
        and debit = 'debits_in_transit' and credit in ('revenue', 'bills_receivable')
      when 9 then status = 'posted'
      else false
    end
  )
);

-- Money in flight ends once, and a transfer is taken back once: the guards behind every race.
create unique index transfer_settled_once on transfer (payer_id, settles) where settles is not null;
create unique index transfer_reversed_once on transfer (payer_id, reverses)
  where reverses is not null;

-- A payer's account by date.
create index transfer_debit on transfer (payer_id, debit, effective_on) include (amount_cents)
  where status = 'posted';
create index transfer_credit on transfer (payer_id, credit, effective_on) include (amount_cents)
  where status = 'posted';
