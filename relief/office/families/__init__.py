"""Families at the desk: found, read, changed, approved."""
