"""The checks, tried on the reference before any student: which are sound, and what they call."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import pytest

from grader.checks.collection import Check
from grader.checks.course_checks import CourseChecks, LessonChecks, Rehearsed
from grader.checks.pass_cache import file_state, sees_replies_alone
from grader.checks.reference import AlteredReference, ReferenceCallee, quiet
from grader.sandbox import wire
from grader.text import clean, mask_long_numbers

#: What a slip in a check raises. The text names what is misspelt, or a type, and no value.
_ABOUT_CODE = (NameError, AttributeError, TypeError, ImportError, wire.Unsendable)

_LOST = (
    "this check is broken, which costs nobody a point: on the reference it goes on and on, and the "
    "grading process had to be ended"
)


def rehearse(
    checks: CourseChecks,
    *,
    lost: Collection[tuple[str, str]] = (),
    begin: Callable[[str, str], None] = lambda lesson, check: None,
) -> None:
    """Run every check of a course on the reference, and keep what came of it.

    In a student's copy there is no reference: then nothing is foreseen, and all checks are sound.

    Args:
        checks: of the course.
        lost: lessons and checks with which a process was lost when they ran on the reference. They
            are broken, and are not run.
        begin: is told the lesson and the name of each check before it runs.
    """
    for lesson_checks in checks.lessons.values():
        if lesson_checks.lesson.released:
            names = [check.name for check in lesson_checks.checks]
            names += [question.id for question in lesson_checks.lesson.written]
            lesson_checks.rehearsed = dict.fromkeys(names, Rehearsed())
        else:
            lesson_checks.rehearsed = _rehearse_lesson(lesson_checks, lost, begin)


def _rehearse_lesson(
    checks: LessonChecks,
    lost: Collection[tuple[str, str]],
    begin: Callable[[str, str], None],
) -> dict[str, Rehearsed]:
    def is_lost(check: Check) -> bool:
        begin(checks.lesson.id, check.name)
        return (checks.lesson.id, check.name) in lost

    states = [file_state(check.item.module) for check in checks.checks]
    right = list(_runs(checks, is_lost, ReferenceCallee(checks.reference)))
    with quiet():
        altered_reference = AlteredReference(checks.reference)
        altered_callee = ReferenceCallee(checks.reference, altered=True)
        altered = list(_runs(checks, is_lost, altered_callee, altered_reference))
    rehearsed: dict[str, Rehearsed] = {}
    for state, run, other in zip(states, right, altered, strict=True):
        check = run.check
        state_stays = state is not None and state == file_state(check.item.module)
        rehearsed[check.name] = Rehearsed(
            # Calls made ahead must tell nothing of the right answers. So a check that goes by
            # answers, and calls something else if they are other ones, has none.
            calls=run.calls if run.calls == other.calls else (),
            functions=tuple(dict.fromkeys(run.functions)),
            reads_values=len(run.calls) > len(run.functions),
            subject=wire.decode(run.calls[0])[1] if run.calls else None,
            broken=None if run.error is None else _why_broken(check, run.error),
            sees_replies_alone=state_stays and sees_replies_alone(check),
            seconds=run.seconds,
        )
        if (checks.lesson.id, check.name) in lost:
            rehearsed[check.name] = Rehearsed(broken=_LOST)
    for question in checks.lesson.written:
        request = wire.encode_value(checks.lesson.answers_in, [question.id])
        rehearsed[question.id] = Rehearsed(calls=[request])
    return rehearsed


@dataclass(frozen=True, slots=True)
class _Run:
    check: Check
    error: BaseException | None
    calls: Sequence[bytes]
    functions: Sequence[str]
    seconds: float  # of CPU time


def _runs(
    checks: LessonChecks,
    skip: Callable[[Check], bool],
    callee: ReferenceCallee,
    reference: AlteredReference | None = None,
) -> Iterator[_Run]:
    start = time.process_time()
    for check, error in checks.run_each(callee, skip=skip, reference=reference):
        took = time.process_time() - start
        yield _Run(check, error, tuple(callee.calls), tuple(callee.functions), took)
        callee.calls.clear()
        callee.functions.clear()
        start = time.process_time()


def _why_broken(check: Check, error: BaseException) -> str:
    return (
        "this check is broken, which costs nobody a point: the reference does not pass it "
        f"({_in_words(error)} at {check.item.path.parent.name}/{check.item.path.name}:"
        f"{line_of(check, error)})"
    )


def _in_words(error: BaseException) -> str:
    """The exception, with its text where that is about code: another may hold the right answer."""
    name = type(error).__name__
    if isinstance(error, pytest.FixtureLookupError):
        return (
            f"{name}: there is no fixture `{clean(str(error.argname))}` here; checks have "
            "`student`, `reference`, `rng` and those of your conftest.py,"
        )
    text = clean(mask_long_numbers(str(error))) if isinstance(error, _ABOUT_CODE) else ""
    return f"{name}: {text}," if text else name


def line_of(check: Check, error: BaseException) -> int:
    """The line of its file at which a check ended; where it begins, if it never ran."""
    trace = error.__traceback__
    line = (check.item.location[1] or 0) + 1  # pytest counts from 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(check.item.path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
