"""SQL of what officers do about importers' tokens."""

# A token ends; whoever shows it is unknown from now on.
REVOKE = "delete from payer_token where payer_party_id = %(payer)s"

# Keep what was done, for good.
ADD_ACT = """
insert into payer_token_act (payer_party_id, action, officer, reason, acted_on, acted_at)
values (%(payer)s, %(action)s, %(officer)s, %(reason)s, %(acted_on)s, %(acted_at)s)
returning act_id
"""

# What was done about a payer's token, newest first.
HISTORY = """
select acted_on, action, officer, reason from payer_token_act
where payer_party_id = %(payer)s
order by act_id desc limit %(most)s
"""
