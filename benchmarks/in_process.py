"""``student``, ``reference`` and ``rng`` without a sandbox, for the tools that we compare with.

Used as a module by the bare pytest runs, and word for word as a cell of the nbgrader notebooks.
"""

import copy
import inspect
import sys
import types
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np


class Call(NamedTuple):
    """One call of a student's function."""

    value: Any
    arguments: Mapping[str, Any]  # by name, as they were before
    changed: tuple[str, ...]  # the arguments that were modified in place


class Student:
    """The functions of a namespace, as the attributes of an object."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace

    def __getattr__(self, function: str) -> Any:
        try:
            return self._namespace[function]
        except KeyError:
            raise AttributeError(function) from None

    def call(self, function: str, *args: Any) -> Call:
        """Call a function and tell which arguments it changed."""
        names = [*inspect.signature(self._namespace[function]).parameters]
        before = copy.deepcopy(args)
        value = self._namespace[function](*args)
        changed = (
            name
            for name, old, new in zip(names, before, args, strict=False)
            if not np.array_equal(old, new)
        )
        return Call(value, dict(zip(names, before, strict=False)), tuple(changed))


def load_reference(sources: Mapping[str, str]) -> types.ModuleType:
    """Import solutions from their texts, in this order, and return the last one.

    The student's modules of the same names are as they were afterwards.
    """
    shadowed = {name: sys.modules.pop(name, None) for name in sources}
    module = types.ModuleType("reference")
    for name, source in sources.items():
        module = sys.modules[name] = types.ModuleType(name)
        exec(compile(source, f"{name}.py", "exec"), vars(module))  # noqa: S102  (our own solution)
    for name, before in shadowed.items():
        del sys.modules[name]
        if before is not None:
            sys.modules[name] = before
    return module


def rng_for(check: str) -> np.random.Generator:
    """The random numbers of a check, the same as this grader's."""
    return np.random.default_rng(zlib.crc32(check.encode()))
