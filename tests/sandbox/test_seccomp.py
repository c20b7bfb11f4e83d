"""The system-call filters: on paper for both machines, then in the kernel of this one."""

from __future__ import annotations

import csv
import errno
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from grader.sandbox.client import Sandbox
from grader.sandbox.inside import seccomp
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.session import Session

ARCH: Final = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
I386: Final = 0x4000_0003
ALLOW, KILL = 0x7FFF_0000, 0x8000_0000
EPERM, ENOSYS, EINVAL, EAGAIN = (
    0x0005_0000 | number for number in (errno.EPERM, errno.ENOSYS, errno.EINVAL, errno.EAGAIN)
)
#: Strictest first, as the kernel chooses among the verdicts of several filters.
ORDER: Final = (KILL, 0x0005_0000, ALLOW)


def run(program: bytes, number: int, arch: int, args: tuple[int, ...] = ()) -> int:
    """Interpret a classic BPF program as ``seccomp`` does; any jump or load astray is an error."""
    words = [word & 0xFFFF_FFFF_FFFF_FFFF for word in (*args, 0, 0, 0, 0, 0, 0)[:6]]
    data = struct.pack("=IIQ6Q", number, arch, 0x7F00_0000_0000, *words)
    code = list(struct.iter_unpack("HBBI", program))
    assert 0 < len(code) <= 4096
    accumulator, at = 0, 0
    while True:
        operation, if_true, if_false, value = code[at]  # IndexError: ran off its end
        at += 1
        if operation == 0x20:  # load a word
            assert value % 4 == 0
            accumulator = struct.unpack_from("=I", data, value)[0]
        elif operation == 0x06:  # return
            return int(value)
        elif operation == 0x05:  # jump
            at += value
        elif operation == 0x54:  # and
            accumulator &= value
        else:
            holds = {
                0x15: accumulator == value,
                0x25: accumulator > value,
                0x35: accumulator >= value,
                0x45: bool(accumulator & value),
            }[operation]
            at += if_true if holds else if_false


def decide(machine: str, number: int, *args: int, arch: int | None = None) -> int:
    """What the kernel does with a worker's call: both layers are asked, the stricter one wins."""
    known = ARCH[machine] if arch is None else arch
    verdicts = [
        run(layer, number, known, args)
        for layer in (seccomp.zygote_layer(machine), seccomp.worker_layer(machine))
    ]
    return min(verdicts, key=lambda verdict: ORDER.index(verdict & 0xFFFF_0000))


CALLS: Final = {  # name: (x86-64, aarch64), from the kernel's tables and not from the engine's
    "read": (0, 63), "write": (1, 64), "openat": (257, 56), "close": (3, 57), "mmap": (9, 222),
    "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "futex": (202, 98),
    "clone": (56, 220), "clone3": (435, 435), "fork": (57, None), "vfork": (58, None),
    "execve": (59, 221), "execveat": (322, 281), "exit_group": (231, 94), "wait4": (61, 260),
    "waitid": (247, 95), "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "kcmp": (312, 272), "prlimit64": (302, 261),
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200),
    "listen": (50, 201), "accept4": (288, 242), "sendto": (44, 206), "recvfrom": (45, 207),
    "sendmsg": (46, 211), "recvmsg": (47, 212), "sendmmsg": (307, 269), "recvmmsg": (299, 243),
    "ioctl": (16, 29), "fcntl": (72, 25), "prctl": (157, 167), "seccomp": (317, 277),
    "arch_prctl": (158, None), "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40),
    "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "mount_setattr": (442, 442),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "memfd_create": (319, 279),
    "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190),
    "msgget": (68, 186), "mq_open": (240, 180), "inotify_init1": (294, 26),
    "fanotify_init": (300, 262), "setuid": (105, 146), "setgid": (106, 144),
    "setresuid": (117, 147), "setgroups": (116, 159), "capset": (126, 91), "setpgid": (109, 154),
    "setsid": (112, 157), "setpriority": (141, 140), "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274), "sched_setaffinity": (203, 122), "chmod": (90, None),
    "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "fchownat": (260, 54), "utimensat": (280, 88), "setxattr": (188, 5), "mknodat": (259, 33),
    "symlinkat": (266, 36), "linkat": (265, 37), "truncate": (76, 45), "name_to_handle_at":
    (303, 264), "open_by_handle_at": (304, 265), "reboot": (169, 142), "swapon": (167, 224),
    "init_module": (175, 105), "finit_module": (313, 273), "kexec_load": (246, 104),
    "settimeofday": (170, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "sethostname": (170, 161), "quotactl": (179, 60), "acct": (163, 89), "syslog": (103, 116),
    "personality": (135, 92), "vmsplice": (278, 75), "splice": (275, 76), "tee": (276, 77),
    "landlock_restrict_self": (446, 446), "gettid": (186, 178), "getrandom": (318, 278),
    "clock_gettime": (228, 113), "newfstatat": (262, 79), "getdents64": (217, 61),
    "lseek": (8, 62), "sched_yield": (24, 124), "getpid": (39, 172), "rt_sigreturn": (15, 139),
    "getpgid": (121, 155), "sched_getaffinity": (204, 123), "flock": (73, 32),
    "set_robust_list": (273, 99), "rseq": (334, 293), "madvise": (28, 233),
}  # fmt: skip

