"""Checks of lesson 10 that need no right answer to compare with: laws of losses and gradients.

`student` calls your functions; `rng` makes random numbers, the same ones every time.
"""

import numpy as np
import pytest

from grader.testing import agree, as_array, as_float_array, as_parts, assert_close, differ, parts_of

WHOLE = np.array([[2, -1, 0], [1, 3, -2], [0, 1, 2]])


@pytest.mark.points(0.5)
def test_the_shares_behind_the_losses_sum_to_1(student, rng):
    """The losses of one token for all places belong to shares that sum to 1."""
    X, W_q, W_k = rng.normal(size=(5, 6)), rng.normal(size=(6, 3)), rng.normal(size=(6, 3))
    losses = [as_array(student.attention_loss(X, W_q, W_k, 2, j)) for j in range(5)]
    assert_close(
        np.exp(-np.array(losses)).sum(),
        1.0,
        of="sum of exp(-loss) over all places",
        why="a loss is minus the logarithm of a share, and one token shares out all its attention",
    )


@pytest.mark.points(0.5)
def test_four_times_as_long_keys_equal_half_the_query(student, rng):
    """Filling up W_q and W_k with zeros until d_k is four times as large equals halving W_q."""
    X, W_q, W_k = rng.normal(size=(5, 6)), rng.normal(size=(6, 3)), rng.normal(size=(6, 3))
    wide_q, wide_k = (np.hstack([W, np.zeros((6, 9))]) for W in (W_q, W_k))  # (6, 12)
    assert_close(
        as_array(student.attention_loss(X, wide_q, wide_k, 1, 3)),
        as_array(student.attention_loss(X, W_q / 2, W_k, 1, 3)),
        why="zeros add nothing to a dot product, so only the division by √d_k can have changed",
    )


@pytest.mark.points(0.5)
def test_whole_tokens_have_the_loss_of_others(student):
    """Whole numbers have the same loss whether they come as integers or as floats."""
    losses = []
    for W_q, W_k in [(WHOLE, WHOLE.T), (WHOLE.T, WHOLE[::-1])]:
        floats = student.attention_loss(*(it.astype(float) for it in (WHOLE, W_q, W_k)), 0, 2)
        call = student.call("attention_loss", WHOLE, W_q, W_k, 0, 2)
        losses.append(floats)
        assert agree(call.value, floats), "2 and 2.0 are the same number; an array of ints cuts off"
        assert not call.changed, "the caller still needs its arrays: make new ones"
    assert differ(*losses), "the same loss, whatever the matrices?"


def test_the_weights_are_left_alone(student):
    """The gradient is an array of its own; the weights are left as they are."""
    grads = []
    for weights in ([0, 1, 0], [1, 0, 0]):
        floats = student.softmax_grad(np.array(weights, dtype=float), 1)
        call = student.call("softmax_grad", np.array(weights), 1)
        grads.append(floats)
        as_float_array(call.value, n=3)
        assert agree(call.value, floats), "2 and 2.0 are the same number; an array of ints cuts off"
        assert not call.changed, "the caller still needs its weights: make a copy before you change"
    assert differ(*grads), "the same gradient, whatever the weights?"


@pytest.mark.points(0.5)
def test_what_the_looking_word_lacks_gets_no_gradient(student, rng):
    """Both gradients have the shape of their matrix; W_q has none where token i has a 0."""
    X, W_q, W_k = rng.normal(size=(5, 6)), rng.normal(size=(6, 3)), rng.normal(size=(6, 3))
    X[2, [1, 4]] = 0
    dW_q, dW_k = as_parts(student.loss_grads(X, W_q, W_k, 2, 0), "dW_q", "dW_k")
    as_float_array(dW_k, "dW_k", d=6, d_k=3)
    assert_close(
        as_float_array(dW_q, "dW_q", d=6, d_k=3)[[1, 4]],
        0.0,
        of="rows 1 and 4 of dW_q",
        why="the query is X[i] times W_q: what is multiplied by 0 can change nothing",
    )


def test_whole_tokens_have_the_gradients_of_others(student):
    """Whole numbers have the same gradients whether they come as integers or as floats."""
    grads = []
    for W_q, W_k in [(WHOLE / 9, WHOLE.T), (WHOLE.T, WHOLE[::-1] / 9)]:
        floats = student.loss_grads(*(it.astype(float) for it in (WHOLE, W_q, W_k)), 0, 2)
        call = student.call("loss_grads", WHOLE, W_q, W_k, 0, 2)
        grads.append(floats)
        assert agree(call.value, floats), "2 and 2.0 are the same number; an array of ints cuts off"
        assert not call.changed, "the caller still needs its arrays: make new ones"
    assert differ(*grads), "the same gradients, whatever the matrices?"


@pytest.mark.points(0.5)
def test_nothing_is_left_to_learn_when_the_share_is_1(student):
    """If token i gives all of its attention to token j, both gradients are zero."""
    X, W = np.eye(4), 40 * np.eye(4)  # each token looks at itself alone
    found = parts_of(student.loss_grads(X, W, W, 1, 1))
    for grad in found:
        assert_close(grad, np.zeros((4, 4)), why="the loss is 0 already, and cannot get less")
    assert found, "two arrays come back"


def test_training_leaves_its_start_alone(student):
    """The matrices to start from are left as they are, and may hold integers."""
    sentences = [(WHOLE / 2, 0, 1), (WHOLE.T / 2, 2, 1)]
    ends = []
    for W_q, W_k in [(WHOLE, WHOLE.T), (WHOLE.T, WHOLE[::-1])]:
        floats = student.train(sentences, W_q.astype(float), W_k.astype(float), 3, 0.01)
        call = student.call("train", sentences, W_q, W_k, 3, 0.01)
        ends.append(floats)
        assert agree(call.value, floats), "2 and 2.0 are the same number; an array of ints cuts off"
        assert not call.changed, "whoever calls may want to start from there once more: make copies"
    assert differ(*ends), "the same end, whatever the start?"
