-- A claim of money that was owed back because a debit paid its statement may be withdrawn while it
-- is not paid out: the debit came back, and the payer agrees that its money pays the statement.
alter table refund_claim
  drop constraint refund_claim_state_check,
  add constraint refund_claim_state_check check (state in ('claimed', 'withdrawn')),
  add column withdrawn_on date,
  add constraint refund_claim_withdrawn_check check (
    (state = 'withdrawn') = (withdrawn_on is not null));

-- What may be decided at the desk is the program's to say; the names are kept well-formed here.
alter table credit_desk_act
  drop constraint credit_desk_act_action_check,
  add constraint credit_desk_act_action_check check (action ~ '^[a-z][a-z-]{2,19}$');