HONEST = [
    "read", "write", "openat", "close", "mmap", "mprotect", "munmap", "brk", "exit_group",
    "gettid", "getrandom", "newfstatat", "getdents64", "lseek", "sched_yield",
    "getpid", "rt_sigreturn", "set_robust_list", "rseq", "madvise", "arch_prctl",
]  # fmt: skip
BY_ARGUMENT = [
    "clone", "ioctl", "fcntl", "prctl", "prlimit64", "clock_gettime", "getpgid",
    "sched_getaffinity", "futex",
]  # fmt: skip
FORBIDDEN = [name for name in CALLS if name not in (*HONEST, *BY_ARGUMENT)]

THREAD = 0x003D_0F00  # what glibc's pthread_create asks for, CLONE_THREAD among it
NAMESPACES = [0x80, 0x2_0000, *(1 << bit for bit in range(25, 31))]
TIOCSTI, TIOCLINUX, TCGETS, FIONREAD = 0x5412, 0x541C, 0x5401, 0x541B

both = pytest.mark.parametrize("machine", ARCH)


def number_of(machine: str, name: str) -> int:
    number = CALLS[name][list(ARCH).index(machine)]
    if number is None:
        pytest.skip(f"{machine} has no {name}")
    return number


@both
@pytest.mark.parametrize("name", HONEST)
def test_honest_code_is_let_through(machine: str, name: str) -> None:
    assert decide(machine, number_of(machine, name)) == ALLOW


@both
@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_forbidden_call_is_an_error_whatever_its_arguments(machine: str, name: str) -> None:
    number = number_of(machine, name)
    for args in ((), (1, 1, 1, 1, 1, 1), (0x5401, 0x5401), (THREAD,), (2**64 - 1,) * 6):
        assert decide(machine, number, *args) in {EPERM, ENOSYS}


@both
@pytest.mark.parametrize(
    ("name", "args", "verdict"),
    [
        ("clone", (THREAD,), ALLOW),
        ("clone", (0x0120_0011,), EPERM),  # fork
        ("clone", (0x0000_4111,), EPERM),  # vfork
        ("clone", (0,), EPERM),
        ("clone", (THREAD << 32,), EPERM),  # the kernel looks at the low word alone, too
        *[("clone", (THREAD | flag,), EPERM) for flag in NAMESPACES],
        *[("clone", (flag,), EPERM) for flag in NAMESPACES],
        ("ioctl", (0, TCGETS), ALLOW),
        ("ioctl", (0, FIONREAD), ALLOW),
        ("ioctl", (0, TIOCSTI), EPERM),
        ("ioctl", (0, TIOCLINUX), EPERM),
        ("ioctl", (0, TIOCSTI | 1 << 32), EPERM),
        ("ioctl", (TCGETS, 0), EPERM),
        ("fcntl", (0, 1), ALLOW),
        ("fcntl", (0, 3), ALLOW),
        ("fcntl", (0, 1030), ALLOW),  # F_DUPFD_CLOEXEC
        *[("fcntl", (0, lock), EPERM) for lock in (5, 6, 7, 36, 37, 38)],  # F_GETLK, F_OFD_SETLK …
        ("fcntl", (0, 8), EPERM),  # F_SETOWN, which sends signals
        ("fcntl", (0, 15), EPERM),  # F_SETOWN_EX
        ("fcntl", (0, 1024), EPERM),  # F_SETLEASE
        ("fcntl", (0, 1026), EPERM),  # F_NOTIFY
        ("fcntl", (0, 1031), EPERM),  # F_SETPIPE_SZ
        ("prctl", (15,), ALLOW),  # PR_SET_NAME
        ("prctl", (1, 0), EPERM),  # PR_SET_PDEATHSIG
        ("prctl", (4, 1), EPERM),  # PR_SET_DUMPABLE
        ("prctl", (22, 2), EPERM),  # PR_SET_SECCOMP
        ("prctl", (23,), EPERM),  # PR_CAPBSET_READ
        ("prctl", (0x5961_6D61, 1), EPERM),  # PR_SET_PTRACER
        *[("clock_gettime", (clock,), ALLOW) for clock in range(12)],  # CLOCK_REALTIME … CLOCK_TAI
        *[("clock_gettime", (~pid << 3 | 2,), EINVAL) for pid in (1, 2, 4_000, 2**22)],
        *[("clock_gettime", (~tid << 3 | 6,), EINVAL) for tid in (1, 2, 4_000, 2**22)],
        *[("clock_gettime", (~0 << 3 | kind,), ALLOW) for kind in (2, 6)],  # of oneself
        *[("futex", (0, wait | 128), ALLOW) for wait in (0, 6, 8, 9, 11, 13)],  # private
        *[("futex", (0, wait), EAGAIN) for wait in (0, 6, 8, 9, 11, 13)],  # another may wake it
        ("futex", (0, 9 | 256), EAGAIN),  # FUTEX_CLOCK_REALTIME is a flag
        ("futex", (0, 1), ALLOW),  # FUTEX_WAKE
        ("getpgid", (0,), ALLOW),
        ("getpgid", (1,), EPERM),
        ("getpgid", (2**32 - 1,), EPERM),
        ("sched_getaffinity", (0,), ALLOW),
        ("sched_getaffinity", (1,), ENOSYS),
        ("prlimit64", (0, 7), ALLOW),
        ("prlimit64", (1, 7), EPERM),
        ("prlimit64", (2**32 - 1, 7), EPERM),
    ],
)  # fmt: skip
def test_some_calls_are_decided_by_an_argument(
    machine: str, name: str, args: tuple[int, ...], verdict: int
) -> None:
    assert decide(machine, number_of(machine, name), *args) == verdict


