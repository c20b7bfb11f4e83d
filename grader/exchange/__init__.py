"""Learning platforms: sorts their downloads into submissions, and fills their gradebooks."""
