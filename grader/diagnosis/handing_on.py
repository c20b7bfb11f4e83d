"""Tells whether a function of an earlier lesson alone passes a check of a later one.

A program that only hands on what an earlier lesson returns has done no work of its own. So such a
check gives no marks by follow-through, and `grader verify` tells its author.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import NoReturn

import pytest

from grader.checks.collection import Check
from grader.checks.course_checks import CourseChecks
from grader.course import Lesson
from grader.submissions.imports import closure


def passes_alone(checks: CourseChecks, lesson: Lesson, check: Check, earlier: str) -> bool:
    """Whether a function of the earlier lesson passes the check in the place of the lesson's."""
    wanted = [name for name, value in vars(checks.references[lesson.id]).items() if callable(value)]
    given = vars(checks.references[earlier])
    functions = [value for name, value in given.items() if callable(value) and name[0] != "_"]
    candidates = [dict.fromkeys(wanted, function) for function in functions]
    candidates.append(given)  # each under its own name
    return any(_passes(checks, lesson, check, candidate) for candidate in candidates)


def find_handed_on(checks: CourseChecks, lesson: Lesson) -> Iterator[tuple[str, str]]:
    """The checks worth points that need an earlier lesson, and that it passes alone.

    Yields:
        the name of the check, and the earlier lesson.
    """
    required = closure([lesson.id], {other.id: other.requires for other in checks.course.lessons})
    for check in checks[lesson.id].checks:
        for earlier in sorted(required - {lesson.id}):
            if (
                check.points
                and passes_alone(checks, lesson, check, earlier)
                and _needs(checks, lesson, check, earlier)
            ):
                yield check.name, earlier


def _needs(checks: CourseChecks, lesson: Lesson, check: Check, earlier: str) -> bool:
    """Whether the solution does not pass the check if all functions of the earlier one raise."""
    with pytest.MonkeyPatch.context() as patches:
        for module in checks.references.values():
            for name, value in list(vars(module).items()):
                if inspect.isfunction(value) and value.__module__ == earlier:
                    patches.setitem(vars(module), name, _refuse)
        return not _passes(checks, lesson, check, vars(checks.references[lesson.id]))


def _refuse(*_: object, **__: object) -> NoReturn:
    raise NotImplementedError


def _passes(
    checks: CourseChecks, lesson: Lesson, check: Check, functions: Mapping[str, object]
) -> bool:
    module = ModuleType(lesson.id)
    vars(module).update(functions)
    return checks[lesson.id].passes_with(module, check)
