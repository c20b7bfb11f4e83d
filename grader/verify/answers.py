"""Answers whose marks are known in advance. A made-up student hands in each of them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from grader.course import Course, Lesson, read_text
from grader.results import SETTLED, CheckResult, LessonResult, LessonStatus, StudentResult
from grader.submissions.imports import find_incomplete, imports_of
from grader.submissions.submission import EarlierResult, Source, Submission

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
    #: Its further modules, by their paths; those of the solution if left out.
    modules: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Graded:
    """An answer with its marks."""

    answer: Answer
    result: LessonResult
    #: Of a known-wrong version: the results of right later lessons that import it.
    importers: tuple[LessonResult, ...] = ()

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


class ClassGrader(Protocol):
    """Grades any class of a course."""

    @property
    def course(self) -> Course:
        """The course."""

    def grade_class(self, submissions: Iterable[Submission]) -> Iterator[Sequence[StudentResult]]:
        """See :meth:`grader.grading.graders.Graders.grade_class`."""


class AnswerGrader:
    """Grades answers to the lessons of a course, each beside right answers to all others.

    What the others earn is known after the first student, who hands in the solutions alone. So of
    each further student one lesson is graded, and those that import a known-wrong version.
    """

    def __init__(self, graders: ClassGrader) -> None:
        """Grade the solutions.

        Args:
            graders: of the course.

        Raises:
            CourseError, SandboxError: the course cannot be graded.
        """
        self._graders = graders
        self._right = _solutions(graders.course)
        self._modules = {lesson.id: read_modules(lesson) for lesson in graders.course.lessons}
        self._known: dict[str, EarlierResult] = {}
        (student,) = self._grade([self._sources(self._right)])
        imported = imports_of(self._sources(self._right), graders.course.lesson_ids)
        for result in student.lessons:
            incomplete = find_incomplete(imported[result.lesson], student.lessons)
            self._known[result.lesson] = EarlierResult(result, incomplete)

    def grade(
        self,
        lesson: Lesson,
        answers: Sequence[Answer],
        graded: Callable[[int], None] = lambda count: None,
    ) -> list[Graded]:
        """Grade answers to a lesson, as any class is: in batches, in the sandbox.

        Args:
            lesson: of the course.
            answers: to that lesson.
            graded: called with the number of further answers that were graded.

        Raises:
            CourseError, SandboxError: the lesson cannot be graded.
        """
        later = importers(self._graders.course, lesson)
        handed_in = []
        for answer in answers:
            texts = {lesson.id: answer.text}
            if answer.kind is Kind.KNOWN_WRONG:
                texts |= {name: self._right[name] for name in later}
            sources = self._sources(_with_imports(texts, self._right, self._modules))
            if answer.modules is not None:
                own = dataclasses.replace(sources[lesson.id], modules=answer.modules)
                sources[lesson.id] = own
            handed_in.append(sources)
        students = self._grade(handed_in, graded, again={lesson.id, *later})
        of_students = [
            {result.lesson: result for result in student.lessons} for student in students
        ]
        return [
            Graded(
                answer,
                results[lesson.id],
                tuple(results[name] for name in later) * (answer.kind is Kind.KNOWN_WRONG),
            )
            for answer, results in zip(answers, of_students, strict=True)
        ]

    def _grade(
        self,
        handed_in: Sequence[Mapping[str, Source]],
        graded: Callable[[int], None] = lambda count: None,
        again: Collection[str] = (),
    ) -> list[StudentResult]:
        """The results of students who hand in these lessons, in order.

        Args:
            handed_in: the lessons, by student.
            graded: called with the number of further students that were graded.
            again: the lessons that are graded although the results of solutions are known.
        """
        earlier = {name: module for name, module in self._known.items() if name not in again}
        submissions = [
            Submission(str(number), sources, earlier) for number, sources in enumerate(handed_in)
        ]
        students: list[StudentResult] = []
        for results in self._graders.grade_class(submissions):
            students += results
            graded(len(results))
        return sorted(students, key=lambda student: int(student.student))

    def _sources(self, texts: Mapping[str, str]) -> dict[str, Source]:
        """Lessons, each with the solution's further modules."""
        return {
            name: Source(f"{name}.py", (text,), notebook=False, modules=self._modules[name])
            for name, text in texts.items()
        }


def importers(course: Course, lesson: Lesson) -> list[str]:
    """The later lessons whose solutions import this one, directly or through others."""
    right = _solutions(course)
    modules = {lesson.id: read_modules(lesson) for lesson in course.lessons}
    ids = [lesson.id]
    for later in course.lessons[course.lessons.index(lesson) + 1 :]:
        if not _imported(later.id, right[later.id], modules).isdisjoint(ids):
            ids.append(later.id)
    return ids[1:]


def read_modules(lesson: Lesson) -> dict[str, str]:
    """The further modules of a lesson's solution, by their paths from it. Raises CourseError."""
    return {name: read_text(path, lesson.shown(path)) for name, path in lesson.modules.items()}


def _solutions(course: Course) -> dict[str, str]:
    return {
        lesson.id: read_text(lesson.solution, course.shown(lesson.solution))
        for lesson in course.lessons
    }


def _with_imports(
    given: Mapping[str, str], right: Mapping[str, str], modules: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """These lessons, and the solutions that they import. Other lessons need not be graded."""
    texts = dict(given)
    waiting = list(given)
    for lesson in waiting:  # the loop below appends to it
        for name in sorted(_imported(lesson, texts[lesson], modules)):
            if name in right and name not in texts:
                texts[name] = right[name]
                waiting.append(name)
    return texts


def _imported(lesson: str, text: str, modules: Mapping[str, Mapping[str, str]]) -> set[str]:
    """What a lesson and its further modules import; a lesson in the place of its modules."""
    owners = {
        path.removesuffix(".py").partition("/")[0]: owner
        for owner, own in modules.items()
        for path in own
    }
    names = _IMPORTED.findall("\n".join([text, *modules[lesson].values()]))
    return {owners.get(name, name) for name in names}
