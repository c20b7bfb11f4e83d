# %% [markdown]
# # What is attacked

# %%
import os

import numpy as np

from before import twice

### BEGIN SOLUTION
REFERENCE = "CANARY-reference"
# A careless instructor: a file with secrets stays open, and children inherit it.
DESCRIPTOR = os.open(os.path.join(os.path.dirname(__file__), "descriptor.txt"), os.O_RDONLY)
os.set_inheritable(DESCRIPTOR, True)
### END SOLUTION


def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return twice(np.asarray(x))
    ### END SOLUTION


def total(x):
    """The sum of all of x."""
    ### BEGIN SOLUTION
    return float(np.sum(x))
    ### END SOLUTION
