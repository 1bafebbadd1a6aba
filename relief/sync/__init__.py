"""Where phones hand in what they recorded and fetch what they must know."""
