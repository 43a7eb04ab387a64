-- An answer stands behind the questions that its payer had been asked by then (CRD-04): what is
-- answered is not shown as open, and may be asked again in the same words.

alter table credit_answer
  -- The last question about the part, or one that it is a share of, when it was given; 0 for none.
  add column after_act bigint not null default 0 check (after_act >= 0);
update credit_answer w
set after_act = coalesce((
  select max(a.act_id) from credit_desk_act a
  where a.credit_id = w.credit_id and a.action = 'ask' and a.decided_at <= w.given_at
    and starts_with(w.part_id || '.', a.part_id || '.')), 0);

-- A question's notice names the part that it is about.
update payer_notice n
set natural_key = 'question/' || a.part_id || '/' || a.act_id
from credit_desk_act a
where n.kind = 'credit-question' and n.natural_key = 'question/' || a.act_id;
