# Wants: all the memory, before any check runs.
# Levels: full filtered process
# Verdict: unreadable

kept = []
while True:
    kept.append([0] * 10**6)
