"""Real processes and a harbor, as the acceptance and integration tests have them."""

from __future__ import annotations

from tests.acceptance.conftest import agency_server, served_settings
from tests.integration.agency.conftest import harbor

__all__ = ["agency_server", "harbor", "served_settings"]
