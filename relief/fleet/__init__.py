"""Headless phones that speak the real protocol over real HTTP, and the demonstration that they play."""
