-- What was said about a part, or about one that it is a share of, is looked up by part: of a CTX
-- entry of thousands a payer may answer about each.
create index credit_answer_about on credit_answer (part_id);
