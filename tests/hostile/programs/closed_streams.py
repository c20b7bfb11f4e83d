# Wants: the worker to stumble over streams that are closed, or none at all.
# Verdict: run=failed files=failed output=failed folder=failed data=passed
import builtins
import sys

def read():
    return open("factor.txt").read()

def double(x):
    sys.stdout.close()
    sys.stdin = None
    builtins.input = None

if __name__ == "__main__":
    sys.stdout.close()
    sys.stderr = None
    sys.stdin.close()
    builtins.open = None
