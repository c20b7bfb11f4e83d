"""Grades hostile programs as one class, and compares each verdict with the one in its head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from corpus import Program

from grader.course import Course
from grader.grading import grading_process
from grader.results import StudentResult
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Source, Submission


def write_one_lesson(folder: Path, about: str, lesson: str, solution: str, checks: str) -> None:
    """Write a course of one lesson, with hidden checks alone; `about` is its course.yaml."""
    for place in ("solutions", "tests/lessons/hidden"):
        (folder / place).mkdir(parents=True)
    (folder / "course.yaml").write_text(about)
    (folder / "solutions" / f"{lesson}.py").write_text(solution)
    (folder / f"tests/lessons/hidden/test_{lesson}.py").write_text(checks)


def make_class(lesson: str, programs: Mapping[str, str]) -> list[Submission]:
    """A class whose students hand in these programs, by their names, in this order."""
    return [
        Submission(name, {lesson: Source(f"{lesson}.py", (text,), False)})
        for name, text in programs.items()
    ]


def grade_in_one_class(
    folder: Path, level: Isolation, class_: Sequence[Submission]
) -> dict[str, StudentResult]:
    """The results of a class in the course of this folder, by student."""
    try:
        results = grading_process.grade_batch(Course.load(folder), level, class_)
        return {result.student: result for result in results}
    finally:
        grading_process.forget()


def assert_verdict(result: StudentResult, program: Program) -> None:
    """Fail unless each check of the only lesson ended as the head of the program says."""
    [lesson] = result.lessons
    named = {check.check.removeprefix("test_"): check.status.value for check in lesson.checks}
    verdict = " ".join(f"{name}={status}" for name, status in named.items())
    said = [lesson.message, *(check.message for check in lesson.checks)]
    assert (verdict or lesson.status.value) == program.head["Verdict"], said
