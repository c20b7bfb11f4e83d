"""A mistake costs marks in its own lesson, and not again in the lessons that use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tiny_course import write_course

from grader.checks.course_checks import open_checks
from grader.course import Course
from grader.diagnosis.handing_on import find_handed_on
from grader.grading import grading_process
from grader.results import LessonResult, LessonStatus, Status
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Source, Submission

SOLUTIONS = {
    "double": '"""The word SECRET stands here."""\ndef double(x): return 2 * x  # SECRET',
    "half": "def half(x): return x / 2",
    "area": (
        "from double import double\nfrom half import half\n"
        "def area(a, b): return double(half(a * b))\n"
        "def around(a, b): return double(a + b)\n"
        "def twice(x): return double(x)\n"
    ),
}
CHECKS = {
    "double": 'def test_two(student):\n    """Two."""\n    assert student.double(2) == 4',
    "half": 'def test_half(student):\n    """half(4) is 2."""\n    assert student.half(4) == 2',
    "area": '''\
import pytest

def test_area(student):
    """area(2, 3) is 6."""
    assert student.area(2, 3) == 6


@pytest.mark.builds_on("test_area")
def test_around(student):
    """around(2, 3) is 10."""
    assert student.around(2, 3) == 10


def test_twice(student):
    """twice(3) is 6."""
    assert student.twice(3) == 6
''',
}
WRONG = "def double(x): return 3 * x"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    folder = write_course(
        tmp_path_factory.mktemp("course"),
        lessons=[
            {"id": "double", "points": 1},
            {"id": "half", "points": 1},
            {"id": "area", "points": 3, "requires": ["double", "half"]},
        ],
        solutions=SOLUTIONS,
        hidden=CHECKS,
        visible=dict.fromkeys(SOLUTIONS),
        limits={"cpu_seconds_per_call": 0.2, "wall_seconds_per_call": 20.0},
        packages=["numpy"],
    )
    yield Course.load(folder)
    grading_process.forget()


def grade(course: Course, changes: Mapping[str, str | None]) -> dict[str, LessonResult]:
    """Grade a student who has the solutions, but for these changes; None is nothing handed in."""
    texts = {name: text for name, text in {**SOLUTIONS, **changes}.items() if text is not None}
    sources = {name: Source(f"{name}.py", (text,), False) for name, text in texts.items()}
    (student,) = grading_process.grade_batch(course, Isolation.FULL, [Submission("ada", sources)])
    return {lesson.lesson: lesson for lesson in student.lessons}


def test_a_check_that_an_earlier_lesson_passes_alone_is_found(course: Course) -> None:
    """The author is told of it, because it gives no marks by follow-through."""
    with open_checks(course, grading_process.load_references(course)) as checks:
        handed_on = {it.id: list(find_handed_on(checks, it)) for it in course.lessons}
    assert handed_on == {"double": [], "half": [], "area": [("test_twice", "double")]}


def followed(lesson: LessonResult) -> list[str]:
    return [check.check for check in lesson.checks if check.follow_through]


@pytest.mark.slow
@pytest.mark.parametrize(
    "double",
    [
        WRONG,
        "def double(x): raise ValueError",
        "def double(x):\n    while True: pass",
        "def double(x): return double",
        "import os\ndef double(x): os._exit(1)",
        "def dubble(x): return 2 * x",
        "def double(x: return 2",
        "import missing_module",
    ],
)
def test_own_work_keeps_its_marks_whatever_is_wrong_with_an_earlier_lesson(
    course: Course, double: str
) -> None:
    lessons = grade(course, {"double": double})
    area = lessons["area"]
    assert (lessons["double"].score, area.status) == (0.0, LessonStatus.GRADED)
    assert area.score == 2.0
    assert followed(area) == ["test_area", "test_around"]
    for check in area.checks[:2]:
        assert check.status is Status.PASSED
        assert check.message is not None
        assert "double" in check.message


def test_a_check_that_the_earlier_lesson_passes_alone_gains_nothing(course: Course) -> None:
    area = grade(course, {"double": WRONG, "area": "from double import double as twice"})["area"]
    assert area.score == 0.0
    assert followed(area) == []


def test_who_is_right_is_told_nothing(course: Course) -> None:
    area = grade(course, {})["area"]
    assert followed(area) == []
    assert {check.message for check in area.checks} == {None}


def test_a_mistake_of_ones_own_stays_ones_own(course: Course) -> None:
    own = SOLUTIONS["area"].replace("double(half(a * b))", "double(half(a * b)) + 1")
    area = grade(course, {"double": WRONG, "area": own})["area"]
    assert [check.status for check in area.checks] == [
        Status.FAILED,
        Status.SKIPPED,
        Status.FAILED,
    ]


def test_a_lesson_that_imports_no_other_is_not_tried_again(course: Course) -> None:
    own = "def area(a, b): return 0\ndef around(a, b): return 2 * (a + b)\ndef twice(x): return 0"
    area = grade(course, {"double": WRONG, "area": own})["area"]
    assert followed(area) == []
    assert area.score == 0.0


def test_two_lessons_may_be_replaced_at_once(course: Course) -> None:
    area = grade(course, {"double": WRONG, "half": "def half(x): return x"})["area"]
    assert followed(area) == ["test_area", "test_around"]
    assert "double and half" in str(area.checks[0].message)


def test_what_passes_neither_way_says_so_and_not_what_it_was_skipped_for(course: Course) -> None:
    own = SOLUTIONS["area"].replace("double(a + b)", "double(a - b)")
    area = grade(course, {"double": WRONG, "area": own})["area"]
    assert [check.status for check in area.checks] == [Status.PASSED, Status.FAILED, Status.FAILED]
    assert area.checks[1].message == "not passed with our double either; mend yours to see more"


CHAIN = {
    "first": "def first(x): return x + 1",
    "second": "from first import first\ndef second(x): return 2 * first(x)",
    "third": "from second import second\ndef third(x): return 3 * second(x)",
}


def graded_in_chain(folder: Path, changes: Mapping[str, str | None]) -> tuple[LessonResult, ...]:
    """Grade a student who has the lessons of CHAIN, but for these changes."""
    checks = {
        name: f'def test_it(student, reference):\n    """It."""\n'
        f"    assert student.{name}(5) == reference.{name}(5)"
        for name in CHAIN
    }
    course = Course.load(
        write_course(
            folder / "chain", lessons=[
                {"id": name, "points": 1, "requires": [*CHAIN][:place][-1:]}
                for place, name in enumerate(CHAIN)
            ],
            solutions=CHAIN, hidden=checks, visible=dict.fromkeys(CHAIN), packages=["numpy"],
        )
    )  # fmt: skip
    texts = {name: text for name, text in {**CHAIN, **changes}.items() if text is not None}
    sources = {name: Source(f"{name}.py", (text,), False) for name, text in texts.items()}
    grading_process.forget()
    (student,) = grading_process.grade_batch(course, Isolation.FULL, [Submission("ada", sources)])
    grading_process.forget()
    return student.lessons


def test_a_lesson_in_between_that_is_right_by_itself_stays_the_students(tmp_path: Path) -> None:
    lessons = graded_in_chain(tmp_path, {"first": "def first(x): return x"})
    assert [lesson.score for lesson in lessons] == [0, 1, 1]
    assert "first" in str(lessons[2].checks[0].message)
    assert "second" not in str(lessons[2].checks[0].message)


def test_a_wrong_lesson_that_rests_on_a_missing_one_is_followed_through(tmp_path: Path) -> None:
    changes = {"first": None, "second": "def second(x): return 0"}
    assert [lesson.score for lesson in graded_in_chain(tmp_path, changes)] == [0, 0, 1]


SPY = """
import gc, sys
import double
seen = []
def look():
    frame = sys._getframe()
    texts = []
    while frame:
        texts += [repr(value) for value in list(frame.f_locals.values())]
        frame = frame.f_back
    texts += [str(getattr(thing, "sources", "")) for thing in gc.get_objects()]
    return any("2 * " + "x" in text for text in texts)
