"""The checks of a course, collected by pytest and ready to be run, lesson by lesson."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Final

from grader.checks.collection import Check
from grader.checks.reference import AlteredReference, ReferenceCallee, quiet
from grader.checks.runner import Runner, describe_our_error
from grader.checks.student import Callee, Student
from grader.course import Course, Lesson
from grader.errors import GraderError
from grader.sandbox.session import Session

#: The least time for which a limit can be set; the check's lesson has none left then.
_LEAST_SECONDS: Final = 0.01


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What is known of a check after it ran on the reference; see :mod:`.rehearsal`."""

    calls: Sequence[bytes] = ()  # encoded; those that may be made ahead
    functions: tuple[str, ...] = ()  # the names of the functions that it calls
    reads_values: bool = False  # whether it reads a value, and does not only call functions
    subject: str | None = None  # the function or value that it asks for first
    broken: str | None = None  # why the check itself is wrong, if it is
    sees_replies_alone: bool = False  # nothing but the replies to its calls decides how it ends
    #: What gives it an object of the student's, see :attr:`Session.seen`; None if nobody knows.
    handles: frozenset[str] | None = None
    seconds: float = 0.0  # of CPU time that it took on our side


@dataclass(slots=True, eq=False)
class LessonChecks:
    """The checks of one lesson, ready to run."""

    lesson: Lesson
    checks: Sequence[Check]  # in the order in which they run, the visible ones first
    reference: ModuleType  # the lesson's solution
    runner: Runner
    rehearsed: dict[str, Rehearsed] = field(default_factory=dict)  # by check

    @property
    def student(self) -> Student:
        """The value of the fixture `student`. After a check it has the calls that were made."""
        return self.runner.student

    def run_each(
        self,
        callee: Callee,
        checks: Sequence[Check] | None = None,
        *,
        skip: Callable[[Check], bool] = lambda _: False,
        reference: AlteredReference | None = None,
        seconds: Callable[[Check], float | None] = lambda _: None,
    ) -> Iterator[tuple[Check, BaseException | None]]:
        """Run checks one after the other; yield each with its exception, or None if it passed.

        Args:
            callee: runs the calls that the checks make.
            checks: which ones; all if left out.
            skip: called before each check; if it returns True, the check does not run.
            reference: the value of the fixture `reference`; the solution if left out.
            seconds: the CPU time that a check may take on our side; a fixed time if None.
        """
        checks = self.checks if checks is None else checks
        try:
            # Not strict: without checks, there is one more that follows.
            for check, following in zip(checks, [*checks[1:], None], strict=False):
                yield (
                    check,
                    self.runner.run(
                        check,
                        following,
                        callee,
                        self.reference,
                        skip=skip(check),
                        reference=reference,
                        seconds=seconds(check),
                    ),
                )
        finally:  # the caller may stop after any check
            self.tear_down()

    def run_on(
        self,
        session: Session,
        checks: Sequence[Check] | None = None,
        *,
        skip: Callable[[Check, Sequence[bytes]], bool],
    ) -> Iterator[tuple[Check, BaseException | None]]:
        """Run checks on a student's program; yield each with its exception, or None if it passed.

        If the program hangs or crashes, that counts even if the check catches the exception. On our
        side a check may take as much time as one call may, in addition to its time with the
        reference. The lesson's budget pays for the additional time; when it is used up, no further
        check runs. The program's process gets the input of hidden checks only after all visible
        checks are over.

        Args:
            session: with the program, loaded.
            checks: which ones; all if left out.
            skip: called before each check, with the replies to the calls that were made ahead for
                it; if it returns True, the check does not run.

        Raises:
            Exception: an error of ours while the program was called.
        """
        checks = self.checks if checks is None else checks
        hidden = [check for check in checks if check.hidden]
        following = dict(zip(checks, [*checks[1:], None], strict=False))

        budget = session.budget
        start, is_refused = 0.0, False

        def begin(check: Check) -> bool:
            if hidden and check is hidden[0]:
                session.call_ahead(self.calls_of(check.name for check in hidden))
            nonlocal start, is_refused
            start = time.process_time()
            is_decided = skip(check, session.begin(check.name, self.rehearsed[check.name].handles))
            is_refused = not (is_decided or budget.left)
            return is_decided or is_refused

        def seconds(check: Check) -> float:
            allowed = min(session.sandbox.limits.cpu_seconds_per_call, budget.left)
            return max(allowed, _LEAST_SECONDS) + self.rehearsed[check.name].seconds

        for check, error in self.run_each(session, checks, skip=begin, seconds=seconds):
            if self.student.our_error is not None:
                raise self.student.our_error
            ended_by = self.student.fault or error
            place = check.or_after_cell
            if (
                place is not None
                and ended_by is not None
                and budget.left
                and session.has_cell(place)
            ):
                ended_by = self._run_at_its_place(session, check, following[check], seconds(check))
            took = time.process_time() - start
            budget.charge(took - self.rehearsed[check.name].seconds)
            yield check, budget.used_up() if is_refused else ended_by

    def _run_at_its_place(
        self, session: Session, check: Check, following: Check | None, seconds: float
    ) -> BaseException | None:
        """Run a check on the program as it stood after the cell that its mark names."""
        session.begin(check.name, self.rehearsed[check.name].handles)
        placed = replace(check, after_cell=check.or_after_cell)
        error = self.runner.run(placed, following, session, self.reference, seconds=seconds)
        if self.student.our_error is not None:
            raise self.student.our_error
        return self.student.fault or error

    def failed_by(
        self, module: ModuleType, checks: Sequence[Check] | None = None
    ) -> frozenset[str]:
        """The names of the checks that a version of the lesson does not pass.

        Args:
            module: the version, which is run in this process.
            checks: which ones; all if left out. Those that want a program up to one of its cells
                need the sandbox, and are not among the names.
        """
        with quiet():
            checks = self.checks if checks is None else checks
            whole = [check for check in checks if check.after_cell is None]
            ended = self.run_each(ReferenceCallee(module), whole)
            return frozenset(check.name for check, error in ended if error is not None)

    def passes_with(self, module: ModuleType, check: Check) -> bool:
        """Whether a version of the lesson, which is run in this process, passes one check."""
        with quiet():
            ended = self.run_each(ReferenceCallee(module), [check])
            return all(error is None for _, error in ended)

    def tear_down(self) -> None:
        """Tear down the fixtures of a check that was broken off."""
        self.runner.tear_down(self.checks)

    def calls_of(self, names: Iterable[str]) -> dict[str, Sequence[bytes]]:
        """The calls that may be made ahead for these checks or written questions, by name."""
        return {name: self.rehearsed[name].calls for name in names}


