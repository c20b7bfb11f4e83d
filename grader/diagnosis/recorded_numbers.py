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
from types import CodeType, ModuleType
from typing import Any, Final

import numpy as np

from grader.checks.collection import Check
from grader.checks.course_checks import CourseChecks, LessonChecks
from grader.checks.reference import ReferenceCallee, quiet
from grader.course import Lesson, read_text
from grader.course.module_files import FurtherModules, importable_modules
from grader.diagnosis.version_files import (
    empty_module,
    read_accepted_versions,
    read_wrong_versions,
)
from grader.errors import CourseError
from grader.sandbox import wire
from grader.sandbox.data_folder import beside_data
from grader.sandbox.sent_values import Unusual, copy_sent

#: A function of a lesson: (lesson, name).
Key = tuple[str, str]

_RTOL: Final = 1e-6  # what rounding does on different ways to the same number
_ATOL: Final = 1e-12  # in parts of the largest number: sums that cancel out are no exact zeros
_REPEATED: Final = 4  # a batch may contain each number so many times
# To make such a union takes longer than to look into it.
_SEQUENCES: Final = list | tuple
_NUMERIC: Final = np.ndarray | np.generic | bool | int | float | complex
_SMALL: Final = 16  # a whole number up to here is an axis or a size, if there are arrays as well


class Arguments:
    """The numbers and texts that a function is given in one check.

    The same array comes again and again, parameters of a model above all. It is kept once.
    """

    __slots__ = ("numbers", "texts", "total")

    def __init__(self) -> None:
        """Begin without any."""
        self.numbers: set[bytes] = set()  # of float arrays
        self.texts: set[str | bytes] = set()
        self.total = 0  # how many numbers one version hands over, however often each

    def add(self, given: Sequence[Any]) -> None:
        """Add the arguments of one call.

        Raises:
            TypeError: something else than plain values is among them; nothing is added then.
        """
        arrays = [*numbers_in(given)]
        self.texts.update(texts_in(given))
        self.numbers.update(array.tobytes() for array in arrays)
        self.total += sum(array.size for array in arrays)

    def merge(self, version: Arguments) -> None:
        """Add what another version hands over."""
        self.texts |= version.texts
        self.numbers |= version.numbers
        self.total = max(self.total, version.total)


class Numbers:
    """The numbers and texts that all versions give to a function in one check."""

    def __init__(self, arguments: Arguments) -> None:
        """Take them from the arguments of all versions together."""
        self._texts = frozenset(arguments.texts)
        values = np.unique(np.frombuffer(b"".join(arguments.numbers)))
        self._known = values[np.isfinite(values)]
        self._others = values[~np.isfinite(values)]
        self._most = _REPEATED * arguments.total
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
        elif isinstance(value, _SEQUENCES):
            yield from numbers_in(value)
        elif isinstance(value, _NUMERIC):
            array = np.asarray(value)
            if array.dtype.kind == "c":
                yield array.imag.ravel().astype(float)
                array = array.real
            if array.dtype.kind not in "biuf":  # an int of more than 64 bits
                raise TypeError
            yield array.ravel().astype(float, copy=False)
        elif not isinstance(value, str | bytes | None):
            raise TypeError


def texts_in(values: Sequence[Any]) -> Iterator[str | bytes]:
    """All texts in plain values."""
    for value in values:
        if isinstance(value, dict):
            yield from texts_in([*value.keys(), *value.values()])
        elif isinstance(value, _SEQUENCES):
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
    given: dict[str, dict[Key, Arguments]] = defaultdict(lambda: defaultdict(Arguments))
    for check, arguments in _runs(checks, lesson):
        for key, of_function in arguments.items():
            given[check][key].merge(of_function)
    return {
        check: {key: Numbers(arguments) for key, arguments in functions.items()}
        for check, functions in given.items()
    }


def _runs(checks: CourseChecks, lesson: Lesson) -> Iterator[tuple[str, Mapping[Key, Arguments]]]:
    """For one version after the other, and for each check: the arguments of each function."""
    arguments: dict[Key, Arguments] = defaultdict(Arguments)

    def record(key: Key, given: Sequence[Any]) -> None:
        arguments[key].add(given)

    course = checks.course
    # Further modules of lessons are those of the reference.
    ids = course.lesson_ids
    earlier = {name: reference for name, reference in checks.references.items() if name not in ids}
    for one in course.lessons[: course.lesson_ids.index(lesson.id)]:
        earlier[one.id], _ = _load(one, "", earlier)
        _record_calls(earlier[one.id], record)
    files = [*read_accepted_versions(course, lesson), *read_wrong_versions(course, lesson)]
    calls = _calls_of(checks[lesson.id])
    for version in ("", *(file.text for file in files)):
        module, changed = _load(lesson, version, earlier)
        names = _reaching(module, changed) if version else set(vars(module))
        with quiet():
            for check in _run_checks(checks[lesson.id], calls, module, names):
                yield check.name, arguments
                arguments.clear()


