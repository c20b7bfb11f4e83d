"""Grades a class: batches in processes, the stored results, and what is graded again."""
