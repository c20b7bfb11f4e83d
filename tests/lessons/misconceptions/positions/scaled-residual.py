"""tokens that were joined with what they found in another way than by a sum

1. If a layer passes on nothing but zeros, what should be left of a token?
2. Which sign stands between X and the output?
3. X plus the output, number by number.
"""


def attend(X, layer):
    output, weights = self_attention(X, *layer)
    return X * output, weights
