"""The system-call filters, as classic BPF programs that seccomp runs.

There are two layers. The zygote loads the *zygote* layer once, before any student code exists. It
lists all calls that are allowed: computing, memory, threads, reading files, time. Each fork loads
the *worker* layer, which forbids what only the zygote needs: processes, signals, passing
descriptors, loading filters. A forbidden call fails with an error and does not kill the process, so
ordinary code that only tries whether a feature is there goes on.

Program layout and constants: ``linux/seccomp.h``, ``linux/filter.h``.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from grader.sandbox.inside import syscalls

# The calls that a worker may make, as {name: (x86-64, aarch64)}; None if the machine lacks it. Left
# out on purpose: chmod, chown, utimes and xattr calls, which Landlock does not guard; and calls by
# which programs that are graded at the same time could tell each other things: locks, pipes (their
# inode numbers come from one counter of the machine), fadvise64 (it empties the page cache of files
# that all may read) and statfs (the free space of the machine's disks).
_COMMON: Final[dict[str, tuple[int | None, int | None]]] = {
    # descriptors
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66),
    "pread64": (17, 67), "pwrite64": (18, 68), "preadv": (295, 69), "pwritev": (296, 70),
    "lseek": (8, 62), "close": (3, 57), "close_range": (436, 436), "dup": (32, 23),
    "dup2": (33, None), "dup3": (292, 24),
    "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72),
    "epoll_create1": (291, 20), "epoll_ctl": (233, 21), "epoll_wait": (232, None),
    "epoll_pwait": (281, 22), "eventfd2": (290, 19),
    # files: Landlock and the mount namespace decide which
    "open": (2, None), "openat": (257, 56), "stat": (4, None), "fstat": (5, 80),
    "lstat": (6, None), "newfstatat": (262, 79), "statx": (332, 291), "access": (21, None),
    "faccessat": (269, 48), "faccessat2": (439, 439), "readlink": (89, None),
    "readlinkat": (267, 78), "getdents64": (217, 61), "getcwd": (79, 17), "chdir": (80, 49),
    "fchdir": (81, 50), "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None),
    "unlink": (87, None), "unlinkat": (263, 35), "rename": (82, None), "renameat": (264, 38),
    "renameat2": (316, 276), "ftruncate": (77, 46), "fallocate": (285, 47), "fsync": (74, 82),
    "fdatasync": (75, 83), "umask": (95, 166),
    "sendfile": (40, 71), "copy_file_range": (326, 285),
    # memory
    "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215), "mremap": (25, 216),
    "msync": (26, 227), "madvise": (28, 233), "brk": (12, 214), "membarrier": (324, 283),
    # own signals and threads
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132), "rt_sigpending": (127, 136), "rt_sigtimedwait": (128, 137),
    "rt_sigsuspend": (130, 133), "pause": (34, None), "alarm": (37, None),
    "getitimer": (36, 102), "setitimer": (38, 103), "restart_syscall": (219, 128),
    "set_robust_list": (273, 99),
    "get_robust_list": (274, 100), "set_tid_address": (218, 96), "rseq": (334, 293),
    "arch_prctl": (158, None), "exit": (60, 93), "exit_group": (231, 94),
    # time and facts about oneself
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101), "gettimeofday": (96, 169), "time": (201, None),
    "times": (100, 153), "getrusage": (98, 165), "getpid": (39, 172), "getppid": (110, 173),
    "gettid": (186, 178), "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176),
    "getegid": (108, 177), "getresuid": (118, 148), "getresgid": (120, 150),
    "getgroups": (115, 158), "getpgrp": (111, None), "getpgid": (121, 155),
    "getsid": (124, 156), "uname": (63, 160), "getrandom": (318, 278),
    "getrlimit": (97, 163), "setrlimit": (160, 164), "getcpu": (309, 168),
    "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120), "sched_get_priority_max": (146, 125),
    "sched_get_priority_min": (147, 126),
}  # fmt: skip

# The calls that the zygote needs, too, and that the worker layer takes away again.
_ZYGOTE_ONLY: Final[dict[str, tuple[int | None, int | None]]] = {
    "kill": (62, 129), "wait4": (61, 260), "waitid": (247, 95), "sendmsg": (46, 211),
    "recvmsg": (47, 212), "sendto": (44, 206), "recvfrom": (45, 207),
    "seccomp": (317, 277), "fork": (57, None), "vfork": (58, None), "chmod": (90, None),
    "fchmod": (91, 52), "fchmodat": (268, 53),
}  # fmt: skip

# Calls that are allowed or not by their arguments.
_CLONE: Final = (56, 220)
_IOCTL: Final = (16, 29)
_FCNTL: Final = (72, 25)
_PRCTL: Final = (157, 167)
_PRLIMIT64: Final = (302, 261)
_FUTEX: Final = (202, 98)

# A worker may ask these about itself only (process 0). About other processes they would tell which
# exist, and how much each has computed.
_ABOUT_ONESELF: Final = (
    (121, 155),  # getpgid
    (124, 156),  # getsid
    (143, 121),  # sched_getparam
    (145, 120),  # sched_getscheduler
    (274, 100),  # get_robust_list
)
_GETAFFINITY: Final = (204, 123)  # libc asks it about threads, and does without it
_CLOCKS: Final = ((228, 113), (229, 114), (230, 115))  # clock_gettime, _getres, _nanosleep
_OTHERS_CLOCKS: Final = 0x8000_0000  # a negative clock id is the CPU time of a process …
_OWN_CLOCKS: Final = 0xFFFF_FFF8  # … and from here on that of process 0, oneself: (~pid << 3 | …)

_CLONE_THREAD: Final = 0x0001_0000
_CLONE_NAMESPACES: Final = 0x7E02_0080  # any CLONE_NEW* flag
_TCGETS: Final = 0x5401  # isatty()
_FIOCLEX, _FIONCLEX, _FIONBIO, _FIONREAD = 0x5451, 0x5450, 0x5421, 0x541B
_FCNTL_ALLOWED: Final = (0, 1, 2, 3, 4, 1030, 1032)  # dup, flags, pipe size; no locks
_PR_SET_PDEATHSIG: Final = 1  # the zygote sets it in a worker; a worker may not clear it
_PRCTL_ALLOWED: Final = (_PR_SET_PDEATHSIG, 15, 16, 0x5356_4D41)  # thread name, PR_SET_VMA

# Two processes that map the same page of a file can wait for each other there, unless the wait is
# private. Only these operations wait: WAIT, LOCK_PI, TRYLOCK_PI, WAIT_BITSET, WAIT_REQUEUE_PI,
# LOCK_PI2. Threads wait in private; a thread's end is waited for otherwise, but glibc tries again.
_FUTEX_WAITS: Final = (0, 6, 8, 9, 11, 13)
_FUTEX_PRIVATE: Final = 128
_FUTEX_COMMAND: Final = 127  # the bits of the operation without its flags

#: System calls from this number on are young: libc copes with one that answers ENOSYS.
_FIRST_YOUNG: Final = 424

_AUDIT_ARCH: Final = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_COLUMN: Final = {"x86_64": 0, "aarch64": 1}

_LOAD, _JEQ, _JGE, _JGT, _JSET, _AND, _RET = 0x20, 0x15, 0x35, 0x25, 0x45, 0x54, 0x06
_NR, _ARCH, _ARGS = 0, 4, 16  # offsets in struct seccomp_data
_ALLOW: Final = 0x7FFF_0000
_ERRNO: Final = 0x0005_0000
_KILL: Final = 0x8000_0000

_SECCOMP_SET_MODE_FILTER: Final = 1

Instruction = tuple[int, int, int, int]


def zygote_layer(machine: str = syscalls.MACHINE) -> bytes:
    """The filter that lists the calls that are allowed at all."""
    column = _column(machine)
    allowed = [
        number
        for table in (_COMMON, _ZYGOTE_ONLY)
        for numbers in table.values()
        if (number := numbers[column]) is not None
    ]
    program = _prologue(machine)
    program += _only_if_argument_in(_IOCTL[column], 1, (_TCGETS, _FIOCLEX, _FIONCLEX, _FIONBIO,
                                                        _FIONREAD))  # fmt: skip
    program += _only_if_argument_in(_FCNTL[column], 1, _FCNTL_ALLOWED)
    program += _only_if_argument_in(_PRCTL[column], 0, _PRCTL_ALLOWED)
    program += _only_if_argument_in(_PRLIMIT64[column], 0, (0,))  # its own limits only
    program += _unless_argument_has(_CLONE[column], 0, _CLONE_NAMESPACES)
    program += _unless_shared_wait(_FUTEX[column])
    for low, high in _ranges(allowed):
        if low == high:
            program += [(_JEQ, 0, 1, low)]
        else:
            program += [(_JGE, 0, 2, low), (_JGT, 1, 0, high)]
        program += [_ret(_ALLOW)]
    program += [(_JGE, 0, 1, _FIRST_YOUNG), _ret(_ERRNO | errno.ENOSYS), _ret(_ERRNO | errno.EPERM)]
    return _assemble(program)


def worker_layer(machine: str = syscalls.MACHINE) -> bytes:
    """The filter that takes from a worker what only the zygote may do."""
    column = _column(machine)
    program = _prologue(machine)
    # A thread is a clone with CLONE_THREAD; anything else would be a process.
    program += [
        (_JEQ, 0, 4, _CLONE[column]),
        (_LOAD, 0, 0, _ARGS),
        (_JSET, 0, 1, _CLONE_THREAD),
        _ret(_ALLOW),
        _ret(_ERRNO | errno.EPERM),
    ]
    program += [
        (_JEQ, 0, 4, _PRCTL[column]),
        (_LOAD, 0, 0, _ARGS),
        (_JEQ, 0, 1, _PR_SET_PDEATHSIG),
        _ret(_ERRNO | errno.EPERM),
        _ret(_ALLOW),
    ]
    for about in _ABOUT_ONESELF:
        program += _only_if_argument_in(about[column], 0, (0,))
    program += _only_if_argument_in(_GETAFFINITY[column], 0, (0,), errno.ENOSYS)
    for clock in _CLOCKS:
        program += _unless_others_clock(clock[column])
    for numbers in _ZYGOTE_ONLY.values():
        number = numbers[column]
        if number is not None:
            program += [(_JEQ, 0, 1, number), _ret(_ERRNO | errno.EPERM)]
    program += [_ret(_ALLOW)]
    return _assemble(program)


def loader(program: bytes) -> Callable[[], None]:
    """Prepare a function that filters the calling process and all its children, for good.

    The zygote prepares it, because each step in a worker copies memory pages. The function raises
    ``OSError`` if the kernel refuses; the caller must not go on then.
    """
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    load = syscalls.prepared_syscall("seccomp", _SECCOMP_SET_MODE_FILTER, 0, header)

    def load_filter(_kept_alive: object = code) -> None:
        load()

    return load_filter


def _column(machine: str) -> int:
    if machine not in _COLUMN:
        raise OSError(f"seccomp: no filter for {machine}")
    return _COLUMN[machine]


def _prologue(machine: str) -> list[Instruction]:
    """Refuse another machine's calls (32-bit ones, say), then load the call's number."""
    return [
        (_LOAD, 0, 0, _ARCH),
        (_JEQ, 1, 0, _AUDIT_ARCH[machine]),
        _ret(_KILL),
        (_LOAD, 0, 0, _NR),
    ]


def _ret(action: int) -> Instruction:
    return (_RET, 0, 0, action)


def _only_if_argument_in(
    number: int, index: int, values: Sequence[int], otherwise: int = errno.EPERM
) -> list[Instruction]:
    """Allow a call only when an argument's low word is one of ``values``."""
    tests: list[Instruction] = []
    for value in values:
        tests += [(_JEQ, 0, 1, value), _ret(_ALLOW)]
    body = [(_LOAD, 0, 0, _ARGS + 8 * index), *tests, _ret(_ERRNO | otherwise)]
    return [(_JEQ, 0, len(body), number), *body]


