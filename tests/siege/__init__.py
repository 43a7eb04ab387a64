"""Failures brought about on real parts: death at every boundary, a full disk, a slow sender."""
