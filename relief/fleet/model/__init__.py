"""The ledger's fold once more, plain and slow, written from the design's words: it may know nothing of relief.ledger."""
