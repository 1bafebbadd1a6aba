"""The ledger: append-only records, what follows from them, and the chain that shows tampering."""
