"""A grader for Python courses: ordinary pytest checks, student code in a sandbox of its own."""

__version__ = "0.1.0"
