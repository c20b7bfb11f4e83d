"""features that were scaled before the token was normed

1. Take a gain of 1000 for all features. Does it come out again?
2. What happens first in your code: is the token normed, or is it scaled?
3. Norm first; the gain comes after it, and the bias last.
"""


def layer_norm(X, gain, bias):
    scaled = X * gain
    centred = scaled - np.mean(scaled, axis=-1, keepdims=True)
    return centred / np.sqrt(np.mean(centred**2, axis=-1, keepdims=True) + 1e-5) + bias
