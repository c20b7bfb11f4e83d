"""Tells this course's assignments from others in the same classroom.

nbgrader has one list of preprocessors and one exporter for all assignments. So each of our classes
asks first, and handles other assignments as nbgrader's own class would.
"""

from __future__ import annotations

from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets import List, Unicode
from traitlets.config import Configurable

from grader.course import Course


class OurAssignments(Configurable):
    """The settings of ``use_grader``. It is a base class of all classes that need them."""

    course = Unicode(help="The folder of the course that holds the checks.").tag(config=True)
    assignments = List(
        Unicode(),
        help="The assignments that are graded with the course's checks. nbgrader generates and "
        "autogrades all others as ever.",
    ).tag(config=True)

    def is_ours(self, assignment: str) -> bool:
        """Whether an assignment is the course's."""
        return assignment in self.assignments

    def other_folders(self, directory: CourseDirectory, student: str, name: str) -> list[Path]:
        """A student's folders of the course's other assignments.

        Args:
            directory: of the classroom.
            student: whose.
            name: the assignment that is graded.
        """
        return [
            Path(directory.format_path(directory.submitted_directory, student, other))
            for other in self.assignments
            if other != name
        ]

    def load_course(self) -> Course:
        """The course.

        Raises:
            CourseError: it cannot be used.
        """
        return Course.load(Path(self.course))
