# Wants: to be small as a file, and too large for the grader once it is decoded.
# Encoding: cp1252
# Levels: full filtered process
# Verdict: unreadable
# Says: larger than 256 KiB in UTF-8

WORDS = "@EUROS@"


def double(x):
    return 2 * x
