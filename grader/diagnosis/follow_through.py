"""Follow-through: a mistake costs marks in its own lesson, and not again in lessons that use it.

If a lesson requires an earlier one of the same student and fails, its failed checks run again; the
functions of the earlier lesson then return the reference's values. A check that passes now gives
its marks, unless the earlier lesson alone passes it: handing on a value is no work. If nothing of
the earlier lesson was handed in, there is no follow-through for it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from grader.checks.collection import Check
from grader.checks.course_checks import CourseChecks
from grader.course import Course, Lesson
from grader.diagnosis.handing_on import passes_alone
from grader.diagnosis.reruns import DiagnosisCache, Rerunner, StudentLesson
from grader.diagnosis.served_values import OwnValues
from grader.results import SETTLED, CheckResult, LessonResult, LessonStatus, Status
from grader.results.message import Rows, sentence
from grader.submissions.imports import closure


class FollowThrough:
    """Gives marks for a student's own work in lessons that use wrong earlier ones."""

    def __init__(self, checks: CourseChecks, rerunner: Rerunner, cache: DiagnosisCache) -> None:
        self._checks = checks
        self._rerunner = rerunner
        self._handed_on = cache.handed_on

    def first_run(self, replaced: Sequence[str]) -> OwnValues | None:
        """The answers to questions in a lesson's first run, so that a second looks no different.

        Args:
            replaced: the earlier lessons whose values a second run would be served.
        """
        return self._rerunner.use_own_values(replaced)

    def apply(
        self,
        student_lesson: StudentLesson,
        replaced: Sequence[str],
        results: Sequence[CheckResult],
    ) -> list[CheckResult]:
        """The results, in which checks pass that failed only because of an earlier lesson.

        Args:
            student_lesson: that was graded.
            replaced: the earlier lessons whose values are served; see :func:`replaceable`.
            results: of the checks in the first run.
        """
        lesson = student_lesson.lesson
        checks = {check.name: check for check in self._checks[lesson.id].checks}
        rehearsed = self._checks[lesson.id].rehearsed
        lost = [
            result.check
            for result in results
            if result.status not in SETTLED and not rehearsed[result.check].reads_values
        ]
        if not lost:
            return list(results)
        values = self._rerunner.serve_recorded_values(lesson, replaced)
        passed = self._rerunner.find_passing(student_lesson, values, lost)
        followed: dict[str, CheckResult] = {}
        for result in results:
            check = checks[result.check]
            if result.check in passed and not self._is_handed_on(lesson, check, replaced):
                followed[result.check] = _followed(result, replaced)
            elif result.status is Status.SKIPPED and all(
                followed[name].status is Status.PASSED for name in check.builds_on
            ):  # the checks that it builds on have passed now, and it has not
                said = tell_without_details(replaced)
                followed[result.check] = replace(result, status=Status.FAILED, rows=said)
            else:
                followed[result.check] = result
        return list(followed.values())

    def _is_handed_on(self, lesson: Lesson, check: Check, replaced: Collection[str]) -> bool:
        """Whether a function of the replaced lessons alone passes this lesson's check."""
        return any(self._passes_alone(lesson, check, earlier) for earlier in replaced)

    def _passes_alone(self, lesson: Lesson, check: Check, earlier: str) -> bool:
        key = (lesson.id, check.name, earlier)
        if key not in self._handed_on:
            self._handed_on[key] = passes_alone(self._checks, lesson, check, earlier)
        return self._handed_on[key]


def replaceable(
    lesson: Lesson, course: Course, lost: Sequence[str], earlier: Sequence[LessonResult]
) -> tuple[str, ...]:
    """The lessons whose values follow-through serves: required, handed in, and wrong.

    Args:
        lesson: that is graded.
        course: it belongs to.
        lost: the imported lessons that lost marks.
        earlier: the results of the lessons before it.
    """
    required = closure([lesson.id], {other.id: other.requires for other in course.lessons})
    attempted = {result.lesson for result in earlier if _is_attempted(result)}
    return tuple(name for name in lost if name in required & attempted)


def _is_attempted(result: LessonResult) -> bool:
    if result.status is not LessonStatus.GRADED:
        return result.status is not LessonStatus.MISSING
    return any(
        check.status not in {Status.NOT_ATTEMPTED, Status.SKIPPED} for check in result.checks
    )


def tell_without_details(replaced: Sequence[str]) -> Rows:
    """The explanation of a check that failed in a rerun, of which nothing may be shown."""
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
