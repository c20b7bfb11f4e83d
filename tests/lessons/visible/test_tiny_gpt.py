"""Checks of lesson 12 that need no right answer to compare with: laws of a model that writes.

`student` calls your functions; `rng` makes random numbers, the same ones every time.
"""

import numpy as np
import pytest

from grader.testing import agree, as_array, as_float_array, as_parts, assert_close, differ

WHOLE = np.array([[2, -1, 0], [1, 3, -2], [0, 1, 5]])


def a_block(rng, d, hidden):
    """Random parameters of a block."""
    names = {"W_q": (d, d), "W_k": (d, d), "W_v": (d, d), "W_o": (d, d), "W_1": (d, hidden)}
    names |= {"b_1": (hidden,), "W_2": (hidden, d), "b_2": (d,)}
    names |= {f"{kind}_{part}": (d,) for kind in ("gain", "bias") for part in "12"}
    return {name: rng.normal(size=shape) for name, shape in names.items()}


def a_model(rng, words, d):
    """Random parameters of a model with two blocks, so sharp that every draw is certain."""
    model = {"tokens": rng.normal(size=(words, d)), "blocks": [a_block(rng, d, 6) for _ in "12"]}
    ends = {"gain": 1000 * rng.normal(size=d), "bias": rng.normal(size=d)}
    return model | ends | {"W_u": rng.normal(size=(d, words)), "heads": 2}


@pytest.mark.points(0.5)
def test_each_token_gets_mean_0_and_variance_1(student, rng):
    """With gain 1 and bias 0, each token has mean 0 and variance 1, whatever its scale was."""
    X = 7 + np.array([[1], [100], [20]]) * rng.normal(size=(3, 6))
    normed = as_float_array(student.layer_norm(X, np.ones(6), np.zeros(6)), n=3, d=6)
    got = np.column_stack([normed.mean(axis=1), normed.var(axis=1)]).round(3)
    assert_close(
        got,
        np.tile([0.0, 1.0], (3, 1)),
        of="mean and variance of each row",
        why="each token is brought to the same scale by its own mean and its own spread",
    )


@pytest.mark.points(0.5)
def test_gain_and_bias_come_last(student, rng):
    """Features with the gain 0 are their bias, and twice the gain is twice the rest."""
    X, gain, bias = rng.normal(size=(3, 6)), rng.normal(size=6), rng.normal(size=6)
    gain[2] = 0
    once = as_array(student.layer_norm(X, gain, np.zeros(6)), n=3, d=6)
    twice = as_array(student.layer_norm(X, 2 * gain, bias), n=3, d=6)
    assert_close(
        twice,
        2 * once + bias,
        why="first every token is normed, then each feature is scaled by its gain and shifted",
    )
    assert_close(twice[:, 2], np.full(3, bias[2]), of="column 2, whose gain is 0", why="bias alone")
    assert differ(once, np.zeros((3, 6))), "zeros, whatever the gain?"


@pytest.mark.points(0.5)
def test_whole_numbers_are_normed_like_others(student):
    """Whole numbers give the same whether they come as integers or as floats."""
    normed = []
    for gain, bias in [([1, 2, 3], [0, 1, 2]), ([2, 0, -1], [5, 5, 5])]:
        call = student.call("layer_norm", WHOLE, np.array(gain), np.array(bias))
        normed.append(student.layer_norm(WHOLE / 1.0, np.array(gain) / 1.0, np.array(bias) / 1.0))
        assert agree(call.value, normed[-1]), "2 and 2.0 are the same number; ints cut off"
        assert not call.changed, "the caller still needs its arrays: make new ones"
    assert differ(*normed), "the same, whatever gain and bias?"


@pytest.mark.points(0.5)
def test_what_is_below_0_is_cut_between_the_matrices(student):
    """For a token of zeros, the mlp gives W_2 what is above 0 in b_1, and adds b_2."""
    W_1, W_2 = np.ones((2, 3)), np.array([[1.0, 2.0], [30.0, 40.0], [500.0, 600.0]])
    found = student.mlp(np.zeros((1, 2)), W_1, np.array([1.0, -1.0, 2.0]), W_2, np.array([-5e3, 7]))
    assert_close(
        as_float_array(found, n=1, d=2),
        [[-3999.0, 1209.0]],
        why="of 1, -1 and 2, the middle one becomes 0; nothing is cut after the second matrix",
    )


