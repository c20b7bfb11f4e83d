"""The answers and slips of homework/, each graded in a student's otherwise right work."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Final

from places import REPOSITORY

from grader.course import Course
from grader.grading import grading_process
from grader.results import LessonResult
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Source, Submission

_FOLDER: Final = REPOSITORY / "tests" / "this_course" / "homework"

#: The head of a function, also one that was copied with a prompt, or is another language's.
_HEAD: Final = r"^(?:>>> |In \[\d+\]: |\d+ )?(?:def|function) (\w+)"


def read_cells(kind: str) -> Iterator[tuple[str, str, str]]:
    """The lesson, the head and the code of each cell of the files in a folder of homework/."""
    for path in sorted((_FOLDER / kind).glob("*.py")):
        for cell in path.read_text("utf-8").split("\n# %% ")[1:]:
            head, _, code = cell.partition("\n")
            yield path.stem, head, code


def grade_cells(cells: Mapping[str, tuple[str, str]]) -> dict[str, LessonResult]:
    """What the lesson of each cell gets.

    Args:
        cells: by a name of its own, the lesson and the code. The code comes after the lesson's
            solution, which loses the functions that it defines itself.
    """
    course = Course.load(REPOSITORY)
    solutions = {lesson.id: lesson.solution.read_text("utf-8") for lesson in course.lessons}
    class_ = []
    for name, (lesson, code) in cells.items():
        texts = solutions | {lesson: f"{_without_functions(solutions[lesson], code)}\n\n{code}"}
        sources = {id_: Source(f"{id_}.py", (text,), False) for id_, text in texts.items()}
        class_.append(Submission(name, sources))
    return {
        result.student: lesson
        for result in grading_process.grade_batch(course, Isolation.FULL, class_)
        for lesson in result.lessons
        if lesson.lesson == cells[result.student][0]
    }


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
