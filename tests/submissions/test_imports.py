"""Which earlier lessons a lesson can import: those that it names, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_course import write_course

from grader.course import Course
from grader.grading import grading_process
from grader.sandbox.levels import Isolation
from grader.submissions.imports import imports_of, named_imports
from grader.submissions.submission import HandedIn, Source, Submission, Unreadable

BOLD = "".join(chr(0x1D41A + ord(letter) - ord("a")) for letter in "second")  # Python reads it
LESSONS = ("first", "second", "third", "fourth")


@pytest.mark.parametrize(
    "source",
    [
        "import second",
        "import numpy as np, second as it",
        "from second import value",
        "from second import (\n    value,\n)",
        "from \\\n    second import value",
        "def later():\n    import second",
        "x = 1; import second",
        "if x: from second import *",
        "import second.part",
        "import " + BOLD,
        "import\tsecond",
        "import second# a comment",
    ],
)
def test_a_lesson_is_named_where_it_is_imported(source: str) -> None:
    assert named_imports(f"import numpy\n{source}\n", LESSONS) == {"second"}


@pytest.mark.parametrize(
    "source",
    ["", "import numpy", "# as in second", "second = 2", "import numpy\nsecond", "import seconds"],
)
def test_a_lesson_that_is_only_mentioned_is_not_imported(source: str) -> None:
    assert named_imports(source, LESSONS) == frozenset()


@pytest.mark.parametrize(
    "source",
    [
        "__import__('sec' + 'ond')",
        "importlib.import_module(name)",
        "exec(text)",
        "import é" + "x" * 9999,
    ],
)
def test_a_computed_name_may_be_any_lesson(source: str) -> None:
    assert named_imports(source, LESSONS) == set(LESSONS)


def handed_in(**texts: str) -> dict[str, HandedIn]:
    return {name: Source(f"{name}.py", (text,), notebook=False) for name, text in texts.items()}


def test_what_an_imported_lesson_imports_counts_too_and_a_later_one_never() -> None:
    lessons = handed_in(
        first="import fourth", second="import first, third", third="import second", fourth="1"
    )
    assert imports_of(lessons, LESSONS) == {
        "first": (),
        "second": ("first",),
        "third": ("first", "second"),
        "fourth": (),
    }


def test_a_lesson_that_is_missing_or_unreadable_counts_where_it_is_named() -> None:
    lessons = {**handed_in(third="import first, second"), "second": Unreadable("a pipe")}
    imports = imports_of(lessons, LESSONS)
    assert imports["third"] == ("first", "second")
    assert imports["second"] == ()


def test_a_notebook_imports_in_any_of_its_cells() -> None:
    cells = ("x = 1", "import first")
    lessons = {"second": Source("second.ipynb", cells, notebook=True)}
    assert imports_of(lessons, LESSONS)["second"] == ("first",)


SOLUTIONS = {
    "first": "def first(x): return x + 1",
    "second": "from first import first\ndef second(x): return 2 * first(x)",
    "third": "from second import second\ndef third(x): return 3 * second(x)",
}
ENDS_WHERE_IT_FINDS_ONE = """
def third(x):
    import sys
    for finder in sys.meta_path:
        for name in ("fir" + "st", "sec" + "ond"):
            if finder.find_spec(name, None):
                raise SystemExit(name)
    return 6 * (x + 1)
"""


def test_lessons_that_are_not_named_are_not_there(tmp_path: Path) -> None:
    checks = {
        name: f'def test_it(student, reference):\n    """It."""\n'
        f"    assert student.{name}(5) == reference.{name}(5)"
        for name in SOLUTIONS
    }
    course = Course.load(
        write_course(
            tmp_path / "chain",
            lessons=[
                {"id": name, "points": 1, "requires": [*SOLUTIONS][max(number - 1, 0) : number]}
                for number, name in enumerate(SOLUTIONS)
            ],
            solutions=SOLUTIONS, hidden=checks, visible=dict.fromkeys(SOLUTIONS),
        )
    )  # fmt: skip
    # Ours imports `first`, which ada's own does not: then it is ours, too.
    ada = SOLUTIONS | {"first": "def first(x): return 0", "second": "def second(x): return 0"}
    ben = SOLUTIONS | {"third": ENDS_WHERE_IT_FINDS_ONE}
    cleo = SOLUTIONS | {"third": ENDS_WHERE_IT_FINDS_ONE + "# import first"}
    grading_process.forget()
    submissions = [
        Submission(str(len(programs)), handed_in(**programs)) for programs in (ada, ben, cleo)
    ]
    first, second, third = grading_process.grade_batch(course, Isolation.FULL, submissions)
    grading_process.forget()
    assert [lesson.score for lesson in first.lessons] == [0, 0, 1]
    assert [lesson.score for lesson in second.lessons] == [1, 1, 1]
    assert [lesson.score for lesson in third.lessons] == [1, 1, 0]
