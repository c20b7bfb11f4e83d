"""Checks of lesson 11 that need no right answer to compare with: laws of cross-attention.

`student` calls your functions; `rng` makes random numbers, the same ones every time.
"""

import numpy as np
import pytest

from grader.testing import agree, as_float_array, as_parts, assert_close, differ, find_part


def test_each_word_that_looks_gets_a_row(student, rng):
    """Output and weights, in this order, have a row for each token of X."""
    X, Y = rng.normal(size=(5, 8)), rng.normal(size=(7, 8))
    W_q, W_k, W_v = rng.normal(size=(8, 6)), rng.normal(size=(8, 6)), rng.normal(size=(8, 4))
    output, weights = as_parts(student.cross_attention(X, Y, W_q, W_k, W_v), "output", "weights")
    as_float_array(output, "output", n=5, d_v=4)
    as_float_array(weights, "weights", n=5, m=7)


@pytest.mark.points(0.5)
def test_each_word_that_looks_shares_out_all_of_its_attention(student, rng):
    """Each row of the weights sums to 1."""
    X, Y = rng.normal(size=(2, 6, 8))
    W_q, W_k, W_v = rng.normal(size=(3, 8, 5))
    weights = find_part(student.cross_attention(X, Y, W_q, W_k, W_v), "weights", n=6, m=6)
    assert_close(
        weights.sum(axis=1),
        1.0,
        of="row sums",
        beside={"column sums": weights.sum(axis=0)},
        why="a row of weights says how one token of X shares out its attention over those of Y",
    )


def test_what_is_looked_at_may_stand_in_any_order(student, rng):
    """Another order of the tokens of Y leaves the output as it is."""
    X, Y = rng.normal(size=(2, 6, 5))
    W_q, W_k, W_v = rng.normal(size=(3, 5, 5))
    before = student.cross_attention(X, Y, W_q, W_k, W_v)
    after = student.cross_attention(X, Y[[3, 0, 5, 1, 4, 2]], W_q, W_k, W_v)
    other = student.cross_attention(X, Y + 1, W_q, W_k, W_v)
    assert_close(
        find_part(after, "output", n=6, d_v=5),
        find_part(before, "output", n=6, d_v=5),
        why="each token of Y keeps its key and its value, wherever it stands",
    )
    assert differ(before, other), "the same, whatever Y holds?"


@pytest.mark.points(0.5)
def test_a_lone_word_gets_all_the_attention(student, rng):
    """If Y has one token, every token of X finds the value of this token."""
    X, Y = rng.normal(size=(5, 8)), rng.normal(size=(1, 8))
    W_q, W_k, W_v = rng.normal(size=(8, 6)), rng.normal(size=(8, 6)), rng.normal(size=(8, 4))
    assert_close(
        find_part(student.cross_attention(X, Y, W_q, W_k, W_v), "output", n=5, d_v=4),
        np.tile(Y @ W_v, (5, 1)),
        why="there is nothing else to look at, so all weights are 1",
    )


def test_four_times_as_long_keys_equal_half_the_query(student, rng):
    """Filling up the matrices with zeros until d_k is four times as large equals halving W_q."""
    X, Y = rng.normal(size=(2, 6, 8))
    W_q, W_k, W_v = rng.normal(size=(3, 8, 5))
    wide = [np.hstack([W, np.zeros((8, 15))]) for W in (W_q, W_k, W_v)]  # (8, 20)
    filled = find_part(student.cross_attention(X, Y, *wide), "output", n=6, d_v=20)
    halved = student.cross_attention(X, Y, W_q / 2, W_k, W_v)
    assert_close(
        filled[:, :5],
        find_part(halved, "output", n=6, d_v=5),
        of="the first 5 columns of the output",
        why="zeros add nothing to a dot product, so only the division by √d_k can have changed",
    )


@pytest.mark.points(3)
def test_whole_tokens_attend_like_others_and_are_left_alone(student, rng):
    """Whole numbers give the same whether they come as integers or as floats."""
    X, Y = rng.integers(-3, 4, size=(2, 4, 4))
    matrices = rng.integers(-2, 3, size=(3, 4, 4))
    found = []
    for arguments in [(X, Y / 4, *matrices), (X / 4, Y, *(matrices / 3))]:
        floats = student.cross_attention(*(it.astype(float) for it in arguments))
        call = student.call("cross_attention", *arguments)
        found.append(floats)
        assert agree(call.value, floats), "2 and 2.0 are the same number; an array of ints cuts off"
        assert not call.changed, "the caller still needs its arrays: make new ones"
    assert differ(*found), "the same, whatever the tokens?"
