# Wants: to blame a line that nobody wrote: code compiled under another file's name.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np

def double(x):
    code = compile("raise ValueError('it was you')", "tests/lessons/hidden/test_target.py", "exec")
    exec(code)


def total(x):
    return float(np.sum(x))
