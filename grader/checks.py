"""The pytest plugin: hidden checks collected once, then run for each student of a batch.

A check is an ordinary test function. What pytest does for a test (fixtures, setup, teardown,
hooks) it does here too, through its own protocol; only the loop around it differs: it goes over
students, lessons and checks, and what a check ended with becomes a :class:`CheckResult`.
"""

from __future__ import annotations

import inspect
import math
import os
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from types import ModuleType
from typing import Any, Final

import numpy as np
import pytest

from grader import fixtures
from grader.course import Course, Lesson
from grader.errors import CourseError, GraderError, SandboxError
from grader.findings import explain, explain_import, list_titles, status_of
from grader.intake import Source, Submission, Unreadable
from grader.results import CheckResult, LessonResult, LessonStatus, Status, StudentResult
from grader.sandbox.client import Sandbox
from grader.sandbox.faults import StudentFault
from grader.sandbox.session import Program, Session
from grader.student import BlurredReference, Callee, ReferenceCallee
from grader.text import clean

#: pytest's own plugins that serve people at a terminal, or tests with a process to themselves.
_UNUSED_PLUGINS: Final = (
    "assertion", "cacheprovider", "capture", "debugging", "doctest", "faulthandler", "junitxml",
    "legacypath", "logging", "monkeypatch", "pastebin", "recwarn", "setuponly", "setupplan",
    "skipping", "stepwise", "subtests", "terminal", "threadexception", "tmpdir", "unittest",
    "unraisableexception", "warnings",
)  # fmt: skip

_MARKERS: Final = (
    "points(number): what the check is worth; 1 if not given",
    "builds_on(name, ...): checks of the same lesson without which this one says nothing",
)


#: What a check may end with: an error, or pytest.fail and pytest.skip, which are none.
_OUTCOMES: Final = (Exception, pytest.fail.Exception, pytest.skip.Exception)


_NO_SANDBOX: Final = "the sandbox ended, again and again, while this was graded"


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """One hidden or visible check of a lesson."""

    item: pytest.Function
    title: str
    points: float
    builds_on: tuple[str, ...]
    hidden: bool  # compares with the reference: its numbers are not shown
    seed_state: Mapping[str, Any]  # of the generator `rng` when the check starts

    @property
    def name(self) -> str:
        """The test function's name, unique within its lesson."""
        return self.item.name


def run_checks(
    course: Course,
    submissions: Iterable[Submission],
    sandbox: Sandbox | None,
    references: Mapping[str, ModuleType],
    *,
    without_sandbox: Status = Status.GRADER_ERROR,
) -> list[StudentResult]:
    """Grade a batch in one pytest run.

    Args:
        course: whose checks are run.
        submissions: the batch.
        sandbox: started; holds one worker at a time. ``None`` when it failed with this student
            again and again: then every check is our error.
        references: the reference solution of each lesson, by id.
        without_sandbox: the status of every check if there is no sandbox.

    Raises:
        CourseError: a check file cannot be imported, or its checks are inconsistent.
        SandboxError: the sandbox failed.
    """
    batch = Batch(course, list(submissions), sandbox, references)
    batch.without_sandbox = without_sandbox
    root = course.root / "tests" / "lessons"
    arguments = [
        "--rootdir", str(root), "--confcutdir", str(root), "-c", "/dev/null",
        "--import-mode=importlib",  "--strict-markers",
        "--disable-plugin-autoload",
        *(word for name in _UNUSED_PLUGINS for word in ("-p", f"no:{name}")),
        *(str(path) for lesson in course.lessons for path in lesson.check_files),
    ]  # fmt: skip
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)  # meant for the user's own tests
    modules = set(sys.modules)
    outcome = pytest.main(arguments, plugins=[batch, fixtures])
    for name in set(sys.modules) - modules:  # another course may have checks of the same name
        if str(getattr(sys.modules[name], "__file__", None)).startswith(str(root)):
            del sys.modules[name]
    if batch.error is not None:
        raise batch.error
    if len(batch.results) != len(batch.submissions):
        raise GraderError(f"pytest ended early, with exit code {outcome}; no student is to blame")
    return batch.results


