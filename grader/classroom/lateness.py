"""Late penalties: they are assigned when work is graded, and again after later marks.

nbgrader stores a penalty as points. A mark that a person gives later raises the score, and so the
penalty: 10 points, a day late at 10 %, are 9.0, no matter when they were given.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.plugins.base import BasePlugin
from nbgrader.preprocessors import AssignLatePenalties

from grader.classroom.nbgrader_internals import find_penalty
from grader.classroom.our_assignments import OurAssignments

_Resources = dict[str, Any]


class LatePenalty(OurAssignments, BasePlugin):
    """Takes off the points of ``late:`` in course.yaml, by the due dates of nbgrader."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """The points to take from a notebook; None if the course has no such policy."""
        late = self.load_course().late
        return None if late is None else score * late.share(student_id, total_seconds_late)


class LatePenalties(OurAssignments, AssignLatePenalties):
    """nbgrader's preprocessor, with :class:`LatePenalty` for our assignments.

    If an instructor has set ``AssignLatePenalties.plugin_class``, that is used for all of them.
    """

    def preprocess(
        self, nb: NotebookNode, resources: _Resources
    ) -> tuple[NotebookNode, _Resources]:
        """Assign the penalty of one notebook."""
        if self.is_ours(resources["nbgrader"]["assignment"]):
            self.use_ours()
        assigned: tuple[NotebookNode, _Resources] = super().preprocess(nb, resources)
        return assigned

    def use_ours(self) -> None:
        """Use the course's policy, unless the instructor has chosen another plugin."""
        if "plugin_class" not in self.config.AssignLatePenalties:
            self.plugin_class = LatePenalty

    def assign(self, submission: Any) -> None:
        """Assign the penalties of all notebooks of a submission.

        Args:
            submission: of an open gradebook, which is not committed.
        """
        if self.is_ours(submission.assignment.name):
            self.use_ours()
        self.init_plugin()
        for notebook in submission.notebooks:
            seconds = submission.total_seconds_late
            notebook.late_submission_penalty = find_penalty(self, notebook, seconds)

    def assign_all(self, gradebook: Gradebook, assignments: list[str]) -> None:
        """Assign the penalties of all submissions to our assignments among these, and commit."""
        for assignment in filter(self.is_ours, assignments):
            for submission in gradebook.assignment_submissions(assignment):
                self.assign(submission)
        gradebook.db.commit()


class PenaltiesOfToday(LatePenalties):
    """Assigns the penalties again before feedback is made, with marks given after autograding."""

    def preprocess(
        self, nb: NotebookNode, resources: _Resources
    ) -> tuple[NotebookNode, _Resources]:
        """Assign the penalty of one notebook again, if its assignment is ours."""
        if not self.is_ours(resources["nbgrader"]["assignment"]):
            return nb, resources
        return super().preprocess(nb, resources)
