"""The trusted end of the channel to one worker: requests go out, replies come in.

It trusts nothing that comes in. It limits each frame while it reads, and takes only a frame with
the token of the open request. A worker that does not reply by the deadline has timed out.
:mod:`.replies` reads the content of a reply.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

from grader.sandbox import wire
from grader.sandbox.replies import forged_reply

PIECE: Final = 16 * 1024  # bytes read at once: a larger buffer would be mapped again every time


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
    """One process that runs one student's code. It gets one request at a time."""

    def __init__(self, output_bytes: int) -> None:
        """Take over the descriptors of the trusted end.

        Args:
            output_bytes: how much to keep of what the student's code prints.
        """
        self.output = bytearray()  # what was printed; complete only once the worker is closed
        self._output_bytes = output_bytes
        self.tells_progress = False  # whether it may report its progress before it replies
        self.progress = b""  # its last report; not to be trusted
        self._token = b""
        self._received = bytearray()

    @abstractmethod
    def close(self) -> None:
        """Close the descriptors. The sandbox ends the process."""

    @abstractmethod
    def ask(self, request: bytes, deadline: float) -> bytes:
        """Send an encoded request and wait for its reply until ``deadline`` (monotonic seconds).

        Returns:
            The reply without its token, still encoded.

        Raises:
            TimedOut: no reply by then. The request stays open: :meth:`wait` can go on waiting.
            Crashed: the worker sent something that is no reply.
            Ended: the worker closed its end.
        """

    @abstractmethod
    def wait(self, deadline: float) -> bytes:
        """Wait for the reply to the open request; see :meth:`ask`."""

    def _new_frame(self, request: bytes) -> bytes:
        """A frame for a new request. From now on, only a reply with its token is taken."""
        self.progress = b""
        self._token = os.urandom(wire.TOKEN_BYTES)
        return wire.frame(self._token + request)

    def _take_reply(self) -> bytes | None:
        """The reply to the open request; ``None`` while it is incomplete.

        What comes before it without a token is kept as :attr:`progress`.

        Raises:
            Crashed: the frame does not carry the request's token, which nobody knew beforehand.
        """
        size = wire.HEADER.size
        while len(self._received) >= size:
            (length,) = wire.HEADER.unpack_from(self._received)
            if not wire.TOKEN_BYTES <= length <= wire.MAX_FRAME:
                raise forged_reply()
            if len(self._received) < size + length:
                return None
            start = size + wire.TOKEN_BYTES
            with memoryview(self._received) as received:
                token, content = bytes(received[size:start]), bytes(received[start : size + length])
            del self._received[: size + length]
            if token == self._token:
                return content
            if token != wire.NO_TOKEN or not self.tells_progress:
                raise forged_reply()
            self.progress = content
        return None

    def _keep_output(self, piece: bytes) -> None:
        room = self._output_bytes - len(self.output)
        self.output += piece[: max(room, 0)]
