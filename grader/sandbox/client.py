"""The trusted end: a zygote of its own, and workers in it, one at a time.

Nothing that comes back is believed: every frame is capped while it is read, must carry the token
of the call that it answers, and holds plain values only. The clock is kept here.
"""

from __future__ import annotations

import importlib.util
import os
import select
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from grader.errors import IsolationRefused, SandboxError
from grader.sandbox import wire
from grader.sandbox.faults import Crashed, TimedOut
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.replies import Returned, forged, interpret

_NOBODY: Final = 65534
_START_SECONDS: Final = 60.0  # a zygote imports numpy first; on a busy machine that takes a while
_ANSWER_SECONDS: Final = 30.0
_MAX_PACKET: Final = 64 * 1024
_PIECE: Final = 16 * 1024  # bytes read at once: a larger buffer would be mapped anew every time
_PIPE_PIECES: Final = 5  # a pipe holds 64 KiB
_QUICK: Final = struct.pack("@ll", 0, 50_000)  # struct timeval: most answers come within 50 ms

#: All that the zygote finds in its environment. One thread: a fork keeps only the one that forks,
#: and linear algebra on a few rows gains nothing from more.
_ENVIRONMENT: Final = {
    "LC_ALL": "C.UTF-8",
    "PYTHONHASHSEED": "0",  # sets come out in the same order for every student
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}

