"""Checks of lesson 12 that compare with the reference, and the corners of its contract."""

import numpy as np
import pytest

from grader.testing import agree, as_array, balanced, is_close, parts_of


def a_block(rng, d, hidden):
    """Random parameters of a block."""
    names = {"W_q": (d, d), "W_k": (d, d), "W_v": (d, d), "W_o": (d, d), "W_1": (d, hidden)}
    names |= {"b_1": (hidden,), "W_2": (hidden, d), "b_2": (d,)}
    names |= {f"{kind}_{part}": (d,) for kind in ("gain", "bias") for part in "12"}
    return {name: rng.normal(size=shape) for name, shape in names.items()}


def a_model(rng, words, d):
    """Random parameters of a model with two blocks, so sharp that every draw is certain."""
    model = {
        "tokens": 4 * rng.normal(size=(words, d)),
        "blocks": [a_block(rng, d, 6) for _ in "12"],
    }
    ends = {"gain": 1e5 * rng.uniform(1, 2, size=d), "bias": rng.normal(size=d)}
    return model | ends | {"W_u": rng.normal(size=(d, words)), "heads": 2}


@pytest.mark.points(0.5)
def test_norms_are_right(student, reference, rng):
    """Every token is normed, then scaled by the gain and shifted by the bias."""
    for n, d in [(5, 6), (4, 4), (1, 3), (3, 1)]:
        X, gain, bias = balanced(rng, n, d), balanced(rng, d), balanced(rng, d)
        for tokens in (X, X / 1000):  # so small that what is added to the variance counts
            normed = student.layer_norm(tokens, gain, bias)
            assert is_close(normed, reference.layer_norm(tokens, gain, bias)), (
                "mean and variance run along the features of one token; 0.00001 joins the variance"
            )


@pytest.mark.points(0.5)
def test_the_mlp_is_right(student, reference, rng):
    """Each token goes through both matrices with their biases, and is cut at 0 between them."""
    for n, d, hidden in [(5, 4, 6), (4, 4, 4), (1, 3, 2), (2, 1, 1)]:
        W_1, W_2 = balanced(rng, d, hidden), balanced(rng, hidden, d)
        arguments = balanced(rng, n, d), W_1, balanced(rng, hidden), W_2, balanced(rng, d)
        assert is_close(student.mlp(*arguments), reference.mlp(*arguments)), (
            "X W_1 + b_1, then 0 for what is below 0, then W_2, then b_2"
        )


@pytest.mark.points(0.5)
def test_blocks_are_right(student, reference, rng):
    """What the heads find is added to X, then what the mlp makes of that."""
    for n, d, h in [(5, 6, 3), (4, 4, 2), (1, 2, 1)]:
        X, params = rng.normal(size=(n, d)), a_block(rng, d, 5)
        found = parts_of(student.block(X, params, h))
        right, _ = reference.block(X, params, h)
        if not any(is_close(part, right) for part in found):
            own = own_block(student, reference, X, params, h)
            found = parts_of(student.block(X, params, h))  # the last call is the one that is told
            assert any(agree(part, own) for part in found), (
                "heads read the norm by gain_1 and bias_1, the mlp the norm by gain_2 and bias_2"
            )


@pytest.mark.points(0.5)
def test_each_head_looks_back(student, reference, rng):
    """The weights of each head are those of the normed tokens."""
    X, params = rng.normal(size=(5, 6)), a_block(rng, 6, 4)
    for tokens in (X, X * np.array([[1], [50], [1], [1], [9]])):
        call = student.call("block", tokens, params, 3)
        found = [part for part in parts_of(call.value) if part.shape == (3, 5, 5)]
        assert found, "one attention matrix for each head"
        assert is_close(found[0].sum(axis=-1), np.ones((3, 5))), "each row shares out 1"
        assert not call.changed, "the caller still needs X: `+=` writes into it"


@pytest.mark.points(0.5)
def test_draws_follow_the_shares(student):
    """At temperature 1, each token is drawn as often as its share says."""
    shares = np.array([0.1, 0.0001, 0.6, 0.2999])
    logits = np.log(shares) - np.log(shares).mean()  # they sum to 0, and mean the same
    drawn = [float(as_array(student.next_token(logits, 1.0, seed))) for seed in range(100)]
    counts = np.array([drawn.count(token) for token in range(4)])
    assert counts.sum() == 100, "the number of a token comes back"
    assert (abs(counts / 100 - shares) < 0.17).all(), (
        "a token comes as often as its share says: not only the likeliest, and not all alike"
    )
    assert counts[0] > 1, "what is not likely comes, too, only less often"


@pytest.mark.points(0.5)
def test_a_higher_temperature_brings_shares_together(student):
    """The logits are divided by the temperature before the softmax."""
    logits = np.log([0.1, 0.9])
    drawn = [float(as_array(student.next_token(logits, 8.0, seed))) for seed in range(100)]
    right = 0.9**0.125 / (0.9**0.125 + 0.1**0.125)  # 0.568
    assert abs(drawn.count(1) / 100 - right) < 0.17, (
        "at 8.0, nine to one becomes less than three to two"
    )


@pytest.mark.points(0.5)
def test_logits_are_left_alone(student):
    """Whole logits give the same draws as others; logits and arguments are left as they are."""
    for logits in ([3, 1, 2], [0, 4, 4]):
        drawn = []
        for seed in range(6):
            call = student.call("next_token", np.array(logits), 0.7, seed)
            drawn.append(call.value)
            assert call.value == student.next_token(np.array(logits) / 1.0, 0.7, seed), (
                "2 and 2.0 are the same number, and the same seed draws the same"
            )
            assert not call.changed, "the caller still needs its logits: make a new array"


def test_each_word_is_drawn_by_all_that_stands_before_it(student, reference, rng):
    """Embeddings plus positions, all blocks, the last norm and W_u say what the last row draws."""
    for prompt in ([1], [4, 4, 0], [2, 5, 1, 1], [5, 2, 1, 1]):
        model = a_model(rng, 9, 8)
        found = list(student.generate(prompt, 4, model, 5))[-4:]
        assert found == reference.generate(prompt, 4, model, 5)[-4:], (
            "each draw is certain here, so the way from the tokens to the logits must differ"
        )
    shares = np.array([0.5, *[0.01] * 50])  # twice as hot or as cold: 0.12 or 0.98 for the first
    ends = {"gain": np.zeros(4), "bias": np.ones(4), "W_u": np.tile(np.log(shares) / 4, (4, 1))}
    model = {"tokens": rng.normal(size=(51, 4)), "blocks": [], "heads": 2, **ends}
    text = list(student.generate([0], 48, model, 5))[-48:]
    assert abs(text.count(0) / 48 - shares[0]) < 0.25, (
        "the same logits for every place: each draw is a new one, by one generator for all of them"
    )
    other = list(student.generate([0], 8, model, 6))[-8:]
    assert text[:8] != other, "another seed, another text"


def own_block(student, reference, X, params, h):
    """A block of the student's own norm and mlp; a mistake in them is counted there."""
    try:
        normed = np.asarray(student.layer_norm(X, params["gain_1"], params["bias_1"]))
        matrices = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
        mask = np.tri(len(X), dtype=bool)
        between = X + reference.multi_head_attention(normed, *matrices, h, mask)[0]
        normed = np.asarray(student.layer_norm(between, params["gain_2"], params["bias_2"]))
        last = [params[name] for name in ("W_1", "b_1", "W_2", "b_2")]
        return between + np.asarray(student.mlp(normed, *last))
    except Exception:  # noqa: BLE001  (whatever it raises: this is about the block)
        return None
