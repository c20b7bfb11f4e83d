"""Checks as an instructor writes them, graded through the plugin and a real sandbox."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from textwrap import indent
from typing import Any

import numpy as np
import pytest

from grader import batch
from grader.course import Course
from grader.errors import CourseError
from grader.intake import Source, Submission
from grader.results import LessonResult, LessonStatus, Status
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation

LIMITS = {"cpu_seconds_per_call": 0.2, "wall_seconds_per_call": 20.0, "seconds_per_lesson": 1.5,
          "memory_mib": 256}  # fmt: skip
GOOD = "def double(x): return 2 * x"
WRONG = "def double(x): return x"

Grade = Callable[..., dict[str, LessonResult]]


def checks(*bodies: str, args: str = "student, reference") -> str:
    """A check file: test_a, test_b, … with these bodies, titled A., B., …."""
    text = "import numpy as np\nimport pytest\n"
    for letter, body in zip("abcdefghijklmno", bodies, strict=False):
        lines = f'"""{letter.upper()}."""\n{body}'
        text += f"\n\ndef test_{letter}({args}):\n{indent(lines, '    ')}\n"
    return text


IS_FOUR = checks("assert student.double(2) == 4")


class Sandboxes(dict[tuple[str, ...], Sandbox]):
    """One sandbox for all courses of these tests, in place of one a course: their limits agree."""

    start = staticmethod(batch.sandbox_for.__wrapped__)

    def __call__(self, course: Course, isolation: Isolation) -> Sandbox:
        if course.packages not in self:
            self[course.packages] = self.start(course, isolation)
        return self[course.packages]

    def cache_clear(self) -> None:
        while self:
            self.popitem()[1].close()


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[Sandboxes]:
    made = Sandboxes()
    yield made
    made.cache_clear()


@pytest.fixture
def grade(tiny_course: Any, monkeypatch: pytest.MonkeyPatch, sandboxes: Sandboxes) -> Grade:
    """Grade programs, by student, against the checks of a course of one lesson."""
    before = set(sys.modules)
    monkeypatch.setattr(batch, "sandbox_for", sandboxes)
    # This pytest rewrites the asserts of whatever is called test_*.py; the grader's does not.
    finders = [finder for finder in sys.meta_path if "Rewriting" not in type(finder).__name__]
    monkeypatch.setattr(sys, "meta_path", finders)

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
        submissions = [
            Submission(student, {"double": Source("double.py", (text,), False)})
            for student, text in students.items()
        ]
        try:
            results = batch.grade_batch(course, Isolation.FULL, submissions)
        finally:
            batch.load_references.cache_clear()
            for name in set(sys.modules) - before:  # where pytest keeps check files, by name
                if forget and name.endswith(("test_double", "conftest")):
                    del sys.modules[name]
        assert [result.student for result in results] == list(students)
        return {result.student: result.lessons[0] for result in results}

    return grade_class


def statuses(lesson: LessonResult) -> list[str]:
    return [check.status.value for check in lesson.checks]


def message(lesson: LessonResult, number: int = 0) -> str:
    return lesson.checks[number].message or ""


ENDINGS = {
    "passed": GOOD,
    "failed": "def double(x): raise ValueError",
    "not_attempted": "def double(x): raise NotImplementedError",
    "timeout": "def double(x):\n    while True: pass",
    "out_of_memory": "def double(x): return bytes(10**12)",
    "crashed": "import os\ndef double(x): os._exit(0)",
}


def test_every_ending_has_its_status(grade: Grade) -> None:
    for status, lesson in grade(ENDINGS, IS_FOUR).items():
        assert statuses(lesson) == [status]
        assert lesson.score == lesson.checks[0].score == (status == "passed")
        assert (message(lesson) == "") == (status == "passed")


def test_a_lesson_that_cannot_be_imported_is_unreadable_and_says_why(grade: Grade) -> None:
    lessons = grade(
        {"ada": "x = = 1", "bo": "\n1 / 0", "cy": "import os; os._exit(0)", "di": GOOD,
         "ed": "while True: pass", "fay": "import sys; sys.exit(0)"}, IS_FOUR,
    )  # fmt: skip
    assert lessons.pop("di").score == 1
    for lesson in lessons.values():
        assert (lesson.status, lesson.score) == (LessonStatus.UNREADABLE, 0.0)
    assert "double.py does not compile, in line 1" in str(lessons["ada"].message)
    assert "line 2 (`1 / 0`): ZeroDivisionError" in str(lessons["bo"].message)


def test_what_builds_on_a_failed_check_is_skipped_but_not_on_a_stub(grade: Grade) -> None:
    is_zero = "assert student.double(0) == 0"
    text = checks("assert student.double(2) == 4", is_zero, is_zero)
    for first, then in ("ab", "bc"):
        mark = f'@pytest.mark.builds_on("test_{first}")'
        text = text.replace(f"\ndef test_{then}", f"\n{mark}\ndef test_{then}")
    stub = "def double(x):\n    if x: raise NotImplementedError\n    return 0"
    lessons = grade({"ada": WRONG, "bo": stub}, text)
    assert statuses(lessons["ada"]) == ["failed", "skipped", "skipped"]
    assert statuses(lessons["bo"]) == ["not_attempted", "passed", "passed"]
    assert message(lessons["ada"], 1) == "builds on “A.”"


def test_points_weigh_checks_and_visible_ones_come_first(grade: Grade) -> None:
    hidden = IS_FOUR.replace("\ndef", "\n@pytest.mark.points(2.5)\ndef").replace("test_a", "test_h")
    lessons = grade({"ada": WRONG, "bo": GOOD}, hidden, visible=checks("pass"), points=3.5)
    assert [lesson.score for lesson in lessons.values()] == [1.0, 3.5]
    assert [check.check for check in lessons["ada"].checks] == ["test_a", "test_h"]


A_MARK = '@pytest.mark.{}\ndef test_b():\n    """B."""'
BROKEN_COURSES = {
    "points that do not add up": ("", 7, "worth 7 points, but its checks add up to 1"),
    "no docstring": ("def test_b(student): pass", 2, "needs a docstring"),
    "one name twice": ('def test_a(student):\n    """A."""', 2, "has another `test_a`"),
    "builds on nothing": (A_MARK.format("builds_on('test_x')"), 2, "test_x"),
    "builds on itself": (A_MARK.format("builds_on('test_b')"), 2, "no check of that name"),
    "builds on a later one": (
        A_MARK.format("builds_on('test_c')") + '\ndef test_c():\n    """C."""', 3, "test_c"),
    "points in words": (A_MARK.format("points('two')"), 1, "must be a number above 0"),
    "points that are no number": (A_MARK.format("points(float('nan'))"), 1, "number"),
    "an unknown mark": (A_MARK.format("point(2)"), 2, "point"),
    "a file that does not import": ("1 / 0", 1, r"test_double.py:2: .*: ZeroDivisionError"),
    "a file that does not compile": ("x = = 1", 1, r"test_double.py:2: .*invalid syntax"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "points", "words"), BROKEN_COURSES.values(), ids=BROKEN_COURSES)
def test_a_contradiction_is_refused(grade: Grade, text: str, points: int, words: str) -> None:
    with pytest.raises(CourseError, match=words):
        grade({"ada": GOOD}, f"import pytest\n{text}\n", visible=checks("pass"), points=points)


def test_a_course_that_lists_no_packages_is_graded(grade: Grade) -> None:
    assert grade({"ada": GOOD}, IS_FOUR, packages=())["ada"].score == 1


def test_a_check_that_the_reference_fails_too_costs_nobody_a_point(grade: Grade) -> None:
    text = checks("assert student.double(2) == 5", "student.missing(2)", "student.double(print)")
    lessons = grade({"ada": GOOD, "bo": WRONG}, text)
    for lesson in lessons.values():
        assert statuses(lesson) == ["grader_error"] * 3
        assert lesson.score == lesson.max_score == 3
    assert "AssertionError at hidden/test_double.py:7" in message(lessons["ada"])


@pytest.mark.parametrize("value", [
    "None", "'text'", "[[1], [1, 2]]", "10**400", "{1: {2: 3}}", "float('nan')", "b''", "1j",
    "['x' * 9, None]", "np.zeros((0, 3))", "np.array(['x'])",
])  # fmt: skip
def test_a_check_that_trips_over_a_strange_value_has_failed(grade: Grade, value: str) -> None:
    text = checks(
        "assert student.double(np.ones(3)).shape == (3,)",
        "np.testing.assert_allclose(student.double(np.ones(2)), [2, 2])",
        "assert student.double(np.asarray(student.double(2))) == 8",
        "assert 3 < student.double(2) < 5",
        "assert np.linalg.norm(student.double(np.ones(3))) > 3",
    )
    odd = f"import numpy as np\ndef double(x): return {value}"
    lessons = grade({"ada": GOOD, "bo": odd, "cy": GOOD}, text)
    assert statuses(lessons["bo"]) == ["failed"] * 5
    assert statuses(lessons["ada"]) == statuses(lessons["cy"]) == ["passed"] * 5


@pytest.mark.parametrize("status", ["timeout", "out_of_memory", "crashed"])
def test_a_check_that_swallows_a_fault_does_not_hide_it(grade: Grade, status: str) -> None:
    text = checks(
        "try: student.double(2)\nexcept Exception: pass",
        "with pytest.raises(Exception): student.double(2)",
    )
    lessons = grade({"ada": ENDINGS[status]}, text, solution="def double(x): raise ValueError")
    assert statuses(lessons["ada"]) == [status] * 2


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
    "a forged array at once": f"{FORGER}\nsend((np.zeros(2), 1))",
    "a forged line": f"{FORGER}\ndef double(x): send({LINE})",
    "a forged line at once": f"{FORGER}\nsend({LINE})",
    "a closed folder": "import os\nos.mkdir('x', 0)",
    "a huge number": "def double(x): return 10**400",
    "a huge number in a tuple": "def double(x): return (10**400, 1)",
    "deep tuples": "def double(x, v=''):\n    for _ in range(10): v = (v, v, v)\n    return v",
    "patched numpy": f"import numpy as np\nnp.allclose = lambda *a, **k: True\n{WRONG}",
    "equal to all": "class E(int): __eq__ = lambda *a: True\ndef double(x): return E()",
    "no modules left": "import sys, builtins\nbuiltins.abs = None\nsys.modules.clear()",
    **{status: text for status, text in ENDINGS.items() if status != "passed"},
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_program_costs_its_student_alone(grade: Grade, name: str) -> None:
    lessons = grade({"ada": GOOD, "bad": BAD[name], "zoe": GOOD}, IS_FOUR)
    assert statuses(lessons["ada"]) == statuses(lessons["zoe"]) == ["passed"]
    assert lessons["bad"].score == 0
    assert all(len(check.message or "") < 1_000 for check in lessons["bad"].checks)


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
    text = checks("assert student.double(2) in (4, 'none')")
    lessons = grade({"ada": leave, "bo": find, "cy": leave, "di": find}, text)
    assert [statuses(lesson) for lesson in lessons.values()] == [["passed"]] * 4


ANSWER = """
import pytest
@pytest.fixture(scope="{}")
def answer(student, reference, rng): return student.double(2)
"""


@pytest.mark.parametrize("text", [WRONG, "def double(x): return 99", "def double(x): 1 / 0"])
@pytest.mark.parametrize("scope", ["session", "module", "function"])
@pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning")
def test_a_fixture_is_set_up_anew_for_each_student(grade: Grade, text: str, scope: str) -> None:
    is_four = checks("assert answer == 4", "assert answer == 4", args="answer")
    students = {"ada": text, "bo": GOOD, "cy": text}
    lessons = grade(students, is_four, conftest=ANSWER.format(scope))
    assert statuses(lessons["bo"]) == ["passed"] * 2
    assert statuses(lessons["ada"]) == statuses(lessons["cy"]) == ["failed"] * 2


def test_nothing_is_used_that_pytest_is_about_to_remove(grade: Grade) -> None:
    text = checks("assert answer == 4", args="answer")
    lessons = grade({"ada": GOOD}, text, conftest=ANSWER.format("function"))
    assert statuses(lessons["ada"]) == ["passed"]


def test_parametrized_checks_are_checks_of_their_own(grade: Grade) -> None:
    text = checks("assert student.double(n) == 2 * n", args="student, n")
    text = text.replace("\ndef", "\n@pytest.mark.parametrize('n', [0, 1])\ndef")
    lesson = grade({"ada": WRONG}, text, points=2)["ada"]
    assert [check.check for check in lesson.checks] == ["test_a[0]", "test_a[1]"]
    assert statuses(lesson) == ["passed", "failed"]


def test_chance_is_the_same_for_every_student_and_differs_by_check(grade: Grade) -> None:
    line = "assert student.double(rng.random()) == 'shown'"
    tell = "def double(x): raise ValueError(x)"
    lessons = grade(
        {"ada": tell, "bo": f"import random, os\nrandom.random()\n{tell}", "cy": tell},
        checks(line, f"rng.random(5)\n{line}", line, args="student, rng"),
        solution="def double(x): return 'shown'",
    )
    numbers = [[message(lesson, n) for n in range(3)] for lesson in lessons.values()]
    assert [text.replace("line 3", "line 1") for text in numbers[1]] == numbers[0] == numbers[2]
    assert len(set(numbers[0])) == 3


def test_a_student_cannot_change_the_checks_own_input(grade: Grade) -> None:
    body = "x = np.ones(3)\ncall = student.call('double', x)\nassert x.tolist() == [1, 1, 1]\n"
    text = checks(body + "assert call.changed == (), f'changed {call.changed}'")
    lessons = grade({"ada": "def double(x):\n    x *= 2\n    return x", "bo": GOOD}, text)
    assert statuses(lessons["bo"]) == ["passed"]
    assert "changed ('x',)" in message(lessons["ada"])


VALUE = "student.double(x), reference.double(x)"
COMPARISONS = [
    *(f"np.testing.assert_{name}({VALUE})" for name in (
        "allclose", "array_equal", "equal", "almost_equal", "array_almost_equal",
        "array_almost_equal_nulp", "array_max_ulp")),
    f"np.testing.assert_array_less({VALUE} + 1)",
    "np.testing.assert_approx_equal(student.double(1.0), reference.double(1.0))",
    "np.testing.assert_equal({'a': [student.double(1)]}, {'a': [reference.double(1)]})",
    "assert student.double(1) == reference.double(1)",
    "assert student.double(1) == pytest.approx(reference.double(1))",
    "{reference.double(1): 0}[student.double(1)]",
]  # fmt: skip


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_a_hidden_value_is_in_no_message(grade: Grade, comparison: str) -> None:
    text = checks(f"x = np.ones(2)\n{comparison}")
    wrong, secret = "def double(x): return x * 0 + 5e6", "def double(x): return x * 0 + 271828.25"
    lesson = grade({"ada": wrong}, text, solution=secret)["ada"]
    assert lesson.checks[0].status is Status.FAILED
    assert not [part for part in ("2718", "4728", "5271", "94.") if part in message(lesson)]


def test_the_numbers_of_a_visible_check_are_shown(grade: Grade) -> None:
    text = checks(
        "np.testing.assert_allclose(student.double(np.ones(2)), [2, 2], err_msg='because')"
    )
    lesson = grade({"ada": "def double(x): return 7 * x"}, visible=text)["ada"]
    said = " ".join(message(lesson).split())
    assert said == (
        "called double(x) x: (2,) float64 with x = [1. 1.] got [7. 7.] expected [2 2] why because"
    )


NASTY = r"'\x1b[2J\u202e\r\n\x00' + 'x' * 10**6"


@pytest.mark.parametrize("text", [
    f"raise ValueError({NASTY})",
    f"def double(x): raise ValueError({NASTY})",
    f"def double(x): return {NASTY}",
    f"def double(x): return {{{NASTY}: 1}}, [{NASTY}]",
    r"def double(x): raise type('\x1b[2J\u202e\r' * 99, (Exception,), {})",
    r"def double(x): return type('\x1b[2J\u202e\r' * 99, (), {})()",
    "def double(x): raise ValueError('" + "x\u202e" * 2_000 + "')",
])  # fmt: skip
@pytest.mark.parametrize("kind", ["hidden", "visible"])
def test_what_a_student_writes_is_cut_and_cleaned(grade: Grade, text: str, kind: str) -> None:
    lesson = grade({"ada": text}, **{kind: IS_FOUR})["ada"]
    for shown in [lesson.message or "", *(check.message or "" for check in lesson.checks)]:
        assert len(shown) < 1_000
        assert not set(shown) & set("\x1b\u202e\r\x00")


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
    assert statuses(grade({"ada": GOOD}, IS_FOUR, forget=False)["ada"]) == ["passed"]
    assert statuses(grade({"ada": six}, is_six, solution=six)["ada"]) == ["passed"]


LOOKS_AHEAD = """
import sys

def double(x):
    frame = sys._getframe()
    while frame:
        if "foreseen" in frame.f_locals:
            raise ValueError(f"{len(frame.f_locals['foreseen'])} known ahead")
        frame = frame.f_back
    return 2 * x
"""


def test_no_call_of_a_check_that_goes_by_the_references_answers_is_made_ahead(grade: Grade) -> None:
    text = checks("four = student.double(2.0); assert student.double(four) == 8.0")
    (lesson,) = grade({"ada": LOOKS_AHEAD}, text).values()
    assert "0 known ahead" in message(lesson)
