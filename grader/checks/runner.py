"""The pytest plugin: checks collected once, then run again and again, each time for somebody else.

A check is an ordinary test function. What pytest does for a test (fixtures, setup, teardown,
hooks) it does here too, through its own protocol; only the loop around it is ours.
"""

from __future__ import annotations

import difflib
import os
import re
import sys
import traceback
from collections.abc import Callable
from types import ModuleType
from typing import Final

import pytest

from grader.checks.collection import MARKERS, Check, checks_by_lesson
from grader.checks.fixtures import AtHand, fixtures_of
from grader.checks.patience import Endless, Patience
from grader.checks.reference import BlurredReference
from grader.checks.student import Callee, Student
from grader.course import Course
from grader.errors import CourseError, GraderError
from grader.text import clean

#: pytest's own plugins that serve people at a terminal, or tests with a process to themselves.
_UNUSED_PLUGINS: Final = (
    "assertion", "cacheprovider", "capture", "debugging", "doctest", "faulthandler", "junitxml",
    "legacypath", "logging", "monkeypatch", "pastebin", "recwarn", "setuponly", "setupplan",
    "skipping", "stepwise", "subtests", "terminal", "threadexception", "tmpdir", "unittest",
    "unraisableexception", "warnings",
)  # fmt: skip

#: What a check may end with: an error; or what pytest.fail, pytest.skip and our patience raise,
#: which is no Exception. A check that skips itself does so on the reference, too: it is broken.
_OUTCOMES: Final = (Exception, pytest.fail.Exception, pytest.skip.Exception, Endless)


