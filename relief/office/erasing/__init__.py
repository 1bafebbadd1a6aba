"""Erasing what is private, of a household or a whole operation."""
