"""True for the tokens that must not be seen

1. True means “may look”. What stands in the corner at the top on the right?
2. Some libraries mark what is forbidden. Which of the two does the docstring mark?
3. Turn it round: `~mask` makes True of False.
"""


def causal_mask(n):
    return np.triu(np.ones((n, n), dtype=bool), k=1)
