"""The rehearsal: runs all checks on the reference, to find out which are sound and what they call.

The reference runs in the sandbox, as if a student had handed it in: if it does not pass a check
there, no right answer does. Without a sandbox it runs in this process.
"""

from __future__ import annotations

import linecache
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from grader.checks.collection import Check
from grader.checks.course_checks import CourseChecks, LessonChecks, Rehearsed
from grader.checks.load_failures import explain_import
from grader.checks.pass_cache import file_state, sees_replies_alone
from grader.checks.reference import AlteredReference, ReferenceCallee, quiet
from grader.checks.soft_assertions import pass_by_failures
from grader.checks.student_modules import advise
from grader.checks.time_limit import CheckTookTooLong
from grader.course import Course, Lesson, read_text
from grader.errors import GraderError, SandboxError
from grader.sandbox import wire
from grader.sandbox.client import Sandbox
from grader.sandbox.faults import NotComparable, Raised, StudentFault, WrongReturn
from grader.sandbox.held_objects import HeldObjects
from grader.sandbox.module_names import module_name
from grader.sandbox.replies import ProgramRun, Returned
from grader.sandbox.session import Session
from grader.text import clean, mask_long_numbers

#: The exceptions that a slip in a check raises. Their texts name a name or a type, and no value.
_ABOUT_CODE = (
    NameError, AttributeError, TypeError, ImportError, wire.Unsendable,
)  # fmt: skip

_MAX_SANDBOXES = 2  # of one lesson: the first that ends may have been ended from outside

_ENDLESS = "this check is broken, which costs nobody a point: on the reference it goes on and on"
_LOST = f"{_ENDLESS}, and the grading process had to be ended"


def rehearse(
    checks: CourseChecks,
    sandbox: Sandbox | None = None,
    *,
    lost: Collection[tuple[str, str]] = (),
    begin: Callable[[str, str], None] = lambda lesson, check: None,
    for_author: bool = False,
) -> None:
    """Run every check of a course on the reference, and note the results in the checks.

    A check of examples that the reference does not pass is left out, since a docstring may show
    what is no more than an illustration; :mod:`.docstring_examples` tells the course's author.

    A student's copy has no reference: then no calls are foreseen, and all checks count as sound.

    Args:
        checks: of the course.
        sandbox: runs the reference; without one, it runs in this process.
        lost: the lessons and checks with which processes were lost on the reference. These checks
            are broken, and do not run.
        begin: called with the lesson and the name of each check before it runs.
        for_author: whether the reasons may contain right answers.
    """
    for lesson_checks in checks.lessons.values():
        lesson = lesson_checks.lesson
        if lesson.released:
            names = [check.name for check in lesson_checks.checks]
            names += [question.id for question in lesson.written]
            lesson_checks.rehearsed = dict.fromkeys(names, Rehearsed())
            continue
        rehearsal = _Rehearsal(lesson_checks, lost, begin, for_author=for_author)
        lost_here = {name: Rehearsed(broken=_LOST) for at, name in lost if at == lesson.id}
        lesson_checks.rehearsed = rehearsed = rehearsal.rehearse(checks, sandbox) | lost_here
        lesson_checks.checks = [
            check
            for check in lesson_checks.checks
            if not (check.documented and rehearsed[check.name].broken)
        ]


def reference_programs(course: Course, lesson: Lesson) -> dict[str, wire.ProgramText]:
    """A lesson's solution and the earlier ones, as a student would hand them in."""
    earlier = course.lessons[: course.lesson_ids.index(lesson.id) + 1]
    programs: dict[str, wire.ProgramText] = {}
    for other in earlier:
        programs[other.id] = (
            f"{other.id}.py",
            [read_text(other.solution, course.shown(other.solution))],
            False,
        )
        for path, file in other.modules.items():
            programs[module_name(path)] = (path, [read_text(file, course.shown(file))], False)
    return programs


