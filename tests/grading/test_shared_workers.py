"""One process grades all lessons of a student while all goes well, and no mark depends on it."""

from __future__ import annotations

import os
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from textwrap import indent
from typing import Final

import pytest
from corpus import CORPUS, HONEST, read_program, set_scene
from places import REPOSITORY
from tiny_course import write_course

from grader.course import Course
from grader.diagnosis.naming import Namer
from grader.diagnosis.reruns import StudentLesson
from grader.diagnosis.version_files import (
    read_accepted_versions,
    read_wrong_versions,
    replace_functions,
)
from grader.grading import grading_process
from grader.grading.examiner import Examiner
from grader.results import LessonResult, StudentResult
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation
from grader.submissions.imports import closure, find_incomplete, imports_of
from grader.submissions.intake import take_in
from grader.submissions.submission import EarlierResult, Source, Submission

#: What the first lesson does, and how the second one finds that it has been done.
LEFTOVERS: Final = {
    "a function of numpy": ("np.sum = len", "np.sum is len"),
    "a name of numpy": ("np.linalg.mine = 1", "hasattr(np.linalg, 'mine')"),
    "a builtin": ("import builtins; builtins.mine = 1", "'mine' in dir(__builtins__)"),
    "a constant": ("import math; math.pi = 3", "math.pi == 3"),
    "numpy's random numbers": (
        "np.random.seed(5)",
        "np.random.random() == np.random.RandomState(5).random_sample()",
    ),
    "Python's random numbers": (
        "import random; random.seed(5)",
        "random.random() == random.Random(5).random()",
    ),
    "the recursion limit": ("sys.setrecursionlimit(5000)", "sys.getrecursionlimit() == 5000"),
    "a filter of warnings": (
        "import warnings; warnings.simplefilter('error')",
        "warnings.filters[0][0] == 'error'",
    ),
    "numpy's errors": ("np.seterr(all='raise')", "np.geterr()['over'] == 'raise'"),
    "numpy's printing": (
        "np.set_printoptions(precision=2)",
        "str(np.array([1.2345])) == '[1.23]'",
    ),
    "the working folder": ("os.chdir('/')", "os.getcwd() == '/'"),
    "the environment": ("os.environ['MINE'] = '1'", "'MINE' in os.environ"),
    "the mask of new files": ("os.umask(0o77)", "os.umask(0) == 0o77"),
    "a file": ("open('mine.txt', 'w').close()", "os.path.exists('mine.txt')"),
    "an open file": ("os.dup(0)", "os.fstat(4).st_mode"),
    "a thread": (
        "import _thread; _thread.start_new_thread(time.sleep, (60,))",
        "__import__('_thread')._count() > 0",
    ),
    "a module": ("import json.tool", "'json.tool' in sys.modules"),
    "a module of its own": ("sys.modules['mine'] = sys", "'mine' in sys.modules"),
    "the lesson before": ("pass", "'first' in sys.modules"),
    "a folder of modules": ("sys.path.append('/')", "'/' in sys.path"),
    "what finds modules": ("sys.meta_path.append(1)", "1 in sys.meta_path"),
    "a trace": ("sys.settrace(lambda *_: None)", "sys.gettrace() is not None"),
    "no garbage collection": ("import gc; gc.disable()", "not gc.isenabled()"),
    "a signal": (
        "import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN)",
        "signal.getsignal(signal.SIGALRM) == signal.SIG_IGN",
    ),
    "what prints": ("import io; sys.stdout = io.StringIO()", "type(sys.stdout).__name__[0] == 'S'"),
}
#: What nobody looks for, and how the second lesson finds it.
UNNOTICED: Final = (
    "import collections; collections.Counter.mine = True",
    "hasattr(collections.Counter, 'mine')",
)
IMPORTS: Final = "import collections, gc, math, os, random, signal, sys, time, warnings\n" + (
    "import numpy as np\n"
)


def first(does: str) -> str:
    return f"{IMPORTS}{does}\ndef first(): return 1\n"


