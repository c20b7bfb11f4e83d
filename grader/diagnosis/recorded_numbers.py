"""Records the numbers that functions of earlier lessons are given in each check.

The reference, the accepted versions and the known mistakes of a lesson are called in this process
as its checks do, with functions that record every number in their arguments. (The mistakes, too,
because a student with one in this lesson still earns the checks that it does not break.) A
student's program is served values of the reference only for these numbers, in any arrangement: rows
one by one, transposed, all in one batch.
"""

from __future__ import annotations

import functools
import inspect
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from types import ModuleType
from typing import Any, Final

import numpy as np

from grader.checks.collection import Check
from grader.checks.course_checks import CourseChecks, LessonChecks
from grader.checks.reference import ReferenceCallee, quiet
from grader.course import Lesson, read_text
from grader.diagnosis.version_files import (
    empty_module,
    importable_modules,
    read_accepted_versions,
    read_wrong_versions,
)
from grader.errors import CourseError
from grader.sandbox import wire
from grader.sandbox.data_folder import beside_data

#: A function of a lesson: (lesson, name).
Key = tuple[str, str]

_RTOL: Final = 1e-6  # what rounding does on different ways to the same number
_ATOL: Final = 1e-12  # in parts of the largest number: sums that cancel out are no exact zeros
_REPEATED: Final = 4  # a batch may contain each number so many times
_SMALL: Final = 16  # a whole number up to here is an axis or a size, if there are arrays as well


