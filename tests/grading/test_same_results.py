"""The sample class gets the same results, whichever shortcuts the grader takes.

The run that many tests look at takes all of them: two processes share the class, one worker grades
all lessons of a student while all goes well, and a check that has passed on some replies does not
run on the same replies again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from grade_command import CLASS, GradeRun
from places import REPOSITORY

from grader.checks.pass_cache import MOST_PASSES, PassCache
from grader.course import Course
from grader.diagnosis.reruns import DiagnosisCache
from grader.grading import grading_process
from grader.grading.examiner import open_examiner
from grader.reports.json import render
from grader.results import Report, StudentResult
from grader.results.parts import leave_out_parts_not_begun
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation
from grader.submissions.intake import take_in
from grader.submissions.submission import Submission


def not_timed_out(run: GradeRun) -> list[dict[str, Any]]:
    """The students of a run whom no limit of time stopped; the next time it may elsewhere."""
    return [
        student
        for student in run.results["students"]
        if all(
            check["status"] != "timeout"
            for lesson in student["lessons"]
            for check in lesson["checks"]
        )
    ]


def as_in_results_json(course: Course, students: Iterable[StudentResult]) -> Any:
    report = Report(course.id, "", Isolation.FULL, tuple(students))
    text = "".join(render(leave_out_parts_not_begun(report, course.parts)))
    return json.loads(text)["students"]


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts the workers that are started, and the passes that are known."""
    counted: Counter[str] = Counter()
    start_worker, contains = Sandbox.start_worker, PassCache.contains

    def start_and_count(sandbox: Sandbox) -> object:
        counted["workers"] += 1
        return start_worker(sandbox)

    def look_and_count(passes: PassCache, *check_and_replies: Any) -> bool:
        known = contains(passes, *check_and_replies)
        counted["known passes"] += known
        return known

    monkeypatch.setattr(Sandbox, "start_worker", start_and_count)
    monkeypatch.setattr(PassCache, "contains", look_and_count)
    return counted


@pytest.mark.slow
def test_no_shortcut_changes_a_result(
    sample_run: GradeRun,
    work: Counter[str],
    asserts_as_written: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Graded by one process without any; then with all, backwards; then with all passes known."""
    expected = not_timed_out(sample_run)
    assert len(expected) > 15
    course = Course.load(REPOSITORY)
    names = {student["student"] for student in expected}
    intake = take_in(CLASS, course.lesson_ids, max_file_bytes=course.limits.file_kib * 1024)
    class_ = [submission for submission in intake if submission.student in names]
    references = grading_process.load_references(course)
    cache = DiagnosisCache()  # of the course; it knows no passes

    def grade(
        sandbox: Sandbox, passes: int, *orders: Sequence[Submission]
    ) -> list[tuple[Any, Counter[str]]]:
        ways = []
        with open_examiner(
            course, sandbox, references, most_passes=passes, cache=cache
        ) as examiner:
            for order in orders:
                work.clear()
                results = [examiner.grade(submission) for submission in order]
                results.sort(key=lambda result: result.student)
                ways.append((as_in_results_json(course, results), work.copy()))
        return ways

    try:
        with grading_process.new_sandbox(course, Isolation.FULL) as sandbox:
            with monkeypatch.context() as patch:
                patch.setattr(Sandbox, "has_worker", False)  # each lesson gets a worker of its own
                [(plainly, plain_work)] = grade(sandbox, 0, class_)
            (backwards, less_work), (again, least_work) = grade(
                sandbox, MOST_PASSES, class_[::-1], class_
            )
    finally:
        grading_process.forget()
    for way, students in {"plainly": plainly, "backwards": backwards, "again": again}.items():
        for student, as_expected in zip(students, expected, strict=True):
            assert student == as_expected, way
    assert plain_work["workers"] > less_work["workers"]
    assert plain_work["known passes"] == 0 < less_work["known passes"] < least_work["known passes"]
