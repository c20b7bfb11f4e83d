"""Marking by hand: the written answers in an output folder, and the points that a person gives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.course import Course, Lesson, Written
from grader.course.yaml_file import known_ones
from grader.errors import GraderError
from grader.fingerprints import fingerprint_answer
from grader.grading.output_folder import (
    CLASS_PAGE,
    RESULTS,
    find_results,
    find_student,
    read_results,
    write_outputs,
)
from grader.grading.store import Store, now, open_store
from grader.results import CheckResult, LessonStatus, Status
from grader.results.manual_marks import Mark, apply_marks
from grader.text import clean

_MAX_COMMENT: Final = 2_000


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """One student's answer to a written question."""

    student: str
    lesson: Lesson
    question: Written
    result: CheckResult


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """An answer that a person has to look at."""

    student: str
    question: str
    changed: bool  # it has a mark, and has changed since
    text: str


class Marking:
    """The written answers in an output folder; see :func:`open_marking`."""

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

    def answer(self, student: str, question_id: str) -> WrittenAnswer:
        """A student's answer to a question.

        Raises:
            GraderError: there is no such student, no such question, or nothing to mark.
        """
        lesson, question = self._question(question_id)
        for result in find_student(self._report, student).lessons:
            if result.lesson == lesson.id and result.status is not LessonStatus.GRADED:
                why = f" ({result.message})" if result.message else ""
                raise GraderError(
                    f"there is nothing to mark: {clean(student)}'s lesson `{lesson.id}` is "
                    f"{result.status.value}{why}."
                )
            for check in result.checks:
                if result.lesson == lesson.id and check.check == question.id:
                    return WrittenAnswer(student, lesson, question, check)
        raise GraderError(
            f"`{question.id}` is new in course.yaml. Grade the class again, then mark it."
        )

    def open_answers(self, student: str | None = None) -> Iterator[OpenAnswer]:
        """The answers, of one student or of all, that wait for a mark or changed after it."""
        marks = {(it.student, it.lesson, it.question): it for it in self._store.marks(student)}
        for result in self._report.students:
            if student is not None and result.student != student:
                continue
            for lesson in result.lessons:
                for check in lesson.checks:
                    mark = marks.get((result.student, lesson.lesson, check.check))
                    waits = check.status is Status.PENDING
                    changed = not waits and mark and mark.answer != fingerprint_answer(check.answer)
                    if waits or changed:
                        text = check.answer or ""
                        yield OpenAnswer(result.student, check.check, not waits, text)

    def give(self, answer: WrittenAnswer, points: float, comment: str | None) -> None:
        """Mark an answer, and write the results and pages again.

        Args:
            answer: to be marked.
            points: from 0 to those of the question.
            comment: for the student.

        Raises:
            GraderError: something cannot be written.
        """
        text = clean(comment, _MAX_COMMENT, multiline=True) if comment else None
        digest = fingerprint_answer(answer.result.answer)
        self._store.mark(
            Mark(answer.student, answer.lesson.id, answer.question.id, points, text, digest, now())
        )
        self._write()

    def take_back(self, answer: WrittenAnswer) -> None:
        """Remove an answer's mark, and write the results and pages again. See :meth:`give`."""
        self._store.unmark(answer.student, answer.lesson.id, answer.question.id)
        self._write()

    def _write(self) -> None:
        self._report = apply_marks(self._report, self._store.marks())
        pages = (self._out / CLASS_PAGE).exists()
        write_outputs(self._out, self._report, self._course, pages=pages)

    def _question(self, wanted: str) -> tuple[Lesson, Written]:
        questions = {
            question.id: (lesson, question)
            for lesson in self._course.lessons
            for question in lesson.written
        }
        if not questions:
            raise GraderError("No lesson of this course has `written:` questions in course.yaml.")
        if wanted not in questions:
            near = known_ones(wanted, questions, "questions")
            raise GraderError(f"no written question is called `{clean(wanted)}`{near}")
        return questions[wanted]


@contextmanager
def open_marking(course: Course, out: Path) -> Iterator[Marking]:
    """Open an output folder for marking; nobody else can grade into it meanwhile.

    Raises:
        GraderError: there are no results, or they are those of another course.
    """
    find_results(out)  # otherwise a store would be made in a folder without results
    with open_store(out) as store:
        yield Marking(course, out, store)
