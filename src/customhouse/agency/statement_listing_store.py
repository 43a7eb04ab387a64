"""SQL of the list of statements: which match, how many stand where, and one page of them."""

# Statements of some filers that were printed in a span of days and, in a search, have the number,
# hold the entry or are of the importer. Open again after a debit came back is a standing of its
# own: it is what the reader looks for. An attempt that was negated brought nothing back.
MATCHING = """
select s.filer_code, s.statement_number, s.state, s.payment_type, s.importer_number, s.print_date,
       s.due_on, s.processing_port, s.client_branch, s.total_cents, s.preliminary_cents,
       s.attempts, s.final_on, s.paid_on, s.paid_known_on,
       case when s.state = 'preliminary' and s.attempts > 0 and exists (
              select from authorization_attempt b
              where b.filer_code = s.filer_code and b.statement_number = s.statement_number
                and b.state in ('returned', 'refused')) then 'reopened'
            else s.state end as standing
from statement s
where s.filer_code = any(%(filer_codes)s)
  and (%(printed_from)s::date is null or s.print_date >= %(printed_from)s)
  and (%(printed_to)s::date is null or s.print_date <= %(printed_to)s)
  and (not %(searching)s::boolean or (s.filer_code, s.statement_number) in (
    select filer_code, statement_number from statement
    where filer_code = any(%(filer_codes)s)
      and (starts_with(statement_number, %(number_prefix)s)
           or importer_number = any(%(importer_numbers)s))
    union all
    select filer_code, statement_number from statement_entry
    where filer_code = any(%(filer_codes)s)
      and (importer_number = any(%(importer_numbers)s)
           or (entry_number = %(entry_number)s
               and (%(entry_filer)s::text is null or filer_code = %(entry_filer)s)))
  ))
"""

# How many of the matching statements stand where.
STANDINGS = (
    """
select m.standing, count(*) as statements
from ("""
    + MATCHING
    + """) as m
group by m.standing
"""
)

# One page of the matching statements, latest print date first, each with its latest attempt that
# was not negated. The page is cut before the attempts are looked up, so that a long list costs no
# more of them.
PAGE = (
    """
select m.filer_code, m.statement_number as number, m.state, m.payment_type, m.importer_number,
       m.print_date, m.due_on, m.processing_port, m.client_branch, m.total_cents,
       m.preliminary_cents, m.attempts,
       a.state as attempt_state, a.accepted_on, a.debit_on, a.settled_on, a.return_code, m.final_on,
       m.paid_on, m.paid_known_on,
       (select coalesce(sum(p.amount_cents), 0)::bigint from credit_part p
        where p.filer_code = m.filer_code and p.statement_number = m.statement_number
          and p.state = 'unapplied') as waiting_cents
from (
  select *
  from ("""  # noqa: S608 - both parts are constants of this module
    + MATCHING
    + """) as every
  where %(standing)s::text is null or standing = %(standing)s
  order by print_date desc, filer_code, statement_number
  limit %(limit)s offset %(offset)s
) as m
left join lateral (
  select * from authorization_attempt b
  where b.filer_code = m.filer_code and b.statement_number = m.statement_number
    and b.state <> 'negated'
  order by b.attempt desc limit 1
) as a on true
order by m.print_date desc, m.filer_code, m.statement_number
"""
)
