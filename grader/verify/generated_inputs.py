"""Inputs for a lesson's functions, made from the shapes in their docstrings.

An array's entry in the docstring gives its shape, ``u, v : shape (d,), …``. A letter stands for the
same size wherever a function uses it, and ``...`` for any axes. The inputs are those in which
mistakes hide: integers beside floats, sizes of 1, sums of 0, large and small numbers.
"""

from __future__ import annotations

import ast
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from grader.course.stubs import Function

#: ``u, v : shape (d,), …`` and ``i : the index …``, each at the start of a docstring's line.
_ENTRY: Final = re.compile(r"^[ \t]*(\w+(?:, *\w+)*) *: *(.*)$", re.MULTILINE)
_SHAPE: Final = re.compile(r"shape *\(([^()]*)\)")

#: Sizes for the letters of a function, in their order: no two of the first few are alike.
_SIZES: Final = (5, 7, 6, 4, 8, 9)
_SQUARE: Final = 4
#: For `...`: axes before the letters of a shape that has them at both ends.
_MORE_AXES: Final = ((), (2,))


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter for which values can be made."""

    name: str
    axes: tuple[str, ...] | None  # of an array: letters, numbers, `...`; None for a whole number


@dataclass(frozen=True, slots=True)
class Input:
    """Arguments for one call."""

    what: str  # is special about them: "integers in u"
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A parameter whose docstring does not tell what to make."""

    name: str
    line: int  # of the function
    is_other: bool  # it is annotated as something else than an array or a number


def parameters_of(function: Function) -> list[Parameter] | Unknown:
    """The parameters without a default, or the first for which no values can be made."""
    entries: dict[str, str] = {}
    for names, words in _ENTRY.findall(ast.get_docstring(function) or ""):
        for name in re.split(r", *", names):
            entries.setdefault(name, words)
    arguments = [*function.args.posonlyargs, *function.args.args]
    parameters: list[Parameter] = []
    for argument in arguments[: len(arguments) - len(function.args.defaults)]:
        annotation = ast.unparse(argument.annotation) if argument.annotation else ""
        shape = _SHAPE.search(entries.get(argument.arg, ""))
        if shape:
            axes = tuple(axis.strip() for axis in shape[1].split(",") if axis.strip())
            parameters.append(Parameter(argument.arg, axes))
        elif "int" in annotation.split(" | "):
            parameters.append(Parameter(argument.arg, None))
        elif annotation == "float":
            parameters.append(Parameter(argument.arg, ()))
        else:
            is_other = bool(annotation) and not re.match(
                r"[\w.]*(ndarray|NDArray|Array)", annotation
            )
            return Unknown(argument.arg, function.lineno, is_other)
    return parameters


def generate_inputs(function: str, parameters: Sequence[Parameter]) -> Iterator[Input]:
    """Inputs for a function, the same ones every time.

    Args:
        function: its name, the seed of the random numbers.
        parameters: see :func:`parameters_of`; none of them makes no input.
    """
    rng = np.random.default_rng(zlib.crc32(function.encode()))
    arrays = [parameter.name for parameter in parameters if parameter.axes is not None]
    if not arrays:
        return
    letters = list(
        dict.fromkeys(
            axis for parameter in parameters for axis in parameter.axes or () if axis.isidentifier()
        )
    )
    usual = dict(zip(letters, _SIZES, strict=False))
    shapes = [("", usual), ("all sizes alike, ", dict.fromkeys(letters, _SQUARE))]
    shapes += [(f"{letter} = 1, ", usual | {letter: 1}) for letter in letters]
    shapes += [("all sizes 1, ", dict.fromkeys(letters, 1))] * (len(letters) > 1)
    for words, sizes in shapes:
        maker = _Maker(rng, parameters, sizes)
        yield from maker.inputs(f"{words}floats", {})
        for integers in _choices(arrays):
            yield from maker.inputs(f"{words}integers in {_listed(integers)}", {}, integers)
    maker = _Maker(rng, parameters, usual)
    for words, change in _CHANGES.items():
        for names in _choices(arrays):
            yield from maker.inputs(f"{words} in {_listed(names)}", dict.fromkeys(names, change))
            if change in _WHOLE:
                said = f"{words} in {_listed(names)}, integers"
                yield from maker.inputs(said, dict.fromkeys(names, change), arrays)


