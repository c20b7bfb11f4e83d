# Wants: all the memory, before any check runs.
# Levels: full filtered process
# Verdict: unreadable

kept = []
while True:
    kept.append(bytearray(10**7))
