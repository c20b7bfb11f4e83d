"""One student's lesson in a sandbox: load it, call its functions, keep its time budget.

The checks speak to this module. It sends each call to a worker through :mod:`.channel`, turns the
reply into a value or a fault, and replaces a worker that has ended.
"""

from __future__ import annotations

import difflib
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import islice
from types import MappingProxyType
from typing import Any, Final, Protocol, Self

from grader.sandbox import wire
from grader.sandbox.budget import Budget, WorkerClock
from grader.sandbox.channel import Ended, Ending, Worker
from grader.sandbox.client import Sandbox
from grader.sandbox.conversation import FIRST_LOOK, Conversation
from grader.sandbox.faults import (
    Crashed,
    Failure,
    FailureKind,
    MissingFunction,
    OutOfMemory,
    Place,
    Raised,
    StudentFault,
    TimedOut,
    TooLarge,
)
from grader.sandbox.held_objects import HeldObjects
from grader.sandbox.program_run import ProgramRun, read_run
from grader.sandbox.replies import (
    Ahead,
    CalledBack,
    Loaded,
    NotClean,
    Progress,
    Question,
    Reply,
    Returned,
    forged_reply,
    read_progress,
    read_reply,
)
from grader.sandbox.source_text import find_source

_SIMILAR: Final = 0.8  # of two names; at 1 they would be the same
_HEAD_START_SECONDS: Final = 0.5  # of CPU time, for importing a lesson and all foreseen calls
#: Seconds in which a worker that has closed its channel may end by itself. Plenty, because the
#: verdict must not depend on the machine's load. A program that goes on running pays for them.
_GRACE: Final = 2.0

ProgramText = wire.ProgramText


class Values(Protocol):
    """Answers functions of earlier lessons that ask for the value of a call."""

    asking: Mapping[str, Sequence[str]]  # by lesson: the functions that ask

    def begin(self, check: str) -> None:
        """Begin a check, to which the next questions belong."""

    def answer(self, question: Question) -> bytes:
        """An encoded answer, see :mod:`.inside.questions`; the question may hold anything."""


