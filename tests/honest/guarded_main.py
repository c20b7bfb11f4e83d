# Wants: a file that is a script, too.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

import argparse
import sys
import numpy as np


def double(x):
    """Twice x.

    >>> double(2)
    4
    """
    return 2 * np.asarray(x)


if __name__ == "__main__":
    import doctest

    argparse.ArgumentParser().parse_args()
    sys.exit(doctest.testmod().failed)


def total(x):
    return float(np.sum(x))
