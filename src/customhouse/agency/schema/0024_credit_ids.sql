-- The bank numbers entries of one trace number and settlement date without end (-2, -3, …), and so
-- does the agency: an id that it could not keep would hold up every credit behind it.
alter table incoming_credit
  drop constraint incoming_credit_credit_id_check,
  add constraint incoming_credit_credit_id_check
    check (credit_id ~ '^C[0-9]{20}(-[1-9][0-9]*)?$' and length(credit_id) <= 40);
