"""The checks of a course, run on a batch of students; what each ended with becomes a record."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Final

from grader.checks import excerpts
from grader.checks.collection import Check, with_next
from grader.checks.findings import explain, explain_import, list_titles, status_of
from grader.checks.passes import MOST_PASSES, KnownPasses
from grader.checks.reference import ReferenceCallee
from grader.checks.rehearsal import Rehearsal
from grader.checks.runner import Runner
from grader.checks.telling import gives_hidden_inputs, result_of, tell_anew, told
from grader.course import Course, Lesson, Written
from grader.diagnosis.follow_through import FollowThrough, unseen
from grader.diagnosis.misconceptions import Misconception
from grader.diagnosis.naming import Namer
from grader.diagnosis.retrial import Retrial
from grader.errors import GraderError
from grader.results import WAITS, CheckResult, LessonResult, LessonStatus, Status, StudentResult
from grader.sandbox.client import Sandbox
from grader.sandbox.faults import StudentFault
from grader.sandbox.session import ProgramText, Session
from grader.submissions.imports import find_incomplete, imports_of
from grader.submissions.submission import HandedIn, Misnamed, Source, Submission, Unreadable
from grader.text import clean, mask_long_numbers

_MAX_ANSWER: Final = 8_000  # characters of a written answer; a page has some 3,000
_NO_SANDBOX: Final = "the sandbox ended, again and again, while this was graded"


def run_checks(
    course: Course,
    submissions: Iterable[Submission],
    sandbox: Sandbox | None,
    references: Mapping[str, ModuleType],
    *,
    most_passes: int = MOST_PASSES,
) -> list[StudentResult]:
    """Grade a batch in one pytest run.

    Args:
        course: whose checks are run.
        submissions: the batch.
        sandbox: started; holds one worker at a time. ``None`` when it failed with this student
            again and again: then every check is our error.
        references: the reference solution of each lesson, by id.
        most_passes: how many passes are remembered for those whose functions return the same; with
            0, every check runs for everybody, which changes no result.

    Raises:
        CourseError: a check file cannot be imported, or its checks are inconsistent.
        SandboxError: the sandbox failed.
    """
    results: list[StudentResult] = []

    def grade_all(runner: Runner) -> None:
        if sandbox is None:
            results.extend(_ungraded(runner, submission) for submission in submissions)
            return
        rehearsal = Rehearsal(runner, references)
        passes = KnownPasses(rehearsal.pure, most_passes)
        examiner = Examiner(runner, rehearsal, sandbox, references, passes)
        results.extend(map(examiner.grade, submissions))

    Runner(course, grade_all).start()
    return results


class Examiner:
    """Grades one student after the other."""

    def __init__(
        self,
        runner: Runner,
        rehearsal: Rehearsal,
        sandbox: Sandbox,
        references: Mapping[str, ModuleType],
        passes: KnownPasses,
    ) -> None:
        self._runner = runner
        self._rehearsal = rehearsal
        self._sandbox = sandbox
        self._references = references
        self._passes = passes
        retrial = Retrial(runner, rehearsal, references, sandbox)
        self._follow_through = FollowThrough(runner, references, retrial)
        self._namer = Namer(runner, rehearsal, references, retrial)

    @property
    def mistakes(self) -> Mapping[str, Misconception]:
        """The known mistakes that were recognised when one was last looked for, by id."""
        return self._namer.named

    def grade(self, submission: Submission) -> StudentResult:
        """Grade the lessons of a student whose results are not known yet."""
        course = self._runner.course
        imported = imports_of(submission.lessons, course.lesson_ids)
        programs: dict[str, ProgramText] = {}
        lessons: list[LessonResult] = []
        for lesson in course.lessons:
            source = submission.lessons.get(lesson.id)
            if isinstance(source, Source):
                programs[lesson.id] = _program(source)
            names = (*imported[lesson.id], lesson.id)
            lost = find_incomplete(names, lessons)
            earlier = submission.earlier.get(lesson.id)
            if earlier and earlier.incomplete == lost:
                lessons.append(earlier.result)
            elif isinstance(source, Source):
                needed = {name: programs[name] for name in names if name in programs}
                try:
                    lessons.append(self._grade_lesson(lesson, source, needed, lost))
                except GraderError:
                    raise
                except Exception as error:  # noqa: BLE001  (a slip of ours costs nobody else)
                    lessons.append(self._broken(lesson, source, error))
            else:
                lessons.append(_not_taken_in(lesson, source))
        return StudentResult(submission.student, tuple(lessons))

    def grade_alone(
        self,
        lesson: Lesson,
        submission: Submission,
        afterwards: Callable[[Session], None],
        *,
        naming: bool = True,
    ) -> LessonResult:
        """Grade one lesson, with the student's own earlier ones.

        Args:
            lesson: which one.
            submission: holds it, and the earlier ones that it may import.
            afterwards: gets the session when the lesson could be loaded and all checks have run.
                Its output is what the program printed in these.
            naming: whether known mistakes are named; no, if it may be an earlier lesson's.
        """
        if not isinstance(source := submission.lessons.get(lesson.id), Source):
            return _not_taken_in(lesson, source)
        programs = programs_for(lesson, submission)
        return self._grade_lesson(lesson, source, programs, (), afterwards, naming=naming)

    def _grade_lesson(
        self,
        lesson: Lesson,
        source: Source,
        programs: Mapping[str, ProgramText],
        lost: Sequence[str],
        afterwards: Callable[[Session], None] | None = None,
        *,
        naming: bool = True,
    ) -> LessonResult:
        foreseen = self._rehearsal.calls[lesson.id]
        with Session(self._sandbox, lesson.id, programs, foreseen) as session:
            try:
                session.load()
            except StudentFault as fault:
                session.close()
                reason = explain_import(fault, source.filename, self._runner.course.packages)
                result = self._grade_with_ours(lesson, programs, lost, reason)
                return replace(result, excerpt=excerpts.of(fault, None, lesson.id, programs))
            note = source.note
            checks, solution = self._runner.checks[lesson.id], self._references[lesson.id]
            secretive = gives_hidden_inputs(checks, self._rehearsal, lesson)
            if session.cell_error is not None:
                words = str(session.cell_error)
                words = mask_long_numbers(words) if secretive else words
                note = "; ".join(filter(None, (note, f"a cell failed: {clean(words)}")))
            results = self._run_lesson(lesson, checks, session)
            results = tell_anew(
                lesson,
                results,
                session,
                runner=self._runner,
                rehearsal=self._rehearsal,
                solution=solution,
            )
            if afterwards is not None:
                session.mute_output()  # naming and drawing call the program as well
            wrong = any(result.status is not Status.PASSED for result in results)
            if wrong and naming:
                if lost:
                    session.close()  # one worker at a time; it loads again when it is called
                    followed = self._follow_through.apply(lesson, programs, lost, results)
                    results = results if followed is None else followed
                results = self._namer.name(lesson, programs, lost, results, session)
            if lesson.written and secretive:
                session.start_over({})  # an answer is shown as it is
            results += [self._read(lesson, question, session) for question in lesson.written]
            if afterwards is not None:
                session.begin("")  # its calls are no check's
                afterwards(session)
        return _graded(lesson, results, note)

    def _broken(self, lesson: Lesson, source: Source, error: Exception) -> LessonResult:
        """What a lesson gets when the grader itself broke while it was graded."""
        where = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__}: {clean(str(error))}, in {where.name}"
        checks, solution = self._runner.checks[lesson.id], self._references[lesson.id]
        if checks:  # those that would have come are not there to tear down what was set up
            self._runner.run(checks[-1], None, ReferenceCallee(solution), solution, skip=True)
        return _our_error(self._runner, lesson, source, f"the grader itself broke ({what})")

    def _grade_with_ours(
        self,
        lesson: Lesson,
        programs: Mapping[str, ProgramText],
        lost: Sequence[str],
        reason: str,
    ) -> LessonResult:
        """Grade a lesson that cannot be imported, which may be an earlier lesson's doing."""
        if lost:
            checks = self._runner.checks[lesson.id]
            results = [result_of(check, Status.FAILED, unseen(lost)) for check in checks]
            followed = self._follow_through.apply(lesson, programs, lost, results)
            if followed and any(result.status is Status.PASSED for result in followed):
                followed += [_unmarked(it, Status.FAILED, reason) for it in lesson.written]
                return _graded(lesson, followed, reason)
        return _unreadable(lesson, reason)

    def _run_lesson(
        self, lesson: Lesson, checks: Sequence[Check], session: Session
    ) -> list[CheckResult]:
        solution = self._references[lesson.id]
        results: dict[str, CheckResult] = {}
        for check, following in with_next(checks):
            results[check.name] = self._run_check(check, following, session, solution, results)
        return list(results.values())

    def _read(self, lesson: Lesson, question: Written, session: Session) -> CheckResult:
        """Take down a written answer, for a person to mark."""
        session.begin(question.id)
        student = self._runner.student
        student.become(session, self._references[lesson.id])
        try:
            text = student.answer(lesson.answers_in, question.id)
        except StudentFault as fault:
            return _unmarked(question, status_of(fault), explain(fault, None, None, hidden=False))
        answer = clean(text, _MAX_ANSWER, multiline=True)
        return _unmarked(question, Status.PENDING, WAITS, answer)

    def _run_check(
        self,
        check: Check,
        following: Check | None,
        session: Session,
        solution: ModuleType,
        before: Mapping[str, CheckResult],
    ) -> CheckResult:
        broken = self._rehearsal.broken.get(check)
        unmet = [before[name].title for name in check.builds_on if _blocks(before[name])]
        replies = session.begin(check.name)
        known = self._passes.holds(check, replies)
        skip = bool(broken or unmet or known)
        ended = self._runner.run(check, following, session, solution, skip=skip)
        error = self._runner.verdict(ended)
        if broken:
            return result_of(check, Status.GRADER_ERROR, broken)
        if unmet:
            return result_of(check, Status.SKIPPED, f"builds on {list_titles(unmet)}")
        if known:
            return result_of(check, Status.PASSED, None)
        if error is None:
            if session.only_foreseen_values:
                self._passes.add(check, replies)
            return result_of(check, Status.PASSED, None)
        return told(check, error, self._runner.student.last_call, session, solution)


