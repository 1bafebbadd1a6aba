"""`relief simulate`: a fleet of phones with all their troubles, and the plain model that the server is compared with."""
