"""Rules on what a lesson may import, and objects that stand for what it could not import.

After an import that failed, each name stands for an object that raises when it is used, and says
why it is not there. So only code that uses the import fails. Annotations and ``isinstance`` do not
use it: a right function keeps its marks even if its annotation names a class of a missing module.
"""

from __future__ import annotations

import importlib.machinery
import sys
import types
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NoReturn

_DUNDER: Final = "__"
#: How Python was built; `sysconfig` imports it, and no list of the standard library names it.
_BUILD_VARIABLES: Final = "_sysconfigdata_"
_ON_A_SCREEN: Final = frozenset({"tkinter", "turtle", "turtledemo", "idlelib", "curses"})


class ImportRules:
    """Lets a program import the standard library and the course's packages, and nothing else.

    At weaker levels of isolation, Python finds more installed packages. With these rules, a program
    finds the same at every level.

    This is a finder and a loader, but derived from neither: `importlib.abc` imports a dozen modules
    that no worker needs.
    """

    def __init__(
        self, finders: Sequence[Any], packages: Collection[str], absent: Mapping[str, str]
    ) -> None:
        """Make the rules.

        Args:
            finders: Python's own finders, for modules that are allowed.
            packages: the packages that may be imported, by import name.
            absent: lessons that cannot be imported, each with the reason: ``was not handed in``.
        """
        self._finders = finders
        self._allowed = sys.stdlib_module_names | frozenset(packages)
        self._absent = absent

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find a module if it is allowed."""
        loader: Any = self
        if fullname in _ON_A_SCREEN:
            return importlib.machinery.ModuleSpec(fullname, loader)
        top = fullname.partition(".")[0]
        if top in self._allowed or top.startswith(_BUILD_VARIABLES):
            specs = (finder.find_spec(fullname, path, target) for finder in self._finders)
            return next((spec for spec in specs if spec is not None), None)
        if fullname in self._absent:
            return importlib.machinery.ModuleSpec(fullname, loader)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Leave it to Python to make a module."""

    def exec_module(self, module: types.ModuleType) -> None:
        """Say why a lesson is not there."""
        name = module.__name__
        why = self._absent.get(name, "needs a screen, and work is graded where there is none")
        raise ModuleNotFoundError(f"{name} {why}", name=name)


class Absent:
    """Stands for a name whose import failed."""

    __slots__ = ("_error", "_name")
    _name: str
    _error: BaseException

    def __init__(self, name: str, error: BaseException) -> None:
        """Stand for a name.

        Args:
            name: the name in the program.
            error: that ended the import.
        """
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_error", error)

    def __getattr__(self, attribute: str) -> Absent:
        if attribute.startswith(_DUNDER):
            raise AttributeError(attribute)
        return Absent(f"{self._name}.{attribute}", self._error)

    def __repr__(self) -> str:
        return f"<{self._name}, which is not there>"

    # An annotation may index it, or join it with other types.

    def __getitem__(self, _: object) -> Absent:
        return self

    def __or__(self, other: object) -> Absent:
        if other is None or isinstance(other, type | Absent):
            return self
        return self._refuse()

    __ror__ = __or__

    # No object is an instance of a class that is not there.

    def __instancecheck__(self, _: object) -> bool:
        return False

    def __subclasscheck__(self, _: object) -> bool:
        return False

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        missing = isinstance(self._error, ModuleNotFoundError)
        kind = ModuleNotFoundError if missing else ImportError
        raise kind(f"{self._name} is not there: {explain(self._error)}")


def _refuse_every_use() -> None:
    numbers = (
        "add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "and", "xor",
        "lshift", "rshift",
    )  # fmt: skip
    names = [f"{side}{name}" for name in numbers for side in ("", "r")]
    names += [
        "call", "setattr", "delattr", "setitem", "delitem", "iter", "next", "len", "contains",
        "bool", "float", "int", "index", "complex", "neg", "pos", "abs", "invert", "round",
        "lt", "le", "gt", "ge", "enter", "exit", "await", "array", "mro_entries", "format",
    ]  # fmt: skip
    for name in names:
        setattr(Absent, f"__{name}__", Absent._refuse)


_refuse_every_use()


def check_present(value: Any) -> None:
    """Raise ImportError if a function returns something that is not there."""
    if type(value) is Absent:
        value._refuse()


def explain(error: BaseException) -> str:
    """Why an import failed, in a few words."""
    if isinstance(error, SyntaxError):
        return f"{error.filename} does not compile (line {error.lineno}: {error.msg})"
    if isinstance(error, ImportError):
        return str(error).removesuffix(" (unknown location)")
    return f"{type(error).__name__}: {error}"