class _Rehearsal:
    """The rehearsal of one lesson."""

    def __init__(
        self,
        checks: LessonChecks,
        lost: Collection[tuple[str, str]],
        begin: Callable[[str, str], None],
        *,
        for_author: bool,
    ) -> None:
        self._checks = checks
        self._lost = lost
        self._begin = begin
        self._for_author = for_author

    def rehearse(self, course: CourseChecks, sandbox: Sandbox | None) -> dict[str, Rehearsed]:
        """Run the lesson's checks on the reference as it is, and on an altered one."""
        checks, lesson = self._checks, self._checks.lesson
        states = [file_state(check.item.module) for check in checks.checks]
        if sandbox is None:
            right = list(self._runs(ReferenceCallee(checks.reference, keeps_calls=True)))
        else:
            right = self._run_as_student(course, sandbox)
        with quiet():
            altered_reference = AlteredReference(checks.reference)
            altered_callee = ReferenceCallee(checks.reference, altered=True, keeps_calls=True)
            with ExitStack() as stack:
                for module in {check.item.module for check in checks.checks}:
                    stack.enter_context(pass_by_failures(module))
                altered = list(self._runs(altered_callee, altered_reference))
        rehearsed: dict[str, Rehearsed] = {}
        for state, run, other in zip(states, right, altered, strict=True):
            check = run.check
            # Without a sandbox nobody can tell whether a check that holds objects is sound.
            is_unknown = sandbox is None and isinstance(run.error, wire.Unsendable)
            is_sound = run.error is None or is_unknown
            is_foreseen = run.calls == other.calls and not run.handles and check.after_cell is None
            state_stays = state is not None and state == file_state(check.item.module)
            rehearsed[check.name] = Rehearsed(
                # Calls made ahead must tell nothing of the right answers. So a check that goes by
                # answers, and calls something else if they are other ones, has none.
                calls=run.calls if is_foreseen and not is_unknown else (),
                functions=tuple(dict.fromkeys(run.functions)),
                reads_values=len(run.calls) > len(run.functions),
                subject=check.documented or (wire.decode(run.calls[0])[1] if run.calls else None),
                broken=None if is_sound else self._why_broken(check, run.error),
                sees_replies_alone=state_stays and sees_replies_alone(check),
                seconds=run.seconds,
                handles=None if is_unknown else run.handles,
            )
        for question in lesson.written:
            request = wire.encode_value(lesson.answers_in, [question.id])
            rehearsed[question.id] = Rehearsed(calls=[request])
        return rehearsed

    def _run_as_student(self, course: CourseChecks, sandbox: Sandbox) -> list[_Run]:
        """The reference goes through the sandbox; once more if the sandbox is lost meanwhile.

        What breaks on our side costs nobody a point, in no other lesson either.
        """
        reason = ""
        for _ in range(_MAX_SANDBOXES):
            try:
                return self._run_in(course, sandbox)
            except SandboxError as error:
                reason = clean(str(error))
                self._checks.tear_down()
                sandbox.restart()
            except GraderError:
                raise
            except Exception as error:  # noqa: BLE001  (a slip of ours)
                self._checks.tear_down()
                reason = f"the grader itself broke ({type(error).__name__}: {clean(str(error))})"
                break
        return self._all_end_with(_Unrun(reason))

    def _all_end_with(self, error: Exception) -> list[_Run]:
        return [_Run(check, error, (), (), 0.0) for check in self._checks.checks]

    def _run_in(self, course: CourseChecks, sandbox: Sandbox) -> list[_Run]:
        lesson = self._checks.lesson
        programs = reference_programs(course.course, lesson)
        with sandbox.one_lesson(), Session(sandbox, lesson.id, programs) as session:
            try:
                session.load()
            except StudentFault as fault:
                return self._all_end_with(_Unrun(explain_import(fault, lesson.solution.name)))
            return list(self._runs(_Recorder(session)))

    def _runs(
        self, callee: ReferenceCallee | _Recorder, reference: AlteredReference | None = None
    ) -> Iterator[_Run]:
        checks = self._checks

        def begin(check: Check) -> bool:
            if isinstance(callee, _Recorder):
                callee.begin(check.name)
            return self._is_lost(check)

        start = time.process_time()
        for check, error in checks.run_each(callee, skip=begin, reference=reference):
            took = time.process_time() - start
            if isinstance(callee, _Recorder) and checks.student.our_error is not None:
                raise checks.student.our_error
            ended = checks.student.fault or error
            handles = callee.seen if isinstance(callee, _Recorder) else frozenset()
            if checks.student.calls_back:
                handles |= {"a function of the check's"}
            if checks.student.has_console:
                handles |= {"what the program prints"}
            if checks.student.has_folder:
                handles |= {"files of the check's"}
            yield _Run(check, ended, tuple(callee.calls), tuple(callee.functions), took, handles)
            callee.calls.clear()
            callee.functions.clear()
            start = time.process_time()

    def _is_lost(self, check: Check) -> bool:
        self._begin(self._checks.lesson.id, check.name)
        return (self._checks.lesson.id, check.name) in self._lost

    def _why_broken(self, check: Check, error: BaseException | None) -> str:
        assert error is not None
        if isinstance(error, _Unrun):
            return f"this check was not tried on the reference, which costs nobody a point: {error}"
        place = f"{check.item.path.parent.name}/{check.item.path.name}:{line_of(check, error)}"
        if isinstance(error, CheckTookTooLong):
            return f"{_ENDLESS}, and was stopped (at {place})"
        words = _in_full(error) if self._for_author else _in_words(error)
        if instead := advise(linecache.getline(str(check.item.path), line_of(check, error))):
            words = f"{words} {instead},"
        return (
            "this check is broken, which costs nobody a point: the reference does not pass it "
            f"({words} at {place})"
        )


