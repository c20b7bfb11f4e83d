"""Functions that go wrong in one corner only, made from the solution's: their results are spoilt.

People write such code without knowing: a buffer in the type of an argument, a guard by a sum, an
axis that is lost where its size is 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from types import ModuleType
from typing import Any, Final

import numpy as np

from grader.verify.generated_inputs import Parameter

#: How what a slip does begins, so that a list tells it from a mutant.
CORNER: Final = "corner: "

_Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class CornerSlip:
    """A way to spoil a function in one corner."""

    function: str
    what: str  # it does, as equivalents.yaml names it

    make: Callable[[_Function], _Function]

    def module_of(self, reference: ModuleType) -> ModuleType:
        """A lesson in which this function is spoilt for whoever calls it from outside."""
        module = ModuleType(reference.__name__)
        vars(module).update(vars(reference))
        right = getattr(reference, self.function)
        setattr(module, self.function, wraps(right)(self.make(right)))
        return module


def corner_slips(function: str, parameters: Sequence[Parameter]) -> Iterator[CornerSlip]:
    """The slips that a function with these parameters allows.

    Args:
        function: its name.
        parameters: see :func:`grader.verify.generated_inputs.parameters_of`.
    """
    for place, parameter in enumerate(parameters):
        if parameter.axes is None:
            continue
        name = parameter.name
        yield CornerSlip(function, f"{CORNER}a result in the type of `{name}`", _typed(place))
        for words, happens in _GUARDS.items():
            what = f"{CORNER}zeros where `{name}` {words}"
            yield CornerSlip(function, what, _guarded(place, happens))
    yield CornerSlip(function, f"{CORNER}axes of size 1 are lost", _squeezed)


def _begins_with_0(array: np.ndarray) -> bool:
    return bool(array.size > 1 and array.ravel()[0] == 0 and array.any())


def _sums_to_0(array: np.ndarray) -> bool:
    return bool(array.size > 1 and abs(array.sum()) < 1e-9 and array.any())


_GUARDS: Final[dict[str, Callable[[np.ndarray], bool]]] = {
    "sums to 0": _sums_to_0,
    "begins with 0": _begins_with_0,
}


def _typed(place: int) -> Callable[[_Function], _Function]:
    def spoil(right: _Function) -> _Function:
        def wrong(*args: Any, **kwargs: Any) -> Any:
            kind = np.asarray(args[place]).dtype
            value = right(*args, **kwargs)
            return _each(value, lambda array: array.astype(kind)) if kind.kind in "iu" else value

        return wrong

    return spoil


def _guarded(place: int, happens: Callable[[np.ndarray], bool]) -> Callable[[_Function], _Function]:
    def spoil(right: _Function) -> _Function:
        def wrong(*args: Any, **kwargs: Any) -> Any:
            value = right(*args, **kwargs)
            return (
                _each(value, lambda array: array * 0) if happens(np.asarray(args[place])) else value
            )

        return wrong

    return spoil


def _squeezed(right: _Function) -> _Function:
    def wrong(*args: Any, **kwargs: Any) -> Any:
        return _each(right(*args, **kwargs), np.squeeze)

    return wrong


def _each(value: Any, change: Callable[[np.ndarray], Any]) -> Any:
    """The value, each of its arrays changed."""
    if isinstance(value, tuple | list):
        return tuple(_each(part, change) for part in value)
    changed = np.asarray(change(np.asarray(value)))
    return changed if changed.ndim else changed.item()
