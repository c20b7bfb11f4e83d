"""Tells this course's assignments from others in the same classroom.

nbgrader has one list of preprocessors and one exporter for all assignments. So each of our classes
asks first, and handles other assignments as nbgrader's own class would.
"""

from __future__ import annotations

from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets import List, Unicode
from traitlets.config import Configurable

from grader.classroom.adopted import AdoptedAssignment, adopted_folder, read_adopted
from grader.course import Course


class OurAssignments(Configurable):
    """The settings of ``use_grader``. It is a base class of all classes that need them."""

    course = Unicode(help="The folder of the course that holds the checks.").tag(config=True)
    assignments = List(
        Unicode(),
        help="The assignments that are graded with the course's checks. nbgrader generates and "
        "autogrades all others as ever.",
    ).tag(config=True)

    adopted = List(
        Unicode(),
        help="The assignments of the instructor's own whose test cells `grader classroom adopt` "
        "made checks of. nbgrader generates them as ever.",
    ).tag(config=True)

    def is_ours(self, assignment: str) -> bool:
        """Whether an assignment is the course's."""
        return assignment in self.assignments

    def is_graded_here(self, assignment: str) -> bool:
        """Whether an assignment is the course's, or one that was adopted."""
        return self.is_ours(assignment) or assignment in self.adopted

    def folder_of_adopted(self, directory: CourseDirectory, assignment: str) -> Path | None:
        """The folder of an assignment that was adopted; None if it was not.

        Args:
            directory: of the classroom.
            assignment: its name.
        """
        is_adopted = assignment in self.adopted
        return adopted_folder(Path(directory.root), assignment) if is_adopted else None

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

    def find_course(
        self, directory: CourseDirectory, assignment: str
    ) -> tuple[Course | None, AdoptedAssignment | None]:
        """The course with the checks of an assignment; None if nbgrader grades it without us.

        Args:
            directory: of the classroom.
            assignment: its name.

        Returns:
            The course, and what is known of the assignment if it was adopted.

        Raises:
            GraderError: the course cannot be used.
        """
        folder = self.folder_of_adopted(directory, assignment)
        if folder is None:
            return (self.load_course() if self.is_ours(assignment) else None), None
        return Course.load(folder), read_adopted(folder)

    def load_course(self) -> Course:
        """The course.

        Raises:
            CourseError: it cannot be used.
        """
        return Course.load(Path(self.course))
