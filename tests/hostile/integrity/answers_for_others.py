# Wants: one forged answer to the whole head start, so that its calls count as made and right.
# Levels: full filtered process
# Verdict: number=failed values=failed total=failed chained=crashed

import os
import sys

import numpy as np

wire = sys.modules["grader.sandbox.wire"]
frame = sys._getframe()
while "token" not in frame.f_locals:
    frame = frame.f_back
foreseen = frame.f_locals["details"][2]
answers = [wire.encode(("ok", True, [])) for _ in foreseen]
os.write(3, wire.frame(frame.f_locals["token"] + wire.encode(("loaded", [], answers))))


def answer(*args):
    return True


double = total = answer
