-- Officers name a rule by its number: counted without gaps, so that what was only tried leaves none.

alter table credit_rule alter column rule_id drop identity;
create unique index credit_rule_number on credit_rule (rule_id);
