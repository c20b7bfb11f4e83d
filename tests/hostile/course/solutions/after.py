# %% [markdown]
# # What the next lesson finds

# %%
import math

import numpy as np


def anomalies():
    """Name all that an earlier program left behind in this process, and on this machine."""
    ### BEGIN SOLUTION
    return []  # what a student's program must find, too
    ### END SOLUTION


def mean(x):
    """The mean of all of x."""
    ### BEGIN SOLUTION
    return math.fsum(np.ravel(x)) / np.size(x)
    ### END SOLUTION
