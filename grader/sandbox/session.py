"""One student's lesson in a sandbox: load it, call its functions, keep its time budget.

The checks speak to this module. It takes the reply to a call from the :mod:`.head_start`, or asks
its :mod:`worker <.session_worker>`, and turns it into a value or a fault.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, Protocol, Self

from grader.sandbox import wire
from grader.sandbox.budget import Budget
from grader.sandbox.client import Sandbox
from grader.sandbox.faults import (
    Crashed,
    Failure,
    FailureKind,
    MissingFunction,
    OutOfMemory,
    Raised,
    StudentFault,
    TimedOut,
    TooLarge,
    WrongValue,
)
from grader.sandbox.head_start import HeadStart
from grader.sandbox.held_objects import HeldObjects
from grader.sandbox.module_names import own_modules
from grader.sandbox.replies import (
    Ahead,
    CalledBack,
    Loaded,
    NotClean,
    ProgramRun,
    Question,
    Reply,
    Returned,
    forged_reply,
    read_reply,
    read_run,
)
from grader.sandbox.session_worker import SessionWorker
from grader.sandbox.source_text import find_source, first_cells, quote_line

_SIMILAR: Final = 0.8  # of two names; at 1 they would be the same
_MAY_BE_MISSING: Final = frozenset({wire.NOT_THERE})
_HEAD_START_SECONDS: Final = 0.5  # of CPU time, for importing a lesson and all foreseen calls

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

    The calls that checks will probably make are made ahead, see :mod:`.head_start`: those of
    visible checks with the lesson, those of hidden checks later (:meth:`call_ahead`). If anything
    goes wrong then (a hang, a crash, too little memory), the session forgets them, and makes and
    times each call alone.

    A program may have state: a counter, a cache, a generator. So if a check makes an unforeseen
    call, it goes on in a fresh worker, which first repeats its earlier calls. The program may
    remember all, some or none of the calls of other checks, as with tests in any order. After a
    crash or a timeout, it remembers nothing.
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
            programs: the earlier programs that it may import, its own, then its further modules; by
                the names under which they are imported.
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
        self._last_cell: int | str | None = None  # of what runs for the present check
        self._no_cell: WrongValue | None = None  # the program has no such cell
        self._whole: tuple[ProgramText, tuple[Failure, ...]] | None = None  # while a part runs
        self.absent = dict(absent)
        self.failures: tuple[Failure, ...] = ()  # top-level statements that failed
        self._values = values
        self._foreseen = foreseen
        self._head_start = HeadStart()
        self._left_out: dict[str, tuple[int, int]] = {}  # statements that ended a worker
        self._endings: list[Failure] = []  # how they did
        self.held = HeldObjects()  # of the present check
        self._worker = SessionWorker(sandbox, self.budget, takes_over=in_shared_worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker, if there is one. A later call starts another."""
        self._worker.close()

    def hand_on(self) -> None:
        """Hand the worker on to the student's next lesson. No call may follow."""
        self.stand_after(None)
        self._worker.hand_on()

    def mute_output(self) -> None:
        """Keep what the program has printed so far, and nothing that it prints from now on."""
        self._worker.mute_output()

    @property
    def output(self) -> bytearray:
        """What the student's code has printed, cut at the limit."""
        return self._worker.output

    @property
    def workers(self) -> int:
        """How many workers were started by now: each knows only its own objects."""
        return self._worker.started

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
        self.stand_after(None)
        calls = [call for own in foreseen.values() for call in own]
        if not calls or not self._worker.is_there:
            return
        spent = self.budget.spent + self._worker.clock.used
        limit = min(_HEAD_START_SECONDS, self.sandbox.limits.cpu_seconds_per_call)
        try:
            with self._head_start.being_made(foreseen):
                reply = self._worker.ask(
                    wire.encode(("ahead", calls), trusted=True), limit, self._answer
                )
        except (StudentFault, wire.Unsendable):
            reply = forged_reply()
        if isinstance(reply, Ahead) and len(reply.replies) == len(calls):
            self._head_start.keep(foreseen, reply.replies)
            return
        self._worker.end()
        self.budget.spent = min(self.budget.spent, spent + limit)  # however long it slept

    @property
    def only_foreseen_values(self) -> bool:
        """Whether each call of the present check was made ahead and returned a value."""
        return self._head_start.has_served_all

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
        self.stand_after(None)
        if handles or self.held.seen:
            self._worker.end()
        self.held.begin(handles)
        return self._head_start.begin(check)

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
            text, own_name = self._text_with(function)
            defined = re.findall(r"^def (\w{1,100})", text, re.MULTILINE)
            others = [name for name in defined if name != own_name]
            missing.similar = "".join(
                difflib.get_close_matches(own_name, others, n=1, cutoff=_SIMILAR)
            )
            raise

    def value(self, name: str, *keys: str) -> Returned:
        """Read a value of the lesson, or an entry of a dict; ``None`` if there is none.

        Raises:
            StudentFault: it is not a plain value, keys are given and it is not a dict, or the
                statement that would have given it failed.
        """
        returned = self._request(wire.encode_value(name, keys), _MAY_BE_MISSING)
        failure = self._why_missing_from(returned, name)
        if failure is None:
            return replace(returned, changed=())
        if keys:
            self.value(name)  # it may be there, and only the entry is not
            return returned
        missing = MissingFunction(f"there is no {name}")
        missing.failure = failure
        raise missing

    def value_after(self, cell: int | str, name: str, *keys: str) -> Returned:
        """Read a value as it stood after a cell: in a fresh process, which runs no later cell.

        Objects that the present check holds end.

        Args:
            cell: its number among the cells of code, from 1; or a text in it.
            name: of the value.
            keys: of an entry, if it is a dict.

        Raises:
            StudentFault: as :meth:`value`; or there is no such cell.
        """
        programs = {**self.programs, self.lesson: self._up_to(cell)}
        self._head_start.has_served_all = False
        self._worker.end()
        with Session(self.sandbox, self.lesson, programs, absent=self.absent) as earlier:
            return earlier.value(name, *keys)

    def stand_after(self, cell: int | str | None) -> None:
        """For the present check, run the program up to the end of a cell, in a process of its own.

        Args:
            cell: as for :meth:`value_after`; None for the whole program.
        """
        if cell == self._last_cell:
            return
        self._worker.end()
        self._last_cell, self._no_cell = cell, None
        if self._whole is not None:
            self.programs[self.lesson], self.failures = self._whole
            self._whole = None
        if cell is not None:
            self._head_start.has_served_all = False
            self._whole = self.programs[self.lesson], self.failures
            try:
                self.programs[self.lesson] = self._up_to(cell)
            except WrongValue as fault:
                self._no_cell = fault

    def has_cell(self, cell: int | str) -> bool:
        """Whether the lesson's program has such a cell; see :meth:`value_after`."""
        _, cells, notebook = self._whole[0] if self._whole else self.programs[self.lesson]
        return first_cells(cells, cell, notebook=notebook) is not None

    def _up_to(self, cell: int | str) -> ProgramText:
        """The lesson's program up to the end of a cell.

        Raises:
            WrongValue: there is no such cell.
        """
        filename, cells, notebook = self.programs[self.lesson]
        first = first_cells(cells, cell, notebook=notebook)
        if first is None:
            which = f"number {cell}" if isinstance(cell, int) else f"with `{cell}`"
            raise WrongValue(f"there is no cell {which} in {filename}")
        return filename, first, notebook

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
        if operation in {"console", "share"}:
            self.held.seen.add(operation)  # no other check is to have it
        worker = self._worker
        if not worker.is_there and operation not in {"glue", "console", "share"}:
            raise worker.lost_by or Crashed("the program has ended, and its objects with it")
        clock, limit = worker.clock, self.sandbox.limits.cpu_seconds_per_call
        before = clock.used
        is_timed = worker.is_there and self.held.are_half_used_up(limit)
        if is_timed and (used := clock.read()):  # not every system tells
            before = used
            self.held.lower_estimate(used)
        if worker.is_there and self.held.are_used_up(limit):
            worker.lost_by = TimedOut("what it returned goes on and on")
            worker.end()
            raise worker.lost_by
        arguments = {*range(len(args)), *kwargs}
        request = wire.encode_live("use", operation, list(args), dict(kwargs))
        try:
            return self._request_live(request, arguments, key)
        finally:
            used = clock.used
            if is_timed and worker.is_there:
                used = clock.read() or used
            self.held.count(operation, used - before)

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
        self._head_start.has_served_all = False
        if self._no_cell is not None:
            raise self._no_cell
        self._worker.clock.check()
        self._worker.end()
        about = [
            list(self.sandbox.importable), self.absent, {}, {}, self.sandbox.working_folder,
            self.sandbox.stop_cell_at_error,
        ]  # fmt: skip
        request = ("run", self.lesson, self.programs, about, stdin, list(args), dict(files))
        encoded = wire.encode(request, trusted=True)
        self._worker.start_for_program()
        reply = self._worker.ask(encoded, self.sandbox.limits.cpu_seconds_per_call, self._answer)
        self._worker.end()
        if isinstance(reply, Returned) and (program_run := read_run(reply.value)):
            return program_run
        raise reply if isinstance(reply, StudentFault) else forged_reply()

    def source(self, name: str) -> str:
        """The text of a function or class of the lesson, or of all of it; "" if there is none."""
        text, own_name = self._text_with(name)
        return find_source(text, own_name)

    def _text_with(self, name: str) -> tuple[str, str]:
        """The text of the module in which a name is to be, and what it is called there."""
        module, _, own_name = name.rpartition(".")
        _, cells, _ = self.programs.get(module or self.lesson, ("", [], False))
        return "\n".join(cells), own_name

    def look_up(self, name: str) -> Returned:
        """What the lesson has a name for, as a value or an object; ``None`` if there is nothing.

        Raises:
            StudentFault: the statement that would have given it failed.
        """
        returned = self._request_live(wire.encode_live("value", name, []), _MAY_BE_MISSING, name)
        failure = self._why_missing_from(returned, name)
        if failure is not None:
            missing = MissingFunction("there is nothing of that name")
            missing.failure = failure
            raise missing
        return returned

    def _why_missing_from(self, returned: Returned, name: str) -> Failure | None:
        """See :meth:`_why_missing`; None if the reply has a value, which may be None itself."""
        if returned.value is not None:
            return None
        return self._why_missing(name, is_there=not returned.changed)

    def _why_missing(self, name: str, *, is_there: bool = False) -> Failure | None:
        """The top-level statement that would have defined a name, and failed.

        If none names it, it may be an answer that is not written yet; unless the name stands for
        None.
        """
        causes = [failure for failure in self.failures if name.rpartition(".")[2] in failure.names]
        if not is_there:
            causes += [failure for failure in self.failures if failure.is_unwritten_answer]
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
        made_ahead = self._head_start.reply_to(request)
        if made_ahead is not None:
            reply = read_reply(made_ahead)
        else:
            self._leave_head_start()
            cpu_seconds = self.sandbox.limits.cpu_seconds_per_call
            reply = self._worker.ask(request, cpu_seconds, self._answer, rebuild)
        if isinstance(reply, Returned) and arguments >= set(reply.changed):
            return reply
        self._head_start.has_served_all = False
        if isinstance(reply, Loaded | NotClean | Ahead | Returned | Question | CalledBack):
            reply = forged_reply()
        elif isinstance(reply, Raised):
            self._quote(reply)
        elif isinstance(reply, MissingFunction):
            reply.bound_at = quote_line(reply.bound_at, self.programs)
        if isinstance(reply, OutOfMemory | Crashed):
            # What filled the memory may still fill it: go on in a fresh worker.
            self._worker.end()
        try:
            raise reply
        finally:
            del reply  # it holds this frame, and so would keep the call's arguments for long

    def _leave_head_start(self) -> None:
        """Start a worker without a head start, and repeat the calls of this check so far."""
        if repeated := self._head_start.leave():
            self._worker.end()
            cpu_seconds = self.sandbox.limits.cpu_seconds_per_call
            loaded = self._load_worker(repeated, cpu_seconds)
            if len(loaded.replies) != len(repeated):  # they are too large together, so one by one
                self._worker.end()
                self._load_worker([], cpu_seconds)
                for call in repeated:
                    self._worker.ask(call, cpu_seconds, self._answer)
        elif not self._worker.is_there:
            self.load()

    def _load_with(self, foreseen: Mapping[str, Sequence[bytes]]) -> bool:
        """Load the lesson and make all foreseen calls quickly; ``False`` if anything goes wrong."""
        calls = [call for calls in foreseen.values() for call in calls]
        spent = self.budget.spent
        limit = min(_HEAD_START_SECONDS, self.sandbox.limits.cpu_seconds_per_call)
        try:
            with self._head_start.being_made(foreseen):
                reply = self._load_worker(calls, limit, stepwise=False)
        except StudentFault:  # too much to send at once is no error
            reply = None
        if reply is None or len(reply.replies) != len(calls):
            self._worker.end()
            self.output.clear()
            self.budget.spent = min(self.budget.spent, spent + limit)  # however long it slept
            return False
        self._head_start.keep(foreseen, reply.replies)
        return True

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
        at, self._worker.progress = self._worker.progress, None
        if at is None or at.lesson in self._left_out or at.lesson not in self.programs:
            raise fault
        self._left_out[at.lesson] = (at.part, at.index)
        if at.lesson in own_modules(self.lesson, self.programs):
            place = quote_line(at.place, self.programs)
            self._endings.append(Failure(FailureKind.ENDED, place, fault))

    def _load_once(self, calls: Sequence[bytes], cpu_seconds: float, *, stepwise: bool) -> Loaded:
        if self._no_cell is not None:
            raise self._no_cell
        self._worker.clock.check()
        request = (
            "load", self.lesson, self.programs, list(calls),
            list(self.sandbox.importable), self.absent, self._left_out,
            {name: list(own) for name, own in self._values.asking.items()} if self._values else {},
            self.sandbox.working_folder, self.sandbox.stop_cell_at_error, stepwise,
        )  # fmt: skip
        try:
            encoded = wire.encode(request, trusted=True)
        except wire.Unsendable:
            raise TooLarge(
                "with the lessons that it imports it is larger than the "
                f"{wire.MAX_FRAME // 2**20} MiB that can be run"
            ) from None
        is_taken_over = self._worker.start()
        reply = self._worker.load(encoded, cpu_seconds, self._answer, stepwise=stepwise)
        if isinstance(reply, NotClean) and is_taken_over:
            self._worker.end()
            return self._load_once(calls, cpu_seconds, stepwise=stepwise)
        if isinstance(reply, Loaded):
            self._keep_failures(reply)
            is_begun = not any(failure.is_unwritten_answer for failure in self.failures)
            if not (reply.bare and self.failures and is_begun):
                return reply
            reply = (*self._endings, *self.failures)[0].error
        self._worker.end()
        if isinstance(reply, Raised):
            self._quote(reply)
        raise reply if isinstance(reply, StudentFault) else forged_reply()

    def _keep_failures(self, reply: Loaded) -> None:
        for failure in reply.failures:
            if isinstance(failure.error, Raised):
                self._quote(failure.error)
        quoted = [
            replace(failure, place=quote_line(failure.place, self.programs))
            for failure in reply.failures
        ]
        self.failures = (*quoted, *self._endings)

    def _quote(self, fault: Raised) -> None:
        """Quote the line that a fault names from the student's file, if it is there."""
        fault.place = quote_line(fault.place, self.programs)

    def _answer(self, reply: Reply) -> bytes | None:
        """An encoded answer, if this is a question to the check and not yet the reply."""
        if isinstance(reply, Question) and self._values is not None:
            check = self._head_start.find_asking_check(reply.position)
            if check is not None:
                self._values.begin(check)
            return self._values.answer(reply)
        if isinstance(reply, CalledBack) and self.held.answer is not None:
            return self.held.answer(reply.number, reply.args, reply.kwargs)
        return None
