"""Answers whose marks are known in advance. A made-up student hands in each of them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Protocol

from grader.course import Course, Lesson, read_text
from grader.results import SETTLED, CheckResult, LessonResult, LessonStatus, StudentResult
from grader.submissions.imports import find_incomplete, imports_of
from grader.submissions.submission import EarlierResult, Source, Submission

#: A module that a program imports. (A mutant need not be a program that Python can parse.)
_IMPORTED: Final = re.compile(r"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)

#: Of the mutants and wrong shapes, one in so many is named.
_ONE_IN: Final = 8


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

    def is_named(self, lesson: str) -> bool:
        """Whether its mistakes are named. No rule needs the names of mutants and wrong shapes.

        But to name a mistake is to run rules of an author's on values that nobody has foreseen. So
        that a rule that breaks is found, some of these are named as well, always the same.

        Args:
            lesson: the id of its lesson.
        """
        if self.kind not in {Kind.MUTANT, Kind.WRONG_SHAPE}:
            return True
        return zlib.crc32(f"{lesson} {self.name}".encode()) % _ONE_IN == 0


@dataclass(frozen=True, slots=True)
class Graded:
    """An answer with its marks."""

    answer: Answer
    result: LessonResult
    #: Of a known-wrong version: the results of right later lessons that import it, if they were
    #: graded; see :meth:`AnswerGrader.grade`.
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
    return replace(course, lessons=course.lessons[: last + 1])


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
    each further student one lesson is graded, or those that import a known-wrong version.
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
        handed_in = Submission("", self._sources(self._right))
        (student,) = self._grade([handed_in])
        self._known = keep_results(graders.course, handed_in, student)

    def grade(
        self,
        lesson: Lesson,
        answers: Sequence[Answer],
        graded: Callable[[int], None] = lambda count: None,
    ) -> list[Graded]:
        """Grade answers to a lesson, as any class is: in batches, in the sandbox.

        To save time, of the known-wrong versions that fail the same checks with the same mistake,
        the first alone is handed in with later lessons.

        Args:
            lesson: of the course.
            answers: to that lesson.
            graded: called with the number of further answers that were graded.

        Raises:
            CourseError, SandboxError: the lesson cannot be graded.
        """
        known = self._known_without([lesson.id])
        handed_in = [self._hand_in(lesson, answer, known) for answer in answers]
        marks = [
            Graded(answer, _result_of(student, lesson.id))
            for answer, student in zip(answers, self._grade(handed_in, graded), strict=True)
        ]
        wrong = {
            _behaviour(mark.result): mark
            for mark in reversed(marks)
            if mark.answer.kind is Kind.KNOWN_WRONG
        }
        later = self._grade_importers(lesson, list(wrong.values()))
        return [replace(mark, importers=later.get(mark.answer.name, ())) for mark in marks]

    def _grade_importers(
        self, lesson: Lesson, wrong: Sequence[Graded]
    ) -> dict[str, tuple[LessonResult, ...]]:
        """The results of the right later lessons that import each wrong version, by its name."""
        later = importers(self._graders.course, lesson)
        if not later:
            return {}
        known, incomplete = self._known_without(later), self._known[lesson.id].incomplete
        handed_in = []
        for mark in wrong:
            earlier = known | {lesson.id: EarlierResult(mark.result, incomplete)}
            handed_in.append(self._hand_in(lesson, mark.answer, earlier, later))
        return {
            mark.answer.name: tuple(_result_of(student, name) for name in later)
            for mark, student in zip(wrong, self._grade(handed_in), strict=True)
        }

    def _hand_in(
        self,
        lesson: Lesson,
        answer: Answer,
        earlier: Mapping[str, EarlierResult],
        others: Iterable[str] = (),
    ) -> Submission:
        """An answer to a lesson, handed in with other lessons and all that these import.

        Args:
            lesson: the answer's.
            answer: to it.
            earlier: the results that are known; these lessons are not graded.
            others: further lessons, whose solutions are handed in.
        """
        texts = {lesson.id: answer.text} | {name: self._right[name] for name in others}
        sources = self._sources(_with_imports(texts, self._right, self._modules))
        if answer.modules is not None:
            sources[lesson.id] = replace(sources[lesson.id], modules=answer.modules)
        return Submission("", sources, earlier, naming=answer.is_named(lesson.id))

    def _grade(
        self,
        handed_in: Sequence[Submission],
        graded: Callable[[int], None] = lambda count: None,
    ) -> list[StudentResult]:
        """The results of students, in order; each is called by the number.

        Args:
            handed_in: by each student.
            graded: called with the number of further students that were graded.
        """
        numbered = [
            replace(submission, student=str(number)) for number, submission in enumerate(handed_in)
        ]
        students: list[StudentResult] = []
        for results in self._graders.grade_class(numbered):
            students += results
            graded(len(results))
        return sorted(students, key=lambda student: int(student.student))

    def _known_without(self, lessons: Collection[str]) -> dict[str, EarlierResult]:
        """The results of the solutions of all but these lessons."""
        return {name: known for name, known in self._known.items() if name not in lessons}

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


def keep_results(
    course: Course, handed_in: Submission, student: StudentResult
) -> dict[str, EarlierResult]:
    """The results of what a student has handed in, for others who hand in the same lessons."""
    imported = imports_of(handed_in.lessons, course.lesson_ids)
    return {
        result.lesson: EarlierResult(
            result, find_incomplete(imported[result.lesson], student.lessons)
        )
        for result in student.lessons
        if result.lesson in handed_in.lessons
    }


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


def _result_of(student: StudentResult, lesson: str) -> LessonResult:
    return next(result for result in student.lessons if result.lesson == lesson)


def _behaviour(result: LessonResult) -> tuple[object, ...]:
    """How each check ended, and with which mistake."""
    return result.status, *(
        (check.check, check.status, check.misconception) for check in result.checks
    )
