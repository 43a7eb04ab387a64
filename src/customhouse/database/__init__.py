"""PostgreSQL for both sides: embedded servers or configured ones, connections, migrations.

The public names of this package are here; ``server`` runs the embedded clusters, ``roles`` holds
the rights, ``migrations`` the schema's history. No business table is known in this package.
"""

from customhouse.database.connections import (
    DATABASE_UNAVAILABLE,
    Role,
    connect,
    each_alone,
    pool,
    retrying,
    start_servers,
    stop_servers,
    url,
)
from customhouse.database.migrations import migrate
from customhouse.database.roles import grant_application
from customhouse.database.state import require_ready, state
from customhouse.settings import SIDES, Side

__all__ = [
    "DATABASE_UNAVAILABLE",
    "SIDES",
    "Role",
    "Side",
    "connect",
    "each_alone",
    "grant_application",
    "migrate",
    "pool",
    "require_ready",
    "retrying",
    "start_servers",
    "state",
    "stop_servers",
    "url",
]