class Batch:
    """The plugin object of one run; its hooks are called by pytest."""

    def __init__(
        self,
        course: Course,
        submissions: Sequence[Submission],
        sandbox: Sandbox | None,
        references: Mapping[str, ModuleType],
    ) -> None:
        self.course = course
        self.submissions = submissions
        self.sandbox = sandbox
        self.references = references
        self.without_sandbox = Status.GRADER_ERROR
        self.results: list[StudentResult] = []
        self.error: Exception | None = None
        self._checks: dict[str, list[Check]] = {}
        self._broken: dict[Check, str] = {}  # checks that are our fault, and why
        self._calls: dict[str, dict[str, list[bytes]]] = {}  # by lesson and check
        self.at_hand = fixtures.AtHand()
        self._lesson: Lesson
        self._skip = False
        self._raised: BaseException | None = None

    # ---- hooks

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the marks that a check may carry."""
        for marker in _MARKERS:
            config.addinivalue_line("markers", marker)
        config.stash[fixtures.AT_HAND] = self.at_hand

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep the first reason why a check file cannot be imported."""
        if report.failed and self.error is None:
            reason = str(report.longrepr).strip().splitlines()[-1]
            self.error = CourseError(f"{report.nodeid}: the checks cannot be collected: {reason}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Go over the batch, in place of pytest's loop over items."""
        if self.error is None:
            try:
                self._checks = _checks_by_lesson(self.course, session.items)
                self._broken = self._try_on_reference()
                for submission in self.submissions:
                    self.results.append(self._grade(submission))
            except GraderError as error:
                self.error = error
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Function, nextitem: pytest.Item | None) -> bool:
        """Set up, call and tear down as pytest does, without the reports that nobody reads.

        An item is run again for each student, which needs a new fixture request each time; pytest
        has no public name for that, and does the same when plugins rerun a test.
        """
        hooks = item.ihook
        self._raised = None
        try:
            if not self._skip:
                item._initrequest()
                item.funcargs.update(self._fixtures(item))
                hooks.pytest_runtest_setup(item=item)
                hooks.pytest_runtest_call(item=item)
        except _OUTCOMES as error:
            self._raised = error
        try:
            hooks.pytest_runtest_teardown(item=item, nextitem=nextitem)
        except _OUTCOMES as error:
            self._raised = self._raised or error
        return True

    def _fixtures(self, item: pytest.Function) -> dict[str, object]:
        """Our own fixtures, filled in ahead: pytest takes as long to fetch them as a call takes."""
        at_hand = self.at_hand
        ours = {"student": at_hand.student, "rng": at_hand.rng, "reference": at_hand.reference}
        return {name: value for name, value in ours.items() if name in item.fixturenames}

    # ---- grading

    def _try_on_reference(self) -> dict[Check, str]:
        """Run every check on the reference: one that it does not pass says nothing of students."""
        broken: dict[Check, str] = {}
        for lesson in self.course.lessons:
            self._lesson = lesson
            self._calls[lesson.id] = calls = {}
            for check, following in _with_next(self._checks[lesson.id]):
                callee = ReferenceCallee(self.references[lesson.id])
                error = self._run_item(check, following, callee)
                calls[check.name] = self._independent(check, following, callee.calls)
                if error is not None:
                    broken[check] = _why_broken(check, error)
        return broken

    def _independent(
        self, check: Check, following: Check | None, calls: Sequence[bytes]
    ) -> list[bytes]:
        """The calls, up to the first whose arguments depend on what the reference gave.

        They are sent to students' programs ahead, and must tell nothing of the right answers.
        """
        reference = self.references[self._lesson.id]
        callee = ReferenceCallee(reference, blurred=True)
        self._run_item(check, following, callee, reference=BlurredReference(reference))
        same = takewhile(lambda pair: pair[0] == pair[1], zip(calls, callee.calls, strict=False))
        return [call for call, _ in same]

    def _grade(self, submission: Submission) -> StudentResult:
        programs: dict[str, Program] = {}
        lessons: list[LessonResult] = []
        for lesson in self.course.lessons:
            source = submission.lessons.get(lesson.id)
            if isinstance(source, Source):
                programs[lesson.id] = (source.filename, list(source.cells), source.notebook)
            lessons.append(self._grade_lesson(lesson, source, programs))
        return StudentResult(submission.student, tuple(lessons))

    def _grade_lesson(
        self, lesson: Lesson, source: Source | Unreadable | None, programs: Mapping[str, Program]
    ) -> LessonResult:
        if source is None:
            return LessonResult(lesson.id, LessonStatus.MISSING, 0.0, lesson.points)
        if isinstance(source, Unreadable):
            return _unreadable(lesson, source.reason)
        self._lesson = lesson
        if self.sandbox is None:
            status = self.without_sandbox
            results = [_result(check, status, _NO_SANDBOX) for check in self._checks[lesson.id]]
            return _graded(lesson, results, source.note)
        with Session(self.sandbox, lesson.id, programs, self._calls[lesson.id]) as session:
            try:
                session.load()
            except StudentFault as fault:
                return _unreadable(lesson, explain_import(fault, source.filename))
            note = source.note
            if session.cell_error is not None:
                note = "; ".join(
                    filter(None, (note, f"a cell failed: {clean(str(session.cell_error))}"))
                )
            results = self._run_lesson(lesson, session)
        return _graded(lesson, results, note)

    def _run_lesson(self, lesson: Lesson, session: Session) -> list[CheckResult]:
        results: dict[str, CheckResult] = {}
        for check, following in _with_next(self._checks[lesson.id]):
            results[check.name] = self._run_check(check, following, session, results)
        return list(results.values())

    def _run_check(
        self,
        check: Check,
        following: Check | None,
        session: Session,
        before: Mapping[str, CheckResult],
    ) -> CheckResult:
        broken = self._broken.get(check)
        unmet = [before[name].title for name in check.builds_on if _blocks(before[name])]
        session.begin(check.name)
        error = self._run_item(check, following, session, skip=bool(broken or unmet))
        call, fault = self.at_hand.student.last_call, self.at_hand.student.fault
        if broken:
            return _result(check, Status.GRADER_ERROR, broken)
        if unmet:
            return _result(check, Status.SKIPPED, f"builds on {list_titles(unmet)}")
        if isinstance(error, SandboxError):
            raise error
        error = fault or error
        if error is None:
            return _result(check, Status.PASSED, None)
        try:
            text = explain(error, call, hidden=check.hidden)
        except Exception as ours:  # noqa: BLE001  (the verdict stands without its explanation)
            text = f"the grader could not put this into words ({type(ours).__name__})"
        return _result(check, status_of(error), text)

    def _run_item(
        self,
        check: Check,
        following: Check | None,
        callee: Callee,
        *,
        skip: bool = False,
        reference: ModuleType | BlurredReference | None = None,
    ) -> BaseException | None:
        """Run a check through pytest's own protocol; return what it ended with."""
        at_hand = self.at_hand
        solution = self.references[self._lesson.id]
        at_hand.reference = reference or solution
        at_hand.student.become(callee, solution)
        at_hand.rng.bit_generator.state = check.seed_state
        self._skip = skip
        nextitem = following.item if following else None
        check.item.config.hook.pytest_runtest_protocol(item=check.item, nextitem=nextitem)
        return self._raised


