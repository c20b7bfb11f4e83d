"""Inputs that are made from docstrings, and the corners in which functions are spoilt."""

from __future__ import annotations

import ast
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.course.stubs import Function
from grader.verify.corner_slips import corner_slips
from grader.verify.false_passes import make_inputs
from grader.verify.generated_inputs import Input, Parameter, Unknown, generate_inputs, parameters_of

SOURCE = '''
def scores(query: np.ndarray, keys: np.ndarray, axis: int = -1) -> np.ndarray:
    """Score.

    Parameters
    ----------
    query : shape (d,), the vector that asks
    keys : shape (n, d), one key per row

    Returns
    -------
    array of shape (n,)
    """
    return keys @ query
'''


def function_in(source: str) -> Function:
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    return function


def inputs() -> dict[str, Input]:
    parameters = parameters_of(function_in(SOURCE))
    assert isinstance(parameters, list)
    return {it.what: it for it in generate_inputs("scores", parameters)}


def test_shapes_are_read_from_the_docstring_and_defaults_are_left_alone() -> None:
    expected = [Parameter("query", ("d",)), Parameter("keys", ("n", "d"))]
    assert parameters_of(function_in(SOURCE)) == expected


@pytest.mark.parametrize(
    ("annotation", "axes"), [("int", None), ("float", ())], ids=["int", "float"]
)
def test_numbers_are_known_by_their_annotation(annotation: str, axes: Any) -> None:
    function = function_in(f"def f(x: {annotation}): ...")
    assert parameters_of(function) == [Parameter("x", axes)]


@pytest.mark.parametrize(
    ("annotation", "is_other"),
    [("np.ndarray", False), ("npt.NDArray[np.float64]", False), ("list[np.ndarray]", True)],
)
def test_a_parameter_without_a_shape_is_told_with_its_line(annotation: str, is_other: bool) -> None:
    function = function_in(f"\n\ndef f(x: {annotation}): ...")
    assert parameters_of(function) == Unknown("x", 3, is_other)


def test_a_letter_stands_for_one_size_in_all_arguments() -> None:
    for it in inputs().values():
        query, keys = it.arguments
        assert query.shape == keys.shape[1:]


@pytest.mark.parametrize(
    ("what", "kinds"),
    [
        ("floats", "ff"),
        ("integers in query", "if"),
        ("integers in keys", "fi"),
        ("integers in query and keys", "ii"),
    ],
)
def test_integers_stand_beside_floats_in_every_mixture(what: str, kinds: str) -> None:
    assert "".join(array.dtype.kind for array in inputs()[what].arguments) == kinds


def test_sizes_of_one_and_sums_and_first_entries_of_zero_are_there() -> None:
    made = inputs()
    assert made["n = 1, floats"].arguments[1].shape == (1, 5)
    assert made["d = 1, floats"].arguments[0].shape == (1,)
    query = made["sums of 0 in query, integers"].arguments[0]
    assert query.sum() == 0
    assert query.any()
    query = made["first entries of 0 in query"].arguments[0]
    assert query[0] == 0
    assert query.any()
    assert not any(array.any() for array in made["zeros in query and keys"].arguments)


def test_the_inputs_are_the_same_every_time() -> None:
    first, again = inputs(), inputs()
    assert list(first) == list(again)
    for what, it in first.items():
        for one, other in zip(it.arguments, again[what].arguments, strict=True):
            np.testing.assert_array_equal(one, other)


def lesson(source: str = SOURCE) -> ModuleType:
    module = ModuleType("scores")
    module.__dict__["np"] = np
    exec(compile(source, "scores", "exec"), vars(module))
    return module


def test_a_slip_in_a_corner_differs_from_the_solution_for_some_input() -> None:
    made = make_inputs([function_in(SOURCE)], lesson(), [])
    parameters = parameters_of(function_in(SOURCE))
    assert isinstance(parameters, list)
    slips = list(corner_slips("scores", parameters))
    assert len(slips) == 7
    for slip in slips:
        assert made.difference(slip.module_of(lesson())) is not None, slip.what
    assert made.difference(lesson()) is None


def test_an_input_on_which_right_versions_differ_is_left_out() -> None:
    other = lesson(SOURCE.replace("keys @ query", "keys @ query + (len(keys) == 1)"))
    every = make_inputs([function_in(SOURCE)], lesson(), [])
    agreed = make_inputs([function_in(SOURCE)], lesson(), [other])
    assert 0 < len(agreed.questions) < len(every.questions)
    assert agreed.difference(other) is None
