-- The events of a disputed return: 6 return disputed, 7 dispute won, 8 dispute lost. Lost, the money
-- is a claim on the payer, as after any other return.
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
      else false
    end
  );
