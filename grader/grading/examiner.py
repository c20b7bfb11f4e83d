"""Runs the checks of a course on the students of a batch, and makes records of the results."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from types import ModuleType
from typing import Final

from grader.checks.code_excerpts import find_excerpt
from grader.checks.collection import Check
from grader.checks.course_checks import CourseChecks, LessonChecks, open_checks
from grader.checks.explanations import explain
from grader.checks.load_failures import explain_import, tell_failures
from grader.checks.outcomes import (
    explain_failure,
    name_what_it_builds_on,
    result_of,
    status_of,
)
from grader.checks.pass_cache import MOST_PASSES, PassCache
from grader.checks.rehearsal import reference_programs, rehearse
from grader.checks.runner import describe_our_error
from grader.checks.student import Call
from grader.course import Course, Lesson, Written
from grader.diagnosis.follow_through import FollowThrough, replaceable
from grader.diagnosis.mistakes import Mistake
from grader.diagnosis.naming import Namer
from grader.diagnosis.reruns import DiagnosisCache, Rerunner, StudentLesson
from grader.errors import GraderError, SandboxError
from grader.grading.current_check import LOADING, NAMING, SHARED, Loss
from grader.grading.lesson_results import (
    PROCESS_LOST,
    answer_result,
    graded_lesson,
    lesson_without_program,
    lost_check_result,
    ungraded_lesson,
    unreadable_lesson,
)
from grader.results import WAITS, CheckResult, LessonResult, Status, StudentResult
from grader.results.message import sentence
from grader.sandbox.client import Sandbox
from grader.sandbox.faults import StudentFault
from grader.sandbox.module_names import module_name
from grader.sandbox.session import ProgramText, Session
from grader.submissions.imports import find_incomplete, imports_of
from grader.submissions.submission import Source, Submission, Unreadable
from grader.text import clean

_MAX_ANSWER: Final = 8_000  # characters of a written answer; a page has some 3,000
_NO_SANDBOX: Final = "the sandbox ended, again and again, while this was graded"
_SMALL_REPLIES: Final = 2**16  # bytes that a check without an explanation may hold in memory
_MAX_SANDBOXES: Final = 2  # for one lesson: the first one may have been ended from outside
_BLOCKS_NOTHING: Final = frozenset(
    {Status.PASSED, Status.NOT_ATTEMPTED, Status.UNDECIDED, Status.GRADER_ERROR}
)


@contextmanager
def open_examiner(
    course: Course,
    sandbox: Sandbox,
    references: Mapping[str, ModuleType],
    *,
    broken: Collection[tuple[str, str]] = (),
    begin: Callable[[str, str], None] = lambda lesson, check: None,
    most_passes: int = MOST_PASSES,
    cache: DiagnosisCache | None = None,
    for_author: bool = False,
) -> Iterator[Examiner]:
    """Open an examiner: collect the checks of a course, and rehearse them.

    Args:
        course: whose checks are run.
        sandbox: started; holds one worker at a time.
        references: the reference solution of each lesson, by id.
        broken: the lessons and checks with which processes were lost on the reference.
        begin: called with the lesson and the check before each check of the rehearsal.
        most_passes: the size of the pass cache. With 0 every check runs for every student, which
            changes no result.
        cache: what was computed of the course before; more is added.
        for_author: whether explanations of hidden checks may contain their numbers.

    Raises:
        CourseError: a check file cannot be imported, or its checks are inconsistent.
        SandboxError: the sandbox cannot be started again after it failed.
    """
    with open_checks(course, references) as checks:
        rehearse(checks, sandbox, lost=broken, begin=begin, for_author=for_author)
        passes = PassCache(checks.that_see_replies_alone(), most_passes)
        yield Examiner(checks, sandbox, passes, cache, for_author=for_author)


class Examiner:
    """Grades one student after the other."""

    def __init__(
        self,
        checks: CourseChecks,
        sandbox: Sandbox,
        passes: PassCache,
        cache: DiagnosisCache | None = None,
        *,
        for_author: bool = False,
    ) -> None:
        """Prepare.

        Args:
            checks: of the course, rehearsed.
            sandbox: started; holds one worker at a time.
            passes: the passes so far; more are added.
            cache: what was computed of the course before; more is added.
            for_author: whether explanations of hidden checks may contain their numbers.
        """
        #: Called before each check, with the lesson and the check.
        self.announce: Callable[[str, str], None] = lambda lesson, check: None
        self._losses: dict[tuple[str, str], Loss] = {}
        self._shares_workers = False  # between the lessons of the present student
        self._checks = checks
        self._sandbox = sandbox
        self._for_author = for_author
        self._passes = passes
        self._reference_graded: dict[str, frozenset[str]] = {}
        cache = DiagnosisCache() if cache is None else cache
        rerunner = Rerunner(checks, sandbox, cache, passes)
        self._follow_through = FollowThrough(checks, rerunner, cache)
        self._namer = Namer(checks, rerunner, cache)

    @property
    def mistakes(self) -> Mapping[str, Mistake]:
        """The known mistakes that were recognised in the last lesson with a failure, by id."""
        return self._namer.named

    def grade(self, submission: Submission, losses: Sequence[Loss] = ()) -> StudentResult:
        """Grade all lessons of a student, except those with an earlier result that is valid.

        Args:
            submission: what the student handed in.
            losses: the checks at which processes were lost with this student.
        """
        self._losses = {(loss.lesson, loss.check): loss for loss in losses}
        self._shares_workers = not losses
        with self._sandbox.one_student():
            return self._grade_lessons(submission)

    def _grade_lessons(self, submission: Submission) -> StudentResult:
        course = self._checks.course
        imported = imports_of(submission.lessons, course.lesson_ids)
        own: dict[str, dict[str, ProgramText]] = {}  # by lesson
        lessons: list[LessonResult] = []
        for lesson in course.lessons:
            source = submission.lessons.get(lesson.id)
            if isinstance(source, Source):
                own[lesson.id] = programs_of(lesson.id, source)
            names = (*imported[lesson.id], lesson.id)
            lost = find_incomplete(names, lessons)
            earlier = submission.earlier.get(lesson.id)
            if earlier and earlier.incomplete == lost:
                lessons.append(earlier.result)
            elif isinstance(source, Source):
                programs = {
                    k: program for name in names for k, program in own.get(name, {}).items()
                }
                absent = _absent(names, submission)
                grade = partial(
                    self._grade_lesson,
                    StudentLesson(lesson, programs, absent, lost),
                    source,
                    replaced=replaceable(lesson, course, lost, lessons),
                    naming=submission.naming,
                )
                lessons.append(self._grade_if_possible(lesson, source, grade))
            else:
                lessons.append(lesson_without_program(lesson, source))
        return StudentResult(submission.student, tuple(lessons))

    def grade_alone(
        self,
        lesson: Lesson,
        submission: Submission,
        afterwards: Callable[[Session, Sequence[CheckResult]], None],
        *,
        naming: bool = True,
    ) -> LessonResult:
        """Grade one lesson, with the student's own earlier ones.

        Args:
            lesson: which one.
            submission: holds it, and the earlier ones that it may import.
            afterwards: called with the session and the results after all checks have run, if the
                lesson could be loaded. The session's output is what the checks printed.
            naming: whether known mistakes are named. They cannot be if an earlier lesson may be
                wrong.
        """
        if not isinstance(source := submission.lessons.get(lesson.id), Source):
            return lesson_without_program(lesson, source)
        programs = programs_for(lesson, submission)
        course = self._checks.course
        earlier = imports_of(submission.lessons, course.lesson_ids).get(lesson.id, ())
        absent = _absent((*earlier, lesson.id), submission)
        student_lesson = StudentLesson(lesson, programs, absent)
        return self._grade_lesson(student_lesson, source, afterwards, naming=naming)

    def _grade_lesson(
        self,
        student_lesson: StudentLesson,
        source: Source,
        afterwards: Callable[[Session, Sequence[CheckResult]], None] | None = None,
        *,
        replaced: Sequence[str] = (),
        naming: bool = True,
    ) -> LessonResult:
        """Load a lesson and grade it, within its budget of time."""
        lesson, programs = student_lesson.lesson, student_lesson.programs
        foreseen = self._foreseen_at_first(lesson)
        values = self._follow_through.first_run(replaced)
        # What is told in full comes from a process that has seen no hidden input.
        shares = self._shares_workers and values is None and not lesson.written
        if shares and self._sandbox.has_worker:
            if result := self._grade_in_shared_worker(student_lesson, source):
                return result
            self._shares_workers = shares = False
        with self._sandbox.one_lesson() as budget:
            for loss in self._losses.values():
                if loss.overran and loss.lesson == lesson.id:
                    budget.charge(self._sandbox.limits.cpu_seconds_per_call)
            self.announce(lesson.id, LOADING)
            with Session(
                self._sandbox, lesson.id, programs, foreseen, student_lesson.absent, values=values
            ) as session:
                try:
                    session.load()
                except StudentFault as fault:
                    session.close()
                    result = unreadable_lesson(lesson, explain_import(fault, source.filename))
                    return replace(result, excerpt=find_excerpt(fault, None, lesson.id, programs))
                note = source.note
                if words := tell_failures(session.failures, self._checks.course.packages):
                    note = f"{note}; {words}" if note else words
                results = self._grade_program(
                    student_lesson, session, afterwards, replaced=replaced, naming=naming
                )
                if shares and not session.failures and all(map(_is_passed, results)):
                    session.hand_on()
        return graded_lesson(lesson, results, note)

    def _foreseen_at_first(self, lesson: Lesson) -> dict[str, Sequence[bytes]]:
        """The calls that are made when a lesson is loaded: none of a hidden check."""
        checks = self._checks[lesson.id]
        questions = [question.id for question in lesson.written]
        visible = [check.name for check in checks.checks if not check.hidden]
        return checks.calls_of([*questions, *visible])

    def _grade_in_shared_worker(
        self, student_lesson: StudentLesson, source: Source
    ) -> LessonResult | None:
        """Grade a lesson in the worker of the student's lesson before; None if anything goes wrong.

        Then it is graded from the beginning in a worker of its own. So nothing that the lesson
        before has left behind costs a mark, or is seen in an explanation.
        """
        lesson = student_lesson.lesson
        programs, absent = student_lesson.programs, student_lesson.absent
        foreseen = self._foreseen_at_first(lesson)
        try:
            with (
                self._sandbox.one_lesson(shared=True),
                Session(
                    self._sandbox, lesson.id, programs, foreseen, absent, in_shared_worker=True
                ) as session,
            ):
                self.announce(lesson.id, SHARED + LOADING)
                session.load()
                if not session.failures:
                    results = self._pass_all(self._checks[lesson.id], session)
                    if results is not None:
                        session.hand_on()
                        return graded_lesson(lesson, results, source.note)
        except SandboxError:
            self._sandbox.restart()
        except Exception:  # noqa: BLE001, S110  (it counts where the lesson runs alone)
            pass
        self._checks[lesson.id].tear_down()
        return None

    def _grade_program(
        self,
        student_lesson: StudentLesson,
        session: Session,
        afterwards: Callable[[Session, Sequence[CheckResult]], None] | None,
        *,
        replaced: Sequence[str],
        naming: bool,
    ) -> list[CheckResult]:
        """Run all checks on a loaded program, then follow-through and the naming of mistakes."""
        lesson = student_lesson.lesson
        answers = [self._read_answer(lesson, question, session) for question in lesson.written]
        results, explain = self._run_checks(
            self._checks[lesson.id], session, may_pass_later=bool(replaced)
        )
        if afterwards is not None:
            session.mute_output()  # naming and drawing call the program as well
        wrong = any(result.status is not Status.PASSED for result in results)
        is_diagnosed = wrong and (lesson.id, NAMING) not in self._losses
        if is_diagnosed and replaced:
            self.announce(lesson.id, NAMING)
            session.close()  # one worker at a time; it loads again when it is called
            results = self._follow_through.apply(student_lesson, replaced, results)
        for at, result in enumerate(results):
            if result.check in explain and not result.follow_through:
                results[at] = explain[result.check]()
        if is_diagnosed and naming:
            self.announce(lesson.id, NAMING)
            results = self._namer.name(student_lesson, results, session)
        results += answers
        if afterwards is not None:
            session.begin("")  # its calls are no check's
            afterwards(session, results)
        return results

    def _grade_if_possible(
        self, lesson: Lesson, source: Source, grade: Callable[[], LessonResult]
    ) -> LessonResult:
        """Grade a lesson. If something of ours breaks, that costs no other lesson."""
        if (lesson.id, LOADING) in self._losses:
            return self.record_ungraded(lesson, source, PROCESS_LOST)
        reason = _NO_SANDBOX
        for _ in range(_MAX_SANDBOXES):
            try:
                return grade()
            except SandboxError:
                self._checks[lesson.id].tear_down()
                self._sandbox.restart()
            except GraderError:
                raise
            except Exception as error:  # noqa: BLE001  (a slip of ours costs nobody else)
                self._checks[lesson.id].tear_down()
                reason = describe_our_error(error)
                break
        return self.record_ungraded(lesson, source, reason)

    def record_undecided(self, submission: Submission, reason: str) -> StudentResult:
        """The results of a student who cannot be graded. None of the student's code is run.

        Args:
            submission: what the student handed in.
            reason: why it cannot be graded, in words.
        """
        return _ungraded(
            self._checks.course, submission, partial(self.record_ungraded, reason=reason)
        )

    def record_ungraded(self, lesson: Lesson, source: Source, reason: str) -> LessonResult:
        """The result of a lesson that cannot be graded.

        The reference is graded as if a student had handed it in. If that works, the student's work
        breaks the grader, and a person has to decide. If it does not, the error is ours.

        Args:
            lesson: that cannot be graded.
            source: the student's work.
            reason: why it cannot be graded, in words.
        """
        if lesson.id not in self._reference_graded:
            self._reference_graded[lesson.id] = self._grade_reference(lesson)
        graded = self._reference_graded[lesson.id]
        return ungraded_lesson(lesson, self._checks[lesson.id].checks, source, reason, graded)

    def _grade_reference(self, lesson: Lesson) -> frozenset[str]:
        """The checks and questions of a lesson that can be graded when its reference is."""
        programs = reference_programs(self._checks.course, lesson)
        filename, cells, notebook = programs[lesson.id]
        source = Source(filename, tuple(cells), notebook)
        examiner = Examiner(self._checks, self._sandbox, PassCache(set(), 0))
        examiner.announce = self.announce
        try:
            student_lesson = StudentLesson(lesson, programs, {})
            result = examiner._grade_lesson(student_lesson, source, naming=False)
        except Exception as error:  # noqa: BLE001  (it is our error, for all students)
            self._checks[lesson.id].tear_down()
            if isinstance(error, SandboxError):
                self._sandbox.restart()
            return frozenset()
        return frozenset(
            check.check for check in result.checks if check.status is not Status.GRADER_ERROR
        )

    def _pass_all(self, checks: LessonChecks, session: Session) -> list[CheckResult] | None:
        """The results of all checks of a lesson, if all pass; None as soon as one does not."""
        replies: Sequence[bytes] = ()

        def is_decided(check: Check, made_ahead: Sequence[bytes]) -> bool:
            nonlocal replies
            replies = made_ahead
            self.announce(checks.lesson.id, SHARED + check.name)
            return self._passes.contains(check, replies)

        results: list[CheckResult] = []
        for check, error in checks.run_on(session, skip=is_decided):
            if error is not None or checks.rehearsed[check.name].broken:
                return None
            if session.only_foreseen_values:
                self._passes.add(check, replies)
            results.append(result_of(check, Status.PASSED))
        return results

    def _run_checks(
        self, checks: LessonChecks, session: Session, *, may_pass_later: bool
    ) -> tuple[list[CheckResult], dict[str, Callable[[], CheckResult]]]:
        """Run all checks of a lesson on a program; see also :meth:`LessonChecks.run_on`.

        Args:
            checks: of the lesson.
            session: with the program.
            may_pass_later: whether follow-through may pass what fails now.

        Returns:
            the results; and by check, functions that give the results which lack an explanation
            yet. Explaining is slow, and what passes by follow-through needs no explanation.
        """
        results: dict[str, CheckResult] = {}
        explain: dict[str, Callable[[], CheckResult]] = {}
        replies: Sequence[bytes] = ()
        lesson = checks.lesson.id

        def unmet(check: Check) -> list[str]:
            return [results[name].title for name in check.builds_on if _blocks(results[name])]

        def is_decided(check: Check, made_ahead: Sequence[bytes]) -> bool:
            nonlocal replies
            replies = made_ahead
            self.announce(lesson, check.name)
            broken = checks.rehearsed[check.name].broken
            is_lost = (lesson, check.name) in self._losses
            return bool(broken or is_lost or unmet(check) or self._passes.contains(check, replies))

        for check, error in checks.run_on(session, skip=is_decided):
            if broken := checks.rehearsed[check.name].broken:
                result = result_of(check, Status.GRADER_ERROR, sentence(broken))
            elif titles := unmet(check):
                result = result_of(check, Status.SKIPPED, name_what_it_builds_on(titles))
            elif loss := self._losses.get((lesson, check.name)):
                result = lost_check_result(check, loss)
            elif error is not None:
                last_call = checks.student.last_call
                explained = partial(self._explain, checks, check, error, last_call, session)
                # What an explanation is about stays in memory until then.
                if may_pass_later and 0 < sum(map(len, replies)) <= _SMALL_REPLIES:
                    result, explain[check.name] = result_of(check, status_of(error)), explained
                else:
                    result = explained()
            else:
                result = result_of(check, Status.PASSED)
                if session.only_foreseen_values:
                    self._passes.add(check, replies)
            results[check.name] = result
        return list(results.values()), explain

    def _explain(
        self,
        checks: LessonChecks,
        check: Check,
        error: BaseException,
        call: Call | None,
        session: Session,
    ) -> CheckResult:
        self.announce(checks.lesson.id, check.name)
        with checks.runner.limit(session.sandbox.limits.cpu_seconds_per_call):
            return explain_failure(
                replace(check, hidden=False) if self._for_author else check,
                error,
                call,
                checks.reference,
                lesson=session.lesson,
                programs=session.programs,
            )

    def _read_answer(self, lesson: Lesson, question: Written, session: Session) -> CheckResult:
        """Read a written answer, which a person marks."""
        session.begin(question.id)
        checks = self._checks[lesson.id]
        student = checks.student
        student.begin_check(session, checks.reference)
        try:
            text = student.answer(lesson.answers_in, question.id)
        except StudentFault as fault:
            return answer_result(
                question, status_of(fault), explain(fault, None, None, hidden=False)
            )
        answer = clean(text, _MAX_ANSWER, multiline=True)
        return answer_result(question, Status.PENDING, sentence(WAITS), answer)


def record_our_error(
    course: Course, submission: Submission, references: Mapping[str, ModuleType], reason: str
) -> StudentResult:
    """The results of a student if the reference cannot be graded either: no points are lost."""
    with open_checks(course, references) as checks:

        def broken(lesson: Lesson, source: Source) -> LessonResult:
            every = checks[lesson.id].checks
            return ungraded_lesson(lesson, every, source, reason, frozenset())

        return _ungraded(course, submission, broken)


def programs_for(lesson: Lesson, submission: Submission) -> dict[str, ProgramText]:
    """The earlier programs, which a lesson may import, and its own."""
    programs: dict[str, ProgramText] = {}
    for name, source in submission.lessons.items():  # in course order
        if isinstance(source, Source):
            programs |= programs_of(name, source)
        if name == lesson.id:
            break
    return programs


def _absent(lessons: Iterable[str], submission: Submission) -> dict[str, str]:
    """What cannot be imported of these lessons and their modules, each with the reason."""
    reasons: dict[str, str] = {}
    for name in lessons:
        match submission.lessons.get(name):
            case Source(absent=absent):
                # The lesson's note has the whole reason.
                short = {path: why.partition(":")[0] for path, why in absent.items()}
                reasons |= {module_name(path): why for path, why in short.items()}
            case Unreadable(reason):
                reasons[name] = f"cannot be read: {reason}"
            case _:
                reasons[name] = "was not handed in"
    return reasons


def programs_of(lesson: str, source: Source) -> dict[str, ProgramText]:
    """A lesson's program, and its further modules, by the names under which they are imported."""
    programs: dict[str, ProgramText] = {
        lesson: (source.filename, list(source.cells), source.notebook)
    }
    for path, text in source.modules.items():
        programs[module_name(path)] = (path, [text], False)
    return programs


def _ungraded(
    course: Course, submission: Submission, record: Callable[[Lesson, Source], LessonResult]
) -> StudentResult:
    """The results of a student whose code must not be run."""
    lessons: list[LessonResult] = []
    for lesson in course.lessons:
        source = submission.lessons.get(lesson.id)
        if earlier := submission.earlier.get(lesson.id):
            lessons.append(earlier.result)
        elif isinstance(source, Source):
            lessons.append(record(lesson, source))
        else:
            lessons.append(lesson_without_program(lesson, source))
    return StudentResult(submission.student, tuple(lessons))


def _is_passed(result: CheckResult) -> bool:
    return result.status is Status.PASSED


def _blocks(result: CheckResult) -> bool:
    """Whether checks that build on this one are skipped."""
    return result.status not in _BLOCKS_NOTHING