def _unless_others_clock(number: int) -> list[Instruction]:
    """Allow a call only on a clock that is not another process's."""
    body: list[Instruction] = [
        (_LOAD, 0, 0, _ARGS),
        (_JGE, 2, 0, _OWN_CLOCKS),
        (_JSET, 0, 1, _OTHERS_CLOCKS),
        _ret(_ERRNO | errno.EINVAL),
        _ret(_ALLOW),
    ]
    return [(_JEQ, 0, len(body), number), *body]


def _unless_argument_has(number: int, index: int, bits: int) -> list[Instruction]:
    """Allow a call only when none of ``bits`` is set in an argument's low word."""
    body: list[Instruction] = [
        (_LOAD, 0, 0, _ARGS + 8 * index),
        (_JSET, 0, 1, bits),
        _ret(_ERRNO | errno.EPERM),
        _ret(_ALLOW),
    ]
    return [(_JEQ, 0, len(body), number), *body]


def _unless_shared_wait(number: int) -> list[Instruction]:
    """Allow a futex call, but let a wait that is not private fail at once."""
    waits: list[Instruction] = []
    for command in _FUTEX_WAITS:
        waits += [(_JEQ, 0, 1, command), _ret(_ERRNO | errno.EAGAIN)]
    body: list[Instruction] = [
        (_LOAD, 0, 0, _ARGS + 8),
        (_JSET, 0, 1, _FUTEX_PRIVATE),
        _ret(_ALLOW),
        (_AND, 0, 0, _FUTEX_COMMAND),
        *waits,
        _ret(_ALLOW),
    ]
    return [(_JEQ, 0, len(body), number), *body]


def _ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Join neighbouring numbers: [1, 2, 3, 7] -> [(1, 3), (7, 7)]."""
    joined: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if joined and number == joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], number)
        else:
            joined.append((number, number))
    return joined


def _assemble(program: Sequence[Instruction]) -> bytes:
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)
