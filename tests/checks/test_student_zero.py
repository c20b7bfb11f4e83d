"""The reference goes through the sandbox before any student: what it does not pass is broken."""

from __future__ import annotations

import pytest
from one_lesson_class import GOOD, Grade, check_file, message_of, statuses_of

#: What a check that is right in one process says, and why nobody can pass it in the sandbox.
PASSED_BY_NOBODY = {
    "a file of the course": (
        "import pathlib\nTABLE = pathlib.Path(__file__).with_name('double.py')\n"
        "def double(x): return 2 * x if TABLE.read_text() else 0",
        "assert student.double(2) == 4",
        "FileNotFoundError",
    ),
    "a value that is the grader's own process's": (
        "import os\ndef double(x): return 2 * x if os.environ.get('PATH') else 0",
        "assert student.double(2) == 4",
        "AssertionError",
    ),
    "a call without an end": (
        "import os\ndef double(x):\n    while not os.environ.get('PATH'): pass\n    return 2 * x",
        "assert student.double(2) == 4",
        "in the sandbox: it was still computing after 0.2 s",
    ),
}


@pytest.mark.parametrize(
    ("solution", "check", "reason"), PASSED_BY_NOBODY.values(), ids=PASSED_BY_NOBODY.keys()
)
def test_what_the_reference_does_not_pass_in_the_sandbox_costs_nobody_a_point(
    grade: Grade, solution: str, check: str, reason: str
) -> None:
    lesson = grade({"ada": GOOD}, check_file(check), solution=solution)["ada"]
    assert statuses_of(lesson) == ["grader_error"]
    assert lesson.score == lesson.max_score
    assert "the reference does not pass it" in message_of(lesson)
    assert reason in message_of(lesson)


def test_a_function_that_is_not_there_in_the_sandbox_is_told(grade: Grade) -> None:
    solution = "import os\nif not os.environ.get('PATH'): os._exit(3)\n" + GOOD
    lesson = grade({"ada": GOOD}, check_file("assert student.double(2) == 4"), solution=solution)
    assert statuses_of(lesson["ada"]) == ["passed"]  # the statement alone is left out
    solution = "import os\ndef double(x): return 2 * x\nif not os.environ.get('PATH'): del double"
    lesson = grade({"ada": GOOD}, check_file("assert student.double(2) == 4"), solution=solution)
    assert statuses_of(lesson["ada"]) == ["grader_error"]
    assert "in the sandbox: there is no such function" in message_of(lesson["ada"])
