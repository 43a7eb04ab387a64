"""SQL of what the bank's own people may look at."""

# How many debits are in each state, and their cents.
DEBITS_BY_STATE = """
select state, count(*) as debits, sum(amount_cents)::bigint as amount_cents
from debit group by state order by state
"""

# Every file, newest first.
FILES = """
select name, created_on, effective_on, entries, debit_cents, state, sha256
from bank_file order by file_id desc limit %(most)s
"""
