"""One student's lesson, from the side of the checks: load it, call it, survive what it does."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from itertools import islice
from types import MappingProxyType
from typing import Final, Self

from grader.sandbox import wire
from grader.sandbox.channel import Ended, Ending, Worker
from grader.sandbox.client import Sandbox
from grader.sandbox.faults import Crashed, OutOfMemory, Place, Raised, StudentFault, TimedOut
from grader.sandbox.replies import Loaded, Returned, forged, interpret

#: Seconds after which the CPU clock is looked at; most calls are over by then, and unasked.
_FIRST_LOOK: Final = 0.1
_BETWEEN_LOOKS: Final = 0.05  # seconds, at the least
_HEAD_START_SECONDS: Final = 0.5  # of CPU time, for importing a lesson and all foreseen calls
#: Seconds in which a process that seems to end may do so by itself: plenty, for how it ended must
#: not depend on the load. Who uses it up is charged for it.
_GRACE: Final = 2.0

#: One lesson's program, as it goes over the wire: (file name, cells, is it a notebook).
ProgramText = tuple[str, list[str], bool]


def encode_call(function: str, args: Sequence[object], kwargs: Mapping[str, object]) -> bytes:
    """The request that makes a call.

    Raises:
        Unsendable: an argument is not a plain value.
    """
    return wire.encode(("call", function, list(args), dict(kwargs)))


def encode_value(name: str, keys: Sequence[str]) -> bytes:
    """The request that reads a value."""
    return wire.encode(("value", name, list(keys)))


class Session:
    """A student's lesson in a worker; after a crash or timeout, in a fresh one.

    All calls together may use ``limits.seconds_per_lesson`` of CPU time. A call that was stopped
    by the wall clock, asleep, is charged the time it was waited for.

    Most students' functions are called as the reference was called when the checks were tried on
    it, so those calls are sent along with the lesson and made at once: a worker that runs by
    itself is several times as fast as one that is asked and waited for. It is no more than a head
    start. An answer counts only for the very call that a check then makes; any other call is made
    when it comes; and where anything out of the ordinary happens on the way (a hang, a crash, a
    lack of memory), the head start is forgotten and each call is made and timed alone.

    What a program remembers between calls (a counter, a cache, a generator) is what a check may
    rely on within itself: its calls are made in their order, in one process, none of another
    check's among them. So a check that leaves what was foreseen goes on in a fresh worker, which
    makes the calls that it had already asked for once more. Of other checks' calls a program may
    remember all, some or none, as of tests that run in any order. After a crash or a timeout, it
    remembers nothing.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        lesson: str,
        programs: Mapping[str, ProgramText],
        foreseen: Mapping[str, Sequence[bytes]] = MappingProxyType({}),
    ) -> None:
        """Open a session; nothing runs yet.

        Args:
            sandbox: started, and holding no other session's worker.
            lesson: which program is graded.
            programs: it and the earlier lessons that it may import, by lesson.
            foreseen: the calls (see :func:`encode_call`) that each check will probably make, in
                the order of the checks.
        """
        self.sandbox = sandbox
        self.lesson = lesson
        self.programs = dict(programs)
        self.cell_error: Raised | None = None  # of the first notebook cell that failed
        self.output = bytearray()  # what the student's code printed, cut at the limit
        self._mark = ""  # where what they print ends that counts
        self._foreseen = foreseen
        self._answers: dict[str, list[tuple[bytes, bytes]]] = {}  # by check: (call, reply)
        self._ahead: Iterator[tuple[bytes, bytes]] = iter(())
        self._answered: list[bytes] = []  # this check's calls that were made ahead
        self._only_values = True  # it got values from them, and asked for no others
        self._worker: Worker | None = None
        self._spent = 0.0  # seconds charged for workers that have ended
        self._used = 0.0  # CPU seconds of the present one, at the most

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker, if there is one; a call that comes later starts another."""
        if self._worker is not None:
            try:
                self.sandbox.discard_worker()
            finally:
                self._put_away(self._worker)

    def hush(self) -> None:
        """Keep what the program has printed, and nothing of what it prints from now on.

        What it prints comes on a way of its own, later than its answers. So each worker is asked
        to print a mark, the next ones before they load anything.
        """
        self._mark = secrets.token_hex()
        if self._worker is not None:
            with suppress(StudentFault):  # it has ended, or is out of time: it prints no more
                self._print_mark()

    def start_over(self, foreseen: Mapping[str, Sequence[bytes]]) -> None:
        """Go on in a fresh process that knows nothing of this one, with all of the time again.

        Args:
            foreseen: as for a new session.
        """
        self.close()
        self._answers.clear()
        self.begin("")
        if not self._mark:
            self.output.clear()  # the same is printed again
        self._spent = self._used = 0.0
        self._foreseen = foreseen

    def load(self) -> None:
        """Import the lesson in a fresh worker; there must be none yet.

        Raises:
            StudentFault: it cannot be imported.
        """
        foreseen, self._foreseen = self._foreseen, {}
        if foreseen and self._load_with(foreseen):
            return
        reply = self._load_worker([], self.sandbox.limits.cpu_seconds_per_call)
        self._keep_cell_error(reply)

    @property
    def as_foreseen(self) -> bool:
        """Whether the present check got nothing but values, and those of calls made ahead."""
        return self._only_values

    def begin(self, check: str) -> list[bytes]:
        """Say that the calls from now on are this check's.

        Returns:
            The replies to the calls that were made ahead for it, as they came.
        """
        ahead = self._answers.pop(check, [])
        self._ahead = iter(ahead)
        self._answered.clear()
        self._only_values = True
        return [reply for _, reply in ahead]

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        """Call one of the lesson's functions with plain values.

        Raises:
            StudentFault: it did not return a plain value, or not in time.
            Unsendable: an argument is not a plain value, which is the check's fault.
        """
        arguments = {*range(len(args)), *kwargs}
        return self._request(encode_call(function, args, kwargs), arguments)

    def value(self, name: str, *keys: str) -> Returned:
        """Read a value of the lesson, or what a dict of that name holds; None if nothing.

        Raises:
            StudentFault: it is not a plain value, or no dict where keys are given.
        """
        return self._request(encode_value(name, keys), frozenset())

    def _request(self, request: bytes, arguments: Set[int | str]) -> Returned:
        expected, answer = next(self._ahead, (None, b""))
        if request == expected:
            self._answered.append(request)
            reply = interpret(answer)
        else:
            self._only_values = False
            self._leave_the_foreseen()
            reply = self._ask(request, self.sandbox.limits.cpu_seconds_per_call)
        if isinstance(reply, Returned) and arguments >= set(reply.changed):
            return reply
        self._only_values = False
        if isinstance(reply, Loaded | Returned):
            reply = forged()
        elif isinstance(reply, Raised):
            self._quote(reply)
        if isinstance(reply, OutOfMemory | Crashed) and self._worker is not None:
            # What filled the memory may still be there: go on in a fresh worker.
            self._end(self._worker)
        raise reply

    def _leave_the_foreseen(self) -> None:
        """The check goes its own way with this student: see to a worker that is in its state."""
        self._ahead = iter(())
        if self._answered:
            if self._worker is not None:
                self._end(self._worker)
            answered, self._answered = self._answered, []
            self._load_worker(answered, self.sandbox.limits.cpu_seconds_per_call)
        elif self._worker is None:
            self.load()

    def _load_with(self, foreseen: Mapping[str, Sequence[bytes]]) -> bool:
        """Load, and make all foreseen calls in little time; ``False`` if that does not work."""
        calls = [call for calls in foreseen.values() for call in calls]
        try:
            limit = min(_HEAD_START_SECONDS, self.sandbox.limits.cpu_seconds_per_call)
            reply = self._load_worker(calls, limit)
        except (StudentFault, wire.Unsendable):  # too much to send at once is no fault
            reply = None
        if reply is None or len(reply.replies) != len(calls):
            if self._worker is not None:
                self._end(self._worker)
            self.output.clear()
            self._spent = 0.0  # whatever it was, it is tried again with the full time
            return False
        self._keep_cell_error(reply)
        replies = iter(zip(calls, reply.replies, strict=True))
        self._answers = {check: list(islice(replies, len(own))) for check, own in foreseen.items()}
        return True

    def _load_worker(self, calls: Sequence[bytes], cpu_seconds: float) -> Loaded:
        self._check_budget()
        request = wire.encode(("load", self.lesson, self.programs, list(calls)), ours=True)
        self._worker = worker = self.sandbox.worker()
        if self._mark:
            self._print_mark()
        reply = self._ask(request, cpu_seconds)
        if isinstance(reply, Loaded):
            return reply
        self._end(worker)
        if isinstance(reply, Raised):
            self._quote(reply)
        raise reply if isinstance(reply, StudentFault) else forged()

    def _print_mark(self) -> None:
        self._ask(wire.encode(("mark", self._mark)), self.sandbox.limits.cpu_seconds_per_call)

    def _keep_cell_error(self, reply: Loaded) -> None:
        self.cell_error = reply.cell_error
        if self.cell_error is not None:
            self._quote(self.cell_error)

    def _quote(self, fault: Raised) -> None:
        """Take the line that a fault names from the student's file; leave out one not there."""
        place, fault.place = fault.place, None
        for filename, cells, notebook in self.programs.values():
            for number, cell in enumerate(cells, start=1):
                lines = cell.split("\n")
                where = f"{filename}, cell {number}" if notebook else filename
                if place and place.filename == where and 0 < place.line <= len(lines):
                    fault.place = Place(where, place.line, lines[place.line - 1].strip())

    def _ask(self, request: bytes, cpu_seconds: float) -> Loaded | Returned | StudentFault:
        """Ask the worker within the limits; a worker that exceeds them, or ends, is replaced."""
        self._check_budget()
        worker = self._worker
        assert worker is not None
        start = time.monotonic()
        try:
            try:
                reply = worker.ask(request, start + _FIRST_LOOK)
                self._used += time.monotonic() - start
            except TimedOut:
                reply = self._watch(worker, start, cpu_seconds)
        except TimedOut:
            # What it used until it was stopped depends on the machine's load, and is not charged.
            self._end(worker, charged=self._used)
            raise
        except Crashed:
            self._end(worker)
            raise
        except Ended:
            ending = self._end(worker, _GRACE)
            if ending.forced:  # what it computed meanwhile has been charged
                self._spent += max(_GRACE - ending.cpu_seconds, 0.0)
            raise self._how_it_ended(ending) from None
        return interpret(reply)

    def _watch(self, worker: Worker, start: float, cpu_seconds: float) -> bytes:
        """Wait for a call that takes its time. Its CPU time decides, not the machine's load."""
        limits = self.sandbox.limits
        # As much longer than the CPU limit as for any other call.
        patience = limits.wall_seconds_per_call / limits.cpu_seconds_per_call
        wall_seconds = cpu_seconds * patience
        wall_end = start + wall_seconds
        before = max(self.sandbox.cpu_seconds() - _FIRST_LOOK, 0.0)
        while True:
            self._used = self.sandbox.cpu_seconds()
            in_call = self._used - before
            left_for_lesson = limits.seconds_per_lesson - self._spent - self._used
            left = min(cpu_seconds - in_call, left_for_lesson)
            now = time.monotonic()
            if left_for_lesson <= 0:
                raise self._used_up()
            if left <= 0:
                self._used = before + cpu_seconds
                raise TimedOut(f"it was still computing after {cpu_seconds:g} s")
            if now >= wall_end:
                self._used = before + wall_seconds
                raise TimedOut(f"it had not answered after {wall_seconds:g} s")
            try:
                answer = worker.wait(min(now + max(left, _BETWEEN_LOOKS), wall_end))
                self._used += time.monotonic() - now
                return answer
            except TimedOut:
                continue

    def _check_budget(self) -> None:
        """Stop a lesson whose time is used up, after a look at the real clock."""
        budget = self.sandbox.limits.seconds_per_lesson
        if self._spent + self._used < budget:
            return
        if self._worker is not None:
            self._used = self.sandbox.cpu_seconds()
        if self._spent + self._used >= budget:
            raise self._used_up()

    def _used_up(self) -> TimedOut:
        budget = self.sandbox.limits.seconds_per_lesson
        return TimedOut(f"the {budget:g} s for this whole lesson are used up")

    def _put_away(self, worker: Worker) -> None:
        worker.close()
        printed = worker.output
        if self._mark:
            printed = printed.partition(self._mark.encode())[0]
        self.output += printed[: self.sandbox.limits.output_bytes - len(self.output)]
        self._worker = None

    def _end(self, worker: Worker, grace: float = 0.0, *, charged: float | None = None) -> Ending:
        try:
            ending = self.sandbox.end_worker(grace)
        finally:
            self._put_away(worker)
        self._spent += ending.cpu_seconds if charged is None else charged
        self._used = 0.0
        return ending

    @staticmethod
    def _how_it_ended(ending: Ending) -> Crashed:
        if ending.forced:
            return forged()
        if ending.signal:
            return Crashed(f"the program was ended by signal {ending.signal}")
        return Crashed(f"the program ended itself with exit code {ending.exit_code}")
