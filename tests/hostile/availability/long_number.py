# Wants: a number whose text takes quadratic time to read.
# Levels: full filtered process
# Verdict: unreadable

exec("x = " + "9" * 10**6)
