# Wants: answers that wait in the channel before anything was asked.
# Levels: full filtered process
# Verdict: unreadable

import os
import sys

frame = sys._getframe()
while frame.f_code.co_name != "respond":
    frame = frame.f_back
wire, channel = sys.modules["grader.sandbox.wire"], frame.f_locals["replies"]
os.write(channel, wire.frame(os.urandom(8) + wire.encode(("loaded", [], []))) * 100)
