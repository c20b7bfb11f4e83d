# Wants: answers that wait in the channel before anything was asked.
# Levels: full filtered process
# Verdict: unreadable

import os
import sys

wire = sys.modules["grader.sandbox.wire"]
os.write(3, wire.frame(os.urandom(8) + wire.encode(("loaded", [], []))) * 100)
