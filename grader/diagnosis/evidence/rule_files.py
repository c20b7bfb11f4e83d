"""Reads an author's rules of evidence from ``tests/lessons/evidence/<lesson>.py``.

A rule is a function that is marked with :func:`grader.testing.evidence_of`. It gets the value that
came back, the right one, and the call's arguments by name. It returns whether its docstring is true
of that call. The docstring completes "looks like …"::

    @evidence_of("mean")
    def too_low(got, due, numbers):
        \"\"\"numbers that are smaller than the smallest of those given\"\"\"
        return got < min(numbers)

If no known mistake is recognised, a rule that is true of every wrong call is shown.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import partial
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from grader.course import Course, Lesson, read_text
from grader.diagnosis.evidence.observations import Observation, as_numbers
from grader.diagnosis.evidence.value_rules import Finding, Rule
from grader.errors import CourseError


def read_evidence(course: Course, lesson: Lesson) -> dict[str, list[Rule]]:
    """The author's rules for each function of a lesson; none without a file.

    Raises:
        CourseError: the file cannot be executed, or a rule has no docstring.
    """
    rules: dict[str, list[Rule]] = {}
    if not lesson.evidence.is_file():
        return rules
    where = course.shown(lesson.evidence)
    module = ModuleType("evidence")
    try:
        code = compile(read_text(lesson.evidence, where), str(lesson.evidence), "exec")
        exec(code, vars(module))  # noqa: S102  (the course's own code)
    except CourseError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise CourseError(f"{where}: cannot be executed ({reason})") from error
    for name, value in vars(module).items():
        function = getattr(value, "evidence_of", None)
        if not isinstance(value, FunctionType) or not isinstance(function, str):
            continue
        if not (text := inspect.getdoc(value)):
            raise CourseError(
                f"{where}: `{name}` needs a docstring: a line that completes “looks like …”"
            )
        finding = Finding(name, " ".join(text.split()))
        rules.setdefault(function, []).append(partial(_ask, value, finding))
    return rules


def _ask(rule: Callable[..., Any], finding: Finding, call: Observation) -> Iterator[Finding]:
    try:
        with np.errstate(all="ignore"):
            holds = bool(rule(_given(call.got), _given(call.due), **call.arguments))
    except Exception:  # noqa: BLE001  (what a student returns may be of any kind or shape)
        return
    if holds:
        yield finding


def _given(value: Any) -> Any:
    array = as_numbers(value)
    return value if array is None else array
