"""SQL of the bearer tokens of the bank's own door."""

# Keep a new token's hash.
ISSUE = """
insert into door_token (token_sha256, scope, label, issued_at)
values (%(token_sha256)s, %(scope)s, %(label)s, %(issued_at)s)
"""

# Whether a live token of this scope has this hash.
IS_LIVE = """
select exists (
  select from door_token
  where token_sha256 = %(token_sha256)s and scope = %(scope)s and revoked_at is null
) as live
"""

# Take tokens back by label.
REVOKE = """
update door_token set revoked_at = %(revoked_at)s where label = %(label)s and revoked_at is null
"""
