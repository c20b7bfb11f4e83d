"""The pytest plugin: it collects the checks once, then runs them for one student after another.

A check is an ordinary test function. pytest itself runs its fixtures, setup, teardown and hooks;
only the loop over the tests is ours.
"""

from __future__ import annotations

import difflib
import os
import re
import sys
import traceback
import unittest
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from grader.checks.collection import MARKERS, Check, checks_by_lesson
from grader.checks.fixtures import FixtureValues, fixture_plugin
from grader.checks.pytest_internals import (
    UNUSED_PLUGINS,
    BrokenConftest,
    Failed,
    Skipped,
    open_session,
    prepare_again,
)
from grader.checks.reference import AlteredReference, quiet
from grader.checks.student import Callee, Student
from grader.checks.student_modules import (
    Imports,
    StudentModule,
    read_imports,
    readable_sources,
    set_values,
    student_modules,
)
from grader.checks.taken_apart import taking_apart
from grader.checks.test_cases import CaseClass, decorators, derandomize_hypothesis
from grader.checks.time_limit import CheckTookTooLong, TimeLimit
from grader.course import Course
from grader.course.module_files import FurtherModules, importable_modules
from grader.errors import CourseError
from grader.sandbox.data_folder import beside_data
from grader.text import clean

#: The exceptions that may end a check. A check that skips itself, also on the reference, is broken.
_OUTCOMES: Final = (Exception, Failed, Skipped, CheckTookTooLong)


