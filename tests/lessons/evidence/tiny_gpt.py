"""What wrong values of lesson 12 show."""

import numpy as np

from grader.testing import evidence_of


@evidence_of("layer_norm")
def one_scale_for_all(got, due, X, gain, bias):
    """numbers that were brought to one scale all together, and not token by token"""
    return is_close(got, (X - X.mean()) / np.sqrt(X.var() + 1e-5) * gain + bias)


@evidence_of("layer_norm")
def divided_by_the_variance(got, due, X, gain, bias):
    """numbers that were divided by the variance, and not by its root"""
    centred, variance = centre(X)
    return is_close(got, centred / (variance + 1e-5) * gain + bias)


@evidence_of("layer_norm")
def mean_stays(got, due, X, gain, bias):
    """tokens whose mean was not taken off"""
    _, variance = centre(X)
    size = np.mean(X * X, axis=-1, keepdims=True)
    return any(is_close(got, X / np.sqrt(it + 1e-5) * gain + bias) for it in (variance, size))


@evidence_of("layer_norm")
def added_to_the_root(got, due, X, gain, bias):
    """a small number that was added to the root of the variance, and not to the variance"""
    centred, variance = centre(X)
    return is_close(got, centred / (np.sqrt(variance) + 1e-5) * gain + bias)


@evidence_of("mlp")
def turned_round_at_0(got, due, X, W_1, b_1, W_2, b_2):
    """numbers below 0 that change their sign between the matrices, and do not become 0"""
    return is_close(got, abs(X @ W_1 + b_1) @ W_2 + b_2)


@evidence_of("mlp")
def bent_in_another_way(got, due, X, W_1, b_1, W_2, b_2):
    """numbers that another function than a cut at 0 has changed between the matrices"""
    hidden = X @ W_1 + b_1
    bell = 0.5 * hidden * (1 + np.tanh(np.sqrt(2 / np.pi) * (hidden + 0.044715 * hidden**3)))
    leaky = np.where(hidden > 0, hidden, 0.01 * hidden)
    others = bell, leaky, np.tanh(hidden), 1 / (1 + np.exp(-np.clip(hidden, -700, 700)))
    return any(np.allclose(got, it @ W_2 + b_2, atol=1e-2) for it in others)


@evidence_of("next_token")
def no_temperature(got, due, logits, temperature, rng):
    """draws by shares that the temperature has not touched"""
    powers = np.exp(logits - logits.max())
    drawn = np.random.default_rng(rng).choice(len(powers), p=powers / powers.sum())
    return got == drawn


def centre(X):
    """Tokens without their mean, and the variance of each."""
    centred = X - np.mean(X, axis=-1, keepdims=True)
    return centred, np.mean(centred**2, axis=-1, keepdims=True)


def is_close(got, other):
    """Whether numbers agree up to rounding."""
    return got.shape == other.shape and np.allclose(got, other, rtol=1e-6, atol=1e-8)
