# Wants: to hand over objects by numbers that nobody gave, of other checks and of none.
# Levels: full filtered process
# Verdict: stack=crashed count=crashed apply=failed called=failed total=crashed

import sys

kinds = sys.modules["grader.sandbox.kinds"]


def forged(*args, number=10**6): return kinds.Ref(number, "a Stack", True)
def Stack(): return forged(number=0)
def count(): return forged(number=-1)
def apply(function, x): return forged()
def total(items): return forged()
