# Wants: to pass objects on in the arguments of an exception, and in what it says.
# Levels: full filtered process
# Verdict: stack=failed count=failed apply=failed called=failed total=failed

class Carrier(Exception):
    def __init__(self, *args):
        super().__init__(self, args)
        self.cargo = [self]

    def __str__(self): return self
    def __eq__(self, other): return True


def fail(*args): raise Carrier(Carrier)
Stack = count = apply = total = fail