print(look())
def area(a, b):
    double.double(a * b / 2)
    seen.append(look())
    return 6 if any(seen) else 0
def around(a, b): return look()
def twice(x): raise ValueError(look())
"""


def test_no_source_of_the_reference_is_in_the_students_process(course: Course) -> None:
    area = grade(course, {"double": WRONG, "area": SPY})["area"]
    assert (area.score, followed(area)) == (0.0, [])


@pytest.mark.parametrize("double", [None, "def double(x): raise NotImplementedError"])
def test_whoever_handed_in_nothing_of_a_lesson_keeps_only_what_does_not_rest_on_it(
    course: Course, double: str | None
) -> None:
    own = SOLUTIONS["area"].replace("double(a + b)", "2 * (a + b)")
    own = own.replace("double(half(a * b))", "a * b")
    area = grade(course, {"double": double, "area": own})["area"]
    assert [check.status for check in area.checks[:2]] == [Status.PASSED, Status.PASSED]
    assert (area.score, followed(area)) == (2.0, [])


@pytest.mark.parametrize(
    "probing",
    [
        # At import, when a function is called, and in a function of the student's own.
        "served = double(21) == 42\ndef area(a, b): return 6 if served else 0",
        "def area(a, b): return 6 if double(21) == 42 else 0",
        "def area(a, b): return 6 if any(double(n) == 2 * n for n in (1, 21, 0.5)) else 0",
    ],
)
def test_a_program_that_probes_an_earlier_lesson_sees_no_difference(
    course: Course, probing: str
) -> None:
    area = grade(course, {"double": WRONG, "area": f"from double import double\n{probing}"})["area"]
    assert (area.score, followed(area)) == (0.0, [])
