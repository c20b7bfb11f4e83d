"""A class graded in this process and a real sandbox, on a course of one lesson, `double`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from textwrap import indent
from typing import Any

import pytest

from grader.course import Course
from grader.grading import grading_process
from grader.results import LessonResult
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Source, Submission

LIMITS = {"cpu_seconds_per_call": 0.2, "wall_seconds_per_call": 20.0, "seconds_per_lesson": 1.5,
          "memory_mib": 256}  # fmt: skip
GOOD = "def double(x): return 2 * x"
WRONG = "def double(x): return x"
#: A program for each status that a check can end with.
ENDINGS = {
    "passed": GOOD,
    "failed": "def double(x): raise ValueError",
    "not_attempted": "def double(x): raise NotImplementedError",
    "timeout": "def double(x):\n    while True: pass",
    "out_of_memory": "def double(x): return bytes(10**12)",
    "crashed": "import os\ndef double(x): os._exit(0)",
}

Grade = Callable[..., dict[str, LessonResult]]


def check_file(*bodies: str, args: str = "student, reference") -> str:
    """A check file: test_a, test_b, … with these bodies, titled A., B., …."""
    text = "import numpy as np\nimport pytest\n"
    for letter, body in zip("abcdefghijklmno", bodies, strict=False):
        lines = f'"""{letter.upper()}."""\n{body}'
        text += f"\n\ndef test_{letter}({args}):\n{indent(lines, '    ')}\n"
    return text


IS_FOUR = check_file("assert student.double(2) == 4")


class Sandboxes(dict[tuple[str, ...], Sandbox]):
    """One sandbox for all courses of these tests, in place of one a course: their limits agree."""

    def __call__(self, course: Course, isolation: Isolation) -> Sandbox:
        if course.packages not in self:
            sandbox = self[course.packages] = grading_process.new_sandbox(course, isolation)
            sandbox.restart()
        return self[course.packages]

    def close(self) -> None:
        """End all of them."""
        while self:
            self.popitem()[1].close()


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[Sandboxes]:
    made = Sandboxes()
    yield made
    made.close()


def submissions_of_double(programs: Mapping[str, str]) -> list[Submission]:
    """Submissions of the lesson `double`, from programs by student."""
    return [
        Submission(student, {"double": Source("double.py", (text,), False)})
        for student, text in programs.items()
    ]


@pytest.fixture
def asserts_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """This pytest rewrites the asserts of whatever is called test_*.py; the grader's does not."""
    finders = [finder for finder in sys.meta_path if "Rewriting" not in type(finder).__name__]
    monkeypatch.setattr(sys, "meta_path", finders)


@pytest.fixture
def grade(
    tiny_course: Any,
    monkeypatch: pytest.MonkeyPatch,
    sandboxes: Sandboxes,
    asserts_as_written: None,
) -> Grade:
    """Grade programs, by student, against the checks of a course of one lesson."""
    before = set(sys.modules)
    monkeypatch.setattr(grading_process, "sandbox_for", sandboxes)

    def grade_class(
        students: Mapping[str, str], hidden: str = "", *, visible: str = "", conftest: str = "",
        points: float | None = None, solution: str = GOOD, packages: tuple[str, ...] = ("numpy",),
        forget: bool = True,
    ) -> dict[str, LessonResult]:  # fmt: skip
        folder = tiny_course(
            lessons=[{"id": "double", "points": points or (hidden + visible).count("\ndef test_")}],
            solutions={"double": solution}, hidden={"double": hidden or None},
            visible={"double": visible or None}, limits=LIMITS, packages=list(packages),
        )  # fmt: skip
        (folder / "tests" / "lessons" / "conftest.py").write_text(conftest)
        course = Course.load(folder)
        try:
            results = grading_process.grade_batch(
                course, Isolation.FULL, submissions_of_double(students)
            )
        finally:
            grading_process.forget()
            for name in set(sys.modules) - before:  # where pytest keeps check files, by name
                if forget and name.endswith(("test_double", "conftest")):
                    del sys.modules[name]
        assert [result.student for result in results] == list(students)
        return {result.student: result.lessons[0] for result in results}

    return grade_class


def statuses_of(lesson: LessonResult) -> list[str]:
    return [check.status.value for check in lesson.checks]


def message_of(lesson: LessonResult, number: int = 0) -> str:
    return lesson.checks[number].message or ""
