"""What a test cell shows of a result: a table for people, and the one number that nbgrader reads.

nbgrader takes the first ``execute_result`` of a test cell, as text, for its score, and counts
nothing if anything was written to stderr. So a test cell gets this one output and no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import is_grade, is_solution

from grader.classroom.grading import ClassroomGrader
from grader.classroom.notebooks import TestCell
from grader.errors import GraderError
from grader.feedback import for_student
from grader.results import CheckResult, LessonResult, LessonStatus, Status, StudentResult

_MARKS: Final = {
    Status.PASSED: "✓",
    Status.FAILED: "✗",
    Status.NOT_ATTEMPTED: "·",
    Status.SKIPPED: "·",
    Status.TIMEOUT: "⏱",
    Status.OUT_OF_MEMORY: "✗",
    Status.CRASHED: "✗",
    Status.GRADER_ERROR: "!",
}
#: Where an output keeps its checks: what they are called and what they are worth, no words.
CHECKS: Final = "grader_checks"

_CELL: Final = "text-align: left"


def write_outputs(
    nb: NotebookNode, name: str, result: StudentResult, grader: ClassroomGrader
) -> None:
    """Give each test cell of a student's notebook its output.

    Args:
        nb: has all test cells of the released notebook.
        name: of the notebook: a lesson's id.
        result: what the student's work was graded with.
        grader: that graded it.

    Raises:
        GraderError: a test cell is not one that `grader classroom init` makes. Left alone, it
            would get full marks.
    """
    tests = {test.grade_id: test for test in grader.tests.get(name, ())}
    policy = grader.course.feedback
    lessons = {it.lesson: it for it in result.lessons}
    shown = {it.lesson: it for it in for_student(result, policy).lessons}
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs = []
        cell.execution_count = None
        if not is_grade(cell) or is_solution(cell):
            continue
        mark = cell.metadata.nbgrader
        if mark["grade_id"] not in tests:
            raise GraderError(
                f"{name}.ipynb: no check of the course belongs to the test cell "
                f"`{mark['grade_id']}`. Make the source notebook anew with `grader classroom init "
                "--force` and `nbgrader generate_assignment`, or keep tests of your own in another "
                "course."
            )
        test = tests[mark["grade_id"]]
        cell.outputs = [_output(test, lessons[name], shown[name], float(mark["points"]))]


def refuse_our_errors(result: StudentResult) -> None:
    """Raise GraderError when the sandbox failed with a student: better no grade than a wrong one.

    A check that is broken for everybody costs nobody a point, and is no reason to stop.
    """
    for lesson in result.lessons:
        broken = [check for check in lesson.checks if check.status is Status.GRADER_ERROR]
        if lesson.checks and len(broken) == len(lesson.checks):
            raise GraderError(f"{result.student}: {lesson.lesson}: {broken[0].message}")


def _output(
    test: TestCell, lesson: LessonResult, shown: LessonResult, points: float
) -> NotebookNode:
    """The output of a test cell: the score of `lesson`, the words of `shown`."""
    checks = [check for check in lesson.checks if check.check in test.checks]
    earned = sum(check.score for check in checks)
    score = min(max(earned, 0.0), points)
    summary = f"{score:g} of {points:g} points"
    lines = [summary]
    if shown.status is not LessonStatus.GRADED:
        lines.append(shown.message or "Nothing was handed in.")
    elif shown.message:
        lines.append(f"Note: {shown.message}")
    html = "".join(f"<p>{escape(line)}</p>" for line in lines)
    rows = "".join(_rows([check for check in shown.checks if check.check in test.checks]))
    return new_output(
        "execute_result",
        data={"text/plain": repr(float(score)), "text/html": f"{html}<table>{rows}</table>"},
        metadata={CHECKS: [_record(check) for check in checks]},
        execution_count=None,
    )


def _record(check: CheckResult) -> dict[str, str | float]:
    return {
        "check": check.title,
        "status": check.status.value,
        "score": check.score,
        "max_score": check.max_score,
    }


def _rows(checks: Sequence[CheckResult]) -> Iterator[str]:
    for check in checks:
        yield (
            f'<tr><td style="{_CELL}">{_MARKS.get(check.status, "?")}</td>'
            f'<td style="{_CELL}">{escape(check.title)}{"".join(_details(check))}</td>'
            f'<td style="{_CELL}">{check.score:g}&nbsp;/&nbsp;{check.max_score:g}</td></tr>'
        )


def _details(check: CheckResult) -> Iterator[str]:
    if check.status is Status.NOT_ATTEMPTED:
        yield "<br><em>not started</em>"
    elif check.message:
        yield f"<pre>{escape(check.message)}</pre>"
    if check.effect and check.effect not in (check.message or ""):
        yield f"<p>It looks like {escape(check.effect)}.</p>"
    if check.hint:
        yield f"<p><strong>Hint:</strong> {escape(check.hint)}</p>"
