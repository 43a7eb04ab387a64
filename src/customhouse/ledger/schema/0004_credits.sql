-- The events of a payment that the payer pushed: 10 credit received, 11 credit applied, 12 credit
-- refundable. Received, the money waits as unapplied; then it pays what is due (revenue, or the
-- claim that a returned debit left) or is owed back to the payer.
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
      else false
    end
  );
