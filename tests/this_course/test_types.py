"""The checks of this course take the types that its descriptions promise."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final

import numpy as np
import pytest
from places import REPOSITORY

from grader.checks.course_checks import CourseChecks, open_checks
from grader.checks.rehearsal import rehearse
from grader.course import Course
from grader.grading.grading_process import load_references
from grader.verify.marks import failed_checks

COURSE: Final = Course.load(REPOSITORY)

#: The visible check of each lesson that asks for float64.
ABOUT_TYPES: Final = {
    "dot_product": "test_similarity_scores_give_one_score_for_each_key",
    "softmax": "test_softmax_keeps_the_shape",
    "attention_matrix": "test_four_times_as_many_numbers_halve_the_scores",
    "qkv": "test_every_token_gets_a_query_a_key_and_a_value",
    "self_attention": "test_attention_returns_output_and_weights",
}


@pytest.fixture(scope="module")
def checks() -> Iterator[CourseChecks]:
    with open_checks(COURSE, load_references(COURSE)) as opened:
        rehearse(opened)
        yield opened


def with_values(reference: ModuleType, change: Any) -> ModuleType:
    """A lesson that is right, and hands its arrays over in another form."""
    module = ModuleType(reference.__name__)
    vars(module).update(vars(reference))

    def changed(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(changed, value))
        return change(value) if isinstance(value, np.ndarray) else value

    for name, function in vars(reference).items():
        if getattr(function, "__module__", None) == reference.__name__:
            setattr(module, name, lambda *args, right=function, **kw: changed(right(*args, **kw)))
    return module


@pytest.mark.parametrize("lesson", ABOUT_TYPES)
def test_lists_of_numbers_are_as_good_as_arrays(checks: CourseChecks, lesson: str) -> None:
    module = with_values(checks.references[lesson], np.ndarray.tolist)
    assert failed_checks(checks[lesson], module) == []


@pytest.mark.parametrize("lesson", ABOUT_TYPES)
def test_float32_is_told_by_a_visible_check(checks: CourseChecks, lesson: str) -> None:
    module = with_values(checks.references[lesson], lambda array: array.astype(np.float32))
    failed = {check.name: check for check in failed_checks(checks[lesson], module)}
    assert not failed[ABOUT_TYPES[lesson]].hidden
