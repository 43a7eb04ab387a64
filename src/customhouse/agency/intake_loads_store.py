"""SQL of the loads of entry summaries that are under way."""

# What became of the items of a chunk, if a load of this day has taken it.
OUTCOMES = """
select outcomes from intake_chunk
where content_sha256 = %(content_sha256)s and business_date = %(business_date)s
"""

# Keep what became of a chunk, in its transaction.
KEEP = """
insert into intake_chunk (content_sha256, business_date, outcomes, taken_at)
values (%(content_sha256)s, %(business_date)s, %(outcomes)s::jsonb, %(taken_at)s)
on conflict (content_sha256, business_date) do nothing
"""

# The load is finished, and what is left of earlier days' loads will not be gone on with.
FINISH = """
delete from intake_chunk
where content_sha256 = any(%(contents_sha256)s::bytea[]) or business_date < %(business_date)s
"""
