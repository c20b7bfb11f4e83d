"""What students handed in: from bytes to records."""
