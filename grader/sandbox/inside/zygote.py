"""The zygote: a clean Python with numpy loaded, confined once, from which workers are forked.

It starts by exec with an empty environment, so it has nothing of the trusted process, which holds
the checks and the reference. It has one worker at a time; the trusted end says when to fork and
when to kill. It never reads what a worker writes.

Messages on the control socket, one a packet, encoded by the wire format. Requests are on the left,
answers on the right::

    ("start", settings)     ("map_users",): asks the trusted end to write the user map
                            ("ready",) | ("refused", step, error number, reason)
                            | ("failed", reason)
    ("fork",) + 2 fds       no answer; the descriptors become the worker's channel and output
    ("cpu",)                ("cpu", seconds that the worker has used)
    ("end", grace)          ("ended", exit code, signal, whether it was killed, cpu seconds)
    ("discard",)            no answer; ends the worker at once
"""

from __future__ import annotations

import gc
import importlib
import os
import resource
import signal
import socket
import sys
import time
import traceback
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, NoReturn

import numpy as np

from grader.sandbox import wire
from grader.sandbox.inside import (
    landlock,
    limits,
    namespaces,
    privileges,
    seccomp,
    syscalls,
    threads,
    worker,
)
from grader.sandbox.inside.forbidden_acts import find_working_acts
from grader.sandbox.inside.leftovers import Leftovers
from grader.sandbox.inside.preloading import import_packages
from grader.sandbox.inside.program import Program
from grader.sandbox.inside.runtime import Runtime
from grader.sandbox.process_clocks import cpu_seconds

FULL, FILTERED = "full", "filtered"

#: What lessons often import. Few modules, because each makes the memory map larger, and every fork
#: copies that map. A student's program can import any other itself.
_PRELOAD: Final = (
    "collections",
    "copy",
    "dataclasses",
    "enum",
    "functools",
    "itertools",
    "math",
    "operator",
    "random",
    "re",
    "string",
    "time",
    "typing",
    "warnings",
    "numpy.fft",
    "numpy.linalg",
    "numpy.random",
)
#: What most numpy lessons do. Doing it once fills numpy's caches and dispatch tables for each fork.
_EVERYDAY_NUMPY: Final = """
import numpy as np

def everyday(floats, integers):
    for x in (np.asarray(floats, dtype=float), np.array(integers), floats[0]):
        shifted = x - np.max(x, axis=-1, keepdims=True)
        shares = np.exp(shifted) / np.sum(np.exp(shifted), axis=-1, keepdims=True)
        mixed = np.dot(shares, x) + shares @ x + x @ x.T / np.sqrt(x.shape[-1])
        length = np.sqrt(np.sum(x * x)) + np.linalg.norm(x) + abs(float(x.sum()))
        x.max(), x.min(), x.mean(), x.argmax(), np.argmax(x, axis=-1), -x * 2, x**2, x.astype(float)
        np.any(x == 0), np.all(x > 0), np.isfinite(x).all(), np.where(x > 0, x, 0.0)
        np.clip(x, -1.0, 1.0), np.stack([x, x]), np.einsum("...i,...i->...", x, x), x.reshape(-1)
    return [mixed, float(length), 1, (shares, x)]
"""
_WARM_UP_ROUNDS: Final = 10  # the interpreter specialises code that has run a few times
_MAX_PACKET: Final = 64 * 1024
_WORKER_CHANNEL: Final = 3
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def main(control_descriptor: str) -> NoReturn:
    """Serve the trusted end until it closes the control socket."""
    control = socket.socket(fileno=int(control_descriptor))
    _, settings = wire.decode(control.recv(_MAX_PACKET))
    try:
        zygote = Zygote(control, settings)
    except Refused as refused:
        control.send(wire.encode(("refused", refused.step, refused.code, refused.reason)))
        os._exit(1)
    except limits.LimitTooLow as too_low:
        control.send(wire.encode(("failed", str(too_low))))
        os._exit(1)
    control.send(wire.encode(("ready",)))
    zygote.serve()
    os._exit(0)


