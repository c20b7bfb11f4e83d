"""What a grading process does with a batch of students, and what it keeps for the next batch."""

from __future__ import annotations

import atexit
import importlib.util
import sys
from collections.abc import Collection, Sequence
from functools import lru_cache, partial
from pathlib import Path
from types import ModuleType
from typing import Final

from grader.course import Course, sandbox_limits, sandbox_packages
from grader.course.questions import unasked
from grader.diagnosis.reruns import DiagnosisCache
from grader.errors import CourseError, GraderError
from grader.grading import examiner
from grader.grading.current_check import OWN, Loss
from grader.grading.examiner import PROCESS_LOST, run_checks
from grader.results import StudentResult
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation, LevelChoice, choose_level
from grader.submissions.submission import Submission

#: The memory that the checks of a batch may need on our side: as much as a student's program has.
_MOST_MEMORY: Final = 2**30  # bytes


def grade_batch(
    course: Course,
    isolation: Isolation,
    submissions: Sequence[Submission],
    losses: Sequence[Loss] = (),
    broken: Collection[tuple[str, str]] = (),
) -> list[StudentResult]:
    """Grade a batch of students in this process, in one pytest run.

    Args:
        course: whose checks are run.
        isolation: the level of the sandbox.
        submissions: the batch.
        losses: the checks at which processes were lost with the only student of this batch.
        broken: the lessons and checks with which processes were lost on the reference.
    """
    if sys.flags.optimize:
        raise GraderError(
            "Python was started with -O or PYTHONOPTIMIZE, which switches off every assertion in "
            "the checks. Unset it, and grade again."
        )
    sys.dont_write_bytecode = True  # the course's folder stays as it is
    references = load_references(course)
    sandbox = sandbox_for(course, isolation)
    current_check = OWN.get(None)
    if current_check is not None:  # one of an executor's processes
        limit_memory(_MOST_MEMORY)
    return run_checks(
        course,
        submissions,
        sandbox,
        references,
        losses=losses,
        broken=broken,
        current_check=current_check,
        cache=diagnosis_cache(course),
    )


def record_undecided(
    course: Course, isolation: Isolation, submission: Submission
) -> list[StudentResult]:
    """The results of a student with whom the process is lost again and again.

    None of their code is run. See :func:`grader.grading.examiner.record_undecided`.
    """
    sys.dont_write_bytecode = True
    sandbox = sandbox_for(course, isolation)
    references = load_references(course)
    return [examiner.record_undecided(course, submission, sandbox, references, PROCESS_LOST)]


def record_our_error(course: Course, submission: Submission) -> list[StudentResult]:
    """The same if the process is lost with the reference as well. No points are lost."""
    sys.dont_write_bytecode = True
    return [examiner.record_our_error(course, submission, load_references(course), PROCESS_LOST)]


def start_sandbox(course: Course, wanted: Isolation | None) -> LevelChoice:
    """Start this process's sandbox at the wanted level, or at the strongest one that works here.

    Raises:
        IsolationRefused: the wanted level does not work here.
    """
    return choose_level(partial(sandbox_for, course), wanted)


@lru_cache(maxsize=1)
def sandbox_for(course: Course, isolation: Isolation) -> Sandbox:
    """This process's sandbox. It is started when first needed, and kept for the next batches."""
    sandbox = new_sandbox(course, isolation)
    sandbox.restart()
    atexit.register(sandbox.close)
    return sandbox


def new_sandbox(course: Course, isolation: Isolation) -> Sandbox:
    """A sandbox with a course's limits and packages, which must not be able to read its secrets."""
    secrets = [course.root, *(lesson.solution for lesson in course.lessons)]
    secrets += [path for lesson in course.lessons for path in lesson.check_files]
    return Sandbox(isolation, sandbox_limits(course), sandbox_packages(course), secrets)


@lru_cache(maxsize=1)
def diagnosis_cache(course: Course) -> DiagnosisCache:  # noqa: ARG001  (a course has its own cache)
    """What diagnosis computes of a course in this process, kept for the next batches."""
    return DiagnosisCache()


@lru_cache(maxsize=1)
def load_references(course: Course) -> dict[str, ModuleType]:
    """Import the solutions, each by its lesson's id, as a student's later lesson imports it.

    Raises:
        CourseError: a solution cannot be imported, or lacks the text of a written question.
    """
    if problems := [line for lesson in course.lessons for line in unasked(course, lesson)]:
        raise CourseError("\n".join(problems))
    modules: dict[str, ModuleType] = {}
    shadowed = {lesson.id: sys.modules.pop(lesson.id, None) for lesson in course.lessons}
    try:
        for lesson in course.lessons:
            spec = importlib.util.spec_from_file_location(lesson.id, lesson.reference)
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            sys.modules[lesson.id] = module  # where later solutions look for it
            try:
                spec.loader.exec_module(module)
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
