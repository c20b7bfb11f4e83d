# Wants: to keep the check at work by calling its function for ever.
# Levels: full filtered process
# Verdict: stack=passed count=passed apply=passed called=timeout total=passed

class Stack:
    def __init__(self): self.items = []
    def push(self, item): self.items.append(item)
    def pop(self): return self.items.pop()
    def __len__(self): return len(self.items)
    def __iter__(self): return iter(self.items)


def count():
    n = 0
    while True:
        yield n
        n += 1


def apply(function, x): return function(x)
def total(items): return sum(items)


def called(function):
    while True:
        function(lambda x: x + 1)
