"""Calls that are made before a check makes them, and the replies that wait for the check.

A check calls the functions of most students just as it called those of the reference in the
rehearsal. So a session sends these calls ahead, and the worker makes them at once, which is several
times as fast as one request at a time. The reply to a call made ahead counts only if a check then
makes the very same call. All calls of one check happen in their order, in one process, without
calls of other checks between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice

from grader.sandbox.replies import forged_reply


class HeadStart:
    """The calls that a session has made ahead, by check."""

    def __init__(self) -> None:
        """Begin without any."""
        self._by_check: dict[str, list[tuple[bytes, bytes]]] = {}  # each call with its reply
        self._asking: Sequence[str] | None = None  # while calls are made: the check of each
        self._position = 0  # the last of these calls that has asked for a value
        # Of the present check:
        self._waiting: Iterator[tuple[bytes, bytes]] = iter(())  # its calls that were made ahead
        self._used: list[bytes] = []  # those that it has made itself by now
        #: Whether each call of the present check was made ahead and returned a value.
        self.has_served_all = True

    @contextmanager
    def being_made(self, foreseen: Mapping[str, Sequence[bytes]]) -> Iterator[None]:
        """In this block the worker makes these calls; see :meth:`find_asking_check`."""
        self._asking = [check for check, calls in foreseen.items() for _ in calls]
        self._position = 0
        try:
            yield
        finally:
            self._asking = None

    def find_asking_check(self, position: int) -> str | None:
        """The check whose call asks for a value, while calls are made ahead; None at other times.

        Args:
            position: of the call. The worker itself says how far it is.

        Raises:
            Crashed: there is no such call, or it was over when an earlier question came.
        """
        if not self._asking:
            return None
        if position not in range(self._position, len(self._asking)):
            raise forged_reply()
        self._position = position
        return self._asking[position]

    def keep(self, foreseen: Mapping[str, Sequence[bytes]], replies: Sequence[bytes]) -> None:
        """Keep the replies to these calls until a check makes them."""
        rest = iter(replies)
        for check, calls in foreseen.items():
            self._by_check[check] = list(zip(calls, islice(rest, len(calls)), strict=True))

    def begin(self, check: str) -> list[bytes]:
        """Begin a check; return the replies to its calls that were made ahead, still encoded."""
        made = self._by_check.pop(check, [])
        self._waiting = iter(made)
        self._used.clear()
        self.has_served_all = True
        return [reply for _, reply in made]

    def reply_to(self, request: bytes) -> bytes | None:
        """The encoded reply, if the present check's next call made ahead is this one."""
        expected, reply = next(self._waiting, (None, b""))
        if request != expected:
            self.has_served_all = False
            return None
        self._used.append(request)
        return reply

    def leave(self) -> list[bytes]:
        """Give up the head start; return the present check's calls so far, to be repeated."""
        self._waiting = iter(())
        used, self._used = self._used, []
        return used
