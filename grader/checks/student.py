"""The ``student`` of a check: functions that look local and run in the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from textwrap import dedent
from types import MappingProxyType, ModuleType
from typing import Any, Final, NoReturn, Protocol, cast

from grader.checks.check_folder import CheckFolder
from grader.checks.consoles import Streams
from grader.checks.handles import About, Handle, Named, about
from grader.checks.missing_names import say_where_an_answer_is
from grader.checks.reference_names import (
    ALL,
    is_error,
    is_left_open,
    is_value,
    parameters_of,
)
from grader.sandbox import wire
from grader.sandbox.faults import (
    Crashed,
    ErrorClass,
    MissingFunction,
    NotComparable,
    OutOfMemory,
    Raised,
    StudentFault,
    Unanswered,
    WrongReturn,
    WrongValue,
)
from grader.sandbox.held_objects import HeldObjects
from grader.sandbox.kinds import NEXT, Callback, Ref, name_parts
from grader.sandbox.replies import ProgramRun, Returned

_MOST_NESTED: Final = 20  # functions of a check's that call the student's, which call them
_MAX_WORDS: Final = 1_000  # characters
_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(slots=True)
class Call:
    """One call of a student's function, as a check made it."""

    function: str
    arguments: Mapping[str, Any]  # by parameter name
    value: Any = None
    changed: tuple[str, ...] = ()  # names of the arguments that the function modified in place
    raised: Raised | None = None  # in place of a value
    modified: Mapping[str, Any] = field(default_factory=dict)  # what these hold after the call
    is_call: bool = True  # else `function` says all of it: `len(…)`, `Stack().size`
    printed: str | None = None  # if the check asked for it
    folder: str = ""  # the path of the check's folder, which differs from run to run

    @property
    def words(self) -> str:
        """Its name in messages: ``Stack().push()``."""
        return f"{self.function}()" if self.is_call else self.function

    @property
    def output(self) -> str:
        """What the function printed, for a call with ``stdin=``."""
        if self.printed is None:
            raise TypeError(
                f'nobody listened to what {self.words} prints: call("{self.function}", …, stdin="")'
            )
        return self.printed

    @property
    def after(self) -> dict[str, Any]:
        """The arguments after the call, by parameter name, without those that are not plain now."""
        same = {name: value for name, value in self.arguments.items() if name not in self.changed}
        return same | dict(self.modified)


