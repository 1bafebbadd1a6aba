"""Measurements on the finished code: `make bench` runs each alone and prints one table."""
