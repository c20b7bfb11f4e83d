"""What a program does stays with its student: no other, no check and no process ever sees it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from one_lesson_class import ENDINGS, GOOD, IS_FOUR, WRONG, Grade, check_file, statuses_of

from grader.errors import CourseError

FORGER = """
import numpy as np, os, sys
wire = sys.modules["grader.sandbox.wire"]
def send(value):
    frame = sys._getframe()
    while "token" not in frame.f_locals: frame = frame.f_back
    os.write(3, wire.frame(frame.f_locals["token"] + wire.encode(value)))
"""
LINE = '("raised", ("A", "B", "c", ("f", 10**5000, "t")))'
BAD = {
    "too large to be sent": f"{GOOD}\n# {'€' * 6_000_000}",
    "a forged array at once": f"{FORGER}\nsend((np.zeros(2), 1))",
    "a forged line": f"{FORGER}\ndef double(x): send({LINE})",
    "a forged line at once": f"{FORGER}\nsend({LINE})",
    "a closed folder": "import os\nos.mkdir('x', 0)",
    "a huge number": "def double(x): return 10**400",
    "a huge number in a tuple": "def double(x): return (10**400, 1)",
    "deep tuples": "def double(x, v=''):\n    for _ in range(9): v = (v, v, v)\n    return v",
    "patched numpy": f"import numpy as np\nnp.allclose = lambda *a, **k: True\n{WRONG}",
    "equal to all": "class E(int): __eq__ = lambda *a: True\ndef double(x): return E()",
    "no modules left": "import sys, builtins\nbuiltins.abs = None\nsys.modules.clear()",
    **{status: text for status, text in ENDINGS.items() if status != "passed"},
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_program_costs_its_student_alone(grade: Grade, name: str) -> None:
    lessons = grade({"ada": GOOD, "bad": BAD[name], "zoe": GOOD}, IS_FOUR)
    assert statuses_of(lessons["ada"]) == statuses_of(lessons["zoe"]) == ["passed"]
    assert lessons["bad"].score == 0
    assert all(len(check.message or "") < 1_000 for check in lessons["bad"].checks)


def test_a_program_that_is_too_large_to_be_sent_is_told_so(grade: Grade) -> None:
    lesson = grade({"bad": BAD["too large to be sent"]}, IS_FOUR)["bad"]
    assert lesson.status == "unreadable"
    assert "it is larger than the 16 MiB that can be run" in str(lesson.message)


@pytest.mark.slow
def test_the_order_of_the_students_does_not_matter(grade: Grade) -> None:
    students = {"ada": GOOD, **BAD, "zoe": WRONG}
    first = grade(students, IS_FOUR)
    assert grade(dict(reversed(students.items())), IS_FOUR) == first


def test_what_one_student_left_behind_is_never_seen_by_the_next(grade: Grade) -> None:
    leave = (
        "import builtins, os, numpy as np\nnp.left = builtins.left = 1\nos.environ['LEFT'] = '1'\n"
        "os.mkdir('left'); open('left/file', 'w')\ndef double(x): return 4"
    )
    find = (
        "import builtins, os, numpy as np\ndef double(x): return 'some' if (hasattr(np, 'left') or"
        " hasattr(builtins, 'left') or 'LEFT' in os.environ or os.listdir('.')) else 'none'"
    )
    text = check_file("assert student.double(2) in (4, 'none')")
    lessons = grade({"ada": leave, "bo": find, "cy": leave, "di": find}, text)
    assert [statuses_of(lesson) for lesson in lessons.values()] == [["passed"]] * 4


ANSWER = """
import pytest
@pytest.fixture(scope="{}")
def answer(student, reference, rng): return student.double(2)
"""


@pytest.mark.parametrize("text", [WRONG, "def double(x): return 99", "def double(x): 1 / 0"])
@pytest.mark.parametrize("scope", ["session", "module", "function"])
@pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning")
def test_a_fixture_is_set_up_anew_for_each_student(grade: Grade, text: str, scope: str) -> None:
    is_four = check_file("assert answer == 4", "assert answer == 4", args="answer")
    students = {"ada": text, "bo": GOOD, "cy": text}
    lessons = grade(students, is_four, conftest=ANSWER.format(scope))
    assert statuses_of(lessons["bo"]) == ["passed"] * 2
    assert statuses_of(lessons["ada"]) == statuses_of(lessons["cy"]) == ["failed"] * 2


def test_nothing_is_used_that_pytest_is_about_to_remove(grade: Grade) -> None:
    text = check_file("assert answer == 4", args="answer")
    lessons = grade({"ada": GOOD}, text, conftest=ANSWER.format("function"))
    assert statuses_of(lessons["ada"]) == ["passed"]


def test_grading_leaves_the_process_and_the_course_as_they_were(
    grade: Grade, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def surroundings() -> list[object]:
        variables = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
        return [[*sys.path], Path.cwd(), variables, repr(np.random.get_state())]  # noqa: NPY002

    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    before = surroundings()
    grade({"ada": f"print('hello')\n{GOOD}", "bo": WRONG}, IS_FOUR, conftest="import os")
    assert surroundings() == before
    assert capfd.readouterr() == ("", "")
    assert [path for path in tmp_path.rglob("*") if "cache" in path.name] == []


def test_two_courses_in_one_process_have_each_their_own_checks(grade: Grade) -> None:
    six, is_six = "def double(x): return 6", IS_FOUR.replace("4", "6")
    assert statuses_of(grade({"ada": GOOD}, IS_FOUR, forget=False)["ada"]) == ["passed"]
    assert statuses_of(grade({"ada": six}, is_six, solution=six)["ada"]) == ["passed"]


def test_a_conftest_that_cannot_be_imported_is_named(grade: Grade) -> None:
    with pytest.raises(CourseError, match=r"conftest\.py: it cannot be imported: ImportError: no"):
        grade({"ada": GOOD}, IS_FOUR, conftest="raise ImportError('no such thing')")
    assert grade({"ada": GOOD}, IS_FOUR)["ada"].score == 1
