"""Compares the marks of an adopted assignment with those in the gradebook, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import isclose
from pathlib import Path
from typing import Any, Final

from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde

from grader.classroom.cell_outputs import score_of
from grader.classroom.classroom_grader import ClassroomGrader
from grader.classroom.gradebooks import has_gradebook, open_gradebook
from grader.classroom.graded_cells import TestCell
from grader.classroom.nbgrader_internals import autograded_folder, find_submitted
from grader.errors import GraderError, IntakeError
from grader.importing.nbgrader_source import mark_of
from grader.reports.statuses import LOOKS
from grader.results import LessonResult, LessonStatus, Status, StudentResult
from grader.submissions.notebooks import Cell, read_cells
from grader.text import clean

_LONGEST: Final = 200  # characters of a reason


@dataclass(frozen=True, slots=True)
class Difference:
    """A test cell of a student's for which nbgrader gave another mark."""

    student: str
    notebook: str
    cell: str
    before: float  # in the gradebook
    now: float
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The marks of a class beside those in the gradebook."""

    students: int  # whose marks were compared
    compared: int  # marks
    differences: tuple[Difference, ...]
    unmarked: tuple[str, ...]  # students who handed in, and have no marks in the gradebook


def compare_marks(
    converter: Autograde, grader: ClassroomGrader, done: Callable[[int], None] = lambda count: None
) -> Comparison:
    """Grade what is in ``submitted/``, and compare. Nothing is written.

    Args:
        converter: of the classroom.
        grader: of the adopted assignment.
        done: called with the number of further students that are finished.

    Raises:
        GraderError: there is nothing to compare.
    """
    directory = converter.coursedir
    assignment = directory.assignment_id
    folders = find_submitted(converter, assignment, "*")
    if not folders or not has_gradebook(directory.db_url):
        raise GraderError(
            f"nothing can be compared: submitted/ holds no work for `{clean(assignment)}`, or "
            "there is no gradebook. Try it in the folder of a course that was graded."
        )
    submissions = (grader.read(path, name, ()) for name, path in folders.items())
    compared, differences, unmarked = 0, [], []
    with open_gradebook(directory.db_url, directory.course_id) as gradebook:
        for result in chain.from_iterable(grader.grade_class(submissions)):
            done(1)
            try:
                submission = gradebook.find_submission(assignment, result.student)
            except MissingEntry:
                unmarked.append(result.student)
                continue
            marks = _marks(submission)
            if not marks:
                unmarked.append(result.student)
            graded = autograded_folder(converter, assignment, result.student)
            for notebook, test, lesson in _tests(grader, result):
                before = marks.get((notebook, test.grade_id))
                if before is None:
                    continue
                compared += 1
                now = score_of(test, lesson)
                if not isclose(before, now, abs_tol=1e-6):
                    outputs = _outputs(graded / f"{notebook}.ipynb", test.grade_id)
                    reason = _explain(before, now, outputs, test, lesson)
                    where = (result.student, notebook, test.grade_id)
                    differences.append(Difference(*where, before, now, reason))
    students = len(folders) - len(unmarked)
    return Comparison(students, compared, tuple(sorted(differences, key=_place)), tuple(unmarked))


def _place(difference: Difference) -> tuple[str, str, str]:
    return difference.student, difference.notebook, difference.cell


def _marks(submission: Any) -> dict[tuple[str, str], float]:
    """The marks that nbgrader has given, by notebook and cell."""
    return {
        (notebook.name, grade.name): float(grade.auto_score)
        for notebook in submission.notebooks
        for grade in notebook.grades
        if grade.auto_score is not None
    }


def _tests(
    grader: ClassroomGrader, result: StudentResult
) -> Iterator[tuple[str, TestCell, LessonResult]]:
    lessons = {lesson.lesson: lesson for lesson in result.lessons}
    for notebook, tests in grader.tests.items():
        for test in tests:
            yield notebook, test, lessons[grader.lesson_of(notebook)]


def _outputs(path: Path, grade_id: str) -> Sequence[Cell]:
    """What nbgrader's kernel has put out for a cell; nothing if that is gone."""
    try:
        cells = read_cells(path.read_bytes(), path.name)
    except (OSError, IntakeError):
        return ()
    for cell in cells:
        if mark_of(cell).get("grade_id") == grade_id:
            return [output for output in cell.get("outputs", ()) if isinstance(output, dict)]
    return ()


def _explain(
    before: float, now: float, outputs: Sequence[Cell], test: TestCell, lesson: LessonResult
) -> str:
    """Why the marks differ."""
    if now > before:
        said = next(filter(None, map(_lost_by, outputs)), "")
        return said or "the autograded notebook does not say why nbgrader gave less"
    if lesson.status is not LessonStatus.GRADED:
        return clean(lesson.message or "no such notebook was handed in", limit=_LONGEST)
    own = [check for check in lesson.checks if check.check in test.checks]
    not_passed = [check for check in own if check.status not in {Status.PASSED, Status.SKIPPED}]
    if not not_passed:
        return "its last value is no mark in nbgrader, or another one"
    words = "; ".join(" ".join(line.split()) for line in (not_passed[0].message or "").splitlines())
    return clean(f"{LOOKS[not_passed[0].status].words} here: {words}", limit=_LONGEST)


def _lost_by(output: Mapping[str, Any]) -> str:
    """How an output costs a cell its points in nbgrader."""
    kind, name = output.get("output_type"), output.get("name")
    if kind == "error":
        words = f"{output.get('ename')}: {output.get('evalue')}"
        return clean(f"nbgrader's kernel ended it with {words}", limit=_LONGEST)
    if kind == "stream" and name == "stderr":
        text = output.get("text", "")
        words = "".join(text if isinstance(text, list) else [str(text)]).strip().partition("\n")[0]
        return clean(f"nbgrader gives nothing for a cell that warns: {words}", limit=_LONGEST)
    if kind == "execute_result":
        words = str(output.get("data", {}).get("text/plain"))
        return clean(f"nbgrader's kernel put out {words}", limit=_LONGEST)
    return ""
