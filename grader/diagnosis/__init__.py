"""Which known mistake behaves just like this one, and what its student is told."""
