"""What follows from the facts: pure functions over entries and a plan. No clock, no database, no order of arrival."""
