"""`grader verify` tries each check on right numbers in wrong shapes, and names those it must."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from one_lesson_class import check_file
from tiny_course import CourseWriter

from grader.course import Course
from grader.results import CheckResult, LessonResult, LessonStatus, Status
from grader.sandbox.levels import Isolation
from grader.verify.answers import Answer, Graded, Kind
from grader.verify.course_rules import refuses_wrong_shapes
from grader.verify.verification import Verifier
from grader.verify.wrong_shapes import OTHER_NUMBERS, wrong_shape_versions


def graded(change: str, status: Status) -> Graded:
    check = CheckResult("test_a", "A.", status, 0.0, 1.0)
    result = LessonResult("double", LessonStatus.GRADED, 0.0, 1.0, None, (check,))
    return Graded(Answer(Kind.WRONG_SHAPE, change, ""), result)


def told(*answers: Graded) -> Sequence[str]:
    return list(refuses_wrong_shapes("test_double.py", answers))


def test_a_check_that_passes_other_numbers_too_is_not_about_values() -> None:
    shape = graded("an axis more in front", Status.PASSED)
    assert told(graded(OTHER_NUMBERS, Status.PASSED), shape) == []
    (said,) = told(graded(OTHER_NUMBERS, Status.FAILED), shape)
    assert "`test_a` accepts right numbers in a wrong shape (an axis more in front)" in said


@pytest.mark.parametrize("status", [Status.TIMEOUT, Status.OUT_OF_MEMORY, Status.UNDECIDED])
def test_a_check_that_breaks_over_a_wrong_shape_is_named(status: Status) -> None:
    (said,) = told(graded(OTHER_NUMBERS, Status.FAILED), graded("turned around", status))
    assert f"`test_a` takes too much time or memory over turned around ({status})" in said


def test_each_version_is_a_program_whose_functions_call_each_other_as_before() -> None:
    solution = "def one(x): return x * 1.0\ndef two(x): return one(x) + one(x)\n"
    for change, text in wrong_shape_versions(solution, ["one", "two"]):
        functions: dict[str, object] = {}
        exec(text, functions)
        two = functions["two"]
        assert callable(two)
        if change == "an axis more in front":
            assert two(np.array([1.5])).tolist() == [[3.0]]
            with pytest.raises(RuntimeError, match="does not apply"):  # `[3.0] == 3.0` holds
                two(1.5)


@pytest.mark.slow
def test_checks_in_plain_numpy_are_named_and_those_that_look_at_the_shape_are_not(
    tiny_course: CourseWriter,
) -> None:
    checks = check_file(
        "x = np.arange(64.0).reshape(8, 8)\nassert np.allclose(student.double(x), 2 * x)",
        "rows = np.asarray(student.double(np.ones((2, 3), np.int8)))\n"
        "assert (rows @ rows.T).tolist() == [[12, 12], [12, 12]]",
        "x = np.arange(6.0).reshape(2, 3)\nvalue = np.asarray(student.double(x))\n"
        "assert value.shape == (2, 3)\nassert np.allclose(value, 2 * x)",
    )
    folder = tiny_course(
        lessons=[{"id": "double", "points": 3}],
        hidden={"double": checks},
        visible={"double": None},
        limits={"cpu_seconds_per_call": 0.5, "wall_seconds_per_call": 20.0},
    )
    course = Course.load(folder)
    proof = Verifier(course, course.lessons).run(jobs=1, wanted=Isolation.FULL)
    said = [it for it in proof.all_problems if "shape" in it]
    accepts = "accepts right numbers in a wrong shape (an axis more in front, no number at all)"
    assert any(accepts in it for it in said)
    assert any("`test_a` takes too much" in it and "out_of_memory" in it for it in said)
    assert any("`test_b` takes too much" in it and "timeout" in it for it in said)
    assert not any("`test_c`" in it for it in said)
