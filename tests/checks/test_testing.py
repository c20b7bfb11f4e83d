"""What checks are written with: values taken in and compared, and failures in words."""

from __future__ import annotations

from itertools import product
from typing import Any, Final, cast

import numpy as np
import pytest

from grader.checks.explanations import explain
from grader.checks.handles import About, Handle
from grader.checks.student import Call
from grader.results.message import write
from grader.sandbox.faults import Raised
from grader.testing import (
    ATOL,
    RTOL,
    Earned,
    Unequal,
    Unfit,
    all_close,
    as_array,
    as_parts,
    assert_close,
    earn,
    earn_last_value,
    is_close,
)


def explained(error: BaseException, call: Call | None, *, hidden: bool) -> str:
    return write(explain(error, call, hidden=hidden))


CALL = Call("share", {"scores": np.zeros((3, 5))}, np.zeros((3, 5)))


@pytest.mark.parametrize(
    ("value", "axes", "message"),
    [
        (np.zeros((2, 3)), {"n": 2, "d": 4}, "{}(n, d) = (2, 4), got {}(2, 3)"),
        (np.zeros(3), {}, "a single number, got {}(3,)"),
        (2.5, {"n": 3}, "{}(n,) = (3,), got a single number"),
        (None, {"n": 3}, "{}(n,) = (3,), got None"),
        ([[1, 2], [3]], {"n": 2, "d": 2}, "{}(n, d) = (2, 2), got a list that is no array"),
        (np.zeros(3, complex), {"n": 3}, "{}(n,) = (3,), got an array of complex128"),
        (True, {}, "a single number, got a value of type bool"),
        ((np.ones(3),), {"n": 3}, "{}(n,) = (3,), got a tuple of 1 value, each of shape (3,)"),
        ("secret", {}, "a single number, got a text"),
    ],
)  # fmt: skip
def test_what_is_no_array_of_these_axes_is_told_in_words(
    value: object, axes: dict[str, int], message: str
) -> None:
    with pytest.raises(Unfit) as failed:
        as_array(value, **axes)
    assert str(failed.value) == "expected " + message.replace("{}", "an array of shape ")


@pytest.mark.parametrize(
    "value", [[[1, 2], [3, 4]], np.array([[1, 2], [3, 4]]), ((1.0, 2), (3, 4))]
)
def test_lists_and_integers_will_do_for_an_array(value: object) -> None:
    array = as_array(value, "output", n=2, d=2)
    assert array.dtype == np.float64
    assert array.tolist() == [[1, 2], [3, 4]]


def test_a_part_is_called_by_its_name() -> None:
    with pytest.raises(Unfit, match=r"expected weights: a single number, got weights: None"):
        as_array(None, "weights")


@pytest.mark.parametrize(
    ("value", "got"),
    [
        (np.zeros((2, 3)), "an array of shape (2, 3)"),
        ({"Q": 1}, "a dict"),
        ((1, 2, 3), "a tuple of 3 values"),
        ([1], "a list of 1 value"),
        (None, "None"),
    ],
)
def test_a_value_that_is_no_tuple_of_two_is_refused_with_what_it_is(
    value: object, got: str
) -> None:
    with pytest.raises(Unfit) as failed:
        as_parts(value, "output", "weights")
    assert str(failed.value) == f"expected a tuple of 2 values: output, weights, got {got}"


@pytest.mark.parametrize(
    ("value", "expected", "close"),
    [
        ([1.0, 2.0], np.array([1.0, 2.0 + 1e-9]), True),
        ([1.0, 2.0], np.array([1.0, 2.001]), False),
        ([[1.0, 2.0]], np.array([1.0, 2.0]), False),
        (np.array([np.nan]), np.array([np.nan]), False),
        ("1", 1.0, False),
        (None, 1.0, False),
        ([[1, 2], [3]], np.ones((2, 2)), False),
        ([np.ones(2), 3], (np.ones(2), 3.0), True),
        ((np.ones(2),), (np.ones(2), 3.0), False),
        (np.ones((2, 2)), (np.ones(2), np.ones(2)), False),
    ],
)
def test_values_are_close_in_the_same_shape_and_part_by_part(
    value: object, expected: Any, close: bool
) -> None:
    assert is_close(value, expected) is close


@pytest.mark.parametrize(
    ("actual", "desired"), [(np.ones(3), np.ones(2)), ([1, np.nan], [1, np.nan]), ([1, 2], 1)]
)
def test_numbers_that_are_not_close_fail_with_the_reason(actual: Any, desired: Any) -> None:
    with pytest.raises(Unequal, match="because"):
        assert_close(actual, desired, why="because")


_NUMBERS: Final = (
    0.0, 1.0, 1 + 1e-9, 1 + 1.1e-6, 1e-8, 1.1e-8, -1.0, np.inf, -np.inf, np.nan, 1e300, 3, True,
)  # fmt: skip


@pytest.mark.parametrize("shape", [(), (2,), (0, 3)])
@pytest.mark.parametrize("equal_nan", [True, False])
def test_arrays_are_all_close_as_numpy_has_it(shape: tuple[int, ...], equal_nan: bool) -> None:
    arrays = [np.full(shape, number) for number in _NUMBERS]
    for mine, right in product(arrays, repeat=2):
        expected = np.allclose(mine, right, rtol=RTOL, atol=ATOL, equal_nan=equal_nan)
        assert all_close(mine, right, equal_nan=equal_nan) is expected, (mine, right)


def test_one_number_that_is_not_close_is_enough() -> None:
    right = np.arange(6.0).reshape(2, 3)
    one_is_off = right.copy()
    one_is_off[0, 2] += 1e-3
    assert all_close(right * (1 + 1e-9), right)
    assert not all_close(one_is_off, right)
    assert all_close(one_is_off, right, atol=2e-3)