class _Unrun(Exception):
    """The checks of a lesson could not run on the reference."""


class _Recorder:
    """Passes calls on to a session, and records them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.calls: list[bytes] = []  # encoded requests
        self.functions: list[str] = []  # names of the functions that were called

    def begin(self, check: str) -> None:
        """Begin a check, to which anything may give an object."""
        self._session.begin(check, None)

    @property
    def seen(self) -> frozenset[str]:
        """What has given the present check an object."""
        return frozenset(self._session.held.seen)

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        """Call a function of the reference in the sandbox."""
        self.calls.append(wire.encode_call(function, args, kwargs))
        self.functions.append(function)
        return self._session.call(function, *args, **kwargs)

    def use(
        self, operation: str, args: Sequence[object], kwargs: Mapping[str, object], key: str
    ) -> Returned:
        """Use an object of the reference in the sandbox."""
        return self._session.use(operation, args, kwargs, key)

    def run(self, stdin: str, args: Sequence[str], files: Mapping[str, str | bytes]) -> ProgramRun:
        """Run the reference as a program in the sandbox."""
        return self._session.run(stdin, args, files)

    def source(self, name: str) -> str:
        """The text of a function of the reference."""
        return self._session.source(name)

    def look_up(self, name: str) -> Returned:
        """Look a name of the reference up in the sandbox."""
        return self._session.look_up(name)

    @property
    def held(self) -> HeldObjects:
        """See :attr:`Session.held`."""
        return self._session.held

    @property
    def workers(self) -> int:
        """See :attr:`Session.workers`."""
        return self._session.workers

    def value(self, name: str, *keys: str) -> Returned:
        """Read a value of the reference in the sandbox."""
        self.calls.append(wire.encode_value(name, keys))
        return self._session.value(name, *keys)

    def value_after(self, cell: int | str, name: str, *keys: str) -> Returned:
        """Read a value of the reference as it stood after a cell."""
        return self._session.value_after(cell, name, *keys)

    def stand_after(self, cell: int | str | None) -> None:
        """See :meth:`Session.stand_after`."""
        self._session.stand_after(cell)


@dataclass(frozen=True, slots=True)
class _Run:
    check: Check
    error: BaseException | None
    calls: Sequence[bytes]
    functions: Sequence[str]
    seconds: float  # of CPU time
    handles: frozenset[str] = frozenset()  # what gave it an object


def _in_words(error: BaseException) -> str:
    """The exception, with its text only if that is about code: another may have a right answer."""
    name = type(error).__name__
    if isinstance(error, pytest.FixtureLookupError):
        return (
            f"{name}: there is no fixture `{clean(str(error.argname))}` here; checks have "
            "`student`, `reference`, `rng`, `tmp_path`, `capsys`, `monkeypatch` and those of your "
            "conftest.py,"
        )
    if isinstance(error, NotComparable) and error.instead:
        kind = clean(error.in_words)
        return f"it compares {kind} of the student's with a value: {error.instead},"
    if isinstance(error, WrongReturn):
        return f"in the sandbox it returns {clean(error.in_words)}, which no check can be given,"
    if isinstance(error, StudentFault) and not isinstance(error, Raised):
        return f"in the sandbox: {clean(error.in_words)},"
    text = clean(mask_long_numbers(str(error))) if isinstance(error, _ABOUT_CODE) else ""
    return f"{name}: {text}," if text else name


def _in_full(error: BaseException) -> str:
    """The exception with its whole text, for the check's author."""
    if isinstance(error, pytest.FixtureLookupError | StudentFault) and not isinstance(
        error, Raised
    ):
        return _in_words(error)
    text = clean(str(error))
    return f"{type(error).__name__}: {text}," if text else type(error).__name__


def line_of(check: Check, error: BaseException) -> int:
    """The line of its file at which a check ended; its first line if it did not run."""
    trace = error.__traceback__
    line = (check.item.location[1] or 0) + 1  # pytest counts from 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(check.item.path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
