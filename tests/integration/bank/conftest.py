"""Fixtures of the bank's tests."""

from __future__ import annotations

import pytest

from customhouse.bank.exchange import Exchange
from customhouse.settings import Settings
from tests.integration.bank.branch import Branch, branch_of


@pytest.fixture
def branch(settings: Settings) -> Branch:
    """Give a bank with a fresh database and an empty exchange folder."""
    return branch_of(settings)


@pytest.fixture
def exchange(settings: Settings) -> Exchange:
    """Give the exchange folder of that bank."""
    folder = Exchange(settings.exchange_directory)
    folder.prepare()
    return folder