def second(returns: str) -> str:
    return f"{IMPORTS}def second():\n{indent(returns, '    ')}\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    names = ("first", "second", "third")
    hidden = 'def test_it(student):\n    """It is 1."""\n    assert student.{}() == 1\n'
    visible = hidden.replace("it(", "that(")
    folder = write_course(
        tmp_path_factory.mktemp("course"),
        lessons=[{"id": name, "points": 2} for name in names],
        solutions={name: f"def {name}(): return 1" for name in names},
        hidden={name: hidden.replace("{}", name) for name in names},
        visible={name: visible.replace("{}", name) for name in names},
        packages=["numpy"],
    )
    yield Course.load(folder)
    grading_process.forget()


def grade(course: Course, students: Mapping[str, Sequence[str]]) -> dict[str, StudentResult]:
    """Grade students, each with the texts of some lessons."""
    submissions = [
        Submission(
            student,
            {
                lesson: Source(f"{lesson}.py", (text,), False)
                for lesson, text in zip(course.lesson_ids, texts, strict=False)
            },
        )
        for student, texts in students.items()
    ]
    results = grading_process.grade_batch(course, Isolation.FULL, submissions)
    return {result.student: result for result in results}


def scores(result: StudentResult) -> list[float]:
    return [lesson.score / lesson.max_score for lesson in result.lessons]


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Grows by one with each worker."""
    started: list[None] = []
    start = Sandbox.start_worker

    def counted(self: Sandbox) -> object:
        started.append(None)
        return start(self)

    monkeypatch.setattr(Sandbox, "start_worker", counted)
    return started


#: Of the known versions, each so-and-so-many-th is graded; 1 grades all, in some two minutes.
EVERY: Final = int(os.environ.get("GRADER_EVERY_VERSION", "3"))
RIGHT: Final = (first("pass"), second("return 1"), "def third(): return 1")


@pytest.mark.slow
def test_one_worker_grades_all_lessons_of_a_student_and_none_of_another(
    course: Course, workers: list[None]
) -> None:
    grade(course, {"ada": RIGHT})  # collects and rehearses, too
    before = len(workers)
    results = grade(course, {"ada": RIGHT, "bo": RIGHT})
    alone = len(workers) - before
    assert [scores(result) for result in results.values()] == [[1, 1, 1]] * 2
    before = len(workers)
    grade(course, {"ada": RIGHT, "bo": RIGHT, "cy": RIGHT})
    assert len(workers) - before == alone + 1


@pytest.mark.slow
def test_what_a_lesson_leaves_behind_is_noticed_or_put_back(course: Course) -> None:
    students = {
        what: (first(does), second(f"return 1 if {found} else 0"))
        for what, (does, found) in LEFTOVERS.items()
    }
    found = {name: scores(result) for name, result in grade(course, students).items()}
    assert found == {what: [1, 0, 0] for what in LEFTOVERS}


@pytest.mark.slow
def test_what_is_left_unnoticed_costs_no_mark_and_is_in_no_explanation(
    asserts_as_written: None, course: Course
) -> None:
    does, found = UNNOTICED
    students = {
        "ada": (first(does), second(f"return 0 if {found} else 1")),
        "bo": (first(does), second(f"return 77 if {found} else 55")),
        "cy": (first(does), second(f"if {found}: os._exit(1)\nreturn 1")),
        "di": (first(does), second(f"while {found}: pass\nreturn 1")),
        "ed": (first(does), f"{IMPORTS}if {found}: 1 / 0\n{second('return 1')}"),
    }
    results = grade(course, students)
    assert {name: scores(result)[1] for name, result in results.items()} == {
        "ada": 1, "bo": 0, "cy": 1, "di": 1, "ed": 1,
    }  # fmt: skip
    messages = "".join(str(check.message) for check in results["bo"].lessons[1].checks)
    assert "55" in messages
    assert "77" not in messages
    assert results["ed"].lessons[1].message is None


def one_version_each(course: Course) -> Iterator[Submission]:
    """For each known version of a lesson a student, with the right lessons that it rests on.

    The last of those is graded, so that its worker can be shared. The others have been.
    """
    solutions = {lesson.id: lesson.solution.read_text("utf-8") for lesson in course.lessons}
    requires = {lesson.id: lesson.requires for lesson in course.lessons}
    sources = {name: Source(f"{name}.py", (text,), False) for name, text in solutions.items()}
    # Its examiner stays open for those who are graded next.
    [right] = grading_process.grade_some(course, Isolation.FULL, [Submission("right", sources)])
    graded = {result.lesson: EarlierResult(result, ()) for result in right.lessons}
    for before, lesson in pairwise([course.lessons[-1], *course.lessons]):
        needed = closure([lesson.id], requires) or {before.id}
        for version in [
            *read_accepted_versions(course, lesson),
            *read_wrong_versions(course, lesson),
        ]:
            text = replace_functions(solutions[lesson.id], version.text)
            *early, last = [name for name in course.lesson_ids if name in needed]
            lessons = {name: sources[name] for name in (*early, last)}
            lessons[lesson.id] = Source(f"{lesson.id}.py", (text,), False)
            earlier = {name: graded[name] for name in early}
            yield Submission(f"{lesson.id} {version.path.name}", lessons, earlier)


def graded_otherwise(
    course: Course,
    submissions: Sequence[Submission],
    monkeypatch: pytest.MonkeyPatch,
    *,
    shared_only: bool = False,
) -> list[tuple[LessonResult, LessonResult]]:
    """The lessons that get another result with a process of their own.

    Args:
        course: that is graded.
        submissions: the class.
        monkeypatch: pytest's own.
        shared_only: whether to grade apart only what a shared worker has graded to the end. Other
            results come from a process of the lesson's own in any case.
    """
    shared: list[Source] = []
    attempt = Examiner._grade_in_shared_worker

    def attempt_and_record(
        examiner: Examiner, student_lesson: StudentLesson, source: Source
    ) -> LessonResult | None:
        result = attempt(examiner, student_lesson, source)
        if result is not None:
            shared.append(source)
        return result

    with monkeypatch.context() as patch:
        patch.setattr(Examiner, "_grade_in_shared_worker", attempt_and_record)
        together = grading_process.grade_batch(course, Isolation.FULL, submissions)
    assert shared
    if shared_only:
        places = {id(source) for source in shared}
        submissions = [
            replace(submission, earlier=results_apart(course, submission, result, places))
            for submission, result in zip(submissions, together, strict=True)
        ]
    with monkeypatch.context() as patch:
        patch.setattr(Sandbox, "has_worker", False)
        apart = grading_process.grade_batch(course, Isolation.FULL, submissions)
    return [
        pair
        for one, other in zip(together, apart, strict=True)
        for pair in zip(one.lessons, other.lessons, strict=True)
        if pair[0] != pair[1]
    ]


def results_apart(
    course: Course, submission: Submission, student: StudentResult, shared: Container[int]
) -> dict[str, EarlierResult]:
    """The results of lessons that were graded in a process of their own, by lesson."""
    imported = imports_of(submission.lessons, course.lesson_ids)
    return {
        it.lesson: EarlierResult(it, find_incomplete(imported[it.lesson], student.lessons))
        for it in student.lessons
        if id(submission.lessons.get(it.lesson)) not in shared
    }


@pytest.mark.slow
def test_known_versions_get_what_they_get_lesson_by_lesson(
    asserts_as_written: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sample class is compared in `test_same_results.py`."""
    course = Course.load(REPOSITORY)
    versions = [*one_version_each(course)][::EVERY]
    # Names of mistakes come after the checks, from a process of their own.
    monkeypatch.setattr(Namer, "name", lambda self, lesson, results, session: results)
    try:
        assert graded_otherwise(course, versions, monkeypatch, shared_only=True) == []
    finally:
        grading_process.forget()


@pytest.mark.slow
def test_hostile_and_honest_programs_get_what_they_get_lesson_by_lesson(
    asserts_as_written: None,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = set_scene(tmp_path_factory.mktemp("scene") / "scene")
    for path in sorted([*(CORPUS / "contamination").glob("*.py"), *HONEST.glob("*.py")]):
        program = read_program(path)
        scene.hand_in(program.student, program)
    about = scene.course / "course.yaml"
    patient = about.read_text("utf-8").replace(
        "wall_seconds_per_call: 1.5", "wall_seconds_per_call: 20"
    )
    about.write_text(patient, "utf-8")
    course = Course.load(scene.course)
    found = take_in(scene.submissions, course.lesson_ids, max_file_bytes=2**20)
    try:
        assert graded_otherwise(course, list(found), monkeypatch) == []
    finally:
        scene.close()
        grading_process.forget()
