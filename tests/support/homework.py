"""The answers and slips of homework/, each graded in a student's otherwise right work."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pytest
from places import REPOSITORY

from grader.course import Course
from grader.grading import grading_process
from grader.results import LessonResult, StudentResult
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Submission
from grader.verify.answers import Answer, AnswerGrader, Kind

_FOLDER: Final = REPOSITORY / "tests" / "this_course" / "homework"

#: The head of a function, also one that was copied with a prompt, or is another language's.
_HEAD: Final = r"^(?:>>> |In \[\d+\]: |\d+ )?(?:def|function) (\w+)"


def read_cells(kind: str) -> Iterator[tuple[str, str, str]]:
    """The lesson, the head and the code of each cell of the files in a folder of homework/."""
    for path in sorted((_FOLDER / kind).glob("*.py")):
        for cell in path.read_text("utf-8").split("\n# %% ")[1:]:
            head, _, code = cell.partition("\n")
            yield path.stem, head, code


@pytest.fixture(scope="session")
def graded_answers() -> dict[str, LessonResult]:
    """The lesson of each of the answers, by lesson and number: `softmax-12`."""
    cells = enumerate(read_cells("answers"), start=1)
    return grade_cells(
        {f"{lesson}-{number}": (lesson, code) for number, (lesson, _, code) in cells}
    )


def grade_cells(cells: Mapping[str, tuple[str, str]]) -> dict[str, LessonResult]:
    """What the lesson of each cell gets.

    Args:
        cells: by a name of its own, the lesson and the code. The code comes after the lesson's
            solution, which loses the functions that it defines itself.
    """
    course = Course.load(REPOSITORY)
    solutions = {lesson.id: lesson.solution.read_text("utf-8") for lesson in course.lessons}
    return grade_versions(
        {
            name: (lesson, f"{_without_functions(solutions[lesson], code)}\n\n{code}")
            for name, (lesson, code) in cells.items()
        }
    )


def grade_versions(versions: Mapping[str, tuple[str, str]]) -> dict[str, LessonResult]:
    """What each version of a lesson gets in a student's otherwise right work.

    Args:
        versions: by a name of its own, the lesson and the program.
    """
    course = Course.load(REPOSITORY)
    answers: dict[str, list[Answer]] = {lesson.id: [] for lesson in course.lessons}
    for name, (lesson, text) in versions.items():
        answers[lesson].append(Answer(Kind.MUTANT, name, text))
    grader = AnswerGrader(_GradersHere(course))
    try:
        results = {
            graded.answer.name: graded.result
            for lesson in course.lessons
            if answers[lesson.id]
            for graded in grader.grade(lesson, answers[lesson.id])
        }
    finally:
        grading_process.close()
    return {name: results[name] for name in versions}


@dataclass(frozen=True)
class _GradersHere:
    """Grades in this process, and names the mistakes in every answer."""

    course: Course

    def grade_class(self, submissions: Iterable[Submission]) -> Iterator[Sequence[StudentResult]]:
        named = [replace(it, naming=True) for it in submissions]
        yield grading_process.grade_some(self.course, Isolation.FULL, named)


def _without_functions(solution: str, code: str) -> str:
    """The solution without the functions that the code defines, or tries to."""
    names = set(re.findall(_HEAD, code, re.MULTILINE))
    lines = solution.split("\n")
    for node in ast.parse(solution).body:
        if (
            isinstance(node, ast.FunctionDef)
            and node.name in names
            and f"del {node.name}" not in code
        ):
            end = node.end_lineno or node.lineno
            lines[node.lineno - 1 : end] = [""] * (end - node.lineno + 1)
    return "\n".join(lines)
