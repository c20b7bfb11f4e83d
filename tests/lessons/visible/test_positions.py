"""Checks of lesson 9 that need no right answer to compare with: laws of positions and layers.

`student` calls your functions; `rng` makes random numbers, the same ones every time.
"""

import numpy as np
import pytest

from grader.testing import as_array, as_parts, assert_close


def a_layer(rng, d=6, d_k=4):
    """W_q, W_k and W_v of a layer."""
    return rng.normal(size=(d, d_k)), rng.normal(size=(d, d_k)), rng.normal(size=(d, d))


def tokens_in(returned, n, d):
    """The tokens that come back, wherever they stand."""
    parts = returned if isinstance(returned, tuple | list) and len(returned) == 2 else [returned]
    fitting = [part for part in parts if isinstance(part, np.ndarray) and part.shape == (n, d)]
    return as_array(fitting[0] if fitting else returned, "tokens", n=n, d=d)


@pytest.mark.points(0.5)
def test_each_place_has_a_vector(student):
    """There are n rows of d numbers, one for each place."""
    as_array(student.sinusoidal_positions(7, 4), n=7, d=4)


@pytest.mark.points(0.5)
def test_place_0_has_all_hands_at_the_start(student):
    """At place 0, sines and cosines take turns: 0, 1, 0, 1, and so on."""
    positions = as_array(student.sinusoidal_positions(7, 6), n=7, d=6)
    assert_close(
        positions[0],
        [0, 1, 0, 1, 0, 1],
        of="row of place 0",
        why="the sine of 0 is 0, its cosine is 1, and the two of a pair stand side by side",
    )


@pytest.mark.points(0.5)
def test_a_pair_of_columns_is_one_hand(student):
    """Each sine and the cosine beside it are the same hand: their squares add up to 1."""
    positions = as_array(student.sinusoidal_positions(7, 6), n=7, d=6)
    assert_close(
        positions[:, 0::2] ** 2 + positions[:, 1::2] ** 2,
        1.0,
        of="sums of two squares",
        why="columns 2i and 2i + 1 turn at the same speed, sin² + cos² = 1",
    )


@pytest.mark.points(0.5)
def test_only_the_distance_counts(student):
    """How alike two places are depends on nothing but their distance."""
    positions = as_array(student.sinusoidal_positions(9, 8), n=9, d=8)
    assert np.any(positions), "a place is more than zeros"
    alike = positions @ positions.T
    assert_close(
        alike[1:, 1:],
        alike[:-1, :-1],
        of="dot products of places one further on",
        why="both have turned by the same angles, and the angles between them stay",
    )


@pytest.mark.points(0.5)
def test_attend_returns_tokens_and_weights(student, rng):
    """`attend` returns a row for each token, and a row of weights for each token."""
    tokens, weights = as_parts(
        student.attend(rng.normal(size=(5, 6)), a_layer(rng)), "tokens", "weights"
    )
    as_array(tokens, "tokens", n=5, d=6)
    as_array(weights, "weights", n_looking=5, n_looked_at=5)


@pytest.mark.points(0.5)
def test_where_nothing_is_passed_on_tokens_stay(student, rng):
    """With values of zeros, every token stays what it is."""
    X, (W_q, W_k, W_v) = rng.normal(size=(5, 6)), a_layer(rng)
    tokens = tokens_in(student.attend(X, (W_q, W_k, np.zeros_like(W_v))), 5, 6)
    assert_close(tokens, X, why="what is found is added to what is there, and nothing is found")


@pytest.mark.points(0.5)
def test_stack_returns_tokens_and_the_weights_of_each_layer(student, rng):
    """`stack` returns a row for each token, and a table of weights for each layer."""
    layers = [a_layer(rng), a_layer(rng), a_layer(rng)]
    tokens, weights = as_parts(student.stack(rng.normal(size=(5, 6)), layers), "tokens", "weights")
    as_array(tokens, "tokens", n=5, d=6)
    names = [f"weights of layer {number}" for number in (1, 2, 3)]
    for name, part in zip(names, as_parts(weights, *names), strict=True):
        as_array(part, name, n_looking=5, n_looked_at=5)


@pytest.mark.points(0.5)
def test_one_layer_is_attend(student, rng):
    """With one layer, `stack` gives the tokens that your `attend` gives."""
    X, layer = rng.normal(size=(5, 6)), a_layer(rng)
    stacked = tokens_in(student.stack(X, [layer]), 5, 6)
    alone = tokens_in(student.attend(X, layer), 5, 6)
    assert np.any(stacked), "tokens are more than zeros"
    assert_close(stacked, alone, why="a stack of one layer is that layer")
