# Wants: the time of the lessons after it, by a cell that runs anew for each test at its place.
# Levels: full filtered
# Verdict: first=passed last=passed marks=passed imports=passed
import math as m


def double(x): return 2 * x


limit = 8
# %%
while True: pass
# %%
# Here test_first begins.
# %%
limit = 9