class Session:
    """A student's lesson in a worker; after a crash or a timeout, in a fresh worker.

    All calls together may use the rest of the lesson's budget. If the wall clock stops a call that
    sleeps, the time that we waited for it is charged.

    The head start: a check calls the functions of most students just as it called those of the
    reference in the rehearsal. So the session sends these calls ahead, and the worker makes them at
    once, which is several times as fast as one request at a time. The reply to a call made ahead
    counts only if a check then makes the very same call. Every other call is sent when a check
    makes it. If anything goes wrong in the head start (a hang, a crash, too little memory), the
    session forgets it, and makes and times each call alone. The calls of visible checks are sent
    with the lesson, those of hidden checks later (:meth:`call_ahead`).

    A program may have state: a counter, a cache, a generator. All calls of one check happen in
    their order, in one process, without calls of other checks between them. So if a check makes an
    unforeseen call, it goes on in a fresh worker, which first repeats its earlier calls. The
    program may remember all, some or none of the calls of other checks, as with tests in any order.
    After a crash or a timeout, it remembers nothing.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        lesson: str,
        programs: Mapping[str, ProgramText],
        foreseen: Mapping[str, Sequence[bytes]] = MappingProxyType({}),
        absent: Mapping[str, str] = MappingProxyType({}),
        *,
        values: Values | None = None,
        in_shared_worker: bool = False,
    ) -> None:
        """Open a session; nothing runs yet.

        Args:
            sandbox: started; no other session may have a worker in it.
            lesson: the lesson to load.
            programs: the lesson's program and the earlier ones that it may import, by lesson.
            foreseen: the calls (see :func:`.wire.encode_call`) that each check will probably make,
                in the order of the checks.
            absent: lessons that cannot be imported, each with the reason: ``was not handed in``.
            values: answers the functions that ask for a value.
            in_shared_worker: whether to begin in the worker that the lesson before has handed on.
        """
        self.sandbox = sandbox
        self.budget = sandbox.budget or Budget(sandbox.limits.seconds_per_lesson)
        self.lesson = lesson
        self.programs = dict(programs)
        self.absent = dict(absent)
        self.failures: tuple[Failure, ...] = ()  # top-level statements that failed
        self.output = bytearray()  # what the student's code printed, cut at the limit
        self._mute_mark = ""  # random text in the output, after which nothing is kept
        self._values = values
        self._takes_worker = in_shared_worker
        self._foreseen = foreseen
        self._being_made: Sequence[str] = ()  # the checks whose calls are now made ahead, by call
        self._at = 0  # the last of these calls that has asked for a value
        self._left_out: dict[str, tuple[int, int]] = {}  # statements that ended a worker
        self._endings: list[Failure] = []  # how they did
        self._made_ahead: dict[str, list[tuple[bytes, bytes]]] = {}  # by check: (call, reply)
        # Of the present check:
        self._next_ahead: Iterator[tuple[bytes, bytes]] = iter(())  # its calls that were made ahead
        self._used_ahead: list[bytes] = []  # those that it has made itself by now
        self._only_foreseen_values = True
        self.held = HeldObjects()  # of the present check
        self.workers = 0  # that were started by now: each knows only its own objects
        self._lost_by: StudentFault | None = None  # what ended the last one
        self._worker: Worker | None = None
        self._clock = WorkerClock(self.budget, sandbox)  # of the present worker
        self._progress: Progress | None = None  # how far the last one got while loading

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker, if there is one. A later call starts another."""
        if self._worker is not None:
            try:
                self._clock.stop(self._seconds_used())
                self.sandbox.discard_worker()
            finally:
                self._close_worker(self._worker)

    def hand_on(self) -> None:
        """Hand the worker on to the student's next lesson. No call may follow."""
        if (worker := self._worker) is not None:
            self._worker = None
            self._clock.stop(used := self._seconds_used())
            worker.output.clear()
            self.sandbox.hand_on(worker, used)

    def _seconds_used(self) -> float:
        """The CPU seconds of the present worker."""
        used = self._clock.used
        if used > FIRST_LOOK:  # it may be less; the question takes its time, too
            used = min(self._clock.read(), used)
        return used

    def mute_output(self) -> None:
        """Keep what the program has printed so far, and nothing that it prints from now on.

        Output arrives through a pipe of its own, later than replies. So each worker prints a mark:
        the present one now, later ones before they load anything.
        """
        self._mute_mark = secrets.token_hex()
        if self._worker is not None:
            with suppress(StudentFault):  # it has ended, or is out of time: it prints no more
                self._print_mute_mark()

    def load(self) -> None:
        """Import the lesson in a fresh worker. There must be no worker yet.

        Raises:
            StudentFault: it cannot be imported.
        """
        foreseen, self._foreseen = self._foreseen, {}
        if (foreseen or self._values) and self._load_with(foreseen):
            return
        self._load_worker([], self.sandbox.limits.cpu_seconds_per_call)

    def call_ahead(self, foreseen: Mapping[str, Sequence[bytes]]) -> None:
        """Make further calls ahead, if the worker still lives.

        Args:
            foreseen: as for a new session.
        """
        calls = [call for own in foreseen.values() for call in own]
        if not calls or self._worker is None:
            return
        spent = self.budget.spent + self._clock.used
        limit = min(_HEAD_START_SECONDS, self.sandbox.limits.cpu_seconds_per_call)
        try:
            with self._making(foreseen):
                reply = self._ask(wire.encode(("ahead", calls), trusted=True), limit)
        except (StudentFault, wire.Unsendable):
            reply = forged_reply()
        if isinstance(reply, Ahead) and len(reply.replies) == len(calls):
            self._keep_replies(foreseen, reply.replies)
            return
        if self._worker is not None:
            self._end(self._worker)
        self.budget.spent = min(self.budget.spent, spent + limit)  # however long it slept

    @property
    def only_foreseen_values(self) -> bool:
        """Whether each call of the present check was made ahead and returned a value."""
        return self._only_foreseen_values

    def begin(self, check: str, handles: Set[str] | None = frozenset()) -> list[bytes]:
        """Begin a check: the calls from now on belong to it.

        A check that holds objects begins in a fresh process, which no other check has used.

        Args:
            check: its name.
            handles: what gives the check an object, see :attr:`HeldObjects.seen`; anything may if
                None.

        Returns:
            The replies to the calls that were made ahead for it, still encoded.
        """
        if self._values is not None:
            self._values.begin(check)
        if self._worker is not None and (handles or self.held.seen):
            self._end(self._worker)
        self.held.begin(handles)
        ahead = self._made_ahead.pop(check, [])
        self._next_ahead = iter(ahead)
        self._used_ahead.clear()
        self._only_foreseen_values = True
        return [reply for _, reply in ahead]

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        """Call one of the lesson's functions with plain values.

        Raises:
            StudentFault: it did not return a plain value in time.
            Unsendable: an argument is not a plain value, which is an error of the check.
        """
        arguments = {*range(len(args)), *kwargs}
        try:
            if self.held.is_live:
                live = wire.encode_live("call", function, list(args), kwargs)
                return self._request_live(live, arguments, f"{function}()")
            return self._request(wire.encode_call(function, args, kwargs), arguments)
        except MissingFunction as missing:
            missing.failure = self._why_missing(function)
            _, cells, _ = self.programs[self.lesson]
            defined = re.findall(r"^def (\w{1,100})", "\n".join(cells), re.MULTILINE)
            others = [name for name in defined if name != function]
            missing.similar = "".join(
                difflib.get_close_matches(function, others, n=1, cutoff=_SIMILAR)
            )
            raise

    def value(self, name: str, *keys: str) -> Returned:
        """Read a value of the lesson, or an entry of a dict; ``None`` if there is none.

        Raises:
            StudentFault: it is not a plain value, keys are given and it is not a dict, or the
                statement that would have given it failed.
        """
        returned = self._request(wire.encode_value(name, keys), frozenset())
        failure = self._why_missing(name)
        if returned.value is not None or failure is None:
            return returned
        if keys:
            self.value(name)  # it may be there, and only the entry is not
            return returned
        missing = MissingFunction(f"there is no {name}")
        missing.failure = failure
        raise missing

    def use(
        self, operation: str, args: Sequence[object], kwargs: Mapping[str, object], key: str
    ) -> Returned:
        """Do something with the student's objects.

        Args:
            operation: of :data:`.inside.objects.OPERATIONS`.
            args: its arguments; objects among them as they were given.
            kwargs: its keyword arguments.
            key: what gives an object, if one comes of it.

        Raises:
            StudentFault: it raised, or the process that held the objects has ended.
        """
        if operation == "console":
            self.held.seen.add(operation)  # no other check is to have it
        if self._worker is None and operation not in {"glue", "console"}:
            raise self._lost_by or Crashed("the program has ended, and its objects with it")
        if self._worker is not None and self.held.are_used_up(
            self.sandbox.limits.cpu_seconds_per_call
        ):
            self._lost_by = TimedOut("what it returned goes on and on")
            self._end(self._worker)
            raise self._lost_by
        before = self._clock.used
        arguments = {*range(len(args)), *kwargs}
        request = wire.encode_live("use", operation, list(args), dict(kwargs))
        try:
            return self._request_live(request, arguments, key)
        finally:
            self.held.count(operation, self._clock.used - before)

    def run(self, stdin: str, args: Sequence[str], files: Mapping[str, str | bytes]) -> ProgramRun:
        """Run the lesson as a program in a fresh process, which then ends.

        Objects that the present check holds end, too: there is one process at a time.

        Args:
            stdin: what is typed.
            args: the words of the command line behind the program's name.
            files: what lies in its working folder, by name.

        Raises:
            StudentFault: it does not end, crashes, or needs too much memory.
        """
        self._only_foreseen_values = False
        self._clock.check()
        if self._worker is not None:
            self._end(self._worker)
        about = [
            list(self.sandbox.importable), self.absent, {}, {}, self.sandbox.working_folder
        ]  # fmt: skip
        request = ("run", self.lesson, self.programs, about, stdin, list(args), dict(files))
        encoded = wire.encode(request, trusted=True)
        self._worker = worker = self.sandbox.start_worker()
        self._clock.start()
        self.workers += 1
        reply = self._ask(encoded, self.sandbox.limits.cpu_seconds_per_call)
        self._end(worker)
        if isinstance(reply, Returned) and (found := read_run(reply.value)):
            return found
        raise reply if isinstance(reply, StudentFault) else forged_reply()

    def source(self, name: str) -> str:
        """The text of a function or class of the lesson, or of all of it; "" if there is none."""
        _, cells, _ = self.programs[self.lesson]
        return find_source("\n".join(cells), name)

    def look_up(self, name: str) -> Returned:
        """What the lesson has a name for, as a value or an object; ``None`` if there is nothing.

        Raises:
            StudentFault: the statement that would have given it failed.
        """
        returned = self._request_live(wire.encode_live("value", name, []), frozenset(), name)
        failure = self._why_missing(name)
        if returned.value is None and failure is not None:
            missing = MissingFunction("there is nothing of that name")
            missing.failure = failure
            raise missing
        return returned

    def _why_missing(self, name: str) -> Failure | None:
        """The top-level statement that would have defined a name, and failed.

        If none names it, it may be an answer that is not written yet.
        """
        causes = [it for it in self.failures if name in it.names]
        causes += [it for it in self.failures if it.is_unwritten_answer]
        return next(iter(causes), None)

    def _request_live(self, request: bytes, arguments: Set[int | str], key: str) -> Returned:
        returned = self._request(request, arguments, self.held.rebuild(key))
        self.held.keep()
        return returned

    def _request(
        self,
        request: bytes,
        arguments: Set[int | str],
        rebuild: Callable[[Any], Any] | None = None,
    ) -> Returned:
        expected, answer = next(self._next_ahead, (None, b""))
        if request == expected:
            self._used_ahead.append(request)
            reply = read_reply(answer)
        else:
            self._only_foreseen_values = False
            self._leave_head_start()
            reply = self._ask(request, self.sandbox.limits.cpu_seconds_per_call, rebuild)
        if isinstance(reply, Returned) and arguments >= set(reply.changed):
            return reply
        self._only_foreseen_values = False
        if isinstance(reply, Loaded | NotClean | Ahead | Returned | Question | CalledBack):
            reply = forged_reply()
        elif isinstance(reply, Raised):
            self._quote(reply)
        elif isinstance(reply, MissingFunction):
            reply.bound_at = self._quoted(reply.bound_at)
        if isinstance(reply, OutOfMemory | Crashed) and self._worker is not None:
            # What filled the memory may still fill it: go on in a fresh worker.
            self._end(self._worker)
        raise reply

    def _leave_head_start(self) -> None:
        """Start a worker without a head start, and repeat the calls of this check so far."""
        self._next_ahead = iter(())
        if self._used_ahead:
            if self._worker is not None:
                self._end(self._worker)
            repeated, self._used_ahead = self._used_ahead, []
            self._load_worker(repeated, self.sandbox.limits.cpu_seconds_per_call)
        elif self._worker is None:
            self.load()

    def _load_with(self, foreseen: Mapping[str, Sequence[bytes]]) -> bool:
        """Load the lesson and make all foreseen calls quickly; ``False`` if anything goes wrong."""
        calls = [call for calls in foreseen.values() for call in calls]
        spent = self.budget.spent
        limit = min(_HEAD_START_SECONDS, self.sandbox.limits.cpu_seconds_per_call)
        try:
            with self._making(foreseen):
                reply = self._load_worker(calls, limit, stepwise=False)
        except StudentFault:  # too much to send at once is no error
            reply = None
        if reply is None or len(reply.replies) != len(calls):
            if self._worker is not None:
                self._end(self._worker)
            self.output.clear()
            self.budget.spent = min(self.budget.spent, spent + limit)  # however long it slept
            return False
        self._keep_replies(foreseen, reply.replies)
        return True

    @contextmanager
    def _making(self, foreseen: Mapping[str, Sequence[bytes]]) -> Iterator[None]:
        """In this block calls are made ahead: a question belongs to the check of its call."""
        self._being_made = [check for check, calls in foreseen.items() for _ in calls]
        self._at = 0
        try:
            yield
        finally:
            self._being_made = ()

    def _keep_replies(
        self, foreseen: Mapping[str, Sequence[bytes]], replies: Sequence[bytes]
    ) -> None:
        rest = iter(replies)
        for check, calls in foreseen.items():
            self._made_ahead[check] = list(zip(calls, islice(rest, len(calls)), strict=True))

    def _load_worker(
        self, calls: Sequence[bytes], cpu_seconds: float, *, stepwise: bool = True
    ) -> Loaded:
        """Load the lesson in a fresh worker, and make calls.

        A top-level statement may end the worker: a demo may never end, take all memory, or exit.
        The next worker leaves it out. Of the statements after it, it runs only definitions.
        """
        while True:
            try:
                return self._load_once(calls, cpu_seconds, stepwise=stepwise and not calls)
            except (TimedOut, Crashed, OutOfMemory) as fault:
                self._leave_out(fault)

    def _leave_out(self, fault: StudentFault) -> None:
        """Leave out the statement that has just ended a worker; raise if it is unknown."""
        at, self._progress = self._progress, None
        if at is None or at.lesson in self._left_out or at.lesson not in self.programs:
            raise fault
        self._left_out[at.lesson] = (at.part, at.index)
        if at.lesson == self.lesson:
            self._endings.append(Failure(FailureKind.ENDED, self._quoted(at.place), fault))

    def _load_once(self, calls: Sequence[bytes], cpu_seconds: float, *, stepwise: bool) -> Loaded:
        self._clock.check()
        request = (
            "load", self.lesson, self.programs, list(calls),
            list(self.sandbox.importable), self.absent, self._left_out,
            {name: list(own) for name, own in self._values.asking.items()} if self._values else {},
            self.sandbox.working_folder, stepwise,
        )  # fmt: skip
        try:
            encoded = wire.encode(request, trusted=True)
        except wire.Unsendable:
            raise TooLarge(
                "with the lessons that it imports it is larger than the "
                f"{wire.MAX_FRAME // 2**20} MiB that can be run"
            ) from None
        handed_on = self.sandbox.take_worker() if self._takes_worker else None
        self._takes_worker = False
        worker, used = handed_on or (self.sandbox.start_worker(), 0.0)
        self._worker = worker
        self._clock.start(used)
        self.workers += 1
        if self._mute_mark:
            self._print_mute_mark()
        worker.tells_progress = stepwise
        try:
            reply = self._ask(encoded, cpu_seconds)
        finally:
            worker.tells_progress = False
            self._progress = read_progress(worker.progress)
        if isinstance(reply, NotClean) and handed_on is not None:
            self._end(worker)
            return self._load_once(calls, cpu_seconds, stepwise=stepwise)
        if isinstance(reply, Loaded):
            self._keep_failures(reply)
            is_begun = not any(it.is_unwritten_answer for it in self.failures)
            if not (reply.bare and self.failures and is_begun):
                return reply
            reply = (*self._endings, *self.failures)[0].error
        self._end(worker)
        if isinstance(reply, Raised):
            self._quote(reply)
        raise reply if isinstance(reply, StudentFault) else forged_reply()

    def _print_mute_mark(self) -> None:
        self._ask(wire.encode(("mark", self._mute_mark)), self.sandbox.limits.cpu_seconds_per_call)

    def _keep_failures(self, reply: Loaded) -> None:
        for failure in reply.failures:
            if isinstance(failure.error, Raised):
                self._quote(failure.error)
        quoted = [replace(it, place=self._quoted(it.place)) for it in reply.failures]
        self.failures = (*quoted, *self._endings)

    def _quote(self, fault: Raised) -> None:
        """Quote the line that a fault names from the student's file, if it is there."""
        fault.place = self._quoted(fault.place)

    def _quoted(self, place: Place | None) -> Place | None:
        found = None
        for filename, cells, notebook in self.programs.values():
            for number, cell in enumerate(cells, start=1):
                lines = cell.split("\n")
                where = f"{filename}, cell {number}" if notebook else filename
                if place and place.filename == where and 0 < place.line <= len(lines):
                    found = Place(where, place.line, lines[place.line - 1].strip())
        return found

    def _ask(
        self,
        request: bytes,
        cpu_seconds: float,
        rebuild: Callable[[Any], Any] | None = None,
    ) -> Reply:
        """Ask the worker; end it if it exceeds a limit or closes its channel.

        Args:
            request: encoded.
            cpu_seconds: that the worker may use.
            rebuild: is given each object that comes in the reply.
        """
        self._clock.check()
        worker = self._worker
        assert worker is not None
        try:
            conversation = Conversation(worker, self._clock, self.sandbox.limits, cpu_seconds)
            return conversation.hold(request, self._answer, rebuild)
        except TimedOut as fault:
            self._lost_by = fault
            if self._worker is not worker:  # it has ended while the check's function was called
                raise
            # Not what the clock shows now: that depends on how fast this machine stopped it.
            self._end(worker, charged=self._clock.used)
            raise
        except Ended:
            ending = self._end(worker, _GRACE)
            if ending.forced:  # the CPU time that it used meanwhile has been charged
                self.budget.charge(_GRACE - ending.cpu_seconds)
            self._lost_by = self._how_it_ended(ending)
            raise self._lost_by from None
        except BaseException as error:  # of the check's function, too
            if isinstance(error, StudentFault):
                self._lost_by = error
            if self._worker is worker:
                self._end(worker)
            raise

    def _answer(self, reply: Reply) -> bytes | None:
        """An encoded answer, if this is a question to the check and not yet the reply."""
        if isinstance(reply, Question) and self._values is not None:
            if self._being_made:  # in their order: the worker itself says how far it is
                if reply.position not in range(self._at, len(self._being_made)):
                    raise forged_reply()
                self._at = reply.position
                self._values.begin(self._being_made[self._at])
            return self._values.answer(reply)
        if isinstance(reply, CalledBack) and self.held.answer is not None:
            return self.held.answer(reply.number, reply.args, reply.kwargs)
        return None

    def _close_worker(self, worker: Worker) -> None:
        worker.close()
        printed = worker.output
        if self._mute_mark:
            printed = printed.partition(self._mute_mark.encode())[0]
        self.output += printed[: self.sandbox.limits.output_bytes - len(self.output)]
        self._worker = None

    def _end(self, worker: Worker, grace: float = 0.0, *, charged: float | None = None) -> Ending:
        try:
            ending = self.sandbox.end_worker(grace)
        finally:
            self._close_worker(worker)
        self._clock.stop(ending.cpu_seconds if charged is None else charged)
        return ending

    @staticmethod
    def _how_it_ended(ending: Ending) -> Crashed:
        if ending.forced:
            return forged_reply()
        if ending.signal:
            return Crashed(f"the program was ended by signal {ending.signal}")
        return Crashed(f"the program ended itself with exit code {ending.exit_code}")
