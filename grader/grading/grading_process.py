"""What a grading process keeps for its next batches: sandbox, references and an open examiner."""

from __future__ import annotations

import ast
import atexit
import contextlib
import importlib.util
import io
import math
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Final

from grader.checks.reference import quiet
from grader.checks.reference_names import mark_as_stub
from grader.course import Course, sandbox_data, sandbox_limits, sandbox_packages
from grader.course.module_files import FurtherModules
from grader.course.questions import unasked
from grader.diagnosis.reruns import DiagnosisCache
from grader.errors import CourseError, GraderError
from grader.grading import examiner
from grader.grading.current_check import OWN, REHEARSAL, CurrentCheck, Loss
from grader.grading.examiner import open_examiner
from grader.grading.lesson_results import PROCESS_LOST
from grader.results import StudentResult
from grader.sandbox.client import Sandbox
from grader.sandbox.data_folder import beside_data, put_beside_data
from grader.sandbox.levels import Isolation, LevelChoice, choose_level
from grader.submissions.submission import Submission

#: The memory that the checks of a batch may need on our side: as much as a student's program has.
_MOST_MEMORY: Final = 2**30  # bytes


class _OpenExaminer:
    """The examiner of this process. It stays open for the next students."""

    def __init__(
        self,
        course: Course,
        isolation: Isolation,
        broken: Collection[tuple[str, str]],
        for_author: bool,
    ) -> None:
        """Collect the checks and rehearse them; see :func:`grade_some`."""
        self._wanted = course, isolation, broken, for_author
        sandbox, references = sandbox_for(course, isolation), load_references(course)
        own = OWN.get(None)
        self._is_limited = own is not None  # one of an executor's processes
        self._limit_memory()  # the sandbox, which has started, has limits of its own
        self.current_check = own or CurrentCheck()
        self._stack = ExitStack()
        self.examiner = self._stack.enter_context(
            open_examiner(
                course,
                sandbox,
                references,
                broken=broken,
                begin=partial(self.current_check.announce, REHEARSAL),
                cache=_KEPT.diagnosis(course),
                for_author=for_author,
            )
        )

    def _limit_memory(self) -> None:
        """Limit the memory that the process may need on top of what it has now."""
        if self._is_limited:
            limit_memory(_MOST_MEMORY)

    def is_for(self, *wanted: object) -> bool:
        """Whether it was opened with the same arguments."""
        return self._wanted == wanted

    def close(self) -> None:
        """Close what is open."""
        self._stack.close()

    def grade(
        self, submissions: Sequence[Submission], losses: Sequence[Loss], seconds: float
    ) -> list[StudentResult]:
        """See :func:`grade_some`."""
        self._limit_memory()
        end = time.monotonic() + seconds
        results: list[StudentResult] = []
        for number, submission in enumerate(submissions):
            self.examiner.announce = partial(self.current_check.announce, number)
            results.append(self.examiner.grade(submission, losses))
            if time.monotonic() > end:
                break
        return results


class _Kept:
    """What this process keeps of one course for its next batches."""

    def __init__(self) -> None:
        self.examiner: _OpenExaminer | None = None
        self._sandbox: tuple[Course, Isolation, Sandbox] | None = None
        self._references: tuple[Course, dict[str, ModuleType]] | None = None
        self._diagnosis: tuple[Course, DiagnosisCache] | None = None

    def sandbox(self, course: Course, isolation: Isolation) -> Sandbox:
        """The sandbox of a course; that of another one, or of another level, is closed."""
        if self._sandbox is None or self._sandbox[:2] != (course, isolation):
            self.close_examiner()
            self.close_sandbox()
            sandbox = new_sandbox(course, isolation)
            sandbox.restart()
            self._sandbox = course, isolation, sandbox
        return self._sandbox[2]

    def references(self, course: Course) -> dict[str, ModuleType]:
        """The solutions of a course."""
        if self._references is None or self._references[0] != course:
            self._references = course, _import_solutions(course)
        return self._references[1]

    def diagnosis(self, course: Course) -> DiagnosisCache:
        """What diagnosis has computed of a course."""
        if self._diagnosis is None or self._diagnosis[0] != course:
            self._diagnosis = course, DiagnosisCache()
        return self._diagnosis[1]

    def close_examiner(self) -> None:
        """Close the checks that are still open."""
        closing, self.examiner = self.examiner, None
        if closing is not None:
            closing.close()

    def close_sandbox(self) -> None:
        """End the sandbox, if there is one."""
        closing, self._sandbox = self._sandbox, None
        if closing is not None:
            closing[2].close()

    def forget(self) -> None:
        """Close everything, and keep nothing."""
        self.close_examiner()
        self.close_sandbox()
        self._references = self._diagnosis = None


