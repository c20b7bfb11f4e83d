"""The student's objects that a check knows by number, and the operations on them.

An object that is no plain value stays here, and the check gets its number. With the number it asks
for an attribute, an item, or a call.
"""

from __future__ import annotations

import builtins
import dataclasses
import enum
import operator
import types
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from grader.sandbox import wire
from grader.sandbox.inside.plain_values import make_plain
from grader.sandbox.kinds import Callback, Ref

GLUE: Final = "glue"  # the module of code that a check runs here
_MAX_TEXT: Final = 10_000  # characters of an object's str or repr
_METHODS: Final = (types.FunctionType, property, classmethod, staticmethod)
_CONTAINERS: Final = (list, tuple, dict, set, frozenset)
_SIMPLE: Final = (str, bytes, int, float, complex)


class Objects:
    """The objects of one program that the trusted end knows by number."""

    def __init__(self, lessons: Collection[str]) -> None:
        """Start with no objects.

        Args:
            lessons: names of modules; the classes that these define are the student's own.
        """
        self._lessons = lessons
        self._objects: list[Any] = []
        self._numbers: dict[int, int] = {}  # by id; the list keeps the objects alive
        self._functions: dict[int, Callable[..., Any]] = {}  # of the check's, by number
        self._callbacks: dict[int, Callback] = {}  # what stands for these, by id

    def find(self, ref: Ref) -> Any:
        """The object that a number stands for.

        Raises:
            LookupError: there is none.
        """
        if not 0 <= ref.number < len(self._objects):
            raise LookupError("no such object")
        return self._objects[ref.number]

    def refer_to(self, value: Any) -> Ref:
        """The reference that crosses instead of an object. The same object has the same number."""
        number = self._numbers.setdefault(id(value), len(self._objects))
        if number == len(self._objects):
            self._objects.append(value)
        return Ref(number, wire.describe_type(type(value)), _has_content(value))

    def function_of(self, callback: Callback, call: Callable[..., Any]) -> Callable[..., Any]:
        """The function that stands for one of the check's; always the same one.

        Args:
            callback: what stands for it on the wire.
            call: calls it, by its number.
        """

        def function(*args: Any, **kwargs: Any) -> Any:
            sent = [self.make_sendable(value) for value in args]
            return call(callback.number, sent, self.make_sendable(kwargs))

        if callback.number not in self._functions:
            function.__name__ = function.__qualname__ = callback.name
            self._functions[callback.number] = function
            self._callbacks[id(function)] = callback
        return self._functions[callback.number]

    def make_sendable(self, value: Any, depth: int = 0) -> Any:
        """A value in the form in which it crosses: plain, with references to all other objects."""
        kind = type(value)
        if kind is types.FunctionType and id(value) in self._callbacks:
            return self._callbacks[id(value)]
        if crosses(value):
            return value
        if kind in {list, tuple, dict} and depth < wire.MAX_DEPTH and len(value) < wire.MAX_ITEMS:
            if kind is not dict:
                return kind(self.make_sendable(item, depth + 1) for item in value)
            if all(crosses(key) for key in value):
                return {key: self.make_sendable(item, depth + 1) for key, item in value.items()}
        elif not self._is_own(kind) or _says_all(kind):
            plain = make_plain(value)
            if crosses(plain):
                return plain
        return self.refer_to(value)

    def _is_own(self, kind: type) -> bool:
        """Whether a class is the student's own."""
        module = kind.__dict__.get("__module__")
        return isinstance(module, str) and (module in self._lessons or module == GLUE)


def crosses(value: Any) -> bool:
    """Whether a value is plain, and can be sent as it is."""
    try:
        wire.encode(value)
    except wire.Unsendable:
        return False
    return True


def _says_all(kind: type) -> bool:
    """Whether a named tuple or a member of an Enum has no methods of its own."""
    is_record = issubclass(kind, tuple) and hasattr(kind, "_fields")
    own = [member for name, member in vars(kind).items() if not name.startswith("_")]
    return (is_record or issubclass(kind, enum.Enum)) and not any(
        isinstance(member, _METHODS) for member in own
    )


def _has_content(value: Any) -> bool:
    """Whether an object has plain content; see :func:`read_content`."""
    is_record = dataclasses.is_dataclass(value) and not isinstance(value, type)
    return is_record or isinstance(value, (*_CONTAINERS, *_SIMPLE, enum.Enum))


def read_content(value: Any) -> Any:
    """The content of a relative of a plain value; of a dataclass, its name and its fields.

    No method of the student's decides what it is.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        compared = [field.name for field in dataclasses.fields(value) if field.compare]
        return (type(value).__name__, {name: getattr(value, name) for name in compared})
    base: Any
    for base in _SIMPLE:
        if isinstance(value, base):
            return base.__new__(base, *base.__getnewargs__(value))
    for base in (set, frozenset):
        if isinstance(value, base):
            return base(base.__iter__(value))
    return make_plain(value)


def _read_attribute(value: Any, name: str) -> Any:
    return getattr(value, name)


def _enter(manager: Any) -> Any:
    return type(manager).__enter__(manager)


def _leave(manager: Any, error: str | None, *args: Any) -> Any:
    """Leave a block. The check's exception is passed on as its builtin class."""
    if error is None:
        return type(manager).__exit__(manager, None, None, None)
    raised = getattr(builtins, error)(*args)
    return type(manager).__exit__(manager, type(raised), raised, None)


def _text(value: Any) -> str:
    return str(value)[:_MAX_TEXT]


def _code(value: Any) -> str:
    return repr(value)[:_MAX_TEXT]


def _glue(names: Mapping[str, Any], source: str) -> types.ModuleType:
    """Run code of the check's in a module of its own, which has the lesson's names, too."""
    module = types.ModuleType(GLUE)
    own = {name: value for name, value in names.items() if not name.startswith("__")}
    vars(module).update(own)
    exec(compile(source, GLUE, "exec", dont_inherit=True), vars(module))
    return module


def _call(function: Any, *args: Any, **kwargs: Any) -> Any:
    return function(*args, **kwargs)


#: What a check can do with an object, by the name of the operation.
OPERATIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "call": _call,
    "glue": _glue,
    "getattr": _read_attribute,
    "setattr": setattr,
    "delattr": delattr,
    "content": read_content,
    "enter": _enter,
    "exit": _leave,
    "str": _text,
    "repr": _code,
    **{
        name: vars(builtins)[name]
        for name in (
            "len", "iter", "next", "reversed", "bool", "int", "float", "complex", "round", "abs",
            "divmod", "format", "hash", "isinstance", "issubclass", "dir",
        )
    },
    **{
        name: getattr(operator, name)
        for name in (
            "getitem", "setitem", "delitem", "contains", "index", "neg", "pos", "invert",
            "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and_", "or_",
            "xor", "lshift", "rshift", "iadd", "isub", "imul", "itruediv", "ifloordiv", "imod",
            "ipow", "imatmul", "iand", "ior", "ixor", "ilshift", "irshift",
            "eq", "ne", "lt", "le", "gt", "ge",
        )
    },
}  # fmt: skip
