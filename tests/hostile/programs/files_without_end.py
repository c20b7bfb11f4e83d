# Wants: to fill the disk with what it writes, in many files and in one.
# Verdict: run=failed files=failed output=passed folder=failed data=passed

def read():
    return open("factor.txt").read()

def double(x):
    print(2 * x)

if __name__ == "__main__":
    n = 0
    try:
        while True:
            open(f"file{n}", "w").write("x" * 1000)
            n += 1
    except OSError:
        pass
    try:
        with open("file0", "ab", 0) as file:
            while True:
                file.write(bytes(100_000))
    except OSError:
        pass
