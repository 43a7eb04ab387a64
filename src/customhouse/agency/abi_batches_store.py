"""SQL of the archive of ABI batches: every batch as it arrived and the answer it got."""

# Archive a batch before it is read; nothing when its key is known.
ARCHIVE = """
insert into abi_batch (sender_id, idempotency_key, content_sha256, raw, received_at)
values (%(sender_id)s, %(idempotency_key)s, %(content_sha256)s, %(raw)s, %(received_at)s)
on conflict (sender_id, idempotency_key) do nothing
returning batch_id
"""

# The batch that a key was first used for.
BY_KEY = """
select batch_id, content_sha256 from abi_batch
where sender_id = %(sender_id)s and idempotency_key = %(idempotency_key)s
"""

# Hold a batch while it is answered; a second request with its key waits here.
HOLD = """
select answer, rejected from abi_batch
where sender_id = %(sender_id)s and batch_id = %(batch_id)s
for update
"""

# This sender's earlier batches with the same bytes.
SAME_CONTENT = """
select batch_id from abi_batch
where sender_id = %(sender_id)s and content_sha256 = %(content)s and batch_id < %(batch_id)s
"""

# A batch that was not judged (no proof of the sender, day closed) does not keep its key.
FREE_KEY = """
update abi_batch set idempotency_key = null
where sender_id = %(sender_id)s and batch_id = %(batch_id)s
"""

# Keep the answer.
ANSWER = """
update abi_batch
set answer = %(answer)s, rejected = %(rejected)s, business_date = %(business_date)s
where sender_id = %(sender_id)s and batch_id = %(batch_id)s
"""
