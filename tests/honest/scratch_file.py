# Wants: a file of its own, written and read again.
# Levels: full
# Verdict: number=passed values=passed total=passed chained=passed

import os
import pathlib
import tempfile
import numpy as np


def double(x):
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder, "x.npy")
        np.save(place, np.asarray(x))
        x = np.load(place)
    with open("notes.txt", "w") as file:
        file.write("hello")
    with open("notes.txt") as file:
        assert file.read() == "hello"
    os.remove("notes.txt")
    return 2 * x


def total(x):
    return float(np.sum(x))