def _zero_sum(array: np.ndarray) -> np.ndarray:
    """Along the last axis, the numbers cancel, and none is 0 but by chance."""
    changed = array.copy()
    if array.ndim and array.shape[-1] > 1:
        changed[..., -1] = -changed[..., :-1].sum(axis=-1)
    return changed


def _zero_first(array: np.ndarray) -> np.ndarray:
    changed = array.copy()
    if array.ndim and array.shape[-1] > 1:
        changed[..., 0] = 0
    return changed


#: What becomes of an array, by what is special about it then.
_CHANGES: Final[dict[str, Any]] = {
    "sums of 0": _zero_sum,
    "first entries of 0": _zero_first,
    "zeros": np.zeros_like,
    "numbers below 0": lambda array: -np.abs(array) - 1,
    "numbers above 0": lambda array: np.abs(array) + 1,
    "large numbers": lambda array: array * 300,
    "small numbers": lambda array: array / 1000,
    "rows that are far apart": lambda array: (
        array + 500 * np.arange(len(array)).reshape(-1, *[1] * (array.ndim - 1))
        if array.ndim > 1
        else array
    ),
}
_WHOLE: Final = (_zero_sum, _zero_first, np.zeros_like)


class _Maker:
    """Makes arguments of given sizes."""

    def __init__(
        self, rng: np.random.Generator, parameters: Sequence[Parameter], sizes: Mapping[str, int]
    ) -> None:
        self._rng = rng
        self._parameters = parameters
        self._sizes = sizes

    def inputs(
        self, what: str, changes: Mapping[str, Any], integers: Sequence[str] = ()
    ) -> Iterator[Input]:
        """One input for each number of axes that `...` stands for."""
        any_axes = any("..." in (parameter.axes or ()) for parameter in self._parameters)
        for more in _MORE_AXES if any_axes else ((),):
            shapes = {
                parameter.name: self._shape(parameter.axes, more)
                for parameter in self._parameters
                if parameter.axes is not None
            }
            smallest = min(min(shape, default=1) for shape in shapes.values())
            arguments = tuple(
                self._array(
                    shapes[parameter.name], changes.get(parameter.name), parameter.name in integers
                )
                if parameter.axes is not None
                else int(self._rng.integers(smallest))
                for parameter in self._parameters
            )
            yield Input(f"{what}, {len(more) + 1} axes" if any_axes else what, arguments)

    def _shape(self, axes: Sequence[str], more: tuple[int, ...]) -> tuple[int, ...]:
        first = axes[:1] == ("...",)
        letters = [axis for axis in axes if axis != "..."]
        sizes = tuple(
            int(letter) if letter.isdigit() else self._sizes.get(letter, _SQUARE)
            for letter in letters
        )
        return (more if first else ()) + sizes + (more if not first and "..." in axes else ())

    def _array(self, shape: tuple[int, ...], change: Any, whole: bool) -> Any:
        size = int(np.prod(shape))
        if whole:  # no two alike: where several are largest, several answers are right
            first = -(size // 2) if size > 1 else 3
            array = first + self._rng.permutation(size).reshape(shape)
        else:
            array = np.asarray(self._rng.normal(size=shape))
        array = np.asarray(change(array)) if change else array
        return array if array.ndim else array.item()


def _choices(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Each name alone, all but each, and all."""
    alone = [(name,) for name in names]
    but_one = [tuple(other for other in names if other != name) for name in names]
    return list(dict.fromkeys(subset for subset in [*alone, *but_one, tuple(names)] if subset))


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
