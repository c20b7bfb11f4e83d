"""Made for others from a course: stubs, a copy for students, packages for other systems."""
