"""A student's own copy of the course, on the student's own machine."""
