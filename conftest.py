"""Load the plugins of the whole suite; fixtures of servers live in tests/conftest.py."""

pytest_plugins = ["tests.requirement_plugin", "tests.chromium"]
