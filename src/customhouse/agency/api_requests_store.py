"""SQL of the JSON API's requests: what each key was used for and the answer it got."""

# Take a key for the length of the transaction, or learn at once that somebody has it.
TAKE_KEY = """
select pg_try_advisory_xact_lock(
  hashtextextended('api_request ' || %(idempotency_key)s, %(sender_id)s))
"""

# Begin a request; nothing when its key is known.
BEGIN = """
insert into api_request
  (sender_id, idempotency_key, path, content_sha256, received_at, business_date)
values (%(sender_id)s, %(idempotency_key)s, %(path)s, %(content_sha256)s, %(received_at)s,
        %(business_date)s)
on conflict (sender_id, idempotency_key) do nothing
returning request_id
"""

# The request that a key was first used for.
BY_KEY = """
select path, content_sha256, status, answer from api_request
where sender_id = %(sender_id)s and idempotency_key = %(idempotency_key)s
"""

# Keep the answer.
ANSWER = """
update api_request set status = %(status)s, answer = %(answer)s
where sender_id = %(sender_id)s and request_id = %(request_id)s
"""

# A request that was not judged does not keep its key.
FORGET = """
delete from api_request where sender_id = %(sender_id)s and request_id = %(request_id)s
"""
