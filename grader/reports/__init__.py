"""What grading found, written down: each module a pure function of the records."""
