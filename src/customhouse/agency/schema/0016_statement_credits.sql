-- What was pushed for a statement is shown on its page: the parts that wait and those that paid it
-- have their indexes, those that are owed back get theirs here.
create index credit_part_owed_back on credit_part (filer_code, statement_number)
  where state = 'refundable';
