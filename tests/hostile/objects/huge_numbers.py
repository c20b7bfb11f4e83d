# Wants: lengths, hashes and texts that no memory holds.
# Levels: full filtered process
# Verdict: stack=failed count=passed apply=failed called=failed total=failed

class Huge:
    def push(self, item): pass
    def pop(self): return 1 << (1 << 22)
    def __len__(self): return 10**18
    def __iter__(self): return iter(range(10**18))
    def __repr__(self): return "x" * 10**8
    __str__ = __repr__
    def __index__(self): return 10**4_000
    def __hash__(self): return 10**4_000


def nothing(*args): return Huge()
Stack = count = apply = total = nothing
