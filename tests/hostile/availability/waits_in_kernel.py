# Wants: to wait in the kernel for a thread that never ends, where no signal but one reaches it.
# Levels: full filtered process
# Verdict: number=timeout values=timeout total=passed chained=passed

import numpy as np
import ctypes
import mmap
import platform
import time

FLAGS = 0x0001_4900 | 0x0000_0100  # CLONE_VM, _SIGHAND, _VFORK and _THREAD


def double(x):
    if platform.machine() != "x86_64":
        return time.sleep(60)
    code = b"\xb8\x38\x00\x00\x00\x0f\x05"  # mov eax, 56 (clone); syscall
    code += b"\x85\xc0\x74\x01\xc3"  # the parent, which is not there before its child ends: ret
    code += b"\xf3\x90\xeb\xfc"  # the child: for ever
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    stack = mmap.mmap(-1, 65536)
    start = ctypes.addressof(ctypes.c_char.from_buffer(page))
    top = ctypes.addressof(ctypes.c_char.from_buffer(stack)) + 65000
    clone = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_long, ctypes.c_long)
    return clone(start)(FLAGS, top // 16 * 16)


def total(x):
    return float(np.sum(x))
