"""A class, graded: batches over processes, what is kept, and what is graded again."""
