"""SQL of the morning's comparison with the bank."""

# The last business date before one, and the last day before it that was compared; nulls at first.
LAST_DAYS = """
select (select max(business_date) from business_day where business_date < %(business_date)s),
       (select max(settled_on) from treasury_taking
        where settled_on < %(business_date)s and compared_at is not null)
"""
