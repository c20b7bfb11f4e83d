# Wants: files in the folders above the course.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import os


def double(x):
    folder = "@COURSE@"
    while folder != "/":
        folder = os.path.dirname(folder)
        for name in (*os.listdir(folder), "secret.txt"):
            if name == "secret.txt":
                with open(os.path.join(folder, name)) as file:
                    raise ValueError(file.read())
    raise ValueError("nothing")


def total(x):
    return float(np.sum(x))
