"""Makes the result of a check from the exception that ended it: a status and an explanation.

The explanation of a visible check never holds a hidden input. A program that has seen hidden inputs
could return them in a visible check, which shows them to the student. So all visible checks run and
are explained before the program's process gets any input of a hidden check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Final, Protocol

from grader.checks import code_excerpts, pictures
from grader.checks.explanations import explain
from grader.checks.reference import quiet
from grader.checks.student import Call
from grader.checks.time_limit import CheckTookTooLong
from grader.results import CheckResult, Status
from grader.results.message import Rows, sentence
from grader.sandbox.faults import (
    Crashed,
    MissingFunction,
    OutOfMemory,
    Raised,
    TimedOut,
    Unanswered,
)
from grader.sandbox.wire import ProgramText
from grader.testing import Earned
from grader.text import clean

_STATUS_OF_ERROR: Final[Mapping[type[BaseException], Status]] = {
    Unanswered: Status.NOT_ATTEMPTED,
    TimedOut: Status.TIMEOUT,
    CheckTookTooLong: Status.TIMEOUT,  # on our side, with a value of the student's
    OutOfMemory: Status.OUT_OF_MEMORY,
    MemoryError: Status.OUT_OF_MEMORY,  # on our side, with a value of the student's
    Crashed: Status.CRASHED,
}


class AboutCheck(Protocol):
    """The properties of a check that its result repeats."""

    @property
    def name(self) -> str:
        """The test function's name."""

    @property
    def title(self) -> str:
        """What the student reads."""

    @property
    def points(self) -> float:
        """What it is worth."""

    @property
    def hidden(self) -> bool:
        """Whether the numbers that it compares with are not shown."""


def is_not_started(error: BaseException | None) -> bool:
    """Whether the stub's NotImplementedError is still raised, or stands where a name is due."""
    if isinstance(error, MissingFunction):
        return error.failure is not None and error.failure.is_unwritten
    return isinstance(error, Raised) and error.type_name == "NotImplementedError"


def status_of(error: BaseException) -> Status:
    """The status of a check that ended with this exception."""
    if is_not_started(error):
        return Status.NOT_ATTEMPTED
    for kind, status in _STATUS_OF_ERROR.items():
        if isinstance(error, kind):
            return status
    return Status.FAILED


def result_of(check: AboutCheck, status: Status, rows: Rows = ()) -> CheckResult:
    """A check's result. An error of ours costs the student nothing."""
    earned = status in {Status.PASSED, Status.GRADER_ERROR}
    score = check.points if earned else 0.0
    return CheckResult(check.name, check.title, status, score, check.points, rows)


@quiet()
def explain_failure(
    check: AboutCheck,
    error: BaseException,
    call: Call | None,
    solution: ModuleType | None,
    *,
    lesson: str,
    programs: Mapping[str, ProgramText],
) -> CheckResult:
    """The result of a check that has just failed, with an explanation, a picture and an excerpt.

    Args:
        check: that did not pass.
        error: that ended it.
        call: the last call of the student's code, if there was one.
        solution: the lesson's reference, where there is one.
        lesson: its id.
        programs: the lesson's program and the earlier ones, by lesson.
    """
    result = result_of(check, status_of(error))
    if isinstance(error, Earned):
        score = check.points * error.share
        return replace(result, score=score, rows=sentence(clean(str(error))))
    name = call.function if call else None
    function = code_excerpts.find_function(name, lesson, programs)
    code = "\n".join(programs[lesson][1])
    if result.status is Status.NOT_ATTEMPTED:
        rows = explain(error, call, solution, hidden=check.hidden, function=function)
        return replace(result, rows=rows)
    try:
        return replace(
            result,
            rows=explain(error, call, solution, hidden=check.hidden, function=function, code=code),
            picture=None if check.hidden else pictures.draw(error, call),
            excerpt=code_excerpts.find_excerpt(error, name, lesson, programs)
            if isinstance(error, Raised)
            else function,
        )
    except (Exception, CheckTookTooLong) as ours:  # noqa: BLE001  (the verdict stands without it)
        words = f"the grader could not put this into words ({type(ours).__name__})"
        return replace(result, rows=sentence(words))


def name_what_it_builds_on(titles: Sequence[str]) -> Rows:
    """The explanation of a skipped check: ``builds on “A” and “B”``."""
    return sentence("builds on " + " and ".join(f"“{title}”" for title in titles))
