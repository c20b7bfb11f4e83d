"""Writes the outputs of test cells: the score that nbgrader reads, and a table for people.

nbgrader takes the first ``execute_result`` of a test cell, as text, for its score. If something was
written to stderr, it counts nothing. So a test cell gets one such result, whose HTML says the score
in words, and below it a table of its checks, which nbgrader does not read (``display_data``).
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Final

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import is_grade, is_solution, is_task

from grader.classroom import checks_table
from grader.classroom.classroom_grader import ClassroomGrader
from grader.classroom.graded_cells import TestCell
from grader.errors import GraderError
from grader.results import CheckResult, LessonResult, LessonStatus, Status, StudentResult
from grader.results.feedback import reduce_for_student
from grader.text.wording import format_points

#: The key of an output's metadata for its checks: their names and points.
CHECKS: Final = "grader_checks"
#: The key for the fingerprint of the course with which it was graded.
COURSE: Final = "grader_course"
_ANEW: Final = (
    "Make the notebooks anew: `grader classroom init --force`, then `nbgrader generate_assignment "
    "--force`."
)


def write_outputs(
    nb: NotebookNode, name: str, result: StudentResult, grader: ClassroomGrader
) -> None:
    """Give each test cell of a student's notebook that is graded here its output.

    Args:
        nb: has all test cells of the released notebook.
        name: of the notebook.
        result: of the student's work.
        grader: that graded it.

    Raises:
        GraderError: a test cell is not one of the course's. Without an output, it would get full
            marks.
    """
    refuse_other_tests(
        name,
        {
            cell.metadata.nbgrader["grade_id"]: float(cell.metadata.nbgrader["points"])
            for cell in nb.cells
            if is_grade(cell) and not is_solution(cell) and not is_task(cell)
        },
        grader,
    )
    tests = {test.grade_id: test for test in grader.tests.get(name, ())}
    lesson = grader.lesson_of(name)
    policy = grader.course.feedback
    lessons = {lesson.lesson: lesson for lesson in result.lessons}
    shown = {lesson.lesson: lesson for lesson in reduce_for_student(result, policy).lessons}
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs = []
        cell.execution_count = None
        if not is_grade(cell) or is_solution(cell):
            continue
        mark = cell.metadata.nbgrader
        if mark["grade_id"] in grader.stays(name):
            continue
        test = tests[mark["grade_id"]]
        cell.outputs = _outputs(test, lessons[lesson], shown[lesson], float(mark["points"]))
        cell.outputs[0].metadata[COURSE] = grader.fingerprint


def score_of(test: TestCell, lesson: LessonResult) -> float:
    """What a student earned in a test cell. A cell without checks gives everybody its points."""
    if not test.checks:
        return test.points if lesson.status is not LessonStatus.MISSING else 0.0
    earned = sum(check.score for check in lesson.checks if check.check in test.checks)
    return min(max(earned, 0.0), test.points)


def refuse_other_tests(name: str, points: Mapping[str, float], grader: ClassroomGrader) -> None:
    """Raise GraderError if the test cells of a notebook are not those of the course.

    Args:
        name: of the notebook.
        points: what nbgrader gives for each test cell, by its name.
        grader: of the course.
    """
    tests = {test.grade_id: test.points for test in grader.tests.get(name, ())}
    stays = grader.stays(name)
    points = {cell: worth for cell, worth in points.items() if cell not in stays}
    if grader.adopted:
        if points.keys() != tests.keys() or any(
            not math.isclose(worth, tests[cell], abs_tol=1e-6) for cell, worth in points.items()
        ):
            raise GraderError(
                f"{name}.ipynb: its test cells are not those that were adopted. Do it again: "
                f"`grader classroom adopt --force {shlex.quote(grader.adopted.assignment)}`."
            )
        return
    for cell, worth in points.items():
        if cell not in tests:
            raise GraderError(
                f"{name}.ipynb: no check of the course belongs to the test cell `{cell}`. {_ANEW} "
                "If the assignment is one of your own, name it in nbgrader_config.py: "
                "use_grader(…, others=[…])."
            )
        if not math.isclose(worth, tests[cell], abs_tol=1e-6):
            raise GraderError(
                f"{name}.ipynb: the test cell `{cell}` is worth {worth:g} points to nbgrader, and "
                f"{tests[cell]:g} to the course, which was changed. {_ANEW}"
            )
    if lost := sorted(tests.keys() - points.keys()):
        raise GraderError(
            f"{name}.ipynb: the course has checks for `{lost[0].partition('-')[2]}`, and the "
            f"notebook no test cell `{lost[0]}`. {_ANEW}"
        )


def refuse_our_errors(result: StudentResult) -> None:
    """Raise GraderError if the sandbox failed: no grade is better than a wrong one.

    A check that is broken for everybody costs nobody a point, and is no reason to stop.
    """
    for lesson in result.lessons:
        broken = [check for check in lesson.checks if check.status is Status.GRADER_ERROR]
        if lesson.checks and len(broken) == len(lesson.checks):
            raise GraderError(f"{result.student}: {lesson.lesson}: {broken[0].message}")


def is_undecided(cell: NotebookNode) -> bool:
    """Whether a person has to decide about a check of a test cell, according to its output."""
    return any(
        record["status"] == Status.UNDECIDED
        for output in cell.get("outputs", ())
        for record in output.get("metadata", {}).get(CHECKS, ())
    )


def graded_with(cells: Iterable[Mapping[str, Any]]) -> str | None:
    """The fingerprint of the course with which a notebook was autograded; None if there is none.

    Args:
        cells: of the notebook.
    """
    for cell in cells:
        for output in cell.get("outputs", ()):
            if fingerprint := output.get("metadata", {}).get(COURSE):
                return str(fingerprint)
    return None


def _outputs(
    test: TestCell, lesson: LessonResult, shown: LessonResult, points: float
) -> list[NotebookNode]:
    """The score of `lesson`, and the words of `shown`."""
    checks = [check for check in lesson.checks if check.check in test.checks]
    score = min(score_of(test, lesson), points)
    lines = [f"{format_points(score)} of {format_points(points)} points"]
    if shown.status is not LessonStatus.GRADED:
        lines.append(shown.message or "Nothing was handed in.")
    elif shown.message:
        lines.append(f"Note: {shown.message}")
    html = "".join(f"<div>{escape(line)}</div>" for line in lines)
    mark = new_output(
        "execute_result",
        data={"text/plain": repr(float(score)), "text/html": html},
        metadata={CHECKS: [_record(check) for check in checks]},
        execution_count=None,
    )
    shown_checks = [check for check in shown.checks if check.check in test.checks]
    if not shown_checks:
        return [mark]
    words = {
        "text/plain": checks_table.as_text(shown_checks, shown.checks),
        "text/html": checks_table.as_html(shown_checks, shown.checks),
    }
    return [mark, new_output("display_data", data=words)]


def _record(check: CheckResult) -> dict[str, str | float]:
    return {
        "check": check.title,
        "status": check.status.value,
        "score": check.score,
        "max_score": check.max_score,
    }