class Numbers:
    """The numbers and texts that all versions give to a function in one check."""

    def __init__(self, arguments: Sequence[Any], largest_total: int) -> None:
        """Collect.

        Args:
            arguments: of all calls; plain values.
            largest_total: the most numbers that any version hands over.
        """
        self._texts = frozenset(texts_in(list(arguments)))
        values = np.unique(np.concatenate([np.zeros(0), *numbers_in(list(arguments))]))
        self._known = values[np.isfinite(values)]
        self._others = values[~np.isfinite(values)]
        self._most = _REPEATED * largest_total
        self._tolerance = _ATOL * float(np.abs(self._known).max(initial=0.0))

    def lead_to(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
        """Whether these arguments contain no other numbers, and not many more."""
        given = [*args, *kwargs.values()]
        if any(isinstance(value, np.ndarray | list | tuple) for value in given):
            given = [value for value in given if not _is_small(value)]
        if not self._texts.issuperset(texts_in(given)):
            return False
        try:
            values = np.concatenate([np.zeros(0), *numbers_in(given)])
        except TypeError:  # something that is no number
            return False
        return values.size <= self._most and self._contains(values)

    def _contains(self, values: np.ndarray) -> bool:
        finite = values[np.isfinite(values)]
        others = values[~np.isfinite(values)]
        if not np.isin(others.astype(str), self._others.astype(str)).all():  # nan is not nan
            return False
        if not finite.size:
            return True
        if not self._known.size:
            return False
        after = np.searchsorted(self._known, finite).clip(0, self._known.size - 1)
        near = [self._known[at] for at in (after, (after - 1).clip(0))]
        distance = np.minimum(*(np.abs(finite - other) for other in near))
        return bool(np.all(distance <= _RTOL * np.abs(finite) + self._tolerance))


def numbers_in(values: Sequence[Any]) -> Iterator[np.ndarray]:
    """All numbers in plain values, as flat float arrays.

    Raises:
        TypeError: something else is among them.
    """
    for value in values:
        if isinstance(value, dict):
            yield from numbers_in([*value.values()])
        elif isinstance(value, list | tuple):
            yield from numbers_in(value)
        elif isinstance(value, np.ndarray | np.generic | bool | int | float | complex):
            array = np.asarray(value)
            if array.dtype.kind == "c":
                yield array.imag.ravel().astype(float)
                array = array.real
            if array.dtype.kind not in "biuf":  # an int of more than 64 bits
                raise TypeError
            yield array.ravel().astype(float)
        elif not isinstance(value, str | bytes | None):
            raise TypeError


def texts_in(values: Sequence[Any]) -> Iterator[str | bytes]:
    """All texts in plain values."""
    for value in values:
        if isinstance(value, dict):
            yield from texts_in([*value.keys(), *value.values()])
        elif isinstance(value, list | tuple):
            yield from texts_in(value)
        elif isinstance(value, str | bytes):
            yield value


def _is_small(value: Any) -> bool:
    return type(value) in {bool, int} and abs(value) <= _SMALL


def record_numbers(checks: CourseChecks, lesson: Lesson) -> dict[str, dict[Key, Numbers]]:
    """For each check of a lesson, the numbers that each function is given.

    Raises:
        CourseError: a known version cannot be laid over the solution.
    """
    given: dict[str, dict[Key, list[list[Any]]]] = defaultdict(lambda: defaultdict(list))
    for calls_by_check in _runs(checks, lesson):
        for check, calls in calls_by_check.items():
            for key, arguments in calls.items():
                given[check][key].append(arguments)
    return {
        check: {key: _numbers(versions) for key, versions in functions.items()}
        for check, functions in given.items()
    }


def _runs(checks: CourseChecks, lesson: Lesson) -> Iterator[dict[str, dict[Key, list[Any]]]]:
    """For one version after the other: the arguments of each function in each check."""
    calls: dict[Key, list[Any]] = defaultdict(list)

    def record(key: Key, arguments: list[Any]) -> None:
        calls[key] += arguments

    course = checks.course
    modules: dict[str, ModuleType] = {}
    for earlier in course.lessons[: course.lesson_ids.index(lesson.id)]:
        modules[earlier.id] = _recording_module(earlier, "", modules, record)
    files = [*read_accepted_versions(course, lesson), *read_wrong_versions(course, lesson)]
    for version in ("", *(file.text for file in files)):
        module = _recording_module(lesson, version, modules, record)
        by_check: dict[str, dict[Key, list[Any]]] = {}
        calls.clear()
        with quiet():
            for check in _run_checks(checks[lesson.id], module):
                by_check[check.name] = dict(calls)
                calls.clear()
        yield by_check


def _run_checks(checks: LessonChecks, module: ModuleType) -> Iterator[Check]:
    """Make the calls of each check; yield it afterwards.

    Only a check whose calls depend on replies has to run for that.
    """
    others: list[Check] = []
    for check in checks.checks:
        foreseen = checks.rehearsed[check.name].calls
        if not foreseen:
            others.append(check)
            continue
        for kind, name, *arguments in map(wire.decode, foreseen):
            if kind == "call":
                args, kwargs = arguments
                with suppress(Exception):  # a wrong version
                    vars(module)[name](*args, **kwargs)
        yield check
    for check, _ in checks.run_each(ReferenceCallee(module), others):
        yield check


def _numbers(versions: Sequence[list[Any]]) -> Numbers:
    totals = [sum(array.size for array in numbers_in(arguments)) for arguments in versions]
    return Numbers([value for arguments in versions for value in arguments], max(totals))


def _recording_module(
    lesson: Lesson,
    version: str,
    earlier: Mapping[str, ModuleType],
    record: Callable[[Key, list[Any]], None],
) -> ModuleType:
    """A version of the lesson whose functions record their arguments."""
    module = empty_module(lesson)
    with importable_modules({**earlier, lesson.id: module}), beside_data(module):
        try:
            for text in (read_text(lesson.solution, lesson.id), version):
                exec(compile(text, lesson.id, "exec", dont_inherit=True), vars(module))  # noqa: S102
        except Exception as error:
            raise CourseError(
                f"a known version of {lesson.id} cannot be laid over the solution "
                f"({type(error).__name__}: {error})"
            ) from error
    for name, value in list(vars(module).items()):
        if inspect.isfunction(value) and value.__module__ == lesson.id:
            vars(module)[name] = _recording((lesson.id, name), value, record)
    return module


def _recording(
    key: Key, function: Callable[..., Any], record: Callable[[Key, list[Any]], None]
) -> Callable[..., Any]:
    @functools.wraps(function)
    def recorded(*args: Any, **kwargs: Any) -> Any:
        given = [*args, *kwargs.values()]
        with suppress(TypeError):  # no plain value: a student's program could not ask for it either
            record(key, [*numbers_in(given), *texts_in(given)])
        return function(*args, **kwargs)

    return recorded
