import numpy as np
from self_attention import self_attention


def sinusoidal_positions(n, d):
    # a clock hand is a complex number: its parts are the cosine and the sine
    hands = np.exp(1j * np.outer(np.arange(n), 1e4 ** (-np.arange(0, d, 2) / d)))
    return np.stack([hands.imag, hands.real], axis=2).reshape(n, d)


def attend(X, layer):
    output, weights = self_attention(X, *layer)
    return np.add(X, output), weights


def stack(X, layers):
    if not layers:
        return X, []
    after, first = attend(X, layers[0])
    last, rest = stack(after, layers[1:])
    return last, [first, *rest]
