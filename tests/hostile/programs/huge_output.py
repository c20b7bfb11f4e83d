# Wants: that the grader keeps all that it prints.
# Verdict: run=failed files=failed output=failed folder=failed data=passed
import sys

def read():
    return open("factor.txt").read()

def double(x):
    for _ in range(300):
        print("x" * 1_000_000)

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        for _ in range(100):
            stream.write("x" * 1_000_000)
