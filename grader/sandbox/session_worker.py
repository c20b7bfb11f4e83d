"""The worker of a session: started or taken over, asked, and replaced by a fresh one if it ends."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from grader.sandbox import wire
from grader.sandbox.budget import Budget, WorkerClock
from grader.sandbox.channel import Ended, Ending, Worker
from grader.sandbox.client import Sandbox
from grader.sandbox.conversation import FIRST_LOOK, Conversation
from grader.sandbox.faults import Crashed, StudentFault, TimedOut
from grader.sandbox.replies import Progress, Reply, forged_reply, read_progress

#: Seconds in which a worker that has closed its channel may end by itself. Plenty, because the
#: verdict must not depend on the machine's load. A program that goes on running pays for them.
_GRACE: Final = 2.0


class SessionWorker:
    """One worker at a time, of one lesson of one student, who pays for its time."""

    def __init__(self, sandbox: Sandbox, budget: Budget, *, takes_over: bool) -> None:
        """Begin without a worker.

        Args:
            sandbox: started; no other session may have a worker in it.
            budget: of the lesson.
            takes_over: whether to begin with the worker that the lesson before has handed on.
        """
        self.clock = WorkerClock(budget, sandbox)  # of the present worker
        self.output = bytearray()  # what was printed, cut at the limit; complete once it is closed
        self.started = 0  # how many workers by now: each knows only its own objects
        self.lost_by: StudentFault | None = None  # what ended the last one
        self.progress: Progress | None = None  # how far the last one got while loading
        self._sandbox = sandbox
        self._takes_over = takes_over
        self._mute_mark = ""  # random text in the output, after which nothing is kept
        self._worker: Worker | None = None

    @property
    def is_there(self) -> bool:
        """Whether there is a worker."""
        return self._worker is not None

    def start(self) -> bool:
        """Start a worker, or take over the lesson before's; return whether it was taken over."""
        handed_on = self._sandbox.take_worker() if self._takes_over else None
        self._takes_over = False
        worker, used = handed_on or (self._sandbox.start_worker(), 0.0)
        self._worker = worker
        self.clock.start(used)
        self.started += 1
        if self._mute_mark:
            self._print_mute_mark()
        return handed_on is not None

    def start_for_program(self) -> None:
        """Start a fresh worker that runs the lesson as a program: its output is a result."""
        self._worker = self._sandbox.start_worker()
        self.clock.start()
        self.started += 1

    def load(
        self,
        request: bytes,
        cpu_seconds: float,
        answer: Callable[[Reply], bytes | None],
        *,
        stepwise: bool,
    ) -> Reply:
        """Ask a fresh worker to load the lesson; see :meth:`ask`.

        Args:
            request: encoded.
            cpu_seconds: that it may use.
            answer: gives the encoded answer to a question, and None to the reply.
            stepwise: whether it reports each statement before it runs it, in :attr:`progress`.
        """
        worker = self._worker
        assert worker is not None
        worker.tells_progress = stepwise
        try:
            return self.ask(request, cpu_seconds, answer)
        finally:
            worker.tells_progress = False
            self.progress = read_progress(worker.progress)

    def ask(
        self,
        request: bytes,
        cpu_seconds: float,
        answer: Callable[[Reply], bytes | None] = lambda reply: None,
        rebuild: Callable[[Any], Any] | None = None,
    ) -> Reply:
        """Ask the worker; end it if it exceeds a limit or closes its channel.

        Args:
            request: encoded.
            cpu_seconds: that the worker may use.
            answer: gives the encoded answer to a question, and None to the reply.
            rebuild: is given each object that comes in the reply.

        Raises:
            StudentFault: there is no reply.
        """
        self.clock.check()
        worker = self._worker
        assert worker is not None
        try:
            conversation = Conversation(worker, self.clock, self._sandbox.limits, cpu_seconds)
            return conversation.hold(request, answer, rebuild)
        except TimedOut as fault:
            self.lost_by = fault
            if self._worker is not worker:  # it has ended while the check's function was called
                raise
            # Not what the clock shows now: that depends on how fast this machine stopped it.
            self._end(worker, charged=self.clock.used)
            raise
        except Ended:
            ending = self._end(worker, _GRACE)
            if ending.forced:  # the CPU time that it used meanwhile has been charged
                self.clock.budget.charge(_GRACE - ending.cpu_seconds)
            self.lost_by = _how_it_ended(ending)
            raise self.lost_by from None
        except BaseException as error:  # of the check's function, too
            if isinstance(error, StudentFault):
                self.lost_by = error
            if self._worker is worker:
                self._end(worker)
            raise

    def end(self) -> None:
        """End the worker, if there is one, and charge the CPU time that it has used."""
        if self._worker is not None:
            self._end(self._worker)

    def close(self) -> None:
        """End the worker, if there is one, without waiting until it is gone."""
        if self._worker is not None:
            try:
                self.clock.stop(self._seconds_used())
                self._sandbox.discard_worker()
            finally:
                self._close(self._worker)

    def hand_on(self) -> None:
        """Hand the worker on to the student's next lesson."""
        if (worker := self._worker) is not None:
            self._worker = None
            self.clock.stop(used := self._seconds_used())
            worker.output.clear()
            self._sandbox.hand_on(worker, used)

    def mute_output(self) -> None:
        """Keep what the program has printed so far, and nothing that it prints from now on.

        Output arrives through a pipe of its own, later than replies. So each worker prints a mark:
        the present one now, later ones before they load anything.
        """
        self._mute_mark = secrets.token_hex()
        if self._worker is not None:
            with suppress(StudentFault):  # it has ended, or is out of time: it prints no more
                self._print_mute_mark()

    def _print_mute_mark(self) -> None:
        mark = wire.encode(("mark", self._mute_mark))
        self.ask(mark, self._sandbox.limits.cpu_seconds_per_call)

    def _seconds_used(self) -> float:
        """The CPU seconds of the present worker."""
        used = self.clock.used
        if used > FIRST_LOOK:  # it may be less; the question takes its time, too
            used = min(self.clock.read(), used)
        return used

    def _end(self, worker: Worker, grace: float = 0.0, *, charged: float | None = None) -> Ending:
        try:
            ending = self._sandbox.end_worker(grace)
        finally:
            self._close(worker)
        self.clock.stop(ending.cpu_seconds if charged is None else charged)
        return ending

    def _close(self, worker: Worker) -> None:
        worker.close()
        printed = worker.output
        if self._mute_mark:
            printed = printed.partition(self._mute_mark.encode())[0]
        self.output += printed[: self._sandbox.limits.output_bytes - len(self.output)]
        self._worker = None


def _how_it_ended(ending: Ending) -> Crashed:
    if ending.forced:
        return forged_reply()
    if ending.signal:
        return Crashed(f"the program was ended by signal {ending.signal}")
    return Crashed(f"the program ended itself with exit code {ending.exit_code}")
