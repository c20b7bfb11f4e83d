"""Workers of the levels ``full`` and ``filtered``: forked from a zygote that was confined once."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Any, Final

from grader.errors import IsolationRefused, SandboxError
from grader.sandbox import wire
from grader.sandbox.channel import Ending, ForkedWorker
from grader.sandbox.interpreter import Packages, command
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.refusals import why_refused

_NOBODY: Final = 65534
_START_SECONDS: Final = 60.0  # a zygote imports numpy first; on a busy machine that takes a while
_ANSWER_SECONDS: Final = 30.0
_MAX_PACKET: Final = 64 * 1024

_MAIN: Final = "grader.sandbox.inside.zygote"

#: What the zygote answers, and with what: see there.
_ANSWERS: Final[dict[str, list[type]]] = {
    "map_users": [],
    "ready": [],
    "refused": [str, int, str],
    "failed": [str],
    "cpu": [float],
    "ended": [int, int, bool, float],
}


class Forked:
    """A zygote, started and confined by :meth:`start`, and the worker that it holds now."""

    def __init__(self, isolation: Isolation, limits: SandboxLimits, packages: Packages) -> None:
        """Prepare, without starting anything."""
        self.isolation = isolation
        self.limits = limits
        self.packages = packages
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket
        self._complaints: IO[bytes]

    def start(self) -> None:
        """Start the zygote, and let it confine itself.

        Raises:
            IsolationRefused: the level cannot be held on this machine.
            SandboxError: the zygote could not be started.
        """
        with ExitStack() as undo:
            self._complaints = undo.enter_context(tempfile.TemporaryFile())
            self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            undo.enter_context(self._control)
            self._control.settimeout(_START_SECONDS)
            with theirs:
                self._process = subprocess.Popen(
                    **command(_MAIN, str(theirs.fileno()), self.packages),
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=self._complaints,
                    start_new_session=True,  # Ctrl-C at the terminal is not for it
                )
            undo.callback(self._kill)
            self._set_up()
            self._control.settimeout(_ANSWER_SECONDS)
            undo.pop_all()

    def close(self) -> None:
        """End the zygote and every worker with it. May be called twice."""
        if self._process is not None:
            self._control.close()
            self._complaints.close()
            self._kill()

    def worker(self) -> ForkedWorker:
        """Fork a fresh worker. The one before must have been ended."""
        if self._process is None:
            raise SandboxError("the sandbox is closed")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        output, their_output = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        os.set_blocking(their_output, True)
        try:
            with theirs:
                descriptors = [theirs.fileno(), their_output]
                socket.send_fds(self._control, [wire.encode(("fork",))], descriptors)
        except OSError as error:
            ours.close()
            os.close(output)
            raise self._ended() from error
        finally:
            os.close(their_output)
        return ForkedWorker(ours, output, self.limits.output_bytes)

    def cpu_seconds(self) -> float:
        """CPU time that the present worker has used so far, all its threads together."""
        (used,) = self._ask("cpu", answers=("cpu",))[1:]
        return float(used)

    def discard_worker(self) -> None:
        """Kill the present worker without waiting until it is gone."""
        self._tell("discard")

    def end_worker(self, grace: float = 0.0) -> Ending:
        """Kill the present worker, or let it end by itself within ``grace`` seconds."""
        _, *ending = self._ask("end", grace, answers=("ended",))
        return Ending(*ending)

    def _set_up(self) -> None:
        settings = {
            "level": self.isolation.value,
            "imports": list(self.packages.names),
            "packages": list(self.packages.paths),
            "memory": self.limits.memory_bytes,
            "cpu_seconds": int(self.limits.seconds_per_lesson) + 5,
        }
        started = ("ready", "refused", "failed")
        answer = self._ask("start", settings, answers=(*started, "map_users"))
        if answer[0] == "map_users":
            answer = self._ask(*self._map_users(), answers=started)
        if answer[0] == "refused":
            _, step, code, reason = answer
            raise IsolationRefused(why_refused(self.isolation, step, code, reason))
        if answer[0] == "failed":
            raise SandboxError(answer[1])

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def _tell(self, *request: object) -> None:
        try:
            self._control.send(wire.encode(request))
        except OSError as error:
            raise self._ended() from error

    def _ask(self, *request: object, answers: Sequence[str]) -> tuple[Any, ...]:
        """Ask the zygote, and hear only an answer of one of these kinds."""
        try:
            self._control.send(wire.encode(request))
            packet = self._control.recv(_MAX_PACKET)
        except TimeoutError as error:
            raise SandboxError("the sandbox does not answer") from error
        except OSError as error:
            raise self._ended() from error
        if not packet:
            raise self._ended()
        try:
            answer = wire.decode(packet)
        except wire.WireError as error:
            raise _nonsense() from error
        match answer:
            case (str(kind), *details) if kind in answers:
                if [type(detail) for detail in details] == _ANSWERS[kind]:
                    return (kind, *details)
        raise _nonsense()

    def _ended(self) -> SandboxError:
        """The zygote is gone: its own last words say why."""
        if self._complaints.closed:
            return SandboxError("the sandbox is closed")
        self._complaints.seek(0)
        lines = self._complaints.read(_MAX_PACKET).decode("utf-8", "replace").splitlines()
        reason = lines[-1] if lines else "it gave no reason"
        return SandboxError(f"the sandbox has ended unexpectedly: {reason}")

    def _map_users(self) -> Sequence[object]:
        """Write the zygote's user map; only a process outside its user namespace may.

        Started by root, it needs two users: root to build its file system, nobody to stay.
        """
        assert self._process is not None
        folder = Path(f"/proc/{self._process.pid}")
        try:
            for kind, own in (("uid", os.geteuid()), ("gid", os.getegid())):
                file = folder / f"{kind}_map"
                if os.geteuid() == 0:
                    # In a container whose own map has no nobody, the second line is refused.
                    with suppress(OSError):
                        file.write_text(f"0 0 1\n{_NOBODY} {_NOBODY} 1\n", "ascii")
                        continue
                (folder / "setgroups").write_text("deny", "ascii")
                file.write_text(f"{_NOBODY} {own} 1\n", "ascii")
        except OSError as error:
            return ("failed", error.errno, str(error))
        return ("mapped",)


def _nonsense() -> SandboxError:
    return SandboxError("the sandbox has answered what it never does: its own process is broken")
