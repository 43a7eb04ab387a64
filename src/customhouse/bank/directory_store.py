"""SQL of the participant directory."""

# One load at a time.
HOLD = "lock table participant in exclusive mode"

# Record a load.
ADD_LOAD = """
insert into directory_load (sha256, participants, loaded_at)
values (%(sha256)s, %(participants)s, %(loaded_at)s)
"""

# The directory of before.
CLEAR = "delete from participant"

# The banks of a load.
ADD = """
insert into participant (routing_number, office_code, servicing_routing_number, record_type,
  changed_on, new_routing_number, customer_name, address, city, state_code, zip_code, phone,
  institution_status, data_view_code)
select * from unnest(%(routing_number)s::text[], %(office_code)s::text[],
  %(servicing_routing_number)s::text[], %(record_type)s::text[], %(changed_on)s::date[],
  %(new_routing_number)s::text[], %(customer_name)s::text[], %(address)s::text[],
  %(city)s::text[], %(state_code)s::text[], %(zip_code)s::text[], %(phone)s::text[],
  %(institution_status)s::text[], %(data_view_code)s::text[])
"""

# One bank.
PARTICIPANT = """
select routing_number, office_code, servicing_routing_number, record_type, changed_on,
  new_routing_number, customer_name, address, city, state_code, zip_code, phone,
  institution_status, data_view_code
from participant where routing_number = %(routing_number)s
"""

# Whether any directory was loaded.
IS_LOADED = "select exists (select from directory_load) as loaded"

# The routing numbers that take entries today.
TAKING_ENTRIES = """
select routing_number from participant where record_type <> '2'
"""

# Tokens of the accounts that payer units have, a piece at a time.
BOUND_ACCOUNTS = """
select account_token from payer_unit where account_token > %(behind)s
order by account_token limit %(most)s
"""
