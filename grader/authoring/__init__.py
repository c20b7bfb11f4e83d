"""What an author makes from a course: exercises, the students' copy, a Gradescope package."""
