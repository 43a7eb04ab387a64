"""Programs that time one thing each; see README.md."""
