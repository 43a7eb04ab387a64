-- The events of a payment that the agency refuses and sends back through the bank: 14 credit refused
-- (pending from the officer's decision), 13 credit returned (posts it, effective on the day on which
-- the return settled), 15 credit return voided (the bank did not take it).
alter table transfer
  drop constraint transfer_kind,
  add constraint transfer_kind check (
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
      when 6 then status = 'posted' and settles is null
        and debit = 'returns_in_dispute' and credit = 'treasury'
      when 7 then status = 'posted' and settles is null
        and debit = 'treasury' and credit = 'returns_in_dispute'
      when 8 then status = 'posted' and settles is null
        and debit = 'bills_receivable' and credit = 'returns_in_dispute'
      when 9 then status = 'posted'
      when 10 then status = 'posted' and settles is null
        and debit = 'treasury' and credit = 'unapplied_credits'
      when 11 then status = 'posted' and settles is null
        and debit = 'unapplied_credits' and credit in ('revenue', 'bills_receivable')
      when 12 then status = 'posted' and settles is null
        and debit = 'unapplied_credits' and credit = 'refunds_payable'
      when 13 then status = 'posted' and settles is not null
        and debit = 'unapplied_credits' and credit = 'treasury'
      when 14 then status = 'pending' and settles is null
        and debit = 'unapplied_credits' and credit = 'treasury'
      when 15 then status = 'voided'
        and debit = 'unapplied_credits' and credit = 'treasury'
      else false
    end
  );
