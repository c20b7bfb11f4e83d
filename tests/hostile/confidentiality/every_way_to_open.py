# Wants: one file of the host, by every call that opens files.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import ctypes
import io
import linecache
import mmap
import os
import pathlib
import tokenize
import zipfile

PLACE = "@SECRET@"
libc = ctypes.CDLL(None, use_errno=True)
WAYS = [
    lambda: open(PLACE).read(),
    lambda: io.FileIO(PLACE).read(),
    lambda: pathlib.Path(PLACE).read_bytes(),
    lambda: os.read(os.open(PLACE, os.O_RDONLY), 100),
    lambda: os.read(os.open(os.path.basename(PLACE), os.O_RDONLY,
                            dir_fd=os.open(os.path.dirname(PLACE), os.O_PATH)), 100),
    lambda: linecache.getline(PLACE, 1),
    lambda: tokenize.open(PLACE).read(),
    lambda: bytes(np.fromfile(PLACE, dtype="u1")),
    lambda: bytes(np.memmap(PLACE, dtype="u1", mode="r")),
    lambda: np.loadtxt(PLACE, dtype=str),
    lambda: zipfile.ZipFile(PLACE),
    lambda: mmap.mmap(os.open(PLACE, os.O_RDONLY), 0, prot=mmap.PROT_READ)[:],
    lambda: os.listdir(os.path.dirname(PLACE)),
    lambda: libc.fopen(PLACE.encode(), b"r") or None,
    lambda: exec(compile(open(PLACE, "rb").read(), "x", "exec")),
]


def double(x):
    found = []
    for number, way in enumerate(WAYS):
        try:
            result = way()
        except Exception:
            continue
        if result:
            found.append((number, result))
    print(found)
    raise ValueError(found or "nothing")


def total(x):
    return float(np.sum(x))
