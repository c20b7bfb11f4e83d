# Wants: modules written in C: ctypes, sqlite3, zlib, array, struct, mmap.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

import array
import ctypes
import mmap
import struct
import zlib
import numpy as np

mmap.mmap(-1, 4096).close(), zlib.crc32(b"a"), struct.pack("d", 1.0), array.array("d", [1.0])
ctypes.c_double(1.0), np.ctypeslib.as_array(array.array("d", [1.0]))
try:
    import sqlite3

    sqlite3.connect(":memory:").execute("select 1").fetchone()
except ImportError:
    pass


def double(x):
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))
