# Wants: an array of a thousand million rows, told in a few bytes.
# Levels: full filtered process
# Verdict: stack=failed count=crashed apply=failed called=failed total=crashed

import sys

import numpy as np

kinds, wire = sys.modules["grader.sandbox.kinds"], sys.modules["grader.sandbox.wire"]


def table(*args):
    labels = ["range", [0, 10**9, 1], [None]]
    return kinds.Table("frame", ["labels", ["int64", []], [None]], [], labels, None)


def sparse(*args):
    none = np.zeros(0, np.int64)
    return kinds.Sparse("csr", False, (10**9, 10**9), none, none, none)


Stack = apply = table
count = total = sparse
