"""What waits for a person: cases, held records, and what the desk makes of them."""
