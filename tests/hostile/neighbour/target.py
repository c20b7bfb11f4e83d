# %% [markdown]
# # What is attacked

# %%
import numpy as np

# CANARY-submission


def double(x):
    """Twice x."""
    return 2 * np.asarray(x)


def total(x):
    """The sum of all of x."""
    return float(np.sum(x))
