"""The harbor as a fixture."""

from __future__ import annotations

import pytest

from customhouse.settings import Settings
from tests.integration.agency.harbor import Harbor


@pytest.fixture
def harbor(settings: Settings) -> Harbor:
    """Give a fresh harbor on fresh databases, Monday 23 November 2026 open."""
    return Harbor.build(settings)