def test_one_number_stands_for_all() -> None:
    assert_close([1.0, 1.0 + 1e-9], 1.0, why="because")


def failure_of(weights: np.ndarray) -> Unequal:
    with pytest.raises(Unequal) as failed:
        assert_close(
            weights.sum(axis=1),
            1.0,
            of="row sums",
            beside={"column sums": weights.sum(axis=0)},
            why="a row is shared out",
        )
    return failed.value


def test_the_student_reads_what_the_numbers_are_and_what_stands_beside_them() -> None:
    text = explained(failure_of(np.full((2, 4), 0.5)), CALL, hidden=False)
    assert "got        row sums [2. 2.], column sums [1. 1. 1. 1.]" in text
    assert "expected   row sums [1. 1.]" in text
    assert "why        a row is shared out" in text


def test_a_hidden_check_shows_none_of_the_numbers() -> None:
    text = explained(failure_of(np.full((2, 4), 0.625)), CALL, hidden=True)
    assert "2.5" not in text
    assert "1.25" not in text
    assert "why        a row is shared out" in text


def test_large_arrays_are_shown_by_the_first_number_that_differs() -> None:
    actual = np.zeros((4, 5))
    actual[2, 1] = 0.123456
    with pytest.raises(Unequal) as failed:
        assert_close(actual, np.zeros((4, 5)), why="because")
    text = explained(failed.value, CALL, hidden=False)
    assert "got        (4, 5) float64, with 0.1235 at [2, 1]" in text
    assert "expected   0 at [2, 1]; 1 of 20 numbers differ" in text


@pytest.mark.parametrize("size", [1, 20])
def test_numbers_that_differ_are_never_shown_as_equal(size: int) -> None:
    with pytest.raises(Unequal) as failed:
        assert_close(np.full(size, 1.00002), np.ones(size), why="because")
    text = explained(failed.value, CALL, hidden=False)
    assert "1.00002" in text.partition("expected")[0]


def test_the_numbers_that_came_back_are_shown_in_a_visible_check_alone() -> None:
    call = Call("double", {}, value=np.array([0.25, 0.75]))
    failure = AssertionError("because")
    assert "got        [0.25 0.75]\n" in explained(failure, call, hidden=False)
    assert "0.25" not in explained(failure, call, hidden=True)
    call = Call("double", {}, value=np.array([0.25, np.nan]))
    assert "1 of 2 numbers nan or infinite" in explained(failure, call, hidden=False)


@pytest.mark.parametrize(
    "mistake",
    [
        "np.ones((3, 5)) / np.ones(3)",
        "np.ones((3, 5)) @ np.ones((3, 5))",
        "np.ones(3).dot(np.ones(4))",
        "1 if np.ones(3) > 0 else 2",
        "np.array([[1, 2], [3]])",
        "float(np.ones(3))",
        "np.ones(3, dtype=int).__isub__(0.5)",
        "np.ones(3).sum(axis=1)",
        "np.ones(3)[3]",
        "np.ones(3)[0, 0]",
        "numpy.ones(3)",
        "[1, 2].shape",
        "[1, 2] - [1, 1]",
        "[1, 2] * 1.5",
        "None + 1",
        "None.shape",
        "len()",
        "(lambda u: u)(1, 2)",
        "(lambda u: u)(axis=1)",
        "np.ones[3]",
        "np.ones(3)(2)",
        "1 / 0",
    ],
)
def test_a_common_exception_comes_with_what_it_means(mistake: str) -> None:
    """The texts are those of the installed Python and numpy: another version may need new words."""
    with pytest.raises(Exception) as caught:  # noqa: PT011  (any)
        eval(mistake, {"np": np})
    fault = Raised(type(caught.value).__name__, str(caught.value), None)
    assert "\nmeans      " in explained(fault, CALL, hidden=True)


def test_an_exception_of_the_students_own_speaks_for_itself() -> None:
    assert "means" not in explained(Raised("ValueError", "lengths differ", None), CALL, hidden=True)


@pytest.mark.parametrize("expected", ["four", ["four"], {"four": 4}, None, [[1], [2, 3]]])
def test_words_and_dicts_are_no_numbers_to_compare(expected: Any) -> None:
    with pytest.raises(TypeError, match=r"^assert_close compares numbers.*use `==`"):
        assert_close([4.0], expected, why="because")
    with pytest.raises(TypeError, match=r"^is_close compares numbers.*use `==`"):
        is_close({"four": 4}, expected)


def share_of(value: object) -> float:
    try:
        earn_last_value(value, of=4)
    except Earned as earned:
        return earned.share
    return 1.0


@pytest.mark.parametrize(
    ("value", "share"),
    [
        (3, 0.75), (0, 0.0), (4, 1.0), (5, 1.0), (np.float64(1.0), 0.25), (np.int64(2), 0.5),
        (None, 1.0), (True, 1.0), (False, 1.0), ("half", 1.0), ([1], 1.0),
        (-1, 0.0), (float("nan"), 0.0), (float("inf"), 0.0),
    ],
)  # fmt: skip
def test_the_last_value_of_a_cell_is_its_mark_as_in_nbgrader(value: object, share: float) -> None:
    assert share_of(value) == share


def test_an_object_of_the_students_is_no_mark() -> None:
    assert share_of(Handle(cast("About", None))) == 0


def test_a_part_of_the_points_is_told() -> None:
    with pytest.raises(Earned, match=r"^2 of 3 points$") as earned:
        earn(2, of=3)
    assert earned.value.share == pytest.approx(2 / 3)