class Runner:
    """The plugin object of one pytest run; its hooks are called by pytest."""

    def __init__(self, course: Course, work: Callable[[Runner], None]) -> None:
        """Prepare a run; see :meth:`start`.

        Args:
            course: whose checks are collected.
            work: called when they are; runs them with :meth:`run`.
        """
        self.course = course
        self.checks: dict[str, list[Check]] = {}  # by lesson, in the order in which they run
        self._work = work
        self._done = False
        self._error: BaseException | None = None
        self._at_hand = AtHand()
        self._patience = Patience(lambda: self.student.is_away)
        self._skip = False
        self._standing = False  # something has been set up that is not torn down yet
        self._raised: BaseException | None = None

    @property
    def student(self) -> Student:
        """What the fixture of that name gives: after a check, the calls that it made."""
        return self._at_hand.student

    def start(self) -> None:
        """Collect the checks, and do the work.

        Raises:
            CourseError: a check file cannot be imported, or its checks are inconsistent.
            GraderError: whatever the work raises.
            KeyboardInterrupt: somebody pressed Ctrl-C; SystemExit, too, goes through.
        """
        root = self.course.root / "tests" / "lessons"
        arguments = [
            "--rootdir", str(root), "--confcutdir", str(root), "-c", "/dev/null",
            "--import-mode=importlib",  "--strict-markers",
            "--disable-plugin-autoload",
            *(word for name in _UNUSED_PLUGINS for word in ("-p", f"no:{name}")),
            *(str(path) for lesson in self.course.lessons for path in lesson.check_files),
        ]  # fmt: skip
        for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
            os.environ.pop(name, None)  # meant for the user's own tests
        modules = set(sys.modules)
        with self._patience.ready():
            outcome = pytest.main(arguments, plugins=[self, fixtures_of(self._at_hand)])
        for name in set(sys.modules) - modules:  # another course may have checks of the same name
            if str(getattr(sys.modules[name], "__file__", None)).startswith(str(root)):
                del sys.modules[name]
        if self._error is not None:
            raise self._error
        if not self._done and outcome is pytest.ExitCode.INTERRUPTED:
            raise KeyboardInterrupt  # while the checks were collected
        if not self._done:
            raise GraderError(
                f"pytest ended early, with exit code {outcome}; no student is to blame"
            )

    def run(
        self,
        check: Check,
        following: Check | None,
        callee: Callee,
        solution: ModuleType,
        *,
        skip: bool = False,
        reference: ModuleType | BlurredReference | None = None,
    ) -> BaseException | None:
        """Run a check through pytest's own protocol; return what it ended with.

        Args:
            check: the one to run.
            following: the one that runs after it; see :func:`grader.checks.collection.with_next`.
            callee: runs the calls that the check makes.
            solution: the lesson's reference; knows what the parameters are called.
            skip: only tear down what the check before left standing.
            reference: what the fixture of that name gives, if not the solution itself.
        """
        self._at_hand.reference = reference or solution
        self._at_hand.student.become(callee, solution)
        self._at_hand.rng.bit_generator.state = check.seed_state
        self._skip = skip
        self._raised = None
        if skip and not self._standing:
            return None
        nextitem = following.item if following else None
        with self._patience.limit():
            check.item.config.hook.pytest_runtest_protocol(item=check.item, nextitem=nextitem)
        return self._raised

    def verdict(self, error: BaseException | None) -> BaseException | None:
        """What is to be said of the student's program on which a check was run; None if it passed.

        A fault of the program (it hangs, say, or crashes) counts even where the check catches it.

        Args:
            error: what :meth:`run` returned.

        Raises:
            Exception: what broke on our side while the program was called.
        """
        if self.student.slip is not None:
            raise self.student.slip
        return self.student.fault or error

    # ---- hooks

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the marks that a check may carry."""
        for marker in MARKERS:
            config.addinivalue_line("markers", marker)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep the first reason why a check file cannot be imported."""
        if report.failed and self._error is None:
            told = str(report.longrepr).strip()
            reason = told.splitlines()[-1].removeprefix("E").strip()
            name = re.escape(report.nodeid.rpartition("/")[2])
            lines = re.findall(rf'{name}(?:", line |:)(\d+)', told)  # outermost first
            if unknown := re.match(r"'(\w+)' not found in `markers`", reason):
                ours = [marker.partition("(")[0] for marker in MARKERS]
                close = difflib.get_close_matches(unknown[1], ours, n=1)
                guess = f"; did you mean `{close[0]}`?" if close else ""
                reason = f"there is no mark `{unknown[1]}`{guess}"
            where = f"{report.nodeid}:{lines[-1]}" if lines else report.nodeid
            self._error = CourseError(f"{where}: the checks cannot be collected: {reason}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do the work, in place of pytest's loop over items."""
        if self._error is None:
            try:
                self.checks = checks_by_lesson(self.course, session.items)
                self._work(self)
                self._done = True
            except GraderError as error:
                self._error = error
            except Exception as error:  # noqa: BLE001  (pytest would print it and go its own way)
                where = traceback.extract_tb(error.__traceback__)[-1]
                self._error = GraderError(
                    f"the grader itself broke ({type(error).__name__}: {clean(str(error))}, in "
                    f"{where.name}); no student is to blame, and what was graded before is kept"
                )
                self._error.__cause__ = error
            except BaseException as stop:  # noqa: BLE001  (Ctrl-C, which pytest would swallow)
                self._error = stop
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Function, nextitem: pytest.Item | None) -> bool:
        """Set up, call and tear down as pytest does, without the reports that nobody reads.

        An item is run again for each student, which needs a new fixture request each time; pytest
        has no public name for that, and does the same when plugins rerun a test.
        """
        hooks = item.ihook
        self._standing = True
        try:
            if not self._skip:
                item._initrequest()
                item.funcargs.update(self._at_hand.wanted_by(item))
                hooks.pytest_runtest_setup(item=item)
                hooks.pytest_runtest_call(item=item)
        except _OUTCOMES as error:
            self._raised = error
        try:
            hooks.pytest_runtest_teardown(item=item, nextitem=nextitem)
        except _OUTCOMES as error:
            self._raised = self._raised or error
        self._standing = nextitem is not None
        return True