@both
def test_clone3_does_not_exist_so_that_libc_falls_back_to_clone(machine: str) -> None:
    assert decide(machine, CALLS["clone3"][0]) == ENOSYS


@both
def test_future_system_calls_are_answered_as_if_they_did_not_exist(machine: str) -> None:
    for number in (470, 600, 100_000, 0x3FFF_FFFF, 0xFFFF_FFFF):
        assert decide(machine, number) == ENOSYS


def test_the_second_calling_convention_of_x86_is_closed() -> None:
    """The x32 numbers are the same calls with a bit set; a filter that forgets them is open."""
    for number in range(600):
        assert decide("x86_64", 0x4000_0000 | number) in {EPERM, ENOSYS}


@both
def test_another_machines_calls_end_the_process(machine: str) -> None:
    others = [I386, 0, *(arch for name, arch in ARCH.items() if name != machine)]
    for arch in others:
        for number in (0, 1, 11, 59, 102, 221):
            assert decide(machine, number, arch=arch) == KILL


@both
def test_the_worker_layer_takes_away_what_the_zygote_layer_still_allows(machine: str) -> None:
    """Both are needed: each of these calls is stopped by the second layer alone."""
    for name in ("kill", "wait4", "sendmsg", "recvmsg", "seccomp", "clone"):
        number = number_of(machine, name)
        assert run(seccomp.zygote_layer(machine), number, ARCH[machine]) == ALLOW
        assert run(seccomp.worker_layer(machine), number, ARCH[machine]) == EPERM


def test_no_call_is_allowed_by_accident() -> None:
    """As many calls are open as are listed: a wrong jump would open or close others."""
    for machine in ARCH:
        open_numbers = [n for n in range(1024) if decide(machine, n, THREAD, TCGETS) == ALLOW]
        assert 60 < len(open_numbers) < 140
        assert not {n for name in FORBIDDEN if (n := CALLS[name][list(ARCH).index(machine)])} & set(
            open_numbers
        )


#: What a call may be given: nothing, own and others' ids and clocks, commands, a new thread.
SOME_ARGUMENTS: Final = (
    (), (0, 0), (1, 1), (15,), (TCGETS, TCGETS), (THREAD,), (~1 << 3 | 2,), (2**64 - 1,) * 6,
)  # fmt: skip


@pytest.mark.slow
@both
def test_the_table_says_what_becomes_of_every_call(machine: str) -> None:
    words = {ALLOW: "allowed", EPERM: "EPERM", ENOSYS: "ENOSYS"}
    with Path(__file__).with_name("syscalls.csv").open(encoding="ascii") as file:
        table = list(csv.DictReader(file))
    assert len(table) > 350
    for row in table:
        if row[machine]:
            verdicts = {decide(machine, int(row[machine]), *args) for args in SOME_ARGUMENTS}
            found = words[verdicts.pop()] if len(verdicts) == 1 else "by argument"
            assert found == row["worker"], row


