"""SQL of what a person has to look at."""

# Raise alarms, each once for its reference.
RAISE = """
insert into alarm (kind, reference, sentence, raised_at)
select new.kind, new.reference, new.sentence, %(raised_at)s
from unnest(%(kinds)s::text[], %(references)s::text[], %(sentences)s::text[])
  as new (kind, reference, sentence)
on conflict (kind, reference) do nothing
"""

# Clear one alarm that has resolved itself.
CLEAR = """
update alarm set cleared_at = %(cleared_at)s
where kind = %(kind)s and reference = %(reference)s and cleared_at is null
"""

# What is open, oldest first.
OPEN_ALARMS = """
select kind, reference, sentence, raised_at from alarm where cleared_at is null order by alarm_id
"""