def _with_next(checks: Sequence[Check]) -> Iterable[tuple[Check, Check | None]]:
    """Each check with the one that runs after it, for which pytest leaves fixtures standing."""
    return zip(checks, [*checks[1:], None], strict=True)


def _checks_by_lesson(course: Course, items: Sequence[pytest.Item]) -> dict[str, list[Check]]:
    """Sort what pytest collected into lessons, in the order in which the checks run.

    Raises:
        CourseError: two checks of a lesson share a name, a check builds on one that does not come
            before it, or the points of a lesson do not add up.
    """
    checks: dict[str, list[Check]] = {lesson.id: [] for lesson in course.lessons}
    lessons = {path: lesson for lesson in course.lessons for path in lesson.check_files}
    for item in items:
        lesson = lessons[item.path]
        if not isinstance(item, pytest.Function):
            raise CourseError(f"{item.nodeid}: a check is a function, and this is none")
        known = {check.name for check in checks[lesson.id]}
        check = _check(item, hidden=item.path == lesson.hidden_checks)
        if check.name in known:
            raise CourseError(f"{item.nodeid}: lesson `{lesson.id}` has another `{check.name}`")
        for name in check.builds_on:
            if name not in known:
                raise CourseError(
                    f"{item.nodeid}: builds on `{name}`, but no check of that name comes before it"
                )
        checks[lesson.id].append(check)
    for lesson in course.lessons:
        total = sum(check.points for check in checks[lesson.id])
        if abs(total - lesson.points) > 1e-9:
            raise CourseError(
                f"course.yaml: lesson `{lesson.id}` is worth {lesson.points:g} points, "
                f"but its checks add up to {total:g}"
            )
    return checks


def _check(item: pytest.Function, *, hidden: bool) -> Check:
    builds_on = [name for mark in item.iter_markers("builds_on") for name in mark.args]
    mark = item.get_closest_marker("points")
    points = mark.args[0] if mark and mark.args else 1
    if not isinstance(points, int | float) or not 0 < points < math.inf:
        raise CourseError(f"{item.nodeid}: points({points!r}) must be a number above 0")
    title = (inspect.getdoc(item.obj) or "").partition("\n")[0].strip()
    if not title:
        raise CourseError(f"{item.nodeid}: needs a docstring; its first line is what students read")
    # A checksum of the name, because Python's own hash differs from run to run.
    seed_state = np.random.PCG64(zlib.crc32(item.name.encode())).state
    return Check(item, title, float(points), tuple(builds_on), hidden, seed_state)


def _blocks(result: CheckResult) -> bool:
    """Whether a check that builds on this one says nothing any more."""
    return result.status not in {Status.PASSED, Status.NOT_ATTEMPTED, Status.GRADER_ERROR}


def _result(check: Check, status: Status, message: str | None) -> CheckResult:
    # What breaks on our side is never counted against the student.
    earned = status in {Status.PASSED, Status.GRADER_ERROR}
    score = check.points if earned else 0.0
    return CheckResult(check.name, check.title, status, score, check.points, message)


def _why_broken(check: Check, error: BaseException) -> str:
    trace = error.__traceback__
    line = check.item.location[1] or 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(check.item.path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return (
        "this check is broken, which costs nobody a point: the reference does not pass it "
        f"({type(error).__name__} at {check.item.path.parent.name}/{check.item.path.name}:{line})"
    )


def _graded(lesson: Lesson, results: Sequence[CheckResult], note: str | None) -> LessonResult:
    score = sum(result.score for result in results)
    return LessonResult(lesson.id, LessonStatus.GRADED, score, lesson.points, note, tuple(results))


def _unreadable(lesson: Lesson, reason: str) -> LessonResult:
    return LessonResult(lesson.id, LessonStatus.UNREADABLE, 0.0, lesson.points, reason)
