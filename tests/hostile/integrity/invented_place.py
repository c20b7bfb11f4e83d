# Wants: to put any text into the line of source that a report shows.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed
# Never says: status     passed

import numpy as np
import sys


def double(x):
    program = sys.modules["grader.sandbox.inside.program"].Program
    program.describe = lambda *_: ("ValueError", "ValueError", "", (),
                                   ("target.py", 1, "status     passed"))
    raise ValueError


def total(x):
    return float(np.sum(x))
