"""Answers whose marks are known in advance. A made-up student hands in each of them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from grader.course import Course, Lesson, read_text
from grader.grading.graders import Graders
from grader.results import SETTLED, CheckResult, LessonResult, LessonStatus, StudentResult
from grader.submissions.submission import Source, Submission

#: A module that a program imports. (A mutant need not be a program that Python can parse.)
_IMPORTED: Final = re.compile(r"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)


class Kind(StrEnum):
    """The kind of an answer, which decides what it must earn."""

    STUB = "stub"  # nothing; no check counts as attempted
    SOLUTION = "solution"  # every point
    KNOWN_WRONG = "known wrong"  # not every point
    ACCEPTED = "accepted"  # every point
    MUTANT = "mutant"  # not every point
    WRONG_SHAPE = "wrong shape"  # no point for a value: its shape or its numbers are wrong


@dataclass(frozen=True, slots=True)
class Answer:
    """One version of a lesson."""

    kind: Kind
    name: str  # what people call it: a file, a change
    text: str  # the whole lesson


@dataclass(frozen=True, slots=True)
class Graded:
    """An answer with its marks."""

    answer: Answer
    result: LessonResult

    @property
    def is_full(self) -> bool:
        """Whether it earned every point that a program can earn."""
        return self.result.status is LessonStatus.GRADED and not self.lost

    @property
    def lost(self) -> list[CheckResult]:
        """The checks that it did not pass, without those that are broken or wait for a person."""
        return [check for check in self.result.checks if check.status not in SETTLED]

    @property
    def is_noticed(self) -> bool:
        """Whether it costs points that it is no right answer."""
        costs = any(check.max_score for check in self.lost)
        return self.result.status is not LessonStatus.GRADED or costs

    @property
    def names(self) -> set[str]:
        """The ids of the mistakes that were named."""
        return {check.misconception for check in self.result.checks if check.misconception}


def up_to(course: Course, lesson: Lesson) -> Course:
    """The course as far as this lesson: all that an answer to it may import."""
    last = course.lessons.index(lesson)
    return dataclasses.replace(course, lessons=course.lessons[: last + 1])


def grade_answers(
    graders: Graders,
    answers: Sequence[Answer],
    graded: Callable[[int], None] = lambda count: None,
) -> list[Graded]:
    """Grade answers to a course's last lesson. The students' other lessons are right.

    Args:
        graders: of the course as far as that lesson; see :func:`up_to`.
        answers: graded as any class is: in batches, in the sandbox.
        graded: called with the number of further answers that were graded.

    Raises:
        CourseError, SandboxError: the lesson cannot be graded.
    """
    right = _solutions(graders.course)
    lesson = graders.course.lessons[-1].id
    handed_in = [_with_imports({lesson: answer.text}, right) for answer in answers]
    students = _grade(graders, handed_in, graded)
    return [
        Graded(answer, student.lessons[-1])
        for answer, student in zip(answers, students, strict=True)
    ]


def grade_importers(
    graders: Graders,
    lesson: Lesson,
    answers: Sequence[Answer],
    graded: Callable[[int], None] = lambda count: None,
) -> list[tuple[Answer, Sequence[LessonResult]]]:
    """Grade the solutions of the lessons that import a lesson, together with answers to that one.

    Args:
        graders: of the whole course.
        lesson: the imported one; see :func:`importers`.
        answers: answers to that lesson.
        graded: called with the number of further answers that were graded.

    Raises:
        CourseError, SandboxError: the course cannot be graded.
    """
    right = _solutions(graders.course)
    names = importers(graders.course, lesson)
    texts = {name: right[name] for name in names}
    handed_in = [_with_imports(texts | {lesson.id: it.text}, right) for it in answers]
    students = _grade(graders, handed_in, graded)
    return [
        (answer, [it for it in student.lessons if it.lesson in names])
        for answer, student in zip(answers, students, strict=True)
    ]


def importers(course: Course, lesson: Lesson) -> list[str]:
    """The later lessons whose solutions import this one, directly or through others."""
    right = _solutions(course)
    found = [lesson.id]
    for it in course.lessons[course.lessons.index(lesson) + 1 :]:
        if not set(found).isdisjoint(_IMPORTED.findall(right[it.id])):
            found.append(it.id)
    return found[1:]


def _grade(
    graders: Graders, handed_in: Sequence[Mapping[str, str]], graded: Callable[[int], None]
) -> list[StudentResult]:
    """The results of students who hand in these lessons, in order."""
    submissions = [
        Submission(
            str(number),
            {name: Source(f"{name}.py", (it,), notebook=False) for name, it in texts.items()},
        )
        for number, texts in enumerate(handed_in)
    ]
    students = graders.grade(submissions, lambda results: graded(len(results)))
    return sorted(students, key=lambda student: int(student.student))


def _solutions(course: Course) -> dict[str, str]:
    return {it.id: read_text(it.solution, course.shown(it.solution)) for it in course.lessons}


def _with_imports(given: Mapping[str, str], right: Mapping[str, str]) -> dict[str, str]:
    """These lessons, and the solutions that they import. Other lessons need not be graded."""
    texts = dict(given)
    waiting = list(given.values())
    for imported in waiting:  # the loop below appends to it
        for name in _IMPORTED.findall(imported):
            if name in right and name not in texts:
                texts[name] = right[name]
                waiting.append(right[name])
    return texts
