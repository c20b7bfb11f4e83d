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
        self._next_look = self._start + FIRST_LOOK  # at the worker's clock
        # CPU seconds that the worker had used when the call began, and seconds that it had waited
        # for a core; read only when a call is slow.
        self._before: tuple[float, float] | None = None

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
            waited = time.monotonic() - received
            self._start += waited
            self._next_look += waited
            self._clock.check()
        raise Crashed(f"it asked the check more than {_MOST_QUESTIONS:,} times")

    def _send(self, request: bytes) -> bytes:
        sent = time.monotonic()
        try:
            data = self._worker.ask(request, self._next_look)
        except TimedOut:
            if self._before is None:
                # If we were late to look, both sums are in the program's favour.
                used = self._clock.read() - FIRST_LOOK
                queued = self._clock.read_queued() - (time.monotonic() - self._start)
                self._before = max(used, 0.0), max(queued, 0.0)
            return self._watch(*self._before)
        self._clock.used += time.monotonic() - sent
        return data

    def _watch(self, before: float, queued_before: float) -> bytes:
        """Wait for a slow call, and look at its times now and then.

        Args:
            before: CPU seconds that the worker had used when the call began.
            queued_before: seconds that it had waited for a core.
        """
        clock = self._clock
        while True:
            queued = clock.read_queued() - queued_before
            wall_end = self._start + self._wall_seconds + queued
            in_call = clock.read() - before
            left_for_lesson = clock.budget.left - clock.used
            left = min(self._cpu_seconds - in_call, left_for_lesson)
            now = time.monotonic()
            if left_for_lesson <= 0:
                raise clock.budget.used_up()
            if left <= 0:
                clock.used = before + self._cpu_seconds
                raise TimedOut(f"it was still computing after {self._cpu_seconds:g} s")
            if now >= wall_end:
                clock.used = before + self._wall_seconds
                raise TimedOut(f"it had not answered after {self._wall_seconds:g} s")
            # No limit is exceeded by then: also the next questions need no look.
            self._next_look = min(now + max(left, _BETWEEN_LOOKS), wall_end)
            try:
                answer = self._worker.wait(self._next_look)
            except TimedOut:
                continue
            clock.used += time.monotonic() - now
            return answer
