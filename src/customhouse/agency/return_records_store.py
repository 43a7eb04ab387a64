"""SQL of the disputes about returns, as the agency knows them."""

# Returns that the bank disputes; an earlier dispute about the same attempt cannot be.
OPEN_DISPUTES = """
insert into return_dispute (filer_code, statement_number, attempt, return_code, opened_on, state)
select t.filer_code, t.statement, t.attempt, t.code, t.opened_on, 'open'
from unnest(%(filer_codes)s::text[], %(statements)s::text[], %(attempts)s::integer[],
            %(codes)s::text[], %(dates)s::date[])
  as t(filer_code, statement, attempt, code, opened_on)
"""

# Disputes that have ended, won or lost.
END_DISPUTES = """
update return_dispute d set state = t.state, ended_on = t.ended_on
from unnest(%(filer_codes)s::text[], %(statements)s::text[], %(attempts)s::integer[],
            %(states)s::text[], %(dates)s::date[])
  as t(filer_code, statement, attempt, state, ended_on)
where d.filer_code = t.filer_code and d.statement_number = t.statement
  and d.attempt = t.attempt and d.state = 'open'
"""
