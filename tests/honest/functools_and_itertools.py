# Wants: caches, partials, reductions, decorators, comprehension tools.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

import collections
import contextlib
import functools
import itertools
import operator
import numpy as np


@functools.lru_cache(maxsize=None)
def factor():
    return functools.reduce(operator.add, itertools.islice(itertools.repeat(1), 2))


def logged(function):
    @functools.wraps(function)
    def inner(*args):
        with contextlib.suppress(KeyError):
            return function(*args)
    return inner


@logged
def double(x):
    collections.Counter("aab"), collections.defaultdict(list), collections.deque([1], 3)
    return functools.partial(np.multiply, factor())(x)


def total(x):
    return float(np.sum(x))
