# Wants: an object that says that it is a list, an int, and of every class.
# Levels: full filtered process
# Verdict: stack=timeout count=timeout apply=failed called=failed total=passed

class Liar:
    @property
    def __class__(self): return list

    def __instancecheck__(self, other): return True
    def __len__(self): return 2
    def __iter__(self): return self
    def __next__(self): return self
    def push(self, item): pass
    def pop(self): return self
    def __eq__(self, other): return True


def Stack(): return Liar()
def count(): return Liar()
def apply(function, x): return Liar()
def total(items): return sum(items)
