"""Follow-through: a mistake costs marks in its own lesson, not again where that lesson is used.

A lesson that imports an earlier one of the same student, and fails, is tried again with the
reference in the earlier one's place. What passes then is the student's own work, and keeps its
marks, unless the earlier lesson alone passes it: handing on what one was given is no work.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import ModuleType

from grader.checks.collection import Check
from grader.checks.course_checks import CourseChecks
from grader.course import Lesson
from grader.diagnosis.retrial import Retrial
from grader.results import SETTLED, CheckResult, Status
from grader.results.message import Rows, sentence
from grader.sandbox.session import ProgramText


class FollowThrough:
    """Finds what is a student's own work, in lessons that use others."""

    def __init__(self, checks: CourseChecks, retrial: Retrial) -> None:
        self._checks = checks
        self._retrial = retrial
        self._handed_on: dict[tuple[Check, str], bool] = {}

    def apply(
        self,
        lesson: Lesson,
        programs: Mapping[str, ProgramText],
        replaced: Sequence[str],
        results: Sequence[CheckResult],
    ) -> list[CheckResult] | None:
        """The results, with those passed that fail only because of an earlier lesson.

        Args:
            lesson: that was graded.
            programs: its own and the student's earlier ones.
            replaced: the earlier lessons that lost marks.
            results: what the checks ended with.

        Returns:
            None when the lesson cannot be imported even then.
        """
        checks = {check.name: check for check in self._checks[lesson.id].checks}
        lost = [result.check for result in results if result.status not in SETTLED]
        passed = self._retrial.passed(lesson, self._retrial.with_lessons(programs, replaced), lost)
        if passed is None:
            return None
        followed: dict[str, CheckResult] = {}
        for result in results:
            check = checks[result.check]
            if result.check in passed and not self._is_handed_on(lesson, check, replaced):
                followed[result.check] = _followed(result, replaced)
            elif result.status is Status.SKIPPED and all(
                followed[name].status is Status.PASSED for name in check.builds_on
            ):  # what it was skipped for has passed now, and it has not
                said = tell_without_details(replaced)
                followed[result.check] = replace(result, status=Status.FAILED, rows=said)
            else:
                followed[result.check] = result
        return list(followed.values())

    def _is_handed_on(self, lesson: Lesson, check: Check, replaced: Collection[str]) -> bool:
        """Whether a function of the replaced lessons, by itself, passes this lesson's check."""
        return any(self._passes_alone(lesson, check, earlier) for earlier in replaced)

    def _passes_alone(self, lesson: Lesson, check: Check, earlier: str) -> bool:
        if (check, earlier) not in self._handed_on:
            solution = self._checks.references[lesson.id]
            given = self._checks.references[earlier]
            wanted = [name for name, value in vars(solution).items() if callable(value)]
            functions = [it for name, it in vars(given).items() if callable(it) and name[0] != "_"]
            attempts = [dict.fromkeys(wanted, function) for function in functions]
            attempts.append(vars(given))  # each under its own name
            self._handed_on[check, earlier] = any(
                self._passes(lesson, check, attempt) for attempt in attempts
            )
        return self._handed_on[check, earlier]

    def _passes(self, lesson: Lesson, check: Check, functions: Mapping[str, object]) -> bool:
        module = ModuleType(lesson.id)
        vars(module).update(functions)
        return self._checks[lesson.id].passes_with(module, check)


def tell_without_details(replaced: Sequence[str]) -> Rows:
    """What is said of a check that fails in a run of which nothing may be shown."""
    return sentence(f"not passed with our {' and '.join(replaced)} either; mend yours to see more")


def _followed(result: CheckResult, replaced: Sequence[str]) -> CheckResult:
    names = " and ".join(replaced)
    be, its = ("is", "its") if len(replaced) == 1 else ("are", "their")
    message = (
        f"follow-through: your {names}, used here, {be} not right yet; "
        f"with ours in {its} place this passes, and the marks are yours"
    )
    return replace(
        result,
        status=Status.PASSED,
        score=result.max_score,
        rows=sentence(message),
        follow_through=True,
        picture=None,
        excerpt=None,
    )
