"""Tests through the public doors: HTTP, pages, the command line and files."""
