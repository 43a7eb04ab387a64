"""SQL of the log of opened accounts."""

# Openings, newest first: of one token or of all, since an instant or ever.
OPENINGS = """
select accessed_at, token, purpose, opened_by
from account_access
where (%(token)s::text is null or token = %(token)s)
  and (%(from_instant)s::timestamptz is null or accessed_at >= %(from_instant)s)
order by access_id desc limit %(most)s
"""

# What accounts were opened for between two instants.
PURPOSES = """
select purpose, opened_by, count(distinct token) as accounts, count(*) as openings
from account_access
where accessed_at >= %(from_instant)s and accessed_at < %(until_instant)s
group by purpose, opened_by order by purpose, opened_by
"""
