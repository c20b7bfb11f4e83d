# Wants: system calls by the 32-bit gate, which have other numbers there.
# Levels: full filtered
# Verdict: number=crashed values=crashed total=passed chained=passed

import numpy as np
import ctypes
import mmap
import platform


def double(x):
    if platform.machine() != "x86_64":  # aarch64 has no such gate
        return ctypes.string_at(0)
    code = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"  # mov eax, 20 (getpid); int 0x80; ret
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return 2 * x if ctypes.CFUNCTYPE(ctypes.c_int)(address)() > 0 else None


def total(x):
    return float(np.sum(x))
