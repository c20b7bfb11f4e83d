"""Run a command and tell what it took: time, CPU of its whole process tree, memory.

CPU time comes from ``getrusage(RUSAGE_CHILDREN)``, which counts a process once somebody has
waited for it. Some processes outlive their parent (a fork server, a sandbox's zygote whose batch
process has ended); :func:`adopt_orphans` makes them this process's children, so that their CPU
time, and that of all their sandbox workers, is counted too.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

PROC: Final = Path("/proc")
_SET_CHILD_SUBREAPER: Final = 36  # prctl(2)
_SAMPLE_SECONDS: Final = 0.05
_NOTEWORTHY: Final = 1.005  # a peak must be that much higher than the last one to be looked into
_ORPHAN_SECONDS: Final = 15.0  # in which what a command left behind must end
_COMMAND_SECONDS: Final = 1800.0  # more than any command takes: it hangs
_UNTRUSTED: Final = b"grader.sandbox.inside"  # in the command line of a zygote and its workers


class BenchmarkError(Exception):
    """The benchmark cannot be trusted: a command failed, or did not give full marks."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The largest sums over a process tree that were seen at any one moment, in bytes.

    PSS shares a page out among those who map it, so the sum is what the processes take up
    together; in a sum of RSS a shared page counts once for each of them.
    """

    trusted_pss: int  # the command, its fork server, its batch processes
    command_pss: int  # the command's own part of it
    trusted_rss: int
    untrusted_rss: int  # zygotes and workers
    trusted_processes: int
    samples: int
    sampling_cpu: float  # seconds that looking took


@dataclass(frozen=True, slots=True)
class Usage:
    """What one command, or several at once, took."""

    seconds: float
    cpu: float  # user and system seconds of the whole process tree
    others: float  # share of the machine that other processes had meanwhile, 0 to 1
    output: Sequence[str]  # of each command: standard output and standard error
    memory: Memory | None = None


def adopt_orphans() -> None:
    """Become the parent of every descendant that loses its own."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise BenchmarkError(f"prctl(PR_SET_CHILD_SUBREAPER): {os.strerror(ctypes.get_errno())}")


def run(
    *commands: Sequence[str],
    cwd: Path,
    env: Mapping[str, str] | None = None,
    at_once: int = 1,
    sample_memory: bool = False,
) -> Usage:
    """Run commands, `at_once` of them at a time, and wait for all that they left running.

    Args:
        commands: each a program and its arguments.
        cwd: where they run.
        env: added to this process's environment.
        at_once: how many run at the same time, as with ``xargs -P``.
        sample_memory: whether to watch the first command's memory.

    Raises:
        BenchmarkError: a command failed.
    """
    environment = {**os.environ, **(env or {})}
    memory: Memory | None = None

    def one(command: Sequence[str]) -> str:
        nonlocal memory
        with subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            try:
                if sample_memory:
                    with _Sampler(process.pid) as sampler:
                        output, _ = process.communicate(timeout=_COMMAND_SECONDS)
                    memory = sampler.memory()
                else:
                    output, _ = process.communicate(timeout=_COMMAND_SECONDS)
            except BaseException:  # most likely Ctrl-C
                _kill_tree(process.pid)
                raise
        if process.returncode != 0:
            tail = "\n".join(output.splitlines()[-30:])
            shown = " ".join(command)
            raise BenchmarkError(f"exit code {process.returncode} from: {shown}\n{tail}")
        return output

    busy, own, children = _busy_seconds(), _cpu(resource.RUSAGE_SELF), _cpu_of_children()
    start = time.perf_counter()
    if at_once == 1:
        output = [one(command) for command in commands]
    else:
        with ThreadPoolExecutor(at_once) as pool:
            output = list(pool.map(one, commands))
    seconds = time.perf_counter() - start
    _wait_for_orphans()
    elapsed = time.perf_counter() - start
    cpu = _cpu_of_children() - children
    own = _cpu(resource.RUSAGE_SELF) - own
    others = (_busy_seconds() - busy - cpu - own) / (elapsed * (os.cpu_count() or 1))
    return Usage(seconds, cpu, min(max(others, 0.0), 1.0), output, memory)


def _wait_for_orphans() -> None:
    until = time.monotonic() + _ORPHAN_SECONDS
    while time.monotonic() < until:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            time.sleep(0.002)
    raise BenchmarkError("a command has ended, but processes that it started have not")


def _kill_tree(root: int) -> None:
    """Kill a process and its descendants, which would not all notice that it is gone."""
    for pid, _ in [*tree(root, trusted=True)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _cpu(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def _cpu_of_children() -> float:
    return _cpu(resource.RUSAGE_CHILDREN)


def _busy_seconds() -> float:
    """CPU seconds that this machine has spent on anything so far, all cores together."""
    fields = (PROC / "stat").read_text("ascii").splitlines()[0].split()[1:]
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, fields[:8])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


class _Sampler:
    """Watches the memory of a process tree from a thread while the ``with`` block runs.

    RSS is read every time. PSS, for which the kernel walks all pages, is read only when the RSS of
    the trusted processes is higher than it has ever been.
    """

    def __init__(self, root: int) -> None:
        self._root = root
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._trusted_pss = self._command_pss = self._trusted_rss = self._untrusted_rss = 0
        self._processes = self._samples = 0
        self._cpu = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def memory(self) -> Memory:
        """The peaks, once the block has been left."""
        return Memory(
            self._trusted_pss,
            self._command_pss,
            self._trusted_rss,
            self._untrusted_rss,
            self._processes,
            self._samples,
            self._cpu,
        )

    def _watch(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            self._sample()
        self._cpu = time.thread_time()

    def _sample(self) -> None:
        trusted: list[int] = []
        trusted_rss = untrusted_rss = 0
        for pid, is_trusted in tree(self._root, trusted=True):
            if is_trusted:
                trusted.append(pid)
                trusted_rss += rss(pid)
            else:
                untrusted_rss += rss(pid)
        self._samples += 1
        self._processes = max(self._processes, len(trusted))
        self._untrusted_rss = max(self._untrusted_rss, untrusted_rss)
        if trusted_rss > self._trusted_rss * _NOTEWORTHY:
            self._trusted_rss = trusted_rss
            pss = {pid: _pss(pid) for pid in trusted}
            if sum(pss.values()) > self._trusted_pss:
                self._trusted_pss = sum(pss.values())
                self._command_pss = pss.get(self._root, 0)


def tree(pid: int, *, trusted: bool) -> Iterator[tuple[int, bool]]:
    """A process and its descendants: (pid, is it trusted). Below a zygote, nothing is."""
    try:
        trusted = trusted and _UNTRUSTED not in (PROC / f"{pid}/cmdline").read_bytes()
        tasks = list((PROC / f"{pid}/task").iterdir())
    except OSError:
        return  # it has just ended
    yield pid, trusted
    for task in tasks:
        with suppress(OSError):
            for child in (task / "children").read_text("ascii").split():
                yield from tree(int(child), trusted=trusted)


def rss(pid: int) -> int:
    """Bytes that a process has in memory; 0 when it has just ended."""
    with suppress(OSError):
        return int((PROC / f"{pid}/statm").read_text("ascii").split()[1]) * resource.getpagesize()
    return 0


def _pss(pid: int) -> int:
    """The same, each page divided by the number of processes that share it."""
    with suppress(OSError):
        for line in (PROC / f"{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
