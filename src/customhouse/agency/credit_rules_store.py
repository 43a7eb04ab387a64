"""SQL of the rules that the desk remembers."""

# The rules in force for some originators.
RULES_IN_FORCE = """
select r.payer_party_id, r.rule_id, r.payer_identifier, r.company_identification, r.flaw,
       r.element, r.seen, r.meant, r.prefix, r.suffix, r.starts_on, r.made_by
from credit_rule r
where r.company_identification = any(%(companies)s) and r.ends_on is null
order by r.company_identification, r.payer_party_id, r.rule_id
"""

# Rules with who they are for, newest first; only those in force, or all.
LISTING = """
select r.payer_party_id, r.rule_id, r.payer_identifier, p.name as payer_name,
       r.company_identification, r.flaw, r.element, r.seen, r.meant, r.prefix, r.suffix,
       r.learned_from, r.reason, r.starts_on, r.made_by, r.ends_on, r.ended_by, r.ending_reason
from credit_rule r join party p on p.id = r.payer_party_id
where (%(every)s or r.ends_on is null)
order by r.rule_id desc
limit %(most)s
"""

# Who makes rules takes turns until the transaction ends: numbers have no gaps, names one meaning.
TAKE_TURN = "select pg_advisory_xact_lock(hashtextextended('credit_rule', 0))"

# Keep rules under the next numbers; nothing comes back for one that is in force already.
ADD = """
insert into credit_rule (payer_party_id, rule_id, payer_identifier, company_identification, flaw,
  element, seen, meant, prefix, suffix, learned_from, reason, starts_on, made_by, made_at)
select %(payer)s, n.last + row_number() over (order by t.flaw, t.element), %(payer_identifier)s,
       %(company)s, t.flaw, t.element, t.seen, t.meant, t.prefix, t.suffix, %(learned_from)s,
       %(reason)s, %(starts_on)s, %(made_by)s, %(made_at)s
from unnest(%(flaws)s::text[], %(elements)s::integer[], %(aliases)s::text[], %(meanings)s::text[],
            %(prefixes)s::text[], %(suffixes)s::text[])
  as t(flaw, element, seen, meant, prefix, suffix)
cross join (select coalesce(max(rule_id), 0) as last from credit_rule) as n
where not exists (
  select from credit_rule r
  where r.company_identification = %(company)s and r.payer_party_id = %(payer)s
    and (r.flaw, r.element, r.seen, r.prefix, r.suffix)
      = (t.flaw, t.element, t.seen, t.prefix, t.suffix)
    and r.ends_on is null)
order by t.flaw, t.element
returning rule_id, flaw, element, seen, meant, prefix, suffix
"""

# Whose alias this is in force for, when it is another payer's.
ALIAS_OF_OTHER = """
select p.name from credit_rule r join party p on p.id = r.payer_party_id
where r.company_identification = %(company)s and r.seen = any(%(aliases)s)
  and r.flaw = 'payer-alias' and r.ends_on is null and r.payer_party_id <> %(payer)s
limit 1
"""

# A rule as it stands, locked.
HOLD = """
select r.ends_on, r.ended_by, r.ending_reason from credit_rule r
where r.rule_id = %(rule_id)s
for update
"""

# End a rule for what arrives from now on.
END = """
update credit_rule set ends_on = %(ends_on)s, ended_by = %(ended_by)s,
  ending_reason = %(reason)s
where rule_id = %(rule_id)s and ends_on is null
"""
