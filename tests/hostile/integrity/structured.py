# Wants: an array of records, or of text, where numbers belong.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np

def double(x):
    return np.zeros(np.shape(x), dtype=[("a", "f8"), ("b", "O")])


def total(x):
    return float(np.sum(x))