def _reaching(module: ModuleType, changed: set[str]) -> set[str]:
    """The names of a module that are changed, or that use a changed one directly or not."""
    uses = {name: _names_in(value.__code__) for name, value in vars(module).items()
            if inspect.isfunction(value)}  # fmt: skip
    reaching = set(changed)
    while more := {name for name in uses.keys() - reaching if uses[name] & reaching}:
        reaching |= more
    return reaching


def _names_in(code: CodeType) -> set[str]:
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return set(code.co_names).union(*map(_names_in, inner))


class _Call:
    """A call that a check makes."""

    def __init__(self, encoded: bytes) -> None:
        """Decode it once: it is made with hundreds of versions."""
        self._encoded = encoded
        self.kind, self.function, *self._arguments = wire.decode(encoded)

    def make(self, module: ModuleType) -> None:
        """Call the function of a version, which may change the arguments."""
        try:
            args, kwargs = copy_sent(self._arguments)
        except Unusual:
            _, _, args, kwargs = wire.decode(self._encoded)
        with suppress(Exception):  # a wrong version
            vars(module)[self.function](*args, **kwargs)


def _calls_of(checks: LessonChecks) -> dict[str, list[_Call]]:
    """The calls of each check, unless they depend on replies."""
    return {
        check.name: [_Call(encoded) for encoded in calls]
        for check in checks.checks
        if (calls := checks.rehearsed[check.name].calls)
    }


def _run_checks(
    checks: LessonChecks, calls: Mapping[str, Sequence[_Call]], module: ModuleType, names: set[str]
) -> Iterator[Check]:
    """Make the calls of each check that calls one of these names; yield it afterwards.

    Only a check whose calls depend on replies has to run for that.
    """
    others: list[Check] = []
    for check in checks.checks:
        if check.name not in calls:
            others.append(check)
            continue
        made = [call for call in calls[check.name] if call.kind == "call"]
        if names.isdisjoint(call.function for call in made):
            continue  # with the solution it was the same
        for call in made:
            call.make(module)
        yield check
    for check, _ in checks.run_each(ReferenceCallee(module), others):
        yield check


def _load(
    lesson: Lesson, version: str, earlier: Mapping[str, ModuleType]
) -> tuple[ModuleType, set[str]]:
    """A version of the lesson, laid over the solution; and the names that it changes."""
    module = empty_module(lesson)
    solution: dict[str, Any] = {}
    with importable_modules({**earlier, lesson.id: module}), beside_data(module):
        try:
            for text in (read_text(lesson.solution, lesson.id), version):
                solution = dict(vars(module))
                exec(_compile(text, lesson.id), vars(module))  # noqa: S102
            FurtherModules(lesson).lend_names(module, earlier)
        except Exception as error:
            raise CourseError(
                f"a known version of {lesson.id} cannot be laid over the solution "
                f"({type(error).__name__}: {error})"
            ) from error
    changed = {name for name, value in vars(module).items() if solution.get(name) is not value}
    return module, changed


@functools.lru_cache(maxsize=8)  # a solution is compiled once for all its versions
def _compile(text: str, name: str) -> CodeType:
    return compile(text, name, "exec", dont_inherit=True)


def _record_calls(module: ModuleType, record: Callable[[Key, Sequence[Any]], None]) -> None:
    """Replace each function of a module by one that records its arguments."""
    lesson = module.__name__
    for name, value in list(vars(module).items()):
        if inspect.isfunction(value) and value.__module__ == lesson:
            vars(module)[name] = _recording((lesson, name), value, record)


def _recording(
    key: Key, function: Callable[..., Any], record: Callable[[Key, Sequence[Any]], None]
) -> Callable[..., Any]:
    @functools.wraps(function)
    def recorded(*args: Any, **kwargs: Any) -> Any:
        with suppress(TypeError):  # no plain value: a student's program could not ask for it either
            record(key, [*args, *kwargs.values()])
        return function(*args, **kwargs)

    return recorded
