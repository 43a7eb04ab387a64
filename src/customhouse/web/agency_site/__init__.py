"""The agency's own site: the ABI door, the outbox, and the pages on which a filer follows its
statements. Every view calls a command or a query of the agency; none touches a store."""
