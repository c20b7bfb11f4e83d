"""True for the padding

1. How many times True is in the row of a sentence with 2 tokens?
2. Some libraries mark the padding. Which of the two does the docstring mark?
3. True stands for a real token: j smaller than the length.
"""


def padding_mask(lengths, n):
    return np.arange(n) >= np.asarray(lengths)[:, np.newaxis]
