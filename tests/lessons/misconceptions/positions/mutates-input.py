"""an X that is no longer what it was

1. Print X before and after the call. What do you see?
2. `+=` writes into the array that you were given. Where do you use it?
3. `X + output` makes a new array, and leaves X alone.
"""


def attend(X, layer):
    output, weights = self_attention(X, *layer)
    X += output
    return X, weights
