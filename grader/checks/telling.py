"""What a student is told of a check that did not pass, and where that is found out.

Of a hidden check no number is told, of a visible one all of them. But a program that has been
called with hidden inputs, or has found those of calls to come in its own process, could give them
back in a visible check, and so hand them to its student. So what is said of a failed visible check
comes from a process of its own that has never had a hidden input. The verdict stays the first one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import ModuleType
from typing import Final

from grader.checks import excerpts, pictures
from grader.checks.collection import Check, with_next
from grader.checks.findings import explain, status_of
from grader.checks.rehearsal import Rehearsal
from grader.checks.runner import Runner
from grader.checks.student import Call
from grader.course import Lesson
from grader.results import CheckResult, Status
from grader.sandbox.faults import StudentFault
from grader.sandbox.session import Session

OTHERWISE: Final = (
    "it failed among all checks, and passes when the visible ones run alone: does your program "
    "remember something from one call to the next?"
)


def result_of(check: Check, status: Status, message: str | None) -> CheckResult:
    """A check's result; what breaks on our side is never counted against the student."""
    earned = status in {Status.PASSED, Status.GRADER_ERROR}
    score = check.points if earned else 0.0
    return CheckResult(check.name, check.title, status, score, check.points, message)


def told(
    check: Check, error: BaseException, call: Call | None, session: Session, solution: ModuleType
) -> CheckResult:
    """The result of a check that ended with an error, in words, and drawn where that helps.

    Args:
        check: that did not pass.
        error: what it ended with.
        call: the last call of the student's code, if there was one.
        session: in which it ran.
        solution: the lesson's reference.
    """
    result = result_of(check, status_of(error), None)
    untouched = result.status is Status.NOT_ATTEMPTED
    function = call.function if call else None
    try:
        text = explain(error, call, solution, hidden=check.hidden)
        picture = None if check.hidden or untouched else pictures.of(error, call)
        excerpt = excerpts.of(error, function, session.lesson, session.programs)
    except Exception as ours:  # noqa: BLE001  (the verdict stands without its explanation)
        text = f"the grader could not put this into words ({type(ours).__name__})"
        picture = excerpt = None
    return replace(result, message=text, picture=picture, excerpt=None if untouched else excerpt)


def gives_hidden_inputs(checks: Sequence[Check], rehearsal: Rehearsal, lesson: Lesson) -> bool:
    """Whether a program that all of a lesson's checks are run on is called with hidden inputs."""
    functions = rehearsal.functions[lesson.id]
    return any(check.hidden and functions.get(check.name) for check in checks)


def tell_anew(
    lesson: Lesson,
    results: Sequence[CheckResult],
    session: Session,
    *,
    runner: Runner,
    rehearsal: Rehearsal,
    solution: ModuleType,
) -> list[CheckResult]:
    """The results, with what is said of visible checks as it is without any hidden input.

    Args:
        lesson: whose checks were run.
        results: what they ended with.
        session: in which they ran. If there is something to tell, it starts over.
        runner: of the checks.
        rehearsal: of the checks.
        solution: the lesson's reference.
    """
    checks = {check.name: check for check in runner.checks[lesson.id]}
    failed = {it.check: it for it in results if it.status is Status.FAILED}
    visible = [checks[name] for name in failed if not checks[name].hidden]
    if not visible or not gives_hidden_inputs([*checks.values()], rehearsal, lesson):
        return list(results)
    calls = rehearsal.calls[lesson.id]
    session.start_over({check.name: calls.get(check.name, []) for check in visible})
    try:
        session.load()
    except StudentFault as fault:
        anew = {check.name: told(check, fault, None, session, solution) for check in visible}
    else:
        anew = {
            check.name: _run_again(check, following, session, runner, solution)
            for check, following in with_next(visible)
        }
    return [
        replace(it, message=new.message, picture=new.picture, excerpt=new.excerpt)
        if (new := anew.get(it.check))
        else it
        for it in results
    ]


def _run_again(
    check: Check, following: Check | None, session: Session, runner: Runner, solution: ModuleType
) -> CheckResult:
    session.begin(check.name)
    error = runner.verdict(runner.run(check, following, session, solution))
    if error is None:
        return result_of(check, Status.FAILED, OTHERWISE)
    return told(check, error, runner.student.last_call, session, solution)
