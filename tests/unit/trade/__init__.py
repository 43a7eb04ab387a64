"""Unit tests of the filer's half: no server, no database."""
