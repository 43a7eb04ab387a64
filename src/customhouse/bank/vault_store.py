"""SQL of the vault. No statement here ever carries a routing or account number."""

# Keep a captured account once; nothing comes back when an equal one is there, or when its data key
# was wrapped with a key that has been destroyed since.
ADD_ACCOUNT = """
insert into account (token, fingerprint, key_version, wrapped_key, sealed_details, captured_at)
select %(token)s, %(fingerprint)s, %(key_version)s, %(wrapped_key)s, %(sealed_details)s,
  %(captured_at)s
where not exists (select from retired_key where key_version = %(key_version)s)
on conflict do nothing
returning token
"""

# The token of an equal account.
EQUAL_ACCOUNT = """
select token from account where fingerprint = %(fingerprint)s and superseded_at is null
"""

# One account, if any is kept: the keys must open it.
FIRST_ACCOUNT = """
select token, key_version, wrapped_key, sealed_details as sealed
from account order by token limit 1
"""

# One sealed entry, if any is kept.
FIRST_ENTRY = """
select entry_token as token, key_version, wrapped_key, sealed_record as sealed
from entry_return order by entry_token limit 1
"""

# Log that accounts are about to be opened: one row each, unknown tokens none.
RECORD_ACCESS = """
insert into account_access (token, purpose, accessed_at, opened_by)
select token, %(purpose)s, %(accessed_at)s, %(opened_by)s from account
where token = any(%(tokens)s) order by token
"""

# The sealed records of some tokens.
SEALED_ACCOUNTS = """
select token, key_version, wrapped_key, sealed_details as sealed
from account where token = any(%(tokens)s)
"""

# Records wrapped by an older key, held against other re-wrappers.
TO_REWRAP = """
select token, key_version, wrapped_key, sealed_details as sealed
from account where key_version < %(current_version)s
order by token limit %(most)s for update skip locked
"""

# Corrections wrapped by an older key, held against other re-wrappers.
CORRECTIONS_TO_REWRAP = """
select correction_token as token, key_version, wrapped_key, sealed_corrected_data as sealed
from account_correction where key_version < %(current_version)s
order by correction_token limit %(most)s for update skip locked
"""

# Entries to return that are wrapped by an older key, held against other re-wrappers.
ENTRIES_TO_REWRAP = """
select entry_token as token, key_version, wrapped_key, sealed_record as sealed
from entry_return where key_version < %(current_version)s
order by entry_token limit %(most)s for update skip locked
"""

# Put data keys under the current key-encryption key; the sealed details stay as they are.
REWRAP = """
update account set key_version = new.key_version, wrapped_key = new.wrapped_key
from unnest(%(tokens)s::text[], %(key_versions)s::integer[], %(wrapped_keys)s::bytea[])
  as new (token, key_version, wrapped_key)
where account.token = new.token
"""

# The same for corrections.
REWRAP_CORRECTIONS = """
update account_correction set key_version = new.key_version, wrapped_key = new.wrapped_key
from unnest(%(tokens)s::text[], %(key_versions)s::integer[], %(wrapped_keys)s::bytea[])
  as new (token, key_version, wrapped_key)
where account_correction.correction_token = new.token
"""

# The same for entries to return.
REWRAP_ENTRIES = """
update entry_return set key_version = new.key_version, wrapped_key = new.wrapped_key
from unnest(%(tokens)s::text[], %(key_versions)s::integer[], %(wrapped_keys)s::bytea[])
  as new (token, key_version, wrapped_key)
where entry_return.entry_token = new.token
"""

# How many records each key version still opens; an old key may go when its count is 0 (O1).
RECORDS_BY_KEY_VERSION = """
select key_version, sum(records)::bigint as records
from (
  select key_version, count(*) as records from account group by key_version
  union all
  select key_version, count(*) from account_correction group by key_version
  union all
  select key_version, count(*) from entry_return group by key_version
) counted
group by key_version order by key_version
"""

# Keep everybody from adding sealed records until the commit.
HOLD_RECORDS = """
lock table account, account_correction, entry_return in share mode
"""

# No record may be wrapped with this version again.
RETIRE_KEY = """
insert into retired_key (key_version, retired_at) values (%(key_version)s, %(retired_at)s)
on conflict (key_version) do nothing
"""