@dataclass(frozen=True, slots=True)
class CourseChecks:
    """The checks of a course, by lesson."""

    course: Course
    references: Mapping[str, ModuleType]  # the solutions, by lesson
    lessons: Mapping[str, LessonChecks]

    def that_see_replies_alone(self) -> set[Check]:
        """The checks for which nothing but the replies to their calls decides how they end."""
        return {
            check
            for lesson in self.lessons.values()
            for check in lesson.checks
            if lesson.rehearsed[check.name].sees_replies_alone
        }

    def __getitem__(self, lesson: str) -> LessonChecks:
        return self.lessons[lesson]


@contextmanager
def open_checks(
    course: Course, references: Mapping[str, ModuleType], *, any_points: bool = False
) -> Iterator[CourseChecks]:
    """Collect the checks of a course with pytest. In this block they can be run again and again.

    Args:
        course: whose checks are collected.
        references: the solutions, by lesson. They may include lessons that the course lacks.
        any_points: whether the points of a lesson need not add up.

    Raises:
        CourseError: a check file cannot be imported, or its checks are inconsistent.
        GraderError: something of ours breaks in the block.
    """
    runner = Runner(course, references, any_points=any_points)
    try:
        with runner.open():
            lessons = {
                lesson.id: LessonChecks(
                    lesson, runner.checks[lesson.id], references[lesson.id], runner
                )
                for lesson in course.lessons
            }
            yield CourseChecks(course, references, lessons)
    except GraderError:
        raise
    except Exception as error:
        raise GraderError(
            f"{describe_our_error(error)}; no student is to blame, and what was graded before is "
            "kept"
        ) from error
