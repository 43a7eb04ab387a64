"""The processor bank's own process: the rails for the agency, and the capture of accounts."""
