"""SQL of the officers of the exception desk."""

# Add an officer; nothing comes back when the name was used before.
ADD = """
insert into credit_officer (name, token_sha256, added_on)
values (%(name)s, %(token_sha256)s, %(added_on)s)
on conflict do nothing
returning officer_id
"""

# An officer in office, by name, and whose a token is.
IN_OFFICE = """
select officer_id, name from credit_officer where name = %(name)s and ended_on is null
"""
WHOSE_KEY = """
select officer_id, name from credit_officer
where token_sha256 = %(token_sha256)s and ended_on is null
"""

# Everybody who decides or decided.
LISTING = "select name, added_on, ended_on from credit_officer order by name limit 500"

# Replace the token of an officer in office.
RENEW = """
update credit_officer set token_sha256 = %(token_sha256)s
where name = %(name)s and ended_on is null
"""

# End an officer's office: name and decisions stay, the token opens nothing any more.
END = """
update credit_officer set ended_on = %(ended_on)s where name = %(name)s and ended_on is null
"""
