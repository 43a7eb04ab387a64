"""The tests: unit needs no database, integration a real one, acceptance the public doors."""
