"""What an author makes from a course: exercises, the students' copy, packages for systems."""