_KEPT: Final = _Kept()  # a process grades one course at a time
atexit.register(_KEPT.forget)


def grade_some(
    course: Course,
    isolation: Isolation,
    submissions: Sequence[Submission],
    losses: Sequence[Loss] = (),
    *,
    broken: Collection[tuple[str, str]] = (),
    seconds: float = math.inf,
    for_author: bool = False,
) -> list[StudentResult]:
    """Grade students in this process, and keep the examiner open for more of the same course.

    Args:
        course: whose checks are run.
        isolation: the level of the sandbox.
        submissions: the students.
        losses: the checks at which processes were lost with the only student of these.
        broken: the lessons and checks with which processes were lost on the reference.
        seconds: on the clock, after which no further student is graded.
        for_author: whether explanations of hidden checks may contain their numbers.

    Returns:
        The results of the first students, in order; of one student at least.
    """
    wanted = course, isolation, broken, for_author
    opened = _KEPT.examiner
    if opened is None or not opened.is_for(*wanted):
        close()
        _refuse_optimization()
        sys.dont_write_bytecode = True  # the course's folder stays as it is
        opened = _KEPT.examiner = _OpenExaminer(*wanted)
    try:
        return opened.grade(submissions, losses, seconds)
    except BaseException:
        close()  # what was broken off is not used again
        raise


def grade_batch(
    course: Course, isolation: Isolation, submissions: Sequence[Submission]
) -> list[StudentResult]:
    """Grade students in this process, and close everything but the sandbox."""
    try:
        return grade_some(course, isolation, submissions)
    finally:
        close()


def close() -> None:
    """Close the checks that are still open in this process."""
    _KEPT.close_examiner()


def forget() -> None:
    """Close all that this process keeps of a course, and keep nothing."""
    _KEPT.forget()


def record_undecided(
    course: Course, isolation: Isolation, submission: Submission
) -> list[StudentResult]:
    """The results of a student with whom the process is lost again and again.

    None of their code is run. See :meth:`grader.grading.examiner.Examiner.record_undecided`.
    """
    close()
    sys.dont_write_bytecode = True
    with open_examiner(
        course, sandbox_for(course, isolation), load_references(course), most_passes=0
    ) as examiner:
        return [examiner.record_undecided(submission, PROCESS_LOST)]


def record_our_error(course: Course, submission: Submission) -> list[StudentResult]:
    """The same if the process is lost with the reference as well. No points are lost."""
    close()
    sys.dont_write_bytecode = True
    return [examiner.record_our_error(course, submission, load_references(course), PROCESS_LOST)]


def _refuse_optimization() -> None:
    if sys.flags.optimize:
        raise GraderError(
            "Python was started with -O or PYTHONOPTIMIZE, which switches off every assertion in "
            "the checks. Unset it, and grade again."
        )


def start_sandbox(course: Course, wanted: Isolation | None) -> LevelChoice:
    """Start this process's sandbox at the wanted level, or at the strongest one that works here.

    Raises:
        IsolationRefused: the wanted level does not work here.
    """
    return choose_level(partial(sandbox_for, course), wanted)


