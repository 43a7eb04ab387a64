"""Simulations against a model with books of its own."""