def programs_for(lesson: Lesson, submission: Submission) -> dict[str, ProgramText]:
    """A lesson's program and the earlier ones, which it may import."""
    programs: dict[str, ProgramText] = {}
    for name, source in submission.lessons.items():  # in course order
        if isinstance(source, Source):
            programs[name] = _program(source)
        if name == lesson.id:
            break
    return programs


def _program(source: Source) -> ProgramText:
    return source.filename, list(source.cells), source.notebook


def _ungraded(runner: Runner, submission: Submission) -> StudentResult:
    """What a student gets when there is no sandbox: our error, for every check."""
    lessons: list[LessonResult] = []
    for lesson in runner.course.lessons:
        source = submission.lessons.get(lesson.id)
        if isinstance(source, Source):
            lessons.append(_our_error(runner, lesson, source, _NO_SANDBOX))
        else:
            lessons.append(_not_taken_in(lesson, source))
    return StudentResult(submission.student, tuple(lessons))


def _our_error(runner: Runner, lesson: Lesson, source: Source, reason: str) -> LessonResult:
    results = [result_of(check, Status.GRADER_ERROR, reason) for check in runner.checks[lesson.id]]
    results += [_unmarked(it, Status.GRADER_ERROR, reason) for it in lesson.written]
    return _graded(lesson, results, source.note)


