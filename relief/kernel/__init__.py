"""The ground floor: plain values that every room may use. Standard library only."""
