# Wants: a module of its own, found by whoever imports the next lesson.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import sys
import types

planted = types.ModuleType("planted")
planted.double = planted.total = lambda x: "planted"
sys.modules["after"] = sys.modules["planted"] = planted
sys.path.insert(0, "planted")


class Finder:
    def find_spec(self, name, path=None, target=None):
        raise ImportError("planted")


sys.meta_path.insert(0, Finder)


def double(x):
    return None


def total(x):
    return float(np.sum(x))
