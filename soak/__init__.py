"""What `make soak` tries: the faults of tests/faults, many times."""
