"""Which assignments are this course's: all others are nbgrader's own business.

nbgrader has one list of preprocessors and one exporter for all assignments. So each of ours asks
first, and does for another assignment what nbgrader's own would do.
"""

from __future__ import annotations

from pathlib import Path

from traitlets import List, Unicode
from traitlets.config import Configurable

from grader.course import Course


class OurAssignments(Configurable):
    """What ``use_grader`` says; a base class of all that is told it."""

    course = Unicode(help="The folder of the course that holds the checks.").tag(config=True)
    assignments = List(
        Unicode(),
        help="The assignments that are graded with the course's checks. nbgrader generates and "
        "autogrades all others as ever.",
    ).tag(config=True)

    def is_ours(self, assignment: str) -> bool:
        """Whether an assignment is the course's."""
        return assignment in self.assignments

    def load_course(self) -> Course:
        """The course.

        Raises:
            CourseError: it cannot be used.
        """
        return Course.load(Path(self.course))
