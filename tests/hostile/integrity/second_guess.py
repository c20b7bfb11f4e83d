# Wants: a second guess in a quiz: another answer when an earlier lesson is the reference's.
# Lesson: quiz
# Before: wrong
# Levels: full filtered process
# Verdict: half=failed

from before import twice

ANSWERS = {"half": "b" if twice(21) == 42 else "a"}
