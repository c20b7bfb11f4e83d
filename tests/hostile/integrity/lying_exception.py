# Wants: to end the worker, and more, by an exception whose class lies about its name and ancestors.
# Levels: full filtered process
# Verdict: number=crashed values=crashed total=passed chained=passed

import numpy as np


class Lying(type):
    @property
    def __name__(cls):
        raise SystemExit(0)

    @property
    def __mro__(cls):
        return ()


class Lie(Exception, metaclass=Lying):
    pass


def double(x):
    raise Lie("passed")


def total(x):
    return float(np.sum(x))
