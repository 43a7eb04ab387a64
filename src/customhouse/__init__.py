"""Customhouse pays, collects and refunds customs duties over the ACH network."""
