"""Goods at the desk: what came, lies, went and was lost."""
