"""The trusted end of a conversation with one worker.

Nothing that comes back is believed: every frame is capped while it is read, and must carry the
token of the request that it answers. The clock is kept here.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from grader.sandbox import wire
from grader.sandbox.faults import TimedOut
from grader.sandbox.replies import forged

PIECE: Final = 16 * 1024  # bytes read at once: a larger buffer would be mapped anew every time
_PIPE_PIECES: Final = 5  # a pipe holds 64 KiB
_QUICK: Final = struct.pack("@ll", 0, 50_000)  # struct timeval: most answers come within 50 ms


@dataclass(frozen=True, slots=True)
class Ending:
    """How a worker ended."""

    exit_code: int
    signal: int
    forced: bool  # it did not end by itself, and was killed
    cpu_seconds: float

    def __str__(self) -> str:
        if self.forced:
            return "it closed its channel"
        return f"signal {self.signal}" if self.signal else f"exit code {self.exit_code}"


class Ended(Exception):
    """The worker closed its channel, as a process that ends does."""


class Worker(ABC):
    """One process that runs one student's code; asked one thing at a time."""

    def __init__(self, output_bytes: int) -> None:
        """Take over the trusted end's side of a worker's descriptors.

        Args:
            output_bytes: how much is kept of what the student's code prints.
        """
        self.output = bytearray()  # what was printed, whole only once the worker is closed
        self._output_bytes = output_bytes
        self._token = b""
        self._received = bytearray()

    @abstractmethod
    def close(self) -> None:
        """Give up the descriptors; the process is ended by its sandbox."""

    @abstractmethod
    def ask(self, request: bytes, deadline: float) -> bytes:
        """Send an encoded request and wait for its answer until ``deadline`` (monotonic seconds).

        Returns:
            The reply without its token, still encoded.

        Raises:
            TimedOut: no answer by then. The request stays open: :meth:`wait` may go on.
            Crashed: it sent something else than an answer.
            Ended: it closed its end.
        """

    @abstractmethod
    def wait(self, deadline: float) -> bytes:
        """Wait for the open request's answer; see :meth:`ask`."""

    def _new_frame(self, request: bytes) -> bytes:
        """The bytes of a new request, whose token is the only one that counts from now on."""
        self._token = os.urandom(wire.TOKEN_BYTES)
        return wire.frame(self._token + request)

    def _answer(self) -> bytes | None:
        """The answer to the open request, if it has arrived; all before it was for others.

        Raises:
            Crashed: what has arrived is no answer to it: a token cannot be known beforehand.
        """
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
        if not data.startswith(self._token):
            raise forged()
        return data[wire.TOKEN_BYTES :]

    def _keep_output(self, piece: bytes) -> None:
        room = self._output_bytes - len(self.output)
        self.output += piece[: max(room, 0)]


class ForkedWorker(Worker):
    """A worker of the zygote's: a socket to ask it, a pipe with what it prints."""

    def __init__(self, channel: socket.socket, output: int, output_bytes: int) -> None:
        """Take over both descriptors; ``output`` must not block."""
        super().__init__(output_bytes)
        self._channel = channel
        self._pipe: int | None = output
        self._unsent = memoryview(b"")
        # The kernel's own time limits, so that a quick call costs two system calls: a timeout of
        # Python's would poll before each.
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            channel.setsockopt(socket.SOL_SOCKET, option, _QUICK)

    def close(self) -> None:
        """Give up the descriptors; the process is ended by its sandbox."""
        # Up to what a pipe holds: what the worker left behind may go on printing.
        for _ in range(_PIPE_PIECES):
            if self._pipe is None or not self._drain_once():
                break
        self._channel.close()
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None

    def ask(self, request: bytes, deadline: float) -> bytes:
        """Send a request and wait for its answer; see :meth:`Worker.ask`."""
        self._unsent = memoryview(self._new_frame(request))
        self._send(deadline)
        with suppress(BlockingIOError):  # no quick answer
            self._receive()
        return self.wait(deadline)

    def wait(self, deadline: float) -> bytes:
        """Wait for the open request's answer; see :meth:`Worker.ask`."""
        self._send(deadline)  # what is left of it: a large request may take several waits
        while True:
            data = self._answer()
            if data is not None:
                return data
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
            piece = self._channel.recv(PIECE)
        except BlockingIOError:
            raise
        except OSError:
            piece = b""
        if not piece:
            raise Ended
        self._received += piece

    def _drain_once(self) -> bool:
        """Read what was printed; ``False`` when there is nothing more for now."""
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