class Refused(Exception):
    """A step of the confinement failed."""

    def __init__(self, step: str, error: OSError) -> None:
        super().__init__(step, error)
        self.step = step
        self.code = error.errno or 0
        self.reason = str(error)


class Zygote:
    """Confines itself when it is made; then forks a worker at each request."""

    def __init__(self, control: socket.socket, settings: dict[str, Any]) -> None:
        self.control = control
        self.level: str = settings["level"]
        self.child = 0
        syscalls.process_name("grader-zygote")()
        self.name_worker = syscalls.process_name("grader-worker")
        _preload(settings["imports"])
        _warm_up()
        self._confine(settings)
        # Only now: confinement forks, which seeds random numbers anew.
        self.leftovers = Leftovers(self.scratch)
        gc.collect()
        gc.freeze()  # so that a collection in a worker does not touch, and copy, this memory

    def _confine(self, settings: dict[str, Any]) -> None:
        with suppress(OSError):  # not every system has it
            # If memory runs out, the kernel ends a student's program first.
            Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
        self.scratch = ""
        self.threads: threads.ThreadLimit | None = None  # at `full`, a constant
        step = "finding the interpreter's files"
        try:
            data = filter(None, [settings["data"]])
            runtime = Runtime.of_this_process([*settings["packages"], *data])
            readable = runtime.readable if self.level == FULL else runtime.without_hidden()
            if self.level != FULL:
                step = "becoming a user without rights"
                own_user = privileges.become_unused_user()
                privileges.give_up_capabilities(readable)
                step = "limiting threads"
                self.threads = threads.ThreadLimit(own_user=own_user)
            self.limits = limits.worker_limits(
                settings["memory"],
                settings["cpu_seconds"],
                self.threads.current() if self.threads else threads.OWN_USER,
            )
            if self.level == FULL:
                step = "leaving the host's namespaces"
                namespaces.enter(self._map_users)
                step = "building a root of its own"
                namespaces.name_host()
                namespaces.build_root(runtime)
                step = "giving up privileges"
                privileges.become_nobody()
                self.scratch = namespaces.SCRATCH
                os.chdir(self.scratch)
                if settings["data"]:  # lessons run there, where `tempfile` cannot write
                    import tempfile  # noqa: PLC0415  (each module makes every fork slower)

                    tempfile.tempdir = self.scratch
            # No core dumps: some systems start a program for each, whatever the limit.
            syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)
            step = "no_new_privs"
            syscalls.forbid_new_privileges()
            step = "Landlock"
            scratch = [self.scratch] if self.scratch else []
            landlock.restrict(readable, [*runtime.devices, *scratch])
            step = "seccomp"
            seccomp.loader(seccomp.zygote_layer())()
            self.load_filter = seccomp.loader(seccomp.worker_layer())
        except OSError as error:
            raise Refused(step, error) from error

    def _map_users(self) -> None:
        self.control.send(wire.encode(("map_users",)))
        answer = wire.decode(self.control.recv(_MAX_PACKET))
        if answer[0] != "mapped":
            _, code, reason = answer
            raise OSError(code, f"the user map could not be written: {reason}")

    def serve(self) -> None:
        """Answer the trusted end until it closes the socket."""
        while True:
            packet, descriptors, _, _ = socket.recv_fds(self.control, _MAX_PACKET, 2)
            if not packet:
                return
            kind, *details = wire.decode(packet)
            if kind == "fork":
                self._fork(*descriptors)
            elif kind == "cpu":
                self.control.send(wire.encode(("cpu", self._cpu_seconds())))
            elif kind == "end":
                self.control.send(wire.encode(("ended", *self._end(*details))))
            else:
                self._end(0.0)

    def _fork(self, channel: int, output: int) -> None:
        if self.threads is not None:
            self.limits[resource.RLIMIT_NPROC] = self.threads.current()
        self.child = syscalls.bare_fork()
        if self.child == 0:
            self._become_worker(channel, output)
        os.close(channel)
        os.close(output)

    def _become_worker(self, channel: int, output: int) -> NoReturn:
        try:
            self.control.close()
            if self.level != FULL:  # at `full`, the namespace's end ends all processes in it
                syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
            # Opened anew: flags set on an open file would stay for all who share it.
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(output, 1)
            os.dup2(output, 2)
            os.dup2(channel, _WORKER_CHANNEL)
            os.closerange(_WORKER_CHANNEL + 1, 256)
            limits.apply(self.limits)
            self.name_worker()
            self.load_filter()
            requests = iter(partial(worker.read_frame, _WORKER_CHANNEL), None)
            worker.serve(requests, _WORKER_CHANNEL, find_working_acts, self.leftovers)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(70)  # EX_SOFTWARE: the worker itself failed, or was broken by its student

    def _cpu_seconds(self) -> float:
        """CPU time of the living worker, all its threads together."""
        return cpu_seconds(self.child)  # 0 if it has just ended: the answer to "end" has its time

    def _end(self, grace: float) -> tuple[int, int, bool, float]:
        """Let the worker end within ``grace`` seconds, or kill it; remove what it left behind.

        One that computes for a quarter of them does something else than to end.
        """
        until, enough = time.monotonic() + grace, self._cpu_seconds() + grace / 4
        pid, status, usage = os.wait4(self.child, os.WNOHANG)
        while pid == 0 and time.monotonic() < until and self._cpu_seconds() < enough:
            time.sleep(0.001)
            pid, status, usage = os.wait4(self.child, os.WNOHANG)
        forced = pid == 0
        while pid == 0 or os.WIFSTOPPED(status):  # a traced process stops instead of ending
            os.kill(self.child, signal.SIGKILL)
            pid, status, usage = os.wait4(self.child, 0)
        if self.level == FULL:
            self._sweep()
        code = os.waitstatus_to_exitcode(status)
        return max(code, 0), max(-code, 0), forced, usage.ru_utime + usage.ru_stime

    def _sweep(self) -> None:
        """Remove all processes and files of this student before the next one comes."""
        try:
            os.kill(-1, signal.SIGKILL)  # all processes of this namespace but this one
            while True:
                os.wait4(-1, 0)
        except (ProcessLookupError, ChildProcessError):
            pass  # none is left
        descriptor = os.open(self.scratch, _FOLDER)
        try:
            _empty_folder(descriptor)
        finally:
            os.close(descriptor)


