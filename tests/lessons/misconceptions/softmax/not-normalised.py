"""positive numbers that do not add up to 1

1. What does a row of your result add up to, and what should it?
2. The formula has a line with something below it. What is below it?
3. Divide the exponentials by their own sum along `axis`, with `keepdims=True`.
"""


def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    return np.exp(scores - scores.max(axis=axis, keepdims=True))
