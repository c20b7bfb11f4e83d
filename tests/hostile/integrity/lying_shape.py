# Wants: an array that lies about its shape and length.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed
# Says: got        a Lying

import numpy as np

class Lying(np.ndarray):
    shape = property(lambda self: (3, 4))
    size = property(lambda self: 12)
    dtype = property(lambda self: np.dtype(float))

    def __len__(self):
        return 3


def double(x):
    return np.zeros(0).view(Lying)


def total(x):
    return float(np.sum(x))
