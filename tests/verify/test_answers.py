"""Answers to a lesson are handed in with later lessons where that can tell something new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from tiny_course import CourseWriter

from grader.course import Course
from grader.results import CheckResult, LessonResult, LessonStatus, Status, StudentResult
from grader.submissions.submission import Source, Submission
from grader.verify.answers import Answer, AnswerGrader, Graded, Kind

CHECKS = ("test_one", "test_two")


@dataclass
class MadeUpGrader:
    """Fails the checks that a program names, and keeps what was handed in."""

    course: Course
    handed_in: list[Submission] = field(default_factory=list)

    def grade_class(self, submissions: Iterable[Submission]) -> Iterator[Sequence[StudentResult]]:
        for submission in submissions:
            self.handed_in.append(submission)
            yield [StudentResult(submission.student, tuple(self.results(submission)))]

    def results(self, submission: Submission) -> Iterator[LessonResult]:
        for name, source in submission.lessons.items():
            assert isinstance(source, Source)
            known = submission.earlier.get(name)
            yield known.result if known else result(name, "\n".join(source.cells))


def result(lesson: str, text: str) -> LessonResult:
    checks = [
        CheckResult(name, name, Status.FAILED, 0.0, 1.0)
        if name in text
        else CheckResult(name, name, Status.PASSED, 1.0, 1.0)
        for name in CHECKS
    ]
    score = sum(check.score for check in checks)
    return LessonResult(lesson, LessonStatus.GRADED, score, 2.0, None, tuple(checks))


@pytest.fixture
def grader(tiny_course: CourseWriter) -> MadeUpGrader:
    imports = "from double import double\n\n\ndef again(x):\n    return double(x)\n"
    folder = tiny_course(lessons=["double", "again"], solutions={"again": imports})
    return MadeUpGrader(Course.load(folder))


def grade(grader: MadeUpGrader, *answers: Answer) -> list[Graded]:
    marks = AnswerGrader(grader).grade(grader.course.lesson("double"), answers)
    del grader.handed_in[0]  # the solutions
    return marks


def wrong(name: str, text: str) -> Answer:
    return Answer(Kind.KNOWN_WRONG, name, text)


def later_lessons(marks: Iterable[Graded]) -> list[list[str]]:
    return [[later.lesson for later in mark.importers] for mark in marks]


def test_a_later_lesson_is_graded_with_the_first_version_of_those_that_fail_the_same_checks(
    grader: MadeUpGrader,
) -> None:
    marks = grade(grader, wrong("a", "test_one"), wrong("a__loop", "# test_one"),
                  wrong("b", "test_two"))  # fmt: skip
    assert later_lessons(marks) == [["again"], [], ["again"]]
    with_later = [sorted(submission.lessons) for submission in grader.handed_in[3:]]
    assert with_later == [["again", "double"]] * 2


def test_no_lesson_is_graded_twice_with_the_same_imports(grader: MadeUpGrader) -> None:
    (mark,) = grade(grader, wrong("a", "test_one"))
    alone, with_later = grader.handed_in
    assert alone.earlier.keys() == {"again"}
    assert with_later.earlier["double"].result is mark.result
    assert "again" not in with_later.earlier


def test_no_later_lesson_is_graded_with_mutants(grader: MadeUpGrader) -> None:
    marks = grade(grader, Answer(Kind.MUTANT, "x → y", "test_one"))
    assert later_lessons(marks) == [[]]
    assert len(grader.handed_in) == 1


def test_mistakes_are_named_in_known_wrong_versions_and_in_some_mutants(
    grader: MadeUpGrader,
) -> None:
    mutants = [Answer(Kind.MUTANT, f"{number} → 0", "test_one") for number in range(400)]
    grade(grader, wrong("a", "test_one"), *mutants)
    first, *others = (answer.naming for answer in grader.handed_in[: 1 + len(mutants)])
    assert first
    assert 20 < sum(others) < 100
