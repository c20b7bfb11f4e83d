"""Checks of lesson 9 that compare with the reference, and the corners of its contract.

What a student's own `attend` does wrong is counted there, and not again in `stack`.
"""

import numpy as np
import pytest

from grader.testing import as_parts, balanced, is_close


def a_layer(rng, d=6, d_k=4):
    """W_q, W_k and W_v of a layer."""
    return rng.normal(size=(d, d_k)), rng.normal(size=(d, d_k)), rng.normal(size=(d, d)) / 3


def ways_to_attend(student, reference):
    """The right one, and the student's own, if it can be used at all."""
    yield reference.attend
    try:
        tokens, weights = student.attend(np.zeros((3, 6)), [np.zeros((6, 6))] * 3)
    except Exception:  # noqa: BLE001  (whatever it raises is counted elsewhere)
        return
    if np.shape(tokens) == (3, 6) and np.shape(weights) == (3, 3):
        yield student.attend


def one_after_the_other(attend, X, layers):
    """The tokens after all layers, and the weights of each."""
    weights = []
    for layer in layers:
        X, looks = attend(X, layer)
        weights.append(looks)
    return X, weights


def weights_by_own_tokens(student, reference, X, layers):
    """What each layer sees in the student's own tokens: mistakes in these are counted there."""
    try:
        tokens = [student.stack(X, layers[:number])[0] for number in range(1, len(layers))]
        pairs = zip([X, *tokens], layers, strict=True)
        return [[reference.attend(it, layer)[1] for it, layer in pairs]]
    except Exception:  # noqa: BLE001  (whatever it raises is counted elsewhere)
        return []


def test_the_hands_turn_at_the_right_speeds(student, reference):
    """Column 2i is the sine of p / 10000^(2i/d), column 2i + 1 its cosine."""
    for n, d in [(9, 8), (1, 2), (30, 6), (4, 2)]:
        found = student.sinusoidal_positions(n, d)
        assert is_close(found, reference.sinusoidal_positions(n, d)), (
            "places from 0; the speeds go from 1 down to nearly 1/10000, over d/2 pairs"
        )


def test_longer_texts_add_places(student):
    """More places add rows, and change none of those that were there."""
    few, many = student.sinusoidal_positions(5, 8), student.sinusoidal_positions(12, 8)
    assert np.shape(few) == (5, 8), "a row for each place"
    assert np.shape(many) == (12, 8), "a row for each place"
    assert np.any(few), "a place is more than zeros"
    assert is_close(np.asarray(many)[:5], np.asarray(few)), "a place does not mind how many follow"


@pytest.mark.points(0.5)
def test_the_weights_of_a_layer_are_those_of_self_attention(student, reference, rng):
    """The weights that `attend` returns are those of self-attention."""
    why = "the layer's three matrices, in the order W_q, W_k, W_v"
    for X in (balanced(rng, 5, 6), rng.normal(size=(1, 6))):
        layer = tuple(balanced(rng, 6, columns) for columns in (4, 4, 6))
        returned = student.attend(X, layer)
        parts = returned if isinstance(returned, tuple | list) else [returned]
        assert any(is_close(part, reference.attend(X, layer)[1]) for part in parts), why


@pytest.mark.points(0.5)
def test_what_is_found_is_added(student, reference, rng):
    """The tokens that come back are X plus the values, mixed by the weights."""
    X, layer = balanced(rng, 5, 6), a_layer(rng)
    tokens, weights = as_parts(student.attend(X, layer), "tokens", "weights")
    assert np.shape(weights) == (5, 5), "a row of weights for each token"
    mixed = np.asarray(weights, dtype=float) @ X @ layer[2]
    assert is_close(tokens, X + mixed) or is_close(tokens, reference.attend(X, layer)[0]), (
        "a token stays what it is and gets more: X + output"
    )


def test_the_tokens_that_went_in_stay(student, reference, rng):
    """`attend` takes whole numbers, too, and changes neither X nor the layer."""
    for X in (rng.integers(-9, 10, size=(5, 6)), rng.normal(size=(5, 6))):
        layer = a_layer(rng)
        record = student.call("attend", X, layer)
        parts = record.value if isinstance(record.value, tuple | list) else [record.value]
        assert any(np.shape(part) == (5, 6) and np.any(part) for part in parts), "tokens come back"
        assert not record.changed, "the caller still needs X as it was: `X + …` makes a new array"


@pytest.mark.points(0.5)
def test_each_layer_reads_what_the_one_before_has_made(student, reference, rng):
    """The tokens after several layers are right, and the X that went in is as it was."""
    for n in (5, 1):
        X, layers = balanced(rng, n, 6), [a_layer(rng), a_layer(rng, d_k=3), a_layer(rng)]
        record = student.call("stack", X, layers)
        parts = record.value if isinstance(record.value, tuple | list) else [record.value]
        ways = ways_to_attend(student, reference)
        expected = [one_after_the_other(attend, X, layers)[0] for attend in ways]
        assert any(
            np.shape(part) == (n, 6) and is_close(part, np.asarray(right))
            for part in parts
            if isinstance(part, np.ndarray)
            for right in expected
        ), "the first layer reads X, each later one what the one before has returned"


def test_each_layer_looks_by_its_own_weights(student, reference, rng):
    """The weights of the first and the last layer are right."""
    X, layers = balanced(rng, 5, 6), [a_layer(rng), a_layer(rng), a_layer(rng)]
    returned = student.stack(X, layers)
    parts = returned if isinstance(returned, tuple | list) else [returned]
    ways = ways_to_attend(student, reference)
    expected = [one_after_the_other(attend, X, layers)[1] for attend in ways]
    expected += weights_by_own_tokens(student, reference, X, layers)
    assert any(
        np.shape(part) == (3, 5, 5) and is_close(np.asarray(part), np.asarray(right))
        for part in parts
        for right in expected
    ), "a list with the weights of each layer, the first layer's first"


@pytest.mark.points(0.5)
def test_without_layers_nothing_happens(student, rng):
    """An empty list of layers gives X as it is, and no weights."""
    X = rng.normal(size=(5, 6))
    tokens, weights = as_parts(student.stack(X, []), "tokens", "weights")
    assert is_close(tokens, X), "there is nobody to look"
    assert len(weights) == 0, "no layer, no weights"