def _not_taken_in(lesson: Lesson, handed_in: HandedIn | None) -> LessonResult:
    if isinstance(handed_in, Unreadable):
        return _unreadable(lesson, handed_in.reason)
    hint = handed_in.hint if isinstance(handed_in, Misnamed) else None
    return LessonResult(lesson.id, LessonStatus.MISSING, 0.0, lesson.points, hint)


def _blocks(result: CheckResult) -> bool:
    """Whether a check that builds on this one says nothing any more."""
    return result.status not in {Status.PASSED, Status.NOT_ATTEMPTED, Status.GRADER_ERROR}


def _unmarked(
    question: Written, status: Status, message: str, answer: str | None = None
) -> CheckResult:
    # What breaks on our side is never counted against the student.
    score = question.points if status is Status.GRADER_ERROR else 0.0
    return CheckResult(
        question.id, question.title, status, score, question.points, message, answer=answer
    )


def _graded(lesson: Lesson, results: Sequence[CheckResult], note: str | None) -> LessonResult:
    score = sum(result.score for result in results)
    return LessonResult(lesson.id, LessonStatus.GRADED, score, lesson.points, note, tuple(results))


def _unreadable(lesson: Lesson, reason: str) -> LessonResult:
    return LessonResult(lesson.id, LessonStatus.UNREADABLE, 0.0, lesson.points, reason)
