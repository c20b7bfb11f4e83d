"""Workers of the levels ``full`` and ``filtered``, forked from a zygote.

The zygote is a clean Python that imports numpy and confines itself once. Each worker is a fork.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Any, Final

from grader.errors import IsolationRefused, SandboxError
from grader.sandbox import wire
from grader.sandbox.channel import PIECE, Ended, Ending, Worker
from grader.sandbox.faults import TimedOut
from grader.sandbox.interpreter import Packages, clean_python
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.process_clocks import find_last_descendant, queued_seconds
from grader.sandbox.refusals import why_refused

_NOBODY: Final = 65534
_START_SECONDS: Final = 60.0  # a zygote imports numpy first; on a busy machine that takes a while
_ANSWER_SECONDS: Final = 30.0
_MAX_PACKET: Final = 64 * 1024

_PIECES_AT_ONCE: Final = 64  # of a large reply, between two looks at what is printed
_MAX_PRINTED_PIECES: Final = 5  # of 16 KiB: a pipe holds 64 KiB
_QUICK: Final = struct.pack("@ll", 0, 50_000)  # struct timeval: most replies come within 50 ms

_ZYGOTE_MODULE: Final = "grader.sandbox.inside.zygote"

#: The kinds of the zygote's answers, with the types of their details; see `inside.zygote`.
_ANSWERS: Final[dict[str, list[type]]] = {
    "map_users": [],
    "ready": [],
    "refused": [str, int, str],
    "failed": [str],
    "cpu": [float],
    "ended": [int, int, bool, float],
}


class ForkedWorkers:
    """A zygote, which :meth:`start` starts and confines, and its present worker."""

    def __init__(
        self, isolation: Isolation, limits: SandboxLimits, packages: Packages, data: str = ""
    ) -> None:
        """Prepare, without starting anything.

        Args:
            isolation: the level.
            limits: of every call and lesson.
            packages: what student code may import.
            data: the folder of the files that it may open, if there are any.
        """
        self.data = data
        self.isolation = isolation
        self.limits = limits
        self.packages = packages
        self._process: subprocess.Popen[bytes] | None = None
        self._worker_pid: int | None = None  # as this process sees it; None: not looked for
        self._control: socket.socket
        self._complaints: IO[bytes]

    def start(self) -> None:
        """Start the zygote, and let it confine itself.

        Raises:
            IsolationRefused: this machine cannot hold the level.
            SandboxError: the zygote could not be started.
        """
        with ExitStack() as undo:
            self._complaints = undo.enter_context(tempfile.TemporaryFile())
            self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            undo.enter_context(self._control)
            self._control.settimeout(_START_SECONDS)
            with theirs:
                self._process = subprocess.Popen(
                    **clean_python(_ZYGOTE_MODULE, str(theirs.fileno()), self.packages),
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=self._complaints,
                    start_new_session=True,  # Ctrl-C at the terminal does not reach it
                )
            undo.callback(self._kill)
            self._confine()
            self._control.settimeout(_ANSWER_SECONDS)
            undo.pop_all()

    def close(self) -> None:
        """End the zygote and every worker with it. May be called twice."""
        if self._process is not None:
            self._control.close()
            self._complaints.close()
            self._kill()

    def start_worker(self) -> ForkedWorker:
        """Fork a fresh worker. The previous one must have been ended."""
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
            raise self._zygote_ended() from error
        finally:
            os.close(their_output)
        self._worker_pid = None
        return ForkedWorker(ours, output, self.limits.output_bytes)

    def cpu_seconds(self) -> float:
        """CPU time that the present worker has used so far, all its threads together."""
        (used,) = self._ask("cpu", answers=("cpu",))[1:]
        return float(used)

    def queued_seconds(self) -> float:
        """Seconds in which the present worker was ready to compute, but no core was free."""
        if self._process is None:
            return 0.0
        if self._worker_pid is None:
            self._worker_pid = find_last_descendant(self._process.pid)
        return queued_seconds(self._worker_pid) if self._worker_pid else 0.0

    def discard_worker(self) -> None:
        """Kill the present worker without waiting until it is gone."""
        self._tell("discard")

    def end_worker(self, grace: float = 0.0) -> Ending:
        """Kill the present worker, or let it end by itself within ``grace`` seconds."""
        _, *ending = self._ask("end", grace, answers=("ended",))
        return Ending(*ending)

    def _confine(self) -> None:
        settings = {
            "level": self.isolation.value,
            "imports": list(self.packages.names),
            "packages": list(self.packages.paths),
            "data": self.data,
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
            raise self._zygote_ended() from error

    def _ask(self, *request: object, answers: Sequence[str]) -> tuple[Any, ...]:
        """Ask the zygote, and accept only an answer of one of these kinds."""
        try:
            self._control.send(wire.encode(request))
            packet = self._control.recv(_MAX_PACKET)
        except TimeoutError as error:
            raise SandboxError("the sandbox does not answer") from error
        except OSError as error:
            raise self._zygote_ended() from error
        if not packet:
            raise self._zygote_ended()
        try:
            answer = wire.decode(packet)
        except wire.WireError as error:
            raise _broken_zygote() from error
        match answer:
            case (str(kind), *details) if kind in answers:
                if [type(detail) for detail in details] == _ANSWERS[kind]:
                    return (kind, *details)
        raise _broken_zygote()

    def _zygote_ended(self) -> SandboxError:
        """The error for a zygote that has ended; its last line of output says why."""
        if self._complaints.closed:
            return SandboxError("the sandbox is closed")
        self._complaints.seek(0)
        lines = self._complaints.read(_MAX_PACKET).decode("utf-8", "replace").splitlines()
        reason = lines[-1] if lines else "it gave no reason"
        return SandboxError(f"the sandbox has ended unexpectedly: {reason}")

    def _map_users(self) -> Sequence[object]:
        """Write the zygote's user map, which only a process outside its user namespace may do.

        A zygote of root needs two users: root while it builds its file system, then nobody.
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