class Runner:
    """The plugin of one pytest session; pytest calls its hooks."""

    def __init__(
        self, course: Course, references: Mapping[str, ModuleType], *, any_points: bool = False
    ) -> None:
        """Prepare a session; see :meth:`open`.

        Args:
            course: whose checks are collected.
            references: the solutions, by lesson.
            any_points: whether the points of a lesson need not add up.
        """
        self.course = course
        self._any_points = any_points
        self._references = references
        #: Of check files that import the student's module, by path: this, and what they import.
        self._imports: dict[str, tuple[Mapping[str, StudentModule], Imports]] = {}
        self.checks: dict[str, list[Check]] = {}  # by lesson, in the order in which they run
        self._error: CourseError | None = None
        self._fixtures = FixtureValues()
        self._time_limit = TimeLimit(lambda: self.student.is_calling)
        self._skip = False
        self._is_set_up = False  # some fixtures are not torn down yet
        self._raised: BaseException | None = None

    @property
    def student(self) -> Student:
        """The value of the fixture `student`. After a check it has the calls that were made."""
        return self._fixtures.student

    @contextmanager
    def open(self) -> Iterator[None]:
        """Collect the checks. They can be run in this block.

        Raises:
            CourseError: a check file cannot be imported, or its checks are inconsistent.
        """
        files = [path for lesson in self.course.lessons for path in lesson.check_files]
        if not files:  # pytest would look for some
            self.checks = {lesson.id: [] for lesson in self.course.lessons}
            yield
            return
        root = self.course.root / "tests" / "lessons"
        arguments = [
            "--rootdir", str(root), "--confcutdir", str(root), "-c", "/dev/null",
            "--import-mode=importlib",  "--strict-markers",
            "--disable-plugin-autoload",
            *(word for name in UNUSED_PLUGINS for word in ("-p", f"no:{name}")),
            *map(str, files),
        ]  # fmt: skip
        for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
            os.environ.pop(name, None)  # meant for the user's own tests
        self._find_imports()
        if any(b"hypothesis" in path.read_bytes() for path in files):
            with suppress(ImportError):  # told where a check file imports it
                derandomize_hypothesis()
        importing: dict[str, ModuleType] = {}
        for modules_of_one, _ in self._imports.values():
            importing |= modules_of_one
        _forget_files_of_others(root, [*files, *root.rglob("conftest.py")])
        modules = set(sys.modules)
        plugins = [self, fixture_plugin(self._fixtures)]
        try:
            with ExitStack() as stack:
                stack.enter_context(self._time_limit.ready())
                stack.enter_context(readable_sources(self.student))
                visible = [str(lesson.visible_checks) for lesson in self.course.lessons]
                with taking_apart(visible), importable_modules({**importing, **decorators()}):
                    session = _enter_session(stack, arguments, plugins)
                if self._error is not None:
                    raise self._error
                self.checks = checks_by_lesson(
                    self.course, session.items, self._imports, any_points=self._any_points
                )
                yield
        finally:
            for name in set(sys.modules) - modules:  # another course may have files of this name
                if str(getattr(sys.modules[name], "__file__", None)).startswith(str(root)):
                    del sys.modules[name]

    def _find_imports(self) -> None:
        """Look which check files import the student's module."""
        ids = {*self.course.lesson_ids, *self._references}
        for lesson in self.course.lessons:
            own = {lesson.id, *FurtherModules(lesson).names}
            if imports_by_path := read_imports(lesson, ids - own):
                modules = student_modules(lesson, self.student, self._references[lesson.id])
                self._imports |= {
                    path: (modules, imports) for path, imports in imports_by_path.items()
                }

    def run(
        self,
        check: Check,
        following: Check | None,
        callee: Callee,
        solution: ModuleType,
        *,
        skip: bool = False,
        reference: ModuleType | AlteredReference | None = None,
        seconds: float | None = None,
    ) -> BaseException | None:
        """Run a check once; return the exception that ended it, None if it passed.

        Args:
            check: one of :attr:`checks`.
            following: the next check, for which pytest keeps fixtures; None after the last one.
            callee: runs the calls that the check makes.
            solution: the lesson's reference, which has the names of the parameters.
            skip: do not run it; only tear down the fixtures of the check before.
            reference: the value of the fixture `reference`; the solution if left out.
            seconds: the CPU time that it may take on our side; see :meth:`limit`.
        """
        callee.stand_after(None if skip else check.after_cell)
        ends_early = check.after_cell is not None
        self._fixtures.student.begin_check(callee, solution, ends_early=ends_early)
        self._skip = skip
        self._raised = None
        if skip and not self._is_set_up:
            return None
        self._fixtures.reference = reference or solution
        self._fixtures.rng.bit_generator.state = check.seed_state
        nextitem = following.item if following else None
        modules, _ = self._imports.get(str(check.item.path), ({}, None))
        try:
            with self.limit(seconds), beside_data(solution), importable_modules(modules), quiet():
                check.item.config.hook.pytest_runtest_protocol(item=check.item, nextitem=nextitem)
        except CheckTookTooLong as error:  # just before or just after the check
            self._raised = self._raised or error
        return self._raised

    def limit(self, seconds: float | None = None) -> AbstractContextManager[None]:
        """In this block, raise CheckTookTooLong after so many seconds of CPU time."""
        return self._time_limit.limit(seconds)

    def tear_down(self, checks: Sequence[Check]) -> None:
        """Tear down the fixtures of these checks, if one was broken off."""
        if self._is_set_up:
            self._skip = True
            item = checks[-1].item
            with self._time_limit.limit():
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)

    # ---- hooks

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makeitem(
        self, collector: pytest.Module | pytest.Class, name: str, obj: object
    ) -> pytest.Collector | None:
        """Collect classes of unittest as well."""
        if isinstance(obj, type) and issubclass(obj, unittest.TestCase):
            return CaseClass.from_parent(collector, name=name, obj=obj)
        return None

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the marks that a check may carry."""
        for marker in MARKERS:
            config.addinivalue_line("markers", marker)
        ours = [marker.partition("(")[0] for marker in MARKERS]
        for mark in {mark for _, imports in self._imports.values() for mark in imports.marks}:
            if not difflib.get_close_matches(mark, ours, n=1):  # no slip
                config.addinivalue_line("markers", f"{mark}: of tests that mean something by it")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep the first reason why a check file cannot be imported."""
        if report.failed and self._error is None:
            text = str(report.longrepr).strip()
            reason = text.splitlines()[-1].removeprefix("E").strip()
            name = re.escape(report.nodeid.rpartition("/")[2])
            lines = re.findall(rf'{name}(?:", line |:)(\d+)', text)  # outermost first
            if unknown := re.match(r"'(\w+)' not found in `markers`", reason):
                ours = [marker.partition("(")[0] for marker in MARKERS]
                close = difflib.get_close_matches(unknown[1], ours, n=1)
                guess = f"; did you mean `{close[0]}`?" if close else ""
                reason = f"there is no mark `{unknown[1]}`{guess}"
            where = f"{report.nodeid}:{lines[-1]}" if lines else report.nodeid
            self._error = CourseError(f"{where}: the checks cannot be collected: {reason}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Function, nextitem: pytest.Item | None) -> bool:
        """Set up, call and tear down a test as pytest does, without its reports."""
        hooks = item.ihook
        self._is_set_up = True
        try:
            if not self._skip:
                prepare_again(item, self._fixtures.for_item(item))
                if imported := self._imports.get(str(item.path)):
                    modules, imports = imported
                    set_values(item, imports, modules)
                hooks.pytest_runtest_setup(item=item)
                hooks.pytest_runtest_call(item=item)
        except _OUTCOMES as error:
            self._raised = error
        try:
            hooks.pytest_runtest_teardown(item=item, nextitem=nextitem)
        except _OUTCOMES as error:
            self._raised = self._raised or error
        self._is_set_up = nextitem is not None
        return True


def _forget_files_of_others(root: Path, paths: Iterable[Path]) -> None:
    """Drop modules that pytest would take for these files of a course: they are another's.

    It knows a module by its name, which is made of the path below the root.
    """
    for path in paths:
        name = ".".join(path.relative_to(root).with_suffix("").parts)
        if name in sys.modules and getattr(sys.modules[name], "__file__", None) != str(path):
            del sys.modules[name]


def describe_our_error(error: BaseException) -> str:
    """Describe an error of the grader itself: what broke, and where."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    reason = f"{type(error).__name__}: {clean(str(error))}, in {where.name}"
    return f"the grader itself broke ({reason})"


def _enter_session(
    stack: ExitStack, arguments: Sequence[str], plugins: Sequence[object]
) -> pytest.Session:
    """Open a session that the stack closes. Errors in a course's files become CourseErrors."""
    try:
        return stack.enter_context(open_session(arguments, plugins))
    except BrokenConftest as failure:
        cause = failure.cause
        raise CourseError(
            f"{failure.path}: it cannot be imported: {type(cause).__name__}: {clean(str(cause))}"
        ) from cause
    except pytest.UsageError as error:
        raise CourseError(f"the checks cannot be collected: {clean(str(error))}") from error
    except pytest.exit.Exception as error:
        raise CourseError(
            f"the checks cannot be collected: pytest ended early ({clean(str(error))})"
        ) from error
