"""SQL of the morning's comparison with the bank."""

# The agency's first business date; null before it.
FIRST_DATE = """
select min(business_date) from business_day
"""

# The days from one on that were compared once they were over.
COMPARED = """
select distinct settled_on from treasury_taking
where settled_on >= %(since)s and compared_at is not null
"""
