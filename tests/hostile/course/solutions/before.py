# %% [markdown]
# # What a lesson rests on

# %%


def twice(x):
    """Twice x. The next lesson's solution uses it."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


def scaled(x, factor):
    """Factor times x. No other solution uses it."""
    ### BEGIN SOLUTION
    return factor * x
    ### END SOLUTION
