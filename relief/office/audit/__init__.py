"""Who saw what and for which purpose."""