def _empty_folder(folder: int) -> None:
    """Remove everything in a folder, whatever permissions it has.

    Folders may be nested to any depth: this takes few descriptors and no recursion. A program that
    ended the zygote here would make its checks errors of ours, which cost no points.
    """
    here = os.dup(folder)
    above: list[str] = []  # the names of the folders that lead here
    try:
        while True:
            os.fchmod(here, 0o700)
            with os.scandir(here) as entries:
                content = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
            for name, is_folder in content:
                if not is_folder:
                    os.unlink(name, dir_fd=here)
            inner = next((name for name, is_folder in content if is_folder), None)
            if inner is not None:
                os.chmod(inner, 0o700, dir_fd=here)
                above.append(inner)
            elif not above:
                return
            there = os.open(inner or "..", _FOLDER, dir_fd=here)
            os.close(here)
            here = there
            if inner is None:
                os.rmdir(above.pop(), dir_fd=here)
    finally:
        os.close(here)


def _warm_up() -> None:
    """Run a small program as a worker does, so that every cache is full before the first fork."""
    request = wire.encode(("call", "everyday", [np.ones((3, 3)), np.arange(9).reshape(3, 3)], {}))
    for _ in range(_WARM_UP_ROUNDS):
        sources = {"warm_up": ("warm_up.py", [_EVERYDAY_NUMPY], False)}
        program = Program("warm_up", sources)
        worker.load_program(program)
        (answer,) = worker.answer_all(program, [request])
        assert wire.decode(answer)[0] == worker.OK, answer
        program.unload()


def _preload(imports: list[str]) -> None:
    """Import what student code may need, and prepare its standard output."""
    for name in _PRELOAD:
        importlib.import_module(name)
    import_packages(imports)
    sys.argv = [""]
    stdout: Any = sys.stdout
    stdout.reconfigure(line_buffering=True, errors="backslashreplace")
