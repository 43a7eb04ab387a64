"""SQL of the checkpoints of a day's steps."""

# Keep what a chunk did, in its transaction; a chunk that is done twice is a fault of the program.
RECORD = """
insert into day_step_chunk (business_date, step, chunk, figures, finished_at)
values (%(business_date)s, %(step)s, %(chunk)s, %(figures)s::jsonb, %(finished_at)s)
"""

# The figures of all chunks of a step on a day, added up by name.
FIGURES = """
select figure.key, sum(figure.value::bigint)::bigint as total
from day_step_chunk, jsonb_each_text(figures) as figure
where business_date = %(business_date)s and step = %(step)s
group by figure.key
"""
