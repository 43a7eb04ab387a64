"""Tests that keep the repository tidy and its documents true; none starts a server."""