@contextlib.contextmanager
def open_sandbox(course: Course) -> Iterator[Sandbox]:
    """A sandbox at the strongest level that works here, for this block alone.

    Raises:
        IsolationRefused: there is none.
    """
    started: list[Sandbox] = []

    def start(level: Isolation) -> None:
        sandbox = new_sandbox(course, level)
        sandbox.restart()
        started.append(sandbox)

    choose_level(start, None)
    with contextlib.closing(started[-1]) as sandbox:
        yield sandbox


def sandbox_for(course: Course, isolation: Isolation) -> Sandbox:
    """This process's sandbox. It is started when first needed, and kept for the next batches."""
    return _KEPT.sandbox(course, isolation)


def new_sandbox(course: Course, isolation: Isolation) -> Sandbox:
    """A sandbox with a course's limits and packages, which must not be able to read its secrets."""
    secrets = [course.root, *(lesson.solution for lesson in course.lessons)]
    secrets += [path for lesson in course.lessons for path in lesson.check_files]
    return Sandbox(
        isolation,
        sandbox_limits(course),
        sandbox_packages(course),
        secrets,
        data=sandbox_data(course),
        stop_cell_at_error=course.stop_cell_at_error,
    )


def load_references(course: Course) -> dict[str, ModuleType]:
    """Import the solutions, each by its lesson's id, as a student's later lesson imports it.

    Their further modules are there as well, by the names under which they are imported. Those of
    the last course are kept: the same course gets the same modules.

    Raises:
        CourseError: a solution cannot be imported, or lacks the text of a written question.
    """
    return _KEPT.references(course)


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Hide what a solution prints at its top level, and its warnings, from the instructor."""
    with quiet(), contextlib.redirect_stdout(io.StringIO()):
        yield


def _import_solutions(course: Course) -> dict[str, ModuleType]:
    if problems := [line for lesson in course.lessons for line in unasked(course, lesson)]:
        raise CourseError("\n".join(problems))
    modules: dict[str, ModuleType] = {}
    names = [
        name for lesson in course.lessons for name in (lesson.id, *FurtherModules(lesson).names)
    ]
    shadowed = {name: sys.modules.pop(name, None) for name in names}
    try:
        for lesson in course.lessons:
            spec = importlib.util.spec_from_file_location(lesson.id, lesson.reference)
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            sys.modules[lesson.id] = module  # where later solutions look for it
            put_beside_data(module, lesson.data_folder)
            further = FurtherModules(lesson)
            try:
                with beside_data(module), further.importable(), _silent():
                    if lesson.released:
                        _run_stub(module, lesson.reference.read_text("utf-8"))
                    else:
                        spec.loader.exec_module(module)
                    modules |= further.import_all()
                    further.lend_names(module, modules)
            except Exception as error:
                raise CourseError(
                    f"{course.shown(lesson.reference)}: the solution cannot be imported "
                    f"({type(error).__name__}: {error})"
                ) from error
            modules[lesson.id] = module
    finally:
        for name, module_before in shadowed.items():
            sys.modules.pop(name, None)
            if module_before is not None:
                sys.modules[name] = module_before
    return modules


def _run_stub(module: ModuleType, text: str) -> None:
    """Run a stub statement by statement: some fail, because their answers are not written yet."""
    mark_as_stub(module)
    for statement in ast.parse(text).body:
        code = compile(ast.Module([statement], []), str(module.__file__), "exec")
        with contextlib.suppress(Exception):
            exec(code, vars(module))  # noqa: S102  (the course's own code)


def limit_memory(more: int) -> None:
    """Let this process use so many bytes more than now. A check that needs more gets a MemoryError.

    Only Linux tells how much memory a process has; elsewhere there is no limit.
    """
    if sys.platform == "linux":
        import resource  # noqa: PLC0415  (Windows has none)

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = pages * resource.getpagesize() + more
        if hard == resource.RLIM_INFINITY or wanted < hard:
            resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
