"""SQL of the agency's business day."""

# The latest day that was opened, and whether it is closed.
LATEST = """
select business_date, closed_at is not null as closed
from business_day order by business_date desc limit 1
"""

# The same, held against closing until the transaction ends.
LATEST_SHARED = """
select business_date, closed_at is not null as closed
from business_day order by business_date desc limit 1 for share
"""

# Open a day once.
OPEN = """
insert into business_day (business_date, opened_at) values (%(business_date)s, %(opened_at)s)
on conflict (business_date) do nothing
"""

# Close a day once.
CLOSE = """
update business_day set closed_at = %(closed_at)s
where business_date = %(business_date)s and closed_at is null
"""

# Keep what a step did the first time; a repetition has nothing to add.
RECORD_STEP = """
insert into day_step (business_date, step, finished_at, summary)
values (%(business_date)s, %(step)s, %(finished_at)s, %(summary)s)
on conflict (business_date, step) do nothing
"""

# Which steps of a day were finished at least once.
FINISHED_STEPS = """
select step from day_step where business_date = %(business_date)s
"""
