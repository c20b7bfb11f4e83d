"""The checks, tried on the reference before any student: which are sound, and what they call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType

from grader.collection import Check, with_next
from grader.course import Lesson
from grader.passes import sees_replies_alone, state_of
from grader.runner import Runner
from grader.sandbox import wire
from grader.sandbox.session import encode_value
from grader.student import BlurredReference, ReferenceCallee


class Rehearsal:
    """What came out of running every check of a course on the reference."""

    def __init__(self, runner: Runner, references: Mapping[str, ModuleType]) -> None:
        self._runner = runner
        self._references = references
        self.broken: dict[Check, str] = {}  # checks that are our fault, and why
        self.pure: set[Check] = set()  # checks that depend on what they call alone
        self.calls: dict[str, dict[str, list[bytes]]] = {}  # foreseen ones, by lesson and check
        #: Names of the functions that each check calls, by lesson and check.
        self.functions: dict[str, dict[str, tuple[str, ...]]] = {}
        #: What each check asks for first, a function or a value, by lesson and check.
        self.subjects: dict[str, dict[str, str]] = {}
        for lesson in runner.course.lessons:
            if lesson.released:  # there is nothing to try them on
                self.calls[lesson.id], self.functions[lesson.id] = {}, {}
            else:
                self._try(lesson)

    def _try(self, lesson: Lesson) -> None:
        """Run a lesson's checks: one that the reference fails says nothing of students."""
        self.calls[lesson.id] = calls = {}
        self.functions[lesson.id] = functions = {}
        self.subjects[lesson.id] = subjects = {}
        solution = self._references[lesson.id]
        checks = self._runner.checks[lesson.id]
        before = {check: state_of(check.item.module) for check in checks}
        for check, following in with_next(checks):
            callee = ReferenceCallee(solution)
            error = self._runner.run(check, following, callee, solution)
            calls[check.name] = self._independent(check, following, solution, callee.calls)
            functions[check.name] = tuple(dict.fromkeys(callee.functions))
            subjects[check.name] = wire.decode(callee.calls[0])[1] if callee.calls else lesson.id
            if error is not None:
                self.broken[check] = _why_broken(check, error)

        self.pure.update(
            check
            for check, state in before.items()
            if state is not None and state == state_of(check.item.module)
            if sees_replies_alone(check)
        )
        for question in lesson.written:
            calls[question.id] = [encode_value(lesson.answers_in, [question.id])]

    def _independent(
        self, check: Check, following: Check | None, solution: ModuleType, calls: Sequence[bytes]
    ) -> list[bytes]:
        """The calls, if no argument of theirs depends on what the reference gave; else none.

        They are sent to students' programs ahead, and must tell nothing of the right answers. All
        or none: a check's calls follow one another in a student's program, with no other between.
        """
        callee = ReferenceCallee(solution, blurred=True)
        blurred = BlurredReference(solution)
        self._runner.run(check, following, callee, solution, reference=blurred)
        return calls if calls == callee.calls else []


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
