"""Late penalties: assigned when work is graded, and anew when marks were given since.

nbgrader keeps a penalty as points. A mark that a person gives later raises the score, so its share
of the penalty has to be counted: 10 points, a day late at 10 %, are 9.0, whoever gave them when.
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
    """Takes the points that ``late:`` in course.yaml says, by the due dates of nbgrader."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """The points to take from a notebook; None if the course has no such policy."""
        late = self.load_course().late
        return None if late is None else score * late.share(student_id, total_seconds_late)


class LatePenalties(OurAssignments, AssignLatePenalties):
    """nbgrader's preprocessor; our assignments get :class:`LatePenalty`, others nbgrader's plugin.

    An instructor's own ``AssignLatePenalties.plugin_class`` holds for all of them.
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
        """Take the course's policy, unless the instructor has one of their own."""
        if "plugin_class" not in self.config.AssignLatePenalties:
            self.plugin_class = LatePenalty

    def assign(self, submission: Any) -> None:
        """Assign the penalties of all notebooks of a submission to one of our assignments.

        Args:
            submission: of an open gradebook, which is not committed.
        """
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
    """Before feedback is made: counts the marks that were given after autograding."""

    def preprocess(
        self, nb: NotebookNode, resources: _Resources
    ) -> tuple[NotebookNode, _Resources]:
        """Assign the penalty of one notebook anew, if it is of one of our assignments."""
        if not self.is_ours(resources["nbgrader"]["assignment"]):
            return nb, resources
        return super().preprocess(nb, resources)
