"""Marking by hand: the points that a person gives for written answers and undecided checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.course import Course
from grader.course.yaml_file import list_choices
from grader.errors import GraderError
from grader.fingerprints import fingerprint_answer
from grader.grading.output_folder import (
    RESULTS,
    find_results,
    find_student,
    read_results,
    write_outputs,
)
from grader.grading.store import Store, now, open_store
from grader.reports.pages.class_page import CLASS_PAGE
from grader.results import CheckResult, LessonResult, LessonStatus, Status
from grader.results.manual_marks import DECISION, Mark, apply_marks
from grader.text import clean

_MAX_COMMENT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Markable:
    """One student's answer to a written question, or undecided checks of a lesson."""

    student: str
    lesson: str
    results: tuple[CheckResult, ...]

    @property
    def max_score(self) -> float:
        """The points that they are worth together."""
        return sum(result.max_score for result in self.results)


@dataclass(frozen=True, slots=True)
class Open:
    """Something that a person has to look at."""

    student: str
    name: str  # of the question; lesson.check for an undecided check
    state: str  # in a word or two
    text: str  # the answer, or why the check could not be graded


class Marking:
    """What a person marks in an output folder; see :func:`open_marking`."""

    def __init__(self, course: Course, out: Path, store: Store) -> None:
        self._course = course
        self._out = out
        self._store = store
        self._report = apply_marks(read_results(out), store.marks())
        if self._report.course != course.id:
            raise GraderError(
                f"{out / RESULTS} is about the course `{clean(self._report.course)}`, and this is "
                f"`{course.id}`. Name the right course: grader --course DIR mark …"
            )

    def find(self, student: str, name: str) -> Markable:
        """A student's answer to a question, an undecided check, or all of a lesson.

        Args:
            student: who handed it in.
            name: of the question; of the check, with its lesson if several have it; or of a lesson.

        Raises:
            GraderError: there is no such student, no such question or check, or nothing to mark.
        """
        questions = {
            question.id: lesson.id for lesson in self._course.lessons for question in lesson.written
        }
        results = find_student(self._report, student).lessons
        if name in questions:
            return self._answer(student, results, questions[name], name)
        undecided = {
            f"{lesson.lesson}.{check.check}": Markable(student, lesson.lesson, (check,))
            for lesson in results
            for check in lesson.checks
            if check.undecided is not None
        }
        if whole := tuple(
            markable.results[0] for markable in undecided.values() if markable.lesson == name
        ):
            return Markable(student, name, whole)
        keys = [key for key in undecided if name in (key, key.partition(".")[2])]
        if len(keys) == 1:
            return undecided[keys[0]]
        if keys:
            raise GraderError(f"`{clean(name)}` is several checks: name {' or '.join(keys)}.")
        candidates = {**questions, **undecided}
        if not candidates:
            raise GraderError(
                f"there is nothing to mark: none of {clean(student)}'s checks is undecided, and no "
                "lesson of this course has `written:` questions in course.yaml."
            )
        if not undecided and name.partition(".")[0] in self._course.lesson_ids:
            checks = f"{clean(student)}'s checks"
            raise GraderError(f"`{clean(name)}` needs no decision: none of {checks} is undecided.")
        kind = "written question or undecided check" if undecided else "written question"
        near = list_choices(name, candidates, "ones" if undecided else "questions")
        raise GraderError(f"no {kind} is called `{clean(name)}`{near}")

    @staticmethod
    def _answer(
        student: str, results: Iterable[LessonResult], lesson: str, question: str
    ) -> Markable:
        result = next(result for result in results if result.lesson == lesson)
        if result.status is not LessonStatus.GRADED:
            why = f" ({result.message})" if result.message else ""
            raise GraderError(
                f"there is nothing to mark: {clean(student)}'s lesson `{lesson}` is "
                f"{result.status.value}{why}."
            )
        for check in result.checks:
            if check.check == question:
                return Markable(student, lesson, (check,))
        raise GraderError(f"`{question}` is new in course.yaml. Grade the class again, then mark.")

    def list_open(self, student: str | None = None) -> Iterator[Open]:
        """What a person still has to mark, and what has changed since it was marked.

        Args:
            student: whose; everybody's if left out.
        """
        marks = {
            (mark.student, mark.lesson, mark.question): mark for mark in self._store.marks(student)
        }
        for result in self._report.students:
            if student is not None and result.student != student:
                continue
            for lesson in result.lessons:
                for check in lesson.checks:
                    mark = marks.get((result.student, lesson.lesson, check.check))
                    if check.status is Status.UNDECIDED:
                        name = f"{lesson.lesson}.{check.check}"
                        yield Open(result.student, name, "undecided", check.undecided or "")
                    elif check.status is Status.PENDING:
                        yield Open(result.student, check.check, "waits", check.answer or "")
                    elif (
                        mark
                        and mark.answer not in (DECISION, fingerprint_answer(check.answer))
                        and check.undecided is None
                    ):
                        answer = check.answer or ""
                        yield Open(result.student, check.check, "changed since", answer)

    def give(self, markable: Markable, points: float, comment: str | None) -> None:
        """Mark an answer or a check, and write the results and pages again.

        Args:
            markable: the answer, or the undecided checks.
            points: from 0 to those that it is worth; of several checks, each gets its share.
            comment: for the student.

        Raises:
            GraderError: something cannot be written.
        """
        text = clean(comment, _MAX_COMMENT, multiline=True) if comment else None
        for check in markable.results:
            about = fingerprint_answer(check.answer) if check.undecided is None else DECISION
            share = points * check.max_score / markable.max_score if markable.max_score else 0.0
            mark = Mark(markable.student, markable.lesson, check.check, share, text, about, now())
            self._store.mark(mark)
        self._write()

    def take_back(self, markable: Markable) -> None:
        """Remove a mark, and write the results and pages again. See :meth:`give`."""
        for check in markable.results:
            self._store.unmark(markable.student, markable.lesson, check.check)
        self._write()

    def _write(self) -> None:
        self._report = apply_marks(self._report, self._store.marks())
        pages = (self._out / CLASS_PAGE).exists()
        write_outputs(self._out, self._report, self._course, pages=pages)


@contextmanager
def open_marking(course: Course, out: Path) -> Iterator[Marking]:
    """Open an output folder for marking. Meanwhile nobody else can grade into it.

    Raises:
        GraderError: there are no results, or they are those of another course.
    """
    find_results(out)  # refuses a folder without results: a store would be made in it
    with open_store(out) as store:
        yield Marking(course, out, store)
