# Wants: files written under names that lead out of the folder, and names that are no texts.
# Verdict: run=failed files=failed output=passed folder=failed data=passed
import contextlib
import sys

def read():
    return open("factor.txt").read()

def double(x):
    print(2 * x)

if __name__ == "__main__":
    for name in ("../out.txt", "/tmp/out.txt", "a" * 5000, "x\ud800", b"out\xff"):
        with contextlib.suppress(OSError, ValueError):
            open(name, "w").write("1\n")
    for value in vars(sys.modules["grader.sandbox.inside.running"]).values():
        pass
