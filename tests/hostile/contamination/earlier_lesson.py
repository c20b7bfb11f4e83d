# Wants: the next lesson's own code changed, from the lesson that it may import.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import sys


def spy(frame, event, argument):
    if frame.f_code.co_name == "anomalies":
        frame.f_globals["anomalies"] = lambda: ["planted"]
    return spy


sys.settrace(spy)


def double(x):
    return None


def total(x):
    return float(np.sum(x))