def test_a_machine_without_a_filter_is_refused() -> None:
    for layer in (seccomp.zygote_layer, seccomp.worker_layer):
        with pytest.raises(OSError, match="no filter for riscv64"):
            layer("riscv64")


# What follows runs in real workers.

STUDENT = """
import ctypes, os, signal, socket, subprocess, multiprocessing
import numpy as np
libc = ctypes.CDLL(None, use_errno=True)
def c(name, *args):
    if getattr(libc, name)(*args) < 0: raise OSError(ctypes.get_errno(), name)
def syscall(number, *args): c("syscall", ctypes.c_long(number), *args)
def attempt(source):
    try: eval(source)
    except OSError as error: return error.errno
    except BaseException as error: return type(error).__name__
    return "it worked"
def threads():
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(lambda n: float(np.linalg.inv(np.eye(9) * n)[0, 0]), [1, 2, 4]))
def honest():
    import collections, csv, datetime, decimal, io, json, logging, pathlib, statistics, tempfile
    import numpy.ma, numpy.polynomial, time, uuid
    a = np.random.default_rng().normal(size=(200, 200))
    u, s, v = np.linalg.svd(a)
    np.savetxt("a.txt", a[:2]); np.save("a.npy", a); pathlib.Path("b").write_text("b")
    with tempfile.TemporaryFile() as file: file.write(b"x")
    time.sleep(0.001); uuid.uuid4(); datetime.datetime.now(); os.urandom(3); os.cpu_count()
    os.rename("b", "c"); os.remove("c"); os.isatty(1); print("x", flush=True)
    return np.allclose(u * s @ v, a) and np.allclose(np.loadtxt("a.txt"), np.load("a.npy")[:2])
"""


@pytest.fixture(scope="module")
def lesson() -> Iterator[Session]:
    limits = SandboxLimits(5, 8, 10, 512 * 2**20, 4096)
    with (
        Sandbox(Isolation.FULL, limits) as sandbox,
        Session(sandbox, "lesson", {"lesson": ("lesson.py", [STUDENT], False)}) as session,
    ):
        yield session


@pytest.mark.parametrize(
    "act",
    [
        "os.fork()", "os.posix_spawn('/bin/true', ['true'], {})",
        "os.execv('/bin/true', ['true'])", "subprocess.run(['true'])", "os.popen('true')",
        "multiprocessing.Process(target=len).start()",
        "socket.socket()", "socket.socket(socket.AF_UNIX)", "socket.socketpair()",
        "socket.create_connection(('127.0.0.1', 1))", "socket.getaddrinfo('example.com', 80)",
        "os.kill(os.getpid(), 0)", "os.kill(os.getppid(), 9)", "os.kill(-1, 9)", "os.killpg(0, 9)",
        "os.pidfd_open(os.getppid())", "signal.raise_signal(19)", "c('ptrace', 0, 0, 0, 0)",
        "c('unshare', 0x10000000)", "c('mount', b'a', b'/scratch', b'tmpfs', 0, 0)",
        "c('prctl', 38, 0, 0, 0, 0)", "c('prctl', 22, 2, 0, 0, 0)", "c('prctl', 4, 1, 0, 0, 0)",
        "os.memfd_create('x')", "os.chroot('.')", "os.setuid(0)", "os.chmod('.', 0o777)",
        "os.mkfifo('x')", "os.symlink('/etc', 'x')", "os.link('/dev/null', 'x')", "os.nice(-1)",
        "os.sched_setaffinity(0, {0})", "os.setsid()", "os.wait()",
        "os.setxattr('.', 'user.a', b'')", "c('shmget', 0, 4096, 0o1600)", "c('inotify_init1', 0)",
        "syscall(425, 1, 0)", "syscall(435, 0, 0)", "syscall(446, 0, 0)",
    ],
)  # fmt: skip
def test_a_worker_is_refused(lesson: Session, act: str) -> None:
    outcome = lesson.call("attempt", act).value
    assert outcome in {errno.EPERM, errno.EACCES, errno.ENOSYS, socket.EAI_AGAIN}


def test_threads_are_let_through(lesson: Session) -> None:
    assert lesson.call("threads").value == 1.75


def test_honest_programs_are_let_through(lesson: Session) -> None:
    assert lesson.call("honest").value is True
