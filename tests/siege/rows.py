"""All rows of a database as one comparable value, without what two runs may differ in.

Instants and identity numbers are left out: a transaction that vanished leaves a gap in a sequence
and took time. Everything else has to be the same after a crash as without one.
"""

from __future__ import annotations

from collections.abc import Collection

import psycopg
from psycopg import sql

from customhouse import database
from customhouse.settings import Settings, Side

# Passwords and tokens are made at random, sealed accounts have random nonces; a table whose one
# row a migration makes is empty in a database that was used before.
RANDOM_TABLES = frozenset(
    ("schema_migration", "sender", "account", "door_token", "prenote_cursor", "credit_officer")
)
_COLUMNS = """
select table_name, array_agg(column_name::text order by ordinal_position)
from information_schema.columns
where table_schema = 'public' and is_identity = 'NO' and data_type <> 'timestamp with time zone'
  and column_name <> all(%s)
group by table_name order by table_name
"""
# References to identity numbers of other rows, tokens of accounts, and what is keyed by a world's
# own keys.
REFERENCES = [
    "batch_id",
    "request_id",
    "settles",
    "reverses",
    "account_token",
    "negated_batch_id",
    "content",
    "entry_id",
    "entry_token",
    "wrapped_key",
    "sealed_record",
]

Rows = dict[str, list[tuple[object, ...]]]


def rows_of(settings: Settings, side: Side, *, but: Collection[str] = ()) -> Rows:
    """Give the rows of every table of a side, sorted, by table."""
    found: Rows = {}
    with psycopg.connect(database.url(settings, side)) as connection:
        tables = connection.execute(_COLUMNS, [REFERENCES]).fetchall()
        for name, columns in tables:
            if name in RANDOM_TABLES or name in but or name.startswith(("django_", "auth_")):
                continue
            query = sql.SQL("select {} from {}").format(
                sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(name)
            )
            found[name] = sorted(connection.execute(query).fetchall(), key=repr)
    return found
