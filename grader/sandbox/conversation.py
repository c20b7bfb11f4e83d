"""What is said between a request to a worker and its reply, and how long it may take.

In the middle of a request the program may ask something: the value of a call of an earlier lesson,
or what a function returns that the check handed over. It goes on when it has an answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from grader.sandbox.budget import WorkerClock
from grader.sandbox.channel import Worker
from grader.sandbox.faults import Crashed, TimedOut
from grader.sandbox.levels import SandboxLimits
from grader.sandbox.replies import Reply, read_reply

#: Seconds until we read the worker's CPU clock; most calls are over by then.
FIRST_LOOK: Final = 0.1
_BETWEEN_LOOKS: Final = 0.05  # seconds, at least
#: Questions in one call: a lesson in loops puts one for each pair of rows.
_MOST_QUESTIONS: Final = 10_000


class Conversation:
    """A request, questions and answers, and the reply.

    The limit is on CPU time, so the machine's load does not matter. The wall clock stops a call
    that sleeps; it stands still while other processes have all cores, as far as the system tells.
    The CPU time of our answers is no time of the call, but the lesson pays for it.
    """

    def __init__(
        self, worker: Worker, clock: WorkerClock, limits: SandboxLimits, cpu_seconds: float
    ) -> None:
        """Begin to count the time.

        Args:
            worker: that gets the request.
            clock: its CPU time; says what it has used, however the conversation ends.
            limits: of every call; what they allow to sleep goes for this request in proportion.
            cpu_seconds: that the worker may use, and all answers together.
        """
        self._worker = worker
        self._clock = clock
        self._cpu_seconds = cpu_seconds
        self._wall_seconds = (
            cpu_seconds * limits.wall_seconds_per_call / limits.cpu_seconds_per_call
        )
        self._start = time.monotonic()  # later by the time of our answers
        self._next_look: float | None = None  # monotonic seconds; None before the first look
        # CPU seconds that the worker had used when the call began, and seconds that it had waited
        # for a core; read only when a call is slow.
        self._used_before = self._queued_before = 0.0

    def hold(
        self,
        request: bytes,
        answer: Callable[[Reply], bytes | None],
        rebuild: Callable[[Any], Any] | None = None,
    ) -> Reply:
        """Send a request, and answer questions until the reply comes.

        Args:
            request: encoded.
            answer: gives the encoded answer to a question, and None to the reply. It may itself
                ask the worker something.
            rebuild: is given each object that comes in the reply.

        Raises:
            TimedOut: the worker, or our answers, took too long.
            Crashed: the worker sent what is no reply, or asked too often.
            Ended: the worker closed its channel.
        """
        seconds_of_answers = 0.0
        for _ in range(_MOST_QUESTIONS + 1):
            data = self._send(request)
            received, began = time.monotonic(), time.thread_time()
            reply = read_reply(data, rebuild)
            answered = answer(reply)
            if answered is None:
                return reply
            request = answered
            ours = time.thread_time() - began  # the machine's load does not matter
            self._clock.budget.charge(ours)
            seconds_of_answers += ours
            if seconds_of_answers > self._cpu_seconds:
                self._clock.read()  # the lesson pays for what it has really used
                raise TimedOut("it calls the check's functions on and on")
            self._start += time.monotonic() - received
            self._clock.check()
        raise Crashed(f"it asked the check more than {_MOST_QUESTIONS:,} times")

    def _send(self, request: bytes) -> bytes:
        sent = time.monotonic()
        if sent >= self._time_to_look():
            self._look()
        try:
            data = self._worker.ask(request, self._time_to_look())
        except TimedOut:
            return self._watch()
        self._clock.used += time.monotonic() - sent
        return data

    def _time_to_look(self) -> float:
        """When to look at the worker's clocks next."""
        return self._start + FIRST_LOOK if self._next_look is None else self._next_look

    def _watch(self) -> bytes:
        """Wait for a slow call, and look at its times now and then."""
        while True:
            self._look()
            now = time.monotonic()
            try:
                answer = self._worker.wait(self._time_to_look())
            except TimedOut:
                continue
            self._clock.used += time.monotonic() - now
            return answer

    def _look(self) -> None:
        """Look at the worker's clocks.

        Raises:
            TimedOut: it has exceeded a limit.
        """
        clock = self._clock
        if self._next_look is None:
            # If we were late to look, both sums are in the program's favour.
            self._used_before = max(clock.read() - FIRST_LOOK, 0.0)
            waited = time.monotonic() - self._start
            self._queued_before = max(clock.read_queued() - waited, 0.0)
        queued = clock.read_queued() - self._queued_before
        wall_end = self._start + self._wall_seconds + queued
        in_call = clock.read() - self._used_before
        left_for_lesson = clock.budget.left - clock.used
        left = min(self._cpu_seconds - in_call, left_for_lesson)
        now = time.monotonic()
        if left_for_lesson <= 0:
            raise clock.budget.used_up()
        if left <= 0:
            clock.used = self._used_before + self._cpu_seconds
            raise TimedOut(f"it was still computing after {self._cpu_seconds:g} s")
        if now >= wall_end:
            clock.used = self._used_before + self._wall_seconds
            raise TimedOut(f"it had not answered after {self._wall_seconds:g} s")
        # Until then, one thread can exceed no limit, so no question needs a look.
        self._next_look = min(now + max(left, _BETWEEN_LOOKS), wall_end)
