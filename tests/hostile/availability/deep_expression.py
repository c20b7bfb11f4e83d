# Wants: to overflow the compiler's stack by an expression that is deep, but not in parentheses.
# Levels: full filtered process
# Verdict: unreadable

exec("x = " + "-" * 10**6 + "1")
