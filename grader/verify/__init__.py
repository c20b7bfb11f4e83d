"""Proof that a course's checks are worth trusting; `grader verify` shows it."""
