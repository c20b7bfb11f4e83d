# Wants: another file in the place of the data: a link to what it may not read, or one of its own.
# Verdict: run=failed files=failed output=passed folder=failed data=failed
import contextlib
import os

def replace():
    with contextlib.suppress(OSError):
        os.remove("factor.txt")
    with contextlib.suppress(OSError):
        os.symlink("/etc/passwd", "factor.txt")
    with contextlib.suppress(OSError):
        os.rename("factor.txt", "other.txt")
    with contextlib.suppress(OSError):
        open("factor.txt", "w").write("8")

def read():
    replace()
    found = open("factor.txt").read()
    return "kept" if found == "7" else found

def double(x):
    print(2 * x)

if __name__ == "__main__":
    replace()
    print(open("factor.txt").read())
