"""SQL of the notices that people see, each with what became of its debit since."""

# Notices of some filers, newest first: all of them, those about one statement, only the current
# ones or only the others. The bank event that a notice tells of names the attempt. A returned or
# refused debit is current while no later attempt stands and the statement is open; a change is
# news from ``news_since`` on. An attempt that was negated does not count. What a filer was told as
# a payer of ACH Credit stands among them: a balance due is current while its statement is open,
# money of the payer waits for it and nothing newer was said of it, a statement whose debit did not
# stand while it is open, money that matched nothing or was asked about while it waits and the
# payer has not answered. Its notice is named by the part, or by the entry and the reason of many
# parts; a question's by the part and the question.
NOTICES = """
select filer_code, statement_number, kind, text, created_on, is_current, waits, return_code,
       statement_state, later_state, later_accepted_on, later_debit_on, later_settled_on,
       later_returned_on, paid_on
from (
  select n.filer_code, n.notice_id, n.statement_number, n.kind, n.text, n.created_on,
         case when n.kind not in ('debit-returned', 'debit-refused')
                then n.created_on >= %(news_since)s::date
              else coalesce(s.state = 'preliminary' and later.attempt is null, false)
         end as is_current,
         false as waits,
         a.return_code, s.state as statement_state,
         later.state as later_state, later.accepted_on as later_accepted_on,
         later.debit_on as later_debit_on, later.settled_on as later_settled_on,
         later.returned_on as later_returned_on, s.paid_on
  from notice n
  left join statement s using (filer_code, statement_number)
  left join bank_event e on e.event_id = n.natural_key
  left join authorization_attempt a
    on a.filer_code = n.filer_code and a.instruction_id = e.body ->> 'instruction_id'
  left join lateral (
    select * from authorization_attempt b
    where b.filer_code = a.filer_code and b.statement_number = a.statement_number
      and b.attempt > a.attempt and b.state <> 'negated'
    order by b.attempt limit 1
  ) as later on true
  where n.filer_code = any(%(filer_codes)s)
    and (%(number)s::text is null or n.statement_number = %(number)s)
  union all
  select f.filer_code, n.notice_id, n.statement_number, n.kind, n.text, n.created_on,
         case n.kind
           when 'balance-due' then coalesce(s.state = 'preliminary', false) and not exists (
             select from payer_notice o
             where o.payer_party_id = n.payer_party_id and o.kind = n.kind
               and o.statement_number = n.statement_number and o.notice_id > n.notice_id)
             and exists (
               select from credit_part c
               where c.filer_code = s.filer_code and c.statement_number = s.statement_number
                 and c.state = 'unapplied' and c.paying_party_id = n.payer_party_id)
           when 'statement-reopened' then coalesce(s.state = 'preliminary', false)
           when 'credit-unmatched' then coalesce(not w.answered, false)
           when 'credit-question' then coalesce(not w.answered, false)
           else n.created_on >= %(news_since)s::date
         end,
         w.answered is not null,
         null, s.state, null, null, null, null, null, s.paid_on
  from filer f
  join payer_notice n on n.payer_party_id = f.party_id
  left join statement s
    on s.filer_code = f.filer_code and s.statement_number = n.statement_number
  left join lateral (
    select bool_and(exists (
      select from credit_answer a
      where a.payer_party_id = n.payer_party_id
        and a.part_id = any(array(
          select array_to_string((string_to_array(c.part_id, '.'))[1:k], '.')
          from generate_series(2, cardinality(string_to_array(c.part_id, '.'))) as k))
        and a.after_act >= case n.kind when 'credit-question'
                             then split_part(n.natural_key, '/', 3)::bigint else 0 end)) as answered
    from credit_part c
    where c.credit_id = split_part(split_part(n.natural_key, '/', 2), '.', 1)
      and starts_with(c.part_id || '.', split_part(n.natural_key, '/', 2) || '.')
      and c.state = 'unapplied'
      and coalesce(c.paying_party_id, c.payer_party_id) = n.payer_party_id
      and (n.kind = 'credit-question' or split_part(n.natural_key, '/', 3) in ('', c.reason))
  ) as w on n.kind in ('credit-unmatched', 'credit-question')
  where f.filer_code = any(%(filer_codes)s)
    and (%(number)s::text is null or n.statement_number = %(number)s)
) as told
where %(current)s::boolean is null or is_current = %(current)s
order by created_on desc, notice_id desc
limit %(limit)s
"""