#: No user or site packages, no current folder, no bytecode files.
_PYTHON: Final = (sys.executable, "-P", "-s", "-S", "-B")
_BOOT: Final = (
    "import sys; own, *extra = sys.argv[2:]; sys.path += [own, *extra];"
    "from grader.sandbox.inside.zygote import main; sys.path.remove(own);"
    "main(int(sys.argv[1]))"
)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a worker ended."""

    exit_code: int
    signal: int
    forced: bool  # it did not end by itself, and was killed
    cpu_seconds: float


class Ended(Exception):
    """The worker closed its channel, as a process that ends does."""


class Sandbox:
    """A zygote, started and confined by :meth:`start`, and the worker that it holds now."""

    def __init__(
        self,
        isolation: Isolation,
        limits: SandboxLimits,
        packages: Sequence[str] = ("numpy",),
        secrets: Sequence[Path] = (),
    ) -> None:
        """Prepare, without starting anything.

        Args:
            isolation: the level to hold; a lower one is never taken.
            limits: of every call and lesson.
            packages: import names beside the standard library that student code may use.
            secrets: paths of the host that a worker is tried against before any student code runs.
        """
        self.isolation = isolation
        self.limits = limits
        self.packages = tuple(packages)
        self.secrets = tuple(secrets)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the zygote and try the forbidden acts in a worker of it.

        Raises:
            IsolationRefused: the level cannot be held on this machine.
            SandboxError: the zygote could not be started.
        """
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  (closed with it)
        locations = [_locate(name) for name in self.packages]
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_START_SECONDS)
        own = Path(__file__).parents[2]
        folders = dict.fromkeys(str(files[0].parent) for files in locations)
        with theirs:
            self._process = subprocess.Popen(
                [*_PYTHON, "-c", _BOOT, str(theirs.fileno()), str(own), *folders],
                env=_ENVIRONMENT,
                cwd="/",
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                start_new_session=True,  # Ctrl-C at the terminal is not for it
            )
        settings = {
            "level": self.isolation.value,
            "imports": list(self.packages),
            "packages": [str(path) for files in locations for path in files],
            "memory": self.limits.memory_bytes,
            "cpu_seconds": int(self.limits.seconds_per_lesson) + 5,
        }
        try:
            answer = self._ask("start", settings)
            if answer[0] == "map_users":
                answer = self._ask(*self._map_users())
            if answer[0] == "refused":
                _, step, reason = answer
                raise IsolationRefused(
                    f"isolation `{self.isolation}` cannot be had here: {step} failed ({reason})."
                )
            self._control.settimeout(_ANSWER_SECONDS)
            self._preflight()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the zygote and every worker with it. May be called twice."""
        process, self._process = self._process, None
        if process is not None:
            self._control.close()
            self._complaints.close()
            process.kill()
            process.wait()

    def worker(self) -> Worker:
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
        return Worker(self, ours, output)

    def cpu_seconds(self) -> float:
        """CPU time that the present worker has used so far, all its threads together."""
        return float(self._ask("cpu")[1])

    def discard_worker(self) -> None:
        """Kill the present worker without waiting until it is gone."""
        self._tell("discard")

    def end_worker(self, grace: float = 0.0) -> Ending:
        """Kill the present worker, or let it end by itself within ``grace`` seconds."""
        _, *ending = self._ask("end", grace)
        return Ending(*ending)

    def _tell(self, *request: object) -> None:
        try:
            self._control.send(wire.encode(request))
        except OSError as error:
            raise self._ended() from error

    def _ask(self, *request: object) -> tuple[Any, ...]:
        try:
            self._control.send(wire.encode(request))
            packet = self._control.recv(_MAX_PACKET)
        except TimeoutError as error:
            raise SandboxError("the sandbox does not answer") from error
        except OSError as error:
            raise self._ended() from error
        if not packet:
            raise self._ended()
        return tuple(wire.decode(packet))

    def _ended(self) -> SandboxError:
        """The zygote is gone: its own last words say why."""
        if self._complaints.closed:
            return SandboxError("the sandbox is closed")
        self._complaints.seek(0)
        lines = self._complaints.read(_MAX_PACKET).decode("utf-8", "replace").splitlines()
        reason = lines[-1] if lines else "it gave no reason"
        return SandboxError(f"the sandbox has ended unexpectedly: {reason}")

    def _map_users(self) -> tuple[str, ...]:
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
            return ("failed", str(error))
        return ("mapped",)

    def _preflight(self) -> None:
        """Try what must not work, in a real worker; fail closed."""
        if self.isolation is Isolation.PROCESS:
            return
        worker = self.worker()
        try:
            deadline = time.monotonic() + _ANSWER_SECONDS
            request = wire.encode(("probe", [str(path) for path in self.secrets]))
            reply = interpret(worker.ask(request, deadline))
        except (Crashed, Ended, TimedOut) as fault:
            raise SandboxError(f"the sandbox's own check failed: {fault}") from fault
        finally:
            worker.close()
            self.end_worker()
        if not isinstance(reply, Returned):
            raise SandboxError(f"the sandbox's own check failed: {reply}")
        if reply.value:
            raise IsolationRefused(
                f"isolation `{self.isolation}` does not hold here: a worker could "
                + ", ".join(reply.value)
                + "."
            )


class Worker:
    """One process that runs one student's code; asked one thing at a time."""

    def __init__(self, sandbox: Sandbox, channel: socket.socket, output: int) -> None:
        self.sandbox = sandbox
        self.output = bytearray()  # what the student's code printed, cut at the limit
        self._channel = channel
        self._pipe: int | None = output
        self._received = bytearray()
        self._unsent = memoryview(b"")
        # The kernel's own time limits, so that a quick call costs two system calls: a timeout of
        # Python's would poll before each.
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            channel.setsockopt(socket.SOL_SOCKET, option, _QUICK)

    def close(self) -> None:
        """Give up the descriptors; the process is ended by its sandbox."""
        self._drain()
        self._channel.close()
        if self._pipe is not None:
            os.close(self._pipe)

    def ask(self, request: bytes, deadline: float) -> bytes:
        """Send an encoded request and wait for its answer until ``deadline`` (monotonic seconds).

        Returns:
            The reply without its token, still encoded.

        Raises:
            TimedOut: no answer by then. The request stays open: :meth:`wait` may go on.
            Crashed: it sent something else than an answer.
            Ended: it closed its end.
        """
        self._token = os.urandom(wire.TOKEN_BYTES)
        self._unsent = memoryview(wire.frame(self._token + request))
        self._send(deadline)
        with suppress(BlockingIOError):  # no quick answer
            self._receive()
        return self.wait(deadline)

    def wait(self, deadline: float) -> bytes:
        """Wait for the open request's answer; see :meth:`ask`."""
        self._send(deadline)  # what is left of it: a large request may take several waits
        while True:
            data = self._frame()
            if data is not None:
                return self._checked(data)
            self._wait_for(select.POLLIN, deadline)

    def _send(self, deadline: float) -> None:
        while self._unsent:
            try:
                self._unsent = self._unsent[self._channel.send(self._unsent) :]
            except BlockingIOError:
                # Not for what it has to say meanwhile: nothing that it may say comes so early.
                self._wait_for(select.POLLOUT, deadline)
            except OSError:
                raise Ended from None

    def _wait_for(self, events: int, deadline: float) -> None:
        """Wait until the channel is ready, draining the student's output meanwhile."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimedOut("no answer in time")
        poll = select.poll()
        poll.register(self._channel, events)
        if self._pipe is not None:
            poll.register(self._pipe, select.POLLIN)
        for descriptor, event in poll.poll(left * 1000 + 1):
            if descriptor == self._pipe:
                self._drain_once()
            elif event & (select.POLLIN | select.POLLHUP | select.POLLERR):
                self._receive()

    def _receive(self) -> None:
        try:
            piece = self._channel.recv(_PIECE)
        except BlockingIOError:
            raise
        except OSError:
            piece = b""
        if not piece:
            raise Ended
        self._received += piece

    def _frame(self) -> bytes | None:
        """The first whole frame that has arrived, if there is one."""
        size = wire.HEADER.size
        if len(self._received) < size:
            return None
        (length,) = wire.HEADER.unpack_from(self._received)
        if length > wire.MAX_FRAME:
            raise forged()
        if len(self._received) < size + length:
            return None
        data = bytes(memoryview(self._received)[size : size + length])
        del self._received[: size + length]
        return data

    def _checked(self, data: bytes) -> bytes:
        """Only an answer to this very request counts: a token cannot be known beforehand."""
        if not data.startswith(self._token):
            raise forged()
        return data[wire.TOKEN_BYTES :]

    def _drain_once(self) -> bool:
        """Read what was printed; ``False`` when there is nothing more for now."""
        assert self._pipe is not None
        try:
            piece = os.read(self._pipe, _PIECE)
        except BlockingIOError:
            return False
        if not piece:  # the student's code closed its end
            os.close(self._pipe)
            self._pipe = None
            return False
        room = self.sandbox.limits.output_bytes - len(self.output)
        self.output += piece[: max(room, 0)]
        return True

    def _drain(self) -> None:
        """Read what is left, up to what a pipe holds: a living worker may go on printing."""
        for _ in range(_PIPE_PIECES):
            if self._pipe is None or not self._drain_once():
                break


def _locate(package: str) -> list[Path]:
    """The folder or file of an installed package, and the shared libraries shipped beside it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SandboxError(f"the package `{package}` of course.yaml is not installed")
    origin = Path(spec.origin)
    place = origin.parent if spec.submodule_search_locations else origin
    libraries = place.parent / f"{package}.libs"
    return [place, libraries] if libraries.is_dir() else [place]
