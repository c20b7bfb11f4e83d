"""When a hint gives the answer away, and when it only leads there."""

from __future__ import annotations

from typing import Final

import pytest

from grader.verify.revealing_hints import answer_lines, find_revealed_line, fixed_names

SOLUTION: Final = '''\
import numpy as np


def shares(scores, axis=-1):
    """Shares."""
    ### BEGIN SOLUTION
    scores = np.asarray(scores)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
    ### END SOLUTION


def both(a, b):
    """Both."""
    ### BEGIN SOLUTION
    return a, b
    ### END SOLUTION


def mixed(weights, X):
    """Mixed."""
    ### BEGIN SOLUTION
    return weights @ X
    ### END SOLUTION
'''


def told(hint: str) -> str | None:
    """The answer that the hint gives away."""
    line = find_revealed_line(
        hint, answer_lines(SOLUTION, where="solutions/f.py"), fixed_names(SOLUTION)
    )
    return line.code if line else None


@pytest.mark.parametrize(
    "hint",
    [
        "What is exp(1000)?",
        "Look at the axis that `max` and `sum` get.",
        "Use `keepdims=True`, so that the sum stays in place.",
        "Subtract `scores.max(axis=axis, keepdims=True)` before `np.exp`.",
        "Divide `e` by its sum along `axis`.",
        "Return `a, b` as a pair.",
        "Start with `np.asarray(scores)`.",
        "`weights` stands on the left of the `@`.",
        "`if e: (`",
        "",
    ],
)
def test_a_hint_may_name_the_parts(hint: str) -> None:
    assert told(hint) is None


@pytest.mark.parametrize(
    "hint",
    [
        "Write `e / e.sum(axis=axis, keepdims=True)`.",
        "Write e/e.sum( axis = axis, keepdims=True ), no more.",
        "`return e / e.sum(axis=axis, keepdims=...)`",
        "Try `p = z / z.sum(axis=a, keepdims=True)` with your own names.",
        "```\nreturn exps / exps.sum(axis=axis, keepdims=True)\n```",
    ],
)
def test_a_hint_must_not_contain_the_line_under_other_names(hint: str) -> None:
    assert told(hint) == "e / e.sum(axis=axis, keepdims=True)"


def test_a_short_answer_is_not_to_be_given_away_either() -> None:
    assert told("It is `A @ B`.") == "weights @ X"


def test_a_function_of_the_lesson_keeps_its_name() -> None:
    solution = SOLUTION.replace("return weights @ X", "return shares(weights)")
    lines, kept = answer_lines(solution, where="f.py"), fixed_names(solution)
    assert find_revealed_line("`shares(w)`", lines, kept)
    assert find_revealed_line("`both(w)`", lines, kept) is None