def _described(error: Exception) -> bytes:
    """An exception as it is raised on the student's side: its builtin class and its arguments."""
    kinds = (kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")
    try:
        return wire.encode(("raise", next(kinds), error.args))
    except wire.Unsendable:
        return wire.encode(("raise", "RuntimeError", (str(error)[:_MAX_WORDS],)))


class _OwnErrorClass(ErrorClass):
    """The metaclass of stand-ins for a student's exception classes: calling one makes an object."""

    make: Callable[..., Any]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.make(args, kwargs)


class Callee(Protocol):
    """Runs functions of a lesson: a session of the sandbox, or the reference."""

    @property
    def held(self) -> HeldObjects:
        """What the present check holds."""

    @property
    def workers(self) -> int:
        """The processes that were started by now: each knows only its own objects."""

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        """Call a function. Raises a StudentFault if it does not return a plain value."""

    def value(self, name: str, *keys: str) -> Returned:
        """Read a value, or an entry of a dict. Raises a StudentFault if it is not plain."""

    def value_after(self, cell: int | str, name: str, *keys: str) -> Returned:
        """Read a value as it stood after a cell. Raises a StudentFault, as for :meth:`value`."""

    def stand_after(self, cell: int | str | None) -> None:
        """For the present check, the program ends after this cell; after its last one if None."""

    def use(
        self, operation: str, args: Sequence[object], kwargs: Mapping[str, object], key: str
    ) -> Returned:
        """Do something with the student's objects. Raises a StudentFault."""

    def look_up(self, name: str) -> Returned:
        """What the lesson has a name for, as a value or an object. Raises a StudentFault."""

    def run(self, stdin: str, args: Sequence[str], files: Mapping[str, str | bytes]) -> ProgramRun:
        """Run the lesson as a program. Raises a StudentFault."""

    def source(self, name: str) -> str:
        """The text of a function or class, or of the whole lesson; "" if there is none."""


class Student:
    """The value of the fixture ``student``.

    ``student.double(x)`` runs the function and returns its value; ``student.call("double", x)``
    returns the whole :class:`Call`. Arguments are copied: whatever the student's code does to
    them, the check's own stay as they are; ``Call.changed`` names those it modified, ``Call.after``
    has what they hold then. An object that is no plain value stays in the sandbox, and the check
    gets a handle (:mod:`.handles`). ``student.value("LIMIT")`` reads what is no function,
    ``student.answer("ANSWERS", "why")`` a text in a dict. ``student.TooCold`` is the student's own
    class, of exceptions for ``pytest.raises`` and ``except``, too.
    """

    def __init__(self) -> None:
        self._callee: Callee
        self._reference: ModuleType
        self._check = 0  # the number of the present check
        self._asked = ("", "")  # the operation that is asked for: its key, and its words
        self._handles: dict[int, Handle] = {}  # those of the present check, by number
        self._functions: dict[int, Callable[..., Any]] = {}  # those it handed over, by number
        self._given = 0  # how many functions checks have handed over so far
        self._nested = 0  # how many of the check's functions are at work
        self._verdict: BaseException | None = None  # an assertion that failed in one of these
        self._errors: dict[str, type[Raised]] = {}  # the student's own, in the present check
        #: What check files have imported, for every check: handles and classes of exceptions.
        self._imported: dict[str, Handle] = {}
        self._imported_errors: dict[str, type[Raised]] = {}
        self.calls_back = False  # the check handed over a function
        self._streams = Streams()  # as they were when the check began
        self._stdin: str | None = None  # what the present call is given to read
        self.has_console = False  # the check types or reads what the program prints
        self.folder: CheckFolder | None = None  # of the fixture `tmp_path`
        self.has_folder = False  # the check's folder was shared with the program
        self.knows_reference = True  # a notebook's test cell has no reference to ask
        self._ends_early = False  # the program ends after a cell: a name may mean something else
        self.listens = True  # whether a replaced stream gets what the program prints
        self.last_call: Call | None = None
        self.fault: StudentFault | None = None  # a timeout, crash or lack of memory
        self.our_error: Exception | None = None  # of the callee itself; ours, if it is a session
        self.is_calling = False  # a function of the student's is at work

    def begin_check(
        self, callee: Callee, reference: ModuleType, *, ends_early: bool = False
    ) -> None:
        """Begin a check with these functions, and forget the calls of the last one.

        Args:
            callee: runs the functions.
            reference: the lesson's solution.
            ends_early: whether the program ends after a cell, and the reference does not.
        """
        self._callee = callee
        self._reference = reference
        self._ends_early = ends_early
        self._check += 1
        self._streams, self._stdin, self.has_console = Streams(), None, False
        self.folder, self.has_folder = None, False
        self._errors = dict(self._imported_errors)
        for handle in self._imported.values():
            record = about(handle)
            record.ref, record.worker, record.is_open = None, 0, True
            record.check = self._check
        self._handles.clear()
        self._functions.clear()
        self.calls_back = False
        callee.held.wrap = self._wrap
        callee.held.answer = self._answer
        self.last_call = self.fault = self.our_error = self._verdict = None
        self._nested = 0

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if is_error(self._reference, name):
            return self._error_class(name)
        if self.knows_reference and self._is_value(self._reference, name):
            return self._required_value(name)
        named = Named(About(self, None, name, name, self._check))
        return self._open_value(name, named) if self._is_left_open(self._reference, name) else named

    def _is_value(self, reference: ModuleType, name: str) -> bool:
        return not self._ends_early and is_value(reference, name)

    def _is_left_open(self, reference: ModuleType, name: str) -> bool:
        return self._ends_early or is_left_open(reference, name)

    @property
    def is_in_check(self) -> bool:
        """Whether a check has begun; before, check files are imported."""
        return self._check > 0

    def named(self, name: str, reference: ModuleType) -> Any:
        """What stands for a name in every check: a handle, or a class of exceptions.

        A value is that of the present student.
        """
        if is_error(reference, name):
            return self._imported_errors.setdefault(name, self._error_class(name))
        if self.is_in_check and self._is_value(reference, name):
            return self._required_value(name)
        if name not in self._imported:
            self._imported[name] = Named(About(self, None, name, name, self._check))
        named = self._imported[name]
        if self.is_in_check and self._is_left_open(reference, name):
            return self._open_value(name, named)
        return named

    def call(self, function: str, *args: object, **kwargs: object) -> Call:
        """Call a function; return all that is known of the call.

        With ``stdin=``, the function reads this text when it asks for input, and what it prints is
        :attr:`Call.output`; unless the function itself has a parameter of that name.
        """
        solution = getattr(self._reference, function, None)
        if "stdin" in kwargs and "stdin" not in parameters_of(solution, ALL):
            self._stdin = str(kwargs.pop("stdin"))
        names = parameters_of(getattr(self._reference, function, None), len(args))
        call = Call(function, dict(zip(names, args, strict=True)) | kwargs)

        def send() -> Returned:
            try:
                return self._callee.call(function, *args, **kwargs)
            except wire.Foreign:  # an object of the student's, perhaps
                return self._callee.call(function, *self._sent(args), **self._sent(kwargs))

        returned = self._ask(call, f"{function}()", send)
        if returned.changed:
            changed = {
                key: names[key] if isinstance(key, int) and 0 <= key < len(names) else str(key)
                for key in returned.changed
            }
            call.changed = tuple(changed.values())
            call.modified = {changed[key]: value for key, value in (returned.after or {}).items()}
        return call

    def _ask(self, call: Call, key: str, send: Callable[[], Returned]) -> Returned:
        """Ask the callee for something, and keep what comes of it."""
        self.last_call = call
        self._asked = key, call.words
        self.is_calling = True
        try:
            with self._console(call), self._shared_folder(call):
                returned = send()
        except StudentFault as fault:
            if not isinstance(fault, Raised):  # an exception may be what the check expects
                self.fault = fault  # stays the verdict, even if the check catches it
            else:
                call.raised = fault
                self._recognise(fault)
            raise
        except wire.Unsendable:  # the check's
            raise
        except MemoryError:  # ours: the check holds all that came back before
            self.fault = OutOfMemory("all that came back is more than the check can hold")
            raise self.fault from None
        except Exception as error:
            self.our_error = error
            raise
        finally:
            self.is_calling = False
            if self._verdict is not None:  # whatever the student's code made of it
                raise self._verdict
        call.value = returned.value
        return returned

    def _shared_folder(self, call: Call) -> AbstractContextManager[None]:
        """In this block the program has the files of the check's folder, if the check has one."""
        if self.folder is None:
            return nullcontext()
        call.folder = str(self.folder.path)
        self.has_folder = True
        return self.folder.shared_with(self._callee)

    @contextmanager
    def _console(self, call: Call) -> Iterator[None]:
        """In this block the program reads what the check types, and the check hears its prints."""
        typed, self._stdin = self._stdin, None
        if typed is None and not (self.listens and self._streams.are_replaced):
            yield
            return
        self.has_console = True
        own, asked = typed is None, self._streams.asked()
        stdin = self._streams.typed() if own else typed
        ask = None if asked is None or not own else self._callback(asked)
        self._callee.use("console", [stdin, ask], {}, "console")
        try:
            yield
        finally:
            with suppress(StudentFault):  # it has ended, and prints no more
                reply = self._callee.use("printed", [], {}, "printed").value
                match reply:
                    case [str(out), str(err), str(rest)]:
                        call.printed = out
                        self._streams.show(out, err)
                        if own and stdin is not None:
                            self._streams.put_back(rest)

    def run(
        self, stdin: str = "", args: Sequence[str] = (), files: Mapping[str, str | bytes] = _NONE
    ) -> ProgramRun:
        """Run the student's file as a program, in a fresh process.

        Args:
            stdin: what is typed.
            args: the words behind its name on the command line.
            files: what lies in its working folder, by name, beside the data files of the lesson.

        Returns:
            ``stdout``, ``stderr``, ``exit_code``, and ``files``, those that it has written.
        """
        words = " ".join([f"python {self._reference.__name__}.py", *args])
        self.last_call = Call(words, {}, is_call=False)
        self.is_calling = self.has_console = True
        try:
            return self._callee.run(stdin, args, files)
        except StudentFault as fault:
            self.fault = fault
            raise
        except wire.Unsendable:  # the check's
            raise
        except Exception as error:
            self.our_error = error
            raise
        finally:
            self.is_calling = False

    # ---- what handles ask for, see `handles.Asker`

    def call_named(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function or class of the lesson."""
        return self.call(name, *args, **kwargs).value

    def use(
        self, operation: str, *args: Any, key: str, path: str, kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Do an operation with objects of the student's."""
        given = args[1:] if operation == "call" else ()
        names = parameters_of(None, len(given))
        arguments = dict(zip(names, given, strict=True)) | (kwargs or {})
        call = Call(path.removesuffix("()"), arguments, is_call=operation == "call")
        sent, named = self._sent(args), self._sent(kwargs or {})
        before = self.last_call
        try:
            return self._ask(call, key, lambda: self._callee.use(operation, sent, named, key)).value
        finally:
            if operation == "exit":  # messages are about what happened in the block
                self.last_call = before

    def look_up(self, name: str) -> Ref:
        """The object of this name in the lesson."""
        call = Call(name, {}, is_call=False)
        reply = self._ask(call, name, lambda: self._callee.look_up(name)).value
        if reply is None:
            self.fault = MissingFunction("there is nothing of that name")
            raise self.fault
        if not isinstance(reply, Handle):
            raise TypeError(f"`{name}` is a value: read it with student.value({name!r})")
        ref = about(reply).ref
        assert ref is not None
        return ref

    def refuse(self, record: About, instead: str = "") -> NoReturn:
        """Raise the fault of an object that is used as a plain value."""
        fault = NotComparable(record.ref.kind if record.ref else "a function")
        fault.instead = instead
        self.fault = self.fault or fault
        raise fault

    def _wrap(self, ref: Ref | Callback, *, is_open: bool = True) -> Any:
        """The handle to an object that has come; always the same one."""
        if isinstance(ref, Callback):
            if ref.number not in self._functions:
                raise wire.WireError("a function that nobody gave")
            return self._functions[ref.number]
        worker = self._callee.workers
        kept = self._handles.get(ref.number)
        if kept is None or about(kept).worker != worker:
            key, words = self._asked
            kept = Handle(About(self, ref, key, words, self._check, worker, is_open))
            self._handles[ref.number] = kept
        elif is_open:
            about(kept).is_open = True
        return kept

    def _sent(self, value: Any) -> Any:
        """A value as it is sent: objects of the student's by their numbers."""
        if isinstance(value, Handle):
            return self._ref_of(about(value))
        if type(value) in {list, tuple}:
            return type(value)(self._sent(part) for part in value)
        if type(value) is dict:
            return {key: self._sent(part) for key, part in value.items()}
        if isinstance(value, Iterator):
            return self._callback(value.__next__, name=NEXT)
        if callable(value) and not isinstance(value, type):
            return self._callback(value)
        return value

    def _callback(self, function: Callable[..., Any], name: str = "") -> Callback:
        """What is sent in the place of a function of the check's, or of an iterator."""
        code = getattr(getattr(function, "__self__", None), "gi_code", None)  # a generator's
        is_reference = code is not None and code.co_filename == self._reference.__file__
        if is_reference or getattr(function, "__module__", None) == self._reference.__name__:
            raise wire.Unsendable(
                "a student's program may call a function that it is given with any arguments: hand "
                "over none of the reference's, but student.glue(…) or a function of the check's own"
            )
        self.calls_back = True
        numbers = [
            number for number, handed_out in self._functions.items() if handed_out is function
        ]
        if not numbers:
            self._given += 1
            self._functions[self._given] = function
        number = numbers[0] if numbers else self._given
        return Callback(number, name or str(getattr(function, "__name__", "function")))

    def _answer(self, number: int, args: list[Any], kwargs: dict[Any, Any]) -> bytes:
        """Call a function of the check's for the student's program.

        An exception goes on there as one of the same builtin type; an assertion that fails stays
        the verdict.
        """
        if number not in self._functions or self._nested == _MOST_NESTED:
            return wire.encode(("raise", "RecursionError", ()))
        call, path = self.last_call, self._asked
        self._nested += 1
        self.is_calling = False  # the check's clock runs
        try:
            value = self._functions[number](*args, **kwargs)
            return wire.encode(("value", name_parts(self._sent(value))))
        except AssertionError as error:
            self._verdict = self._verdict or error
            return wire.encode(("raise", "AssertionError", ()))
        except StudentFault as fault:
            if not isinstance(fault, Raised):
                raise
            return _described(fault)
        except wire.Unsendable as error:
            self._verdict = self._verdict or error
            return wire.encode(("raise", "TypeError", ()))
        except Exception as error:  # noqa: BLE001  (the student's code may expect it)
            return _described(error)
        finally:
            self.is_calling = True
            self._nested -= 1
            self.last_call, self._asked = call, path

    def glue(self, source: str) -> Any:
        """Run code of the check's on the student's side, where it sees all names of the lesson.

        The student's program can read it, and what it is called with.

        Returns:
            A handle to it: ``student.glue("def square(x): return x * x").square``.
        """
        return self.use("glue", dedent(source), key="glue()", path="glue()")

    def source(self, name: str = "") -> str:
        """The text of a function or class at the top level of the student's file, or of all of it.

        It is what was handed in, whatever the program does; "" if there is no such function.
        """
        return self._callee.source(name)

    def _ref_of(self, record: About) -> Ref:
        """The number of an object, if it is still there."""
        if record.check != self._check:
            raise RuntimeError(
                f"`{record.path}` is an object of an earlier check, whose process has ended: make "
                "it anew in each check"
            )
        if record.ref is None:
            record.ref, record.worker = self.look_up(record.path), self._callee.workers
        if not record.is_open:
            self.refuse(record)
        if record.worker != self._callee.workers:
            raise self.fault or Crashed("the process that held this object has ended")
        self._callee.held.use(record.ref)
        return record.ref

    # ---- exceptions

    def _error_class(self, name: str) -> type[Raised]:
        """The class that stands for a student's class of exceptions in this check."""
        if name not in self._errors:
            made = _OwnErrorClass(name, (Raised,), {})
            made.make = partial(self.call_named, name)
            self._errors[name] = cast("type[Raised]", made)
        return self._errors[name]

    def _recognise(self, fault: Raised) -> None:
        """Let `except` and `isinstance` recognise an exception by the student's own classes."""
        if fault.own:
            own = tuple(self._error_class(name) for name in dict.fromkeys(fault.own))
            very = {
                name: self._error_class(kind)
                for kind in fault.own
                if (name := kind.rpartition(".")[2]) == fault.type_name
            }
            bases = (*own, type(fault))
            kind = _OwnErrorClass(
                type(fault).__name__, bases, {"stands_for": very.get(fault.type_name)}
            )
            fault.__class__ = cast("type[Raised]", kind)

    # ---- values

    def value(self, name: str, *keys: str, after_cell: int | str | None = None) -> Any:
        """The value of a name in the lesson's file, or of an entry of a dict; None without one.

        With `after_cell`, as it stood then: a number among the cells of code, or a text in one.
        """
        self.is_calling = True
        try:
            if after_cell is not None:
                return self._callee.value_after(after_cell, name, *keys).value
            return self._callee.value(name, *keys).value
        finally:
            self.is_calling = False

    def _required_value(self, name: str) -> Any:
        """The value of a name that must be there."""
        call = Call(name, {}, is_call=False)
        value = self._ask(call, name, lambda: self._callee.value(name)).value
        if value is None and getattr(self._reference, name) is not None:
            self.fault = MissingFunction("there is nothing of that name")
            raise self.fault
        return value

    def _open_value(self, name: str, named: Handle) -> Any:
        """The value of a name that a stub leaves open; what stands for it if it is no value."""
        call = Call(name, {}, is_call=False)
        reply = self._ask(call, name, lambda: self._callee.look_up(name))
        is_value = not isinstance(reply.value, Handle)
        is_there = reply.value is not None or not reply.changed
        return reply.value if is_value and is_there else named

    def answer(self, table: str, question: str) -> str:
        """The text in a dict of answers, without the blanks around it.

        Raises:
            Unanswered: there is none yet, which makes the check ``not_attempted``.
            WrongValue: it is no text.
        """
        place = f'{table}["{question}"]'
        try:
            answer = self.value(table, question)
        except WrongReturn as fault:
            if str(fault).endswith(" in place of a dict"):
                example = f'{table} = {{"{question}": "…"}}'
                raise WrongValue(
                    f"{table} is {fault}: write each answer behind its question, as in {example}"
                ) from None
            raise WrongValue(f"{place} must be a text in quotes, found {fault}") from None
        if not isinstance(answer, str | None):
            kind = wire.describe_type(type(answer))
            raise WrongValue(f"{place} must be a text in quotes, found {kind}")
        if not (text := (answer or "").strip()):
            where = say_where_an_answer_is(self.value, table, question)
            raise Unanswered(f"{place} is still empty{where}")
        return text
