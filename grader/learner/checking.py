"""One student's lessons, checked on the student's own machine.

The checks and the code are those of a class; only the isolation is not needed here. The program
still runs in a process of its own, so that an endless loop ends and a crash costs one check.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Self, TypeVar

from grader.checks.course_checks import open_checks
from grader.checks.load_failures import explain_import, refuse_imports
from grader.checks.pass_cache import PassCache
from grader.checks.rehearsal import rehearse
from grader.course import Course, Lesson, sandbox_data, sandbox_limits, sandbox_packages
from grader.course.module_files import FurtherModules
from grader.course.quiz_keys import read_keys
from grader.diagnosis.mistakes import Mistake
from grader.drawing.drawing_files import NotDrawn
from grader.drawing.drawings import Drawing, draw
from grader.drawing.friend_page import FriendPage, make_friend_page
from grader.errors import GraderError, SandboxError
from grader.grading.examiner import Examiner, programs_for
from grader.grading.grading_process import load_references
from grader.learner.progress import Progress
from grader.learner.quiz_feedback import QuizResult, try_letters
from grader.learner.workbook import Workbook
from grader.results import CheckResult, LessonResult, LessonStatus, Status, StudentResult
from grader.results.feedback import reduce_for_student
from grader.sandbox.client import Sandbox
from grader.sandbox.faults import StudentFault
from grader.sandbox.interpreter import Packages
from grader.sandbox.session import Session
from grader.submissions.imports import imports_of
from grader.submissions.submission import Source, Submission

_Made = TypeVar("_Made")
_TRIES: Final = 2  # a program can end its own sandbox; the second try shows whether it did


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of checking one lesson."""

    lesson: Lesson
    result: LessonResult
    printed: str  # by the student's program
    drawing: Drawing | NotDrawn | None  # None if the lesson has none, or does not pass its checks
    mistakes: Mapping[str, Mistake]  # the recognised known mistakes, by id
    unfinished: tuple[str, ...] = ()  # imported earlier lessons that may be the cause
    first_is_missing: bool = False  # whether the first of them has no file
    refused: tuple[str, ...] = ()  # what grading will not take in, and what to do: sentences
    quizzes: tuple[QuizResult, ...] = ()  # whose questions all have a letter

    @property
    def progress(self) -> tuple[int, int]:
        """How many checks passed, and how many there are, written answers included."""
        passed = sum(check.status is Status.PASSED for check in self.result.checks)
        return passed, len(self.result.checks)

    def say_where_to_begin(self) -> str:
        """A sentence on the first unfinished lesson that this one imports."""
        why = "its file is not there"
        if not self.first_is_missing:
            why = "it does not pass all its checks yet"
        return f"Begin with {self.unfinished[0]}, which {self.lesson.id} imports: {why}."

    @property
    def waiting(self) -> int:
        """How many written answers wait for a mark."""
        return sum(check.status is Status.PENDING for check in self.result.checks)

    @property
    def remarks(self) -> Iterator[str]:
        """What is said beside the checks: how the quizzes go, and which answers are short."""
        yield from (quiz.told for quiz in self.quizzes)
        yield from self.short_answers

    @property
    def short_answers(self) -> Iterator[str]:
        """A sentence on each written answer that is shorter than its question asks for."""
        answers = {check.check: check.answer for check in self.result.checks if check.answer}
        for question in self.lesson.written:
            number = len(answers.get(question.id, "").split())
            if 0 < number < question.words:
                counted = "1 word" if number == 1 else f"{number} words"
                yield (
                    f"“{question.title}” is very short: {counted}, where {question.words} are "
                    "expected at least. A person reads it as it is."
                )

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do."""
        passed, total = self.progress
        graded = self.result.status is LessonStatus.GRADED
        return graded and passed + self.waiting == total and not self.refused

    def as_shown(self, course: Course) -> LessonResult:
        """The result as the student sees it: in a released course, of the checks in that copy.

        Args:
            course: the course of the lesson.
        """
        if not course.released or self.result.status is not LessonStatus.GRADED:
            return self.result
        here = sum(check.max_score for check in self.result.checks)
        result = StudentResult("", (replace(self.result, max_score=here),))
        return reduce_for_student(result, course.feedback).lessons[0]

    @property
    def hidden_points(self) -> float:
        """What the checks are worth that grading uses, and this copy of the course has not."""
        here = sum(check.max_score for check in self.result.checks)
        return max(self.lesson.points - here, 0.0) if self.lesson.released else 0.0


class Checker:
    """Checks lessons, one after the other, and keeps a sandbox between them."""

    def __init__(
        self,
        workbook: Workbook,
        first: subprocess.Popen[bytes] | None = None,
        *,
        ahead: bool = False,
    ) -> None:
        """Get ready.

        Args:
            workbook: of the student.
            first: the process of a worker that was launched before.
            ahead: keep a worker ready for the next check.

        Raises:
            GraderError: Python runs without assertions, or a package is missing.
        """
        if sys.flags.optimize:
            raise GraderError(
                "Python was started with -O or PYTHONOPTIMIZE, which switches off every check. "
                "Unset it, and try again."
            )
        sys.dont_write_bytecode = True  # the course's folder stays as it is
        self.workbook = workbook
        course = workbook.course
        self._sandbox = partial(
            Sandbox.for_own_code,
            sandbox_limits(course),
            Packages.find(sandbox_packages(course)),
            ahead=ahead,
            data=sandbox_data(course),
            stop_cell_at_error=course.stop_cell_at_error,
        )
        self._open: Sandbox | None = self._sandbox(first=first)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes."""
        if self._open is not None:
            self._open.close()
        self._open = None

    def check(self, lesson: Lesson, submission: Submission) -> Checked:
        """Check a lesson, and remember the result.

        The lesson imports the student's own earlier lessons, right or wrong; a student's copy has
        no others. While one of them is unfinished, the result names it, and names no known
        mistake, which would be searched for in the wrong file.

        Args:
            lesson: to be checked.
            submission: the student's lessons.

        Raises:
            GraderError: the course is at fault, or no program can be started on this machine.
        """
        checked = self._check(lesson, submission)
        passed, total = checked.progress
        if passed + checked.waiting < total and (
            unfinished := self._unfinished(lesson, submission)
        ):
            if checked.mistakes:
                checked = self._check(lesson, submission, naming=False)
            missing = not self.workbook.files(self.workbook.course.lesson(unfinished[0]))
            checked = replace(checked, unfinished=unfinished, first_is_missing=missing)
        self._remember(checked, submission)
        return checked

    def _check(self, lesson: Lesson, submission: Submission, *, naming: bool = True) -> Checked:
        for attempt in range(1, _TRIES + 1):
            try:
                return self._check_once(lesson, submission, naming=naming)
            except SandboxError:
                self.close()
                if attempt == _TRIES:
                    raise
        raise AssertionError("unreachable")

    def _unfinished(self, lesson: Lesson, submission: Submission) -> tuple[str, ...]:
        """The imported earlier lessons that do not pass all their checks."""
        course = self.workbook.course
        progress = self.workbook.valid_progress(submission)
        earlier = imports_of(submission.lessons, course.lesson_ids)[lesson.id]
        unfinished: list[str] = []
        for name in earlier:
            latest = progress.get(name) or self.check(course.lesson(name), submission)
            if not latest.done:
                unfinished.append(name)
        return tuple(unfinished)

    def _remember(self, checked: Checked, submission: Submission) -> None:
        lesson = checked.lesson
        passed, total = checked.progress
        untouched = all(check.status is Status.NOT_ATTEMPTED for check in checked.result.checks)
        graded = checked.result.status is LessonStatus.GRADED
        self.workbook.remember(
            lesson,
            Progress(
                self.workbook.fingerprint(submission)[lesson.id],
                checked.result.score,
                lesson.points,
                passed if graded else 0,
                total if graded else 1,
                started=not (graded and untouched),
                waiting=checked.waiting if graded else 0,
                refused=bool(checked.refused),
            ),
        )

    def draw(
        self, lesson: Lesson, submission: Submission, words: tuple[str, ...] | None
    ) -> Drawing | NotDrawn:
        """Draw a sentence by the student's functions, if they pass every check of the lesson.

        Args:
            lesson: one that has a drawing.
            submission: the student's lessons.
            words: of the sentence; the course's own if left out.

        Raises:
            GraderError: the course is at fault, or no program can be started on this machine.
        """
        course = self.workbook.course
        drawn = self._if_done(
            lesson, submission, lambda program: draw(course, lesson, program, words)
        )
        return drawn or NotDrawn(f"{lesson.id} has no drawing")

    def make_friend_page(
        self, lesson: Lesson, submission: Submission, words: tuple[str, ...] | None
    ) -> FriendPage | NotDrawn:
        """The same for the page for a friend, of a lesson that has one.

        Args:
            lesson: one that has a page.
            submission: the student's lessons.
            words: of the only sentence; those of the lesson if left out.
        """
        course = self.workbook.course
        return self._if_done(
            lesson, submission, lambda program: make_friend_page(course, lesson, program, words)
        )

    def _if_done(
        self, lesson: Lesson, submission: Submission, make: Callable[[Session], _Made]
    ) -> _Made | NotDrawn:
        """What is made with the student's functions, if they pass every check of the lesson."""
        source = submission.lessons.get(lesson.id)
        if not isinstance(source, Source):
            return NotDrawn(f"{lesson.id} cannot be read" if source else f"no {lesson.id} is there")
        latest = self.workbook.valid_progress(submission).get(lesson.id)
        if latest is None or not latest.done:
            checked = self.check(lesson, submission)
            if checked.result.status is LessonStatus.GRADED and not checked.done:
                passed, total = checked.progress
                return NotDrawn(
                    f"{lesson.id} passes {passed} of {total} checks, and is drawn when all pass.\n"
                    f"    grader check {lesson.id}"
                )
        with Session(self._ready(), lesson.id, programs_for(lesson, submission)) as session:
            try:
                session.load()
            except StudentFault as fault:
                return NotDrawn(explain_import(fault, source.filename))
            return make(session)

    def _ready(self) -> Sandbox:
        if self._open is None:
            self._open = self._sandbox()
        return self._open

    def _check_once(self, lesson: Lesson, submission: Submission, *, naming: bool) -> Checked:
        sandbox, course = self._ready(), self.workbook.course
        references = load_references(replace(course, lessons=course.with_required(lesson)))
        drawings: list[Drawing | NotDrawn | None] = []
        quizzes: list[QuizResult] = []
        sessions: list[Session] = []

        def draw_afterwards(session: Session, results: Sequence[CheckResult]) -> None:
            sessions.append(session)
            quizzes.extend(self._judge_quizzes(lesson, session))
            if all(result.status in (Status.PASSED, Status.PENDING) for result in results):
                drawings.append(draw(course, lesson, session))

        only_this = replace(course, lessons=(lesson,))
        with open_checks(only_this, references) as checks:
            rehearse(checks)
            examiner = Examiner(checks, sandbox, PassCache(()))
            result = examiner.grade_alone(lesson, submission, draw_afterwards, naming=naming)
            mistakes = examiner.mistakes
        if not sessions:
            return Checked(lesson, result, "", None, mistakes)
        [session] = sessions
        failures, packages = session.failures, sandbox_packages(course)
        own = [
            name for other in course.lessons for name in (other.id, *FurtherModules(other).names)
        ]
        return Checked(
            lesson,
            result,
            session.output.decode("utf-8", "replace"),
            drawings[0] if drawings else None,
            mistakes,
            refused=tuple(refuse_imports(failures, packages, own)),
            quizzes=tuple(quizzes),
        )

    def _judge_quizzes(self, lesson: Lesson, session: Session) -> Iterator[QuizResult]:
        """How the lesson's quizzes go, as far as the copy has a key and all letters are there."""

        def read(question: str) -> object:
            try:
                return session.value(key.table, question).value
            except StudentFault:  # told by the checks
                return None

        for key in read_keys(lesson.quiz_keys, self.workbook.course.shown(lesson.quiz_keys)):
            name = f"{lesson.id}/{key.table}"
            if judged := try_letters(key, read, self.workbook.quiz_attempts(name)):
                letters, result = judged
                self.workbook.remember_attempt(name, letters, result.right)
                yield result