def test_whole_tokens_go_through_the_mlp_like_others(student):
    """Whole numbers give the same whether they come as integers or as floats."""
    found = []
    for W in (WHOLE, WHOLE.T):
        whole = (WHOLE, W, WHOLE[0], W.T, WHOLE[1])
        for arguments in (whole, (WHOLE / 4, *whole[1:]), (WHOLE, *(it / 4 for it in whole[1:]))):
            call = student.call("mlp", *arguments)
            found.append(student.mlp(*(it.astype(float) for it in arguments)))
            assert agree(call.value, found[-1]), "2 and 2.0 are the same number; ints cut off"
            assert not call.changed, "the caller still needs its arrays: make new ones"
    assert differ(*found), "the same, whatever the matrices?"


@pytest.mark.points(0.5)
def test_a_block_that_adds_nothing_leaves_its_tokens_alone(student, rng):
    """With W_o, W_2 and b_2 all zeros, a block gives X back, and weights with it."""
    X, params = rng.normal(size=(5, 4)), a_block(rng, 4, 6)
    params |= {name: 0 * params[name] for name in ("W_o", "W_2", "b_2")}
    found, _ = as_parts(student.block(X, params, 2), "X", "weights")
    assert_close(
        as_float_array(found, "X", n=5, d=4),
        X,
        why="a block adds to X what heads and mlp find, and here they find nothing",
    )
    lone, params = 9 * X[:1], params | {"W_o": rng.normal(size=(4, 4))}
    normed = as_array(student.layer_norm(lone, params["gain_1"], params["bias_1"]), n=1, d=4)
    found, _ = as_parts(student.block(lone, params, 2), "X", "weights")
    assert_close(
        as_float_array(found, "X", n=1, d=4),
        lone + normed @ params["W_v"] @ params["W_o"],
        of="X of a lone token",
        why="it looks at itself alone: with W_2 and b_2 zeros, its norm times W_v and W_o is added",
    )


@pytest.mark.points(0.5)
def test_change_the_future_and_the_past_stays(student, rng):
    """Another last token changes nothing for the tokens before it."""
    X, params = rng.normal(size=(5, 4)), a_block(rng, 4, 6)
    changed = np.vstack([X[:-1], rng.normal(size=(1, 4))])
    before, after = (np.asarray(first(student.block(it, params, 2))) for it in (X, changed))
    assert_close(
        as_array(after, "X", n=5, d=4)[:-1],
        as_array(before, "X", n=5, d=4)[:-1],
        of="X without the last token",
        why="a model that writes must not read ahead: that is what the causal mask is for",
    )


@pytest.mark.points(0.5)
def test_a_cold_draw_takes_the_likeliest(student):
    """At a temperature near 0, the token with the largest logit is drawn."""
    logits = np.array([0.1, 0.5, 0.9, 0.6])
    for seed in range(20):
        assert_close(
            as_array(student.next_token(logits, 0.01, seed)),
            2,
            of="number of the token",
            why="divided by 0.01 the logits lie far apart, and the largest takes it all",
        )


def test_a_text_goes_on_behind_its_prompt(student, rng):
    """The prompt comes back with n tokens behind it, and is itself left as it is."""
    model = a_model(rng, 7, 4)
    call = student.call("generate", [0, 3, 5], 4, model, 1)
    tokens = list(call.value)
    assert tokens[:3] == [0, 3, 5], "the text begins with the prompt"
    assert len(tokens) == 7, "the prompt has 3 tokens, and 4 are to come"
    assert all(0 <= token < 7 for token in tokens), "a token's number says which row it has"
    assert not call.changed, "whoever calls may want to use the prompt again: make a new list"


def first(pair):
    """X, of what a block returns."""
    return pair[0] if isinstance(pair, tuple | list) else pair
