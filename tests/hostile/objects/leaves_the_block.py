# Wants: to swallow the check's own assertions in the exit of a block.
# Levels: full filtered process
# Verdict: stack=failed count=failed apply=failed called=failed total=failed

import builtins


class Swallow:
    def __enter__(self): return self
    def __exit__(self, *args): return True
    def __getattr__(self, name): raise KeyError(name)
    def __bool__(self): raise StopIteration
    def __len__(self): raise StopIteration


def nothing(*args): return Swallow()
Stack = count = apply = total = nothing
builtins.AssertionError = StopIteration
