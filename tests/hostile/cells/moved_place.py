# Wants: to choose the place at which a test looks, and so what it sees.
# Levels: full filtered
# Verdict: first=failed last=passed marks=passed imports=passed
# Here test_first begins.
import math as m
# %%
limit = 1
# %%
# Here test_first begins.
# %%
limit = 8


def double(x): return 2 * x
