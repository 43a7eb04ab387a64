"""SQL of the bank's business date."""

# The bank's business date.
LATEST = """
select max(business_date) as business_date from business_day
"""

# Open a business date once.
OPEN = """
insert into business_day (business_date, opened_at) values (%(business_date)s, %(opened_at)s)
on conflict (business_date) do nothing
"""

# Keep what a step did, the latest run of it.
RECORD_STEP = """
insert into day_step (business_date, step, finished_at, summary)
values (%(business_date)s, %(step)s, %(finished_at)s, %(summary)s)
on conflict (business_date, step)
do update set finished_at = excluded.finished_at, summary = excluded.summary
"""

# Take turns: one run at a time works at the bank's day; the turn ends with the connection.
TAKE_TURN = """
select pg_try_advisory_lock(7304418811) as taken
"""

# Give the turn back.
END_TURN = """
select pg_advisory_unlock(7304418811) as given_back
"""

# A run is alone, and a statement of it may be as large as a file: it has longer than a request.
ALLOW_LARGE_STATEMENTS = """
select set_config('statement_timeout', %(most)s, false) as statement_timeout
"""
