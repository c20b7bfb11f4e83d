"""The numbers of system calls, checked against the kernel's own tables for both machines.

``syscalls.csv`` is what the kernel's headers say (``asm/unistd_64.h`` for x86-64,
``asm-generic/unistd.h`` for aarch64); where they are installed, it is compared with them. Its last
column is what becomes of each call in a worker, to be read by whoever looks for a hole.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from grader.sandbox.inside import landlock, seccomp, syscalls

Table = dict[str, tuple[int | None, int | None]]

HEADERS = (
    Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    Path("/usr/include/asm-generic/unistd.h"),
)
MACHINES = ("x86_64", "aarch64")


def kernels_table() -> Table:
    with Path(__file__).with_name("syscalls.csv").open(encoding="ascii") as file:
        return {
            name: (int(x86) if x86 else None, int(arm) if arm else None)
            for name, x86, arm, _ in list(csv.reader(file))[1:]
        }


def engines_table() -> Table:
    about_oneself = ("getpgid", "getsid", "sched_getparam", "sched_getscheduler", "get_robust_list")
    clocks = ("clock_gettime", "clock_getres", "clock_nanosleep")
    by_argument = {
        **dict(zip(about_oneself, seccomp._ABOUT_ONESELF, strict=True)),
        **dict(zip(clocks, seccomp._CLOCKS, strict=True)),
        "sched_getaffinity": seccomp._GETAFFINITY,
        "clone": seccomp._CLONE,
        "ioctl": seccomp._IOCTL,
        "fcntl": seccomp._FCNTL,
        "prctl": seccomp._PRCTL,
        "prlimit64": seccomp._PRLIMIT64,
    }
    x86, arm = (syscalls._NUMBERS[machine] for machine in MACHINES)
    confining = {f"{name}, to confine": (x86[name], arm[name]) for name in x86}
    files = {
        "landlock_create_ruleset": (landlock._CREATE_RULESET,) * 2,
        "landlock_add_rule": (landlock._ADD_RULE,) * 2,
        "landlock_restrict_self": (landlock._RESTRICT_SELF,) * 2,
    }
    return {**seccomp._COMMON, **seccomp._ZYGOTE_ONLY, **by_argument, **confining, **files}


@pytest.mark.parametrize("name", engines_table())
def test_a_call_has_the_number_that_the_kernel_gives_it(name: str) -> None:
    assert engines_table()[name] == kernels_table()[name.partition(",")[0]]


def test_every_machine_with_a_filter_has_its_numbers_here() -> None:
    assert (
        set(seccomp._COLUMN) == set(seccomp._AUDIT_ARCH) == set(syscalls._NUMBERS) == set(MACHINES)
    )


def test_young_system_calls_begin_where_numbers_became_the_same_everywhere() -> None:
    table = kernels_table()
    for x86, arm in table.values():
        if x86 is not None and arm is not None and x86 >= seccomp._FIRST_YOUNG:
            assert x86 == arm
    assert table["pidfd_send_signal"][0] == seccomp._FIRST_YOUNG


def from_header(path: Path) -> dict[str, int]:
    """The numbers that a header defines, names that stand for others (``__NR3264_…``) resolved."""
    lines = re.findall(r"^#define __NR(3264)?_(\w+) (\w+)$", path.read_text("ascii"), re.MULTILINE)
    numbers = {f"__NR{kind}_{name}": int(to) for kind, name, to in lines if to.isdecimal()}
    for kind, name, to in lines:
        if to in numbers:
            numbers[f"__NR{kind}_{name}"] = numbers[to]
    return {name[5:]: number for name, number in numbers.items() if name.startswith("__NR_")}


@pytest.mark.skipif(
    not all(header.exists() for header in HEADERS),
    reason="the kernel's headers are not installed here (Debian: linux-libc-dev, on x86-64)",
)
def test_the_table_is_what_the_kernels_headers_say() -> None:
    x86, arm = map(from_header, HEADERS)
    for name, (on_x86, on_arm) in kernels_table().items():
        if on_x86 in x86.values() or on_x86 is None:  # older headers lack the youngest calls
            assert x86.get(name) == on_x86, name
        if on_arm in arm.values() or on_arm is None:
            assert arm.get(name) == on_arm, name
