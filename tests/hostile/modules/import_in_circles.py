# Wants: imports without end, each of which forgets the one before.
# Verdict: total=failed twice=failed area=failed
import sys

def total(radii):
    sys.modules.pop("helpers", None)
    import helpers
    return helpers.twice(3)

# File: helpers.py
import sys

sys.modules.pop("lesson", None)
sys.modules.pop("helpers", None)

def twice(x):
    sys.modules.pop("shapes.circle", None)
    from shapes.circle import area
    return area(x)

import shapes.circle

# File: shapes/circle.py
import sys

sys.modules.pop("helpers", None)

def area(radius):
    sys.modules.pop("helpers", None)
    import helpers
    return helpers.twice(radius)
