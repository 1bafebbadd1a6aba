"""Tally sheets: printed, entered by the desk as a device of its own, compared with who has not come."""