class ForkedWorker(Worker):
    """A fork of the zygote: one socket for requests and replies, one pipe for what it prints."""

    def __init__(self, channel: socket.socket, output: int, output_bytes: int) -> None:
        """Take over both descriptors. Reading from ``output`` must not block."""
        super().__init__(output_bytes)
        self._channel = channel
        self._pipe: int | None = output
        self._unsent = memoryview(b"")
        # The kernel's own timeouts make a quick call cost two system calls. A timeout of Python's
        # would poll before each.
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            channel.setsockopt(socket.SOL_SOCKET, option, _QUICK)

    def close(self) -> None:
        """Close the descriptors. The sandbox ends the process."""
        # No more than a pipe holds: what the worker left behind may go on printing.
        for _ in range(_MAX_PRINTED_PIECES):
            if self._pipe is None or not self._read_output():
                break
        self._channel.close()
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None

    def ask(self, request: bytes, deadline: float) -> bytes:
        """Send a request and wait for its reply; see :meth:`Worker.ask`."""
        self._unsent = memoryview(self._new_frame(request))
        self._send(deadline)
        with suppress(BlockingIOError):  # no quick reply
            self._receive()
        return self.wait(deadline)

    def wait(self, deadline: float) -> bytes:
        """Wait for the open request's reply; see :meth:`Worker.ask`."""
        self._send(deadline)  # the rest of it: a large request may take several waits
        while True:
            data = self._take_reply()
            if data is not None:
                return data
            self._wait_for(select.POLLIN, deadline)

    def _send(self, deadline: float) -> None:
        while self._unsent:
            try:
                self._unsent = self._unsent[self._channel.send(self._unsent) :]
            except BlockingIOError:
                # Read nothing meanwhile: no reply can come before the request is sent.
                self._wait_for(select.POLLOUT, deadline)
            except OSError:
                raise Ended from None

    def _wait_for(self, events: int, deadline: float) -> None:
        """Wait until the channel is ready; meanwhile read what the student's code prints."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimedOut("no reply in time")
        poll = select.poll()
        poll.register(self._channel, events)
        if self._pipe is not None:
            poll.register(self._pipe, select.POLLIN)
        for descriptor, event in poll.poll(left * 1000 + 1):
            if descriptor == self._pipe:
                self._read_output()
            elif event & (select.POLLIN | select.POLLHUP | select.POLLERR):
                size = self._receive()
                with suppress(BlockingIOError, Ended):  # the next poll tells its end
                    for _ in range(_PIECES_AT_ONCE):
                        if size < PIECE:
                            break
                        size = self._receive(socket.MSG_DONTWAIT)

    def _receive(self, flags: int = 0) -> int:
        """Receive a piece; return its size."""
        try:
            piece = self._channel.recv(PIECE, flags)
        except BlockingIOError:
            raise
        except OSError:
            piece = b""
        if not piece:
            raise Ended
        self._received += piece
        return len(piece)

    def _read_output(self) -> bool:
        """Read a piece of what was printed; ``False`` if there is none now."""
        assert self._pipe is not None
        try:
            piece = os.read(self._pipe, PIECE)
        except BlockingIOError:
            return False
        if not piece:  # the student's code closed its end
            os.close(self._pipe)
            self._pipe = None
            return False
        self._keep_output(piece)
        return True


def _broken_zygote() -> SandboxError:
    return SandboxError("the sandbox has answered what it never does: its own process is broken")
