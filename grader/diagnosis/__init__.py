"""Finds the mistake in a wrong lesson, and what its student is told about it."""
