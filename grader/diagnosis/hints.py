"""Chooses the hint for the first failure: that of the recognised mistake, else of the function."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from grader.course import Lesson, read_text
from grader.diagnosis.mistakes import Mistake
from grader.results import SETTLED, CheckResult, LessonResult, LessonStatus, Status

_WAITING: Final = frozenset({Status.NOT_ATTEMPTED, Status.SKIPPED})


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint in steps, from a question to almost the code."""

    about: str  # the function or question
    key: str  # under which the number of given steps is remembered
    steps: Sequence[str]


def hint_for(lesson: Lesson, result: LessonResult, mistakes: Mapping[str, Mistake]) -> Hint | None:
    """The hint for the first failure, or for the next function to begin; None if there is none.

    Args:
        lesson: that was checked.
        result: of its checks.
        mistakes: the recognised ones, by id.
    """
    if result.status is not LessonStatus.GRADED:
        return None
    check = choose_check(result)
    if check is None:
        return None
    function = function_of(lesson, check)
    if mistake := mistakes.get(check.misconception or ""):
        return Hint(function or lesson.id, f"{lesson.id}/{mistake.id}", mistake.hints)
    if function is None:
        return None
    return Hint(function, f"{lesson.id}/{function}", lesson.hints[function])


def choose_check(result: LessonResult) -> CheckResult | None:
    """The check to look at: a failure with a known cause, any failure, or the next to begin."""
    wrong = [check for check in result.checks if check.status not in SETTLED | _WAITING]
    named = [check for check in wrong if check.misconception]
    waiting = [check for check in result.checks if check.status is Status.NOT_ATTEMPTED]
    return next(iter([*named, *wrong, *waiting]), None)


def function_of(lesson: Lesson, check: CheckResult) -> str | None:
    """The function or question that a check tests, if there are hints for it."""
    called = [text.partition("(")[0] for label, text in check.rows if label == "called"]
    names = [check.check, *called, *_functions_in(lesson, check.check)]
    return next((name for name in names if name in lesson.hints), None)


def _functions_in(lesson: Lesson, check: str) -> list[str]:
    """The student's functions that a check's code names, in order."""
    for path in lesson.check_files:
        for node in ast.walk(ast.parse(read_text(path, path.name))):
            if isinstance(node, ast.FunctionDef) and node.name == check:
                hints = [
                    (part.lineno, part.col_offset, name)
                    for part in ast.walk(node)
                    if isinstance(part, ast.expr) and (name := _called_of_student(part))
                ]
                return [name for _, _, name in sorted(hints)]
    return []


def _called_of_student(node: ast.expr) -> str | None:
    """The function that ``student.area`` or ``student.call("area", …)`` names."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name("student"), attr="call"),
            args=[ast.Constant(str(name)), *_],
        ):
            return name
        case ast.Attribute(value=ast.Name("student"), attr=name):
            return name
    return None
