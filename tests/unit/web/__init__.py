"""Unit tests of the web edge: no server, no database."""
