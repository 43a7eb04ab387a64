-- A payer may come back to an answer that it gave before another one: only the last answer said
-- again is one answer.
alter table credit_answer
  drop constraint credit_answer_payer_party_id_part_id_kind_documents_text_key;
create index credit_answer_part on credit_answer (payer_party_id, part_id, answer_id);
