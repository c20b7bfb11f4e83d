# Wants: a plot that is optional: matplotlib is not there, and says so politely.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

import numpy as np

try:
    import matplotlib.pyplot as plt
except ImportError as error:
    assert error.name.startswith("matplotlib")
    plt = None


def double(x):
    if plt is not None:
        plt.plot(x)
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))
