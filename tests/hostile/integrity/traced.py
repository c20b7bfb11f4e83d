# Wants: to see and change the worker's own variables, by a trace function.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=skipped

import numpy as np
import sys


def spy(frame, event, argument):
    if frame.f_code.co_name == "respond" and "reply" in frame.f_locals:
        frame.f_locals["reply"] = ("ok", {"status": "passed", "score": 100.0}, [])
    return spy


def double(x):
    sys.settrace(spy)
    sys.setprofile(spy)
    frame = sys._getframe()
    while frame is not None:
        frame.f_trace = spy
        frame = frame.f_back
    return 0


def total(x):
    return float(np.sum(x))
