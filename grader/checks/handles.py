"""Handles, which stand for the student's objects in a check. The objects stay in the sandbox.

A handle passes on what a check does with it: attributes, calls, items, iteration, arithmetic. An
object of the student's never decides whether it equals a value of the check. Comparing them raises
:class:`NotComparable`, unless the object is a dataclass, or has a plain value that can be compared
here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Literal, NoReturn, Protocol, TypeVar

from grader.sandbox.faults import Raised
from grader.sandbox.kinds import Member, Record, Ref

T = TypeVar("T")

#: The names with two underscores that a handle passes on.
_PASSED_ON: Final = frozenset({"__name__", "__qualname__", "__wrapped__", "__dict__"})
_MAX_PATH: Final = 60  # characters of what messages call an object


class Asker(Protocol):
    """Asks the sandbox to use an object, and returns the result."""

    def use(
        self, operation: str, *args: Any, key: str, path: str, kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Do it. See :mod:`grader.sandbox.inside.objects` for the operations."""

    def look_up(self, name: str) -> Ref:
        """The object of this name in the lesson."""

    def call_named(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function or class of the lesson."""

    def refuse(self, about: About, instead: str = "") -> NoReturn:
        """Raise a fault: the object is used as a plain value, or where it must not be used."""


@dataclass(slots=True)
class About:
    """What is known of a handle."""

    asker: Asker
    ref: Ref | None  # None until it is needed: most names are functions that are only called
    key: str  # the last step to it: `.top`, `Stack()`
    path: str  # all steps to it, for messages: `Stack().top`
    check: int = 0  # the check that has it
    worker: int = 0  # the process of the object
    is_open: bool = True  # whether the reference has an object there, too


def about(handle: Handle) -> About:
    """What is known of a handle."""
    known: About = object.__getattribute__(handle, "_Handle__about")
    return known


def kind_of(handle: Handle) -> str:
    """The kind of the object in messages: ``a Stack``."""
    record = about(handle)
    return record.ref.kind if record.ref else f"the function {record.path}"


def _ask(handle: Handle, operation: str, *args: Any, key: str, path: str, **kwargs: Any) -> Any:
    record = about(handle)
    path = f"{record.path}{path}"[-_MAX_PATH:]
    return record.asker.use(operation, handle, *args, key=key, path=path, kwargs=kwargs)


class Handle:
    """An object of the student's, which stays in the sandbox; see :mod:`grader.checks.handles`."""

    __slots__ = ("__about",)
    __array_ufunc__ = None  # numpy leaves arithmetic and comparison with it to it

    def __init__(self, known: About) -> None:
        object.__setattr__(self, "_Handle__about", known)

    # ---- attributes, calls and items

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in _PASSED_ON:
            raise AttributeError(name)
        return _ask(self, "getattr", name, key=f".{name}", path=f".{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        _ask(self, "setattr", name, value, key=f".{name} =", path=f".{name} = …")

    def __delattr__(self, name: str) -> None:
        _ask(self, "delattr", name, key=f"del .{name}", path=f".{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object, which may be a function, a method or a class."""
        key = f"{about(self).key}()"
        return _ask(self, "call", *args, key=key, path="()", **kwargs)

    def __getitem__(self, key: Any) -> Any:
        return _ask(self, "getitem", key, key="[]", path="[…]")

    def __setitem__(self, key: Any, value: Any) -> None:
        _ask(self, "setitem", key, value, key="[] =", path="[…] = …")

    def __delitem__(self, key: Any) -> None:
        _ask(self, "delitem", key, key="del []", path="[…]")

    def __contains__(self, item: Any) -> bool:
        return _ask(self, "contains", item, key="in", path=" contains …") is True

    def __len__(self) -> int:
        return self.__number("len", int)

    # ---- iteration, one item at a time

    def __iter__(self) -> Iterator[Any]:
        return _ask(self, "iter", key="iter()", path="")  # type: ignore[no-any-return]

    def __next__(self) -> Any:
        try:
            return _ask(self, "next", key="next()", path="")
        except Raised as raised:
            if raised.type_name != "StopIteration":
                raise
        raise StopIteration

    def __reversed__(self) -> Any:
        return _ask(self, "reversed", key="reversed()", path=" reversed")

    # ---- a block

    def __enter__(self) -> Any:
        return _ask(self, "enter", key="with", path="")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> Literal[False]:
        """Leave the block. The object gets the exception, but cannot suppress it."""
        if error is None:
            _ask(self, "exit", None, key="with", path="")
        elif isinstance(error, Exception):
            name = next(
                kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"
            )
            words = (str(error),) if error.args else ()
            _ask(self, "exit", name, *words, key="with", path="")
        return False

    # ---- as a text or number

    def __str__(self) -> str:
        return self.__number("str", str)

    def __repr__(self) -> str:
        if about(self).ref is None:  # pytest asks when an assertion on its result fails
            return kind_of(self)
        return self.__number("repr", str)

    def __format__(self, spec: str) -> str:
        return str(_ask(self, "format", spec, key="format()", path=""))

    def __bool__(self) -> bool:
        return self.__number("bool", bool)

    def __int__(self) -> int:
        return self.__number("int", int)

    def __float__(self) -> float:
        return self.__number("float", float)

    def __complex__(self) -> complex:
        return self.__number("complex", complex)

    def __index__(self) -> int:
        return self.__number("index", int)

    def __number(self, operation: str, kind: type[T]) -> T:
        answer = _ask(self, operation, key=f"{operation}()", path="")
        if type(answer) is not kind:
            about(self).asker.refuse(about(self))
        return answer

    def __round__(self, digits: int | None = None) -> Any:
        return _ask(self, "round", digits, key="round()", path="")

    def __array__(self, *_: object, **__: object) -> NoReturn:
        about(self).asker.refuse(about(self))

    # ---- comparison

    def __eq__(self, other: object) -> Any:
        return self.__compare("eq", other)

    def __ne__(self, other: object) -> Any:
        return self.__compare("ne", other)

    def __lt__(self, other: object) -> Any:
        return self.__compare("lt", other)

    def __le__(self, other: object) -> Any:
        return self.__compare("le", other)

    def __gt__(self, other: object) -> Any:
        return self.__compare("gt", other)

    def __ge__(self, other: object) -> Any:
        return self.__compare("ge", other)

    def __compare(self, operation: str, other: object) -> Any:
        if isinstance(other, Handle):
            return _ask(self, operation, other, key=operation, path=f" {operation} …")
        if operation in {"eq", "ne"}:
            if other is None:
                return operation == "ne"
            record = about(self)
            if record.ref is not None and record.ref.has_content:
                content = _ask(self, "content", key="content", path="")
                return _is_same(content, other) is (operation == "eq")
        return about(self).asker.refuse(
            about(self),
            "compare what its methods and attributes give, or two objects of the student's",
        )

    def __hash__(self) -> int:
        record = about(self)
        return hash((record.check, record.ref.number if record.ref else record.path))

    # ---- classes

    def __instancecheck__(self, instance: object) -> bool:
        if isinstance(instance, Raised):
            instance = instance.object
        if isinstance(instance, Record | Member):
            return about(self).path in {getattr(instance, "_type", None), _enum_of(instance)}
        if not isinstance(instance, Handle):
            return False
        return _ask(instance, "isinstance", self, key="isinstance()", path="") is True

    def __subclasscheck__(self, kind: type) -> bool:
        if not isinstance(kind, Handle):
            return False
        return _ask(kind, "issubclass", self, key="issubclass()", path="") is True

    def __mro_entries__(self, _: object) -> NoReturn:
        raise TypeError(
            "a check cannot derive a class from a student's, which is in another process: write "
            "the derived class as a text for student.glue"
        )

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError("a student's object cannot be copied: it is in another process")


class Named(Handle):
    """The object of a name in the lesson. If it is a function, a single call is sent."""

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object of this name."""
        record = about(self)
        return record.asker.call_named(record.path, args, kwargs)


def _enum_of(value: object) -> str | None:
    return value.enum if isinstance(value, Member) else None


def _is_same(content: Any, other: object) -> bool:
    """Whether an object's content equals a value, or a dataclass with the same fields."""
    if dataclasses.is_dataclass(other) and not isinstance(other, type):
        compared = [field.name for field in dataclasses.fields(other) if field.compare]
        own = (type(other).__name__, {name: getattr(other, name) for name in compared})
        return bool(content == own)
    return bool(content == other)


def _operator(operation: str, symbol: str, *, reflected: bool = False) -> Callable[..., Any]:
    def apply(self: Handle, *others: Any) -> Any:
        path = f" {symbol} …" if others else ""
        if reflected:
            record = about(self)
            shown = f"… {symbol} {record.path}"[-_MAX_PATH:]
            return record.asker.use(operation, *others, self, key=symbol, path=shown)
        return _ask(self, operation, *others, key=symbol, path=path)

    return apply


_BINARY: Final = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**",
    "matmul": "@", "and": "&", "or": "|", "xor": "^", "lshift": "<<", "rshift": ">>",
}  # fmt: skip
for _name, _symbol in _BINARY.items():
    _function = f"{_name}_" if _name in {"and", "or"} else _name
    setattr(Handle, f"__{_name}__", _operator(_function, _symbol))
    setattr(Handle, f"__r{_name}__", _operator(_function, _symbol, reflected=True))
    setattr(Handle, f"__i{_name}__", _operator(f"i{_name}", f"{_symbol}="))
for _name in ("neg", "pos", "invert", "abs", "divmod"):
    setattr(Handle, f"__{_name}__", _operator(_name, f"{_name}()"))
