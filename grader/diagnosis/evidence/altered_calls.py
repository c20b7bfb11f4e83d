"""Alterations of a call's arguments for which a student's value may be right.

If the value that came back is the right one for altered arguments, that is what happened: two were
exchanged, the last row was left out, the mean was subtracted first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, permutations
from typing import Any, Final, NamedTuple

import numpy as np

from grader.checks.descriptions import numeric
from grader.diagnosis.agreement import close
from grader.sandbox import wire

Change = Callable[[np.ndarray], np.ndarray]
Reference = Callable[[Mapping[str, Any]], Any]


class Alteration(NamedTuple):
    """Altered arguments of a call."""

    text: str  # completes "looks like …": "what belongs to …"
    arguments: Mapping[str, Any]


def _unit(array: np.ndarray) -> np.ndarray:
    return np.asarray(array / np.linalg.norm(array, axis=-1, keepdims=True))


def _standardised(array: np.ndarray) -> np.ndarray:
    return np.asarray((array - array.mean(-1, keepdims=True)) / array.std(-1, keepdims=True))


#: What may have been done to one argument at the start.
_CHANGES: Final[Mapping[str, Change]] = {
    "turned round": lambda a: a.T if a.ndim == 2 else a[::-1],
    "without its signs": np.abs,
    "with the other sign": lambda a: -a,
    "cut to whole numbers": np.trunc,
    "rounded to whole numbers": np.round,
    "less its mean": lambda a: a - a.mean(),
    "less the mean of each row": lambda a: a - a.mean(-1, keepdims=True),
    "less the mean of each column": lambda a: a - a.mean(0, keepdims=True),
    "brought to length 1": _unit,
    "brought to mean 0 and spread 1": _standardised,
    "squared": lambda a: a**2,
    "with the last row first": lambda a: a[::-1] if a.ndim == 2 else a,
    "made to add up to 1": lambda a: a / a.sum(-1, keepdims=True),
    "with 0 for what is negative": lambda a: np.maximum(a, 0),
    "doubled": lambda a: 2 * a,
    "halved": lambda a: a / 2,
}  # fmt: skip
_CHANGES_OF_MASKS: Final[Mapping[str, Change]] = {
    "with True and False exchanged": np.logical_not,
    "turned round": lambda a: np.swapaxes(a, -1, -2) if a.ndim > 1 else a[::-1],
}
#: What may have been left out of arguments, along an axis.
_CUTS: Final[Mapping[str, slice]] = {
    "the last {kind}": slice(None, -1), "the first {kind}": slice(1, None),
    "every second {kind}": slice(None, None, 2),
}  # fmt: skip


class AlteredCalls:
    """The right values of a function for altered arguments.

    They are the same for every student, so each is computed once.
    """

    def __init__(self, reference: Reference) -> None:
        """Nothing is computed yet.

        Args:
            reference: computes the right value for arguments by name; may raise anything.
        """
        self._reference = reference
        self._values: dict[bytes, Mapping[str, Any]] = {}

    def right_values(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """The right values after each alteration of these arguments, by its text.

        Alterations whose arguments the reference refuses are left out.
        """
        key = wire.encode(dict(arguments), trusted=True)
        if key not in self._values:
            self._values[key] = dict(self._compute(arguments))
        return self._values[key]

    def _compute(self, arguments: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for text, altered in alterations_of(arguments):
            try:
                value = self._reference(altered)
            except Exception:  # noqa: BLE001, S112  (altered arguments need not fit together)
                continue
            if value is not None:
                yield text, value


def alterations_of(arguments: Mapping[str, Any]) -> Iterator[Alteration]:
    """All alterations of a call's arguments. Their texts are the same for each call.

    Args:
        arguments: by name.
    """
    arrays = {
        name: array.astype(float)
        for name, value in arguments.items()
        if (array := numeric(value)) is not None and array.ndim and array.dtype.kind in "iuf"
    }
    yield from _exchanged(arguments, arrays)
    for name in arguments:
        if name not in arrays and len(arguments) > 1:
            left = {other: value for other, value in arguments.items() if other != name}
            yield Alteration(f"what belongs to the call without `{name}`", left)
    yield from _cut(arguments, arrays)
    for what, change in _CHANGES_OF_MASKS.items():
        for name, mask in arguments.items():
            if isinstance(mask, np.ndarray) and mask.dtype == bool and mask.ndim:
                yield Alteration(
                    f"what belongs to `{name}` {what}", {**arguments, name: change(mask)}
                )
    for what, change in _CHANGES.items():
        for names in _some_of(list(arrays)):
            with np.errstate(all="ignore"):
                changed = {name: change(arrays[name]) for name in names}
            if all(_is_unchanged(arrays[name], changed[name]) for name in names):
                continue
            said = _join([f"`{name}`" for name in names])
            each = ", both of them," if len(names) == 2 else ", all of them," * (len(names) > 2)
            yield Alteration(f"what belongs to {said}{each} {what}", {**arguments, **changed})


def _exchanged(
    arguments: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
) -> Iterator[Alteration]:
    for one, other in combinations(arrays, 2):
        swapped = {**arguments, one: arrays[other], other: arrays[one]}
        yield Alteration(f"what belongs to `{one}` and `{other}` exchanged", swapped)
    for one, other in permutations(arrays, 2):
        text = f"what belongs to `{one}` in the place of `{other}`"
        yield Alteration(text, {**arguments, other: arrays[one]})


def _cut(arguments: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Iterator[Alteration]:
    for what, part in _CUTS.items():
        for sides in _sides(arrays):
            kinds = {_kind(arrays[name], axis) for name, axis in sides}
            if any(arrays[name].shape[axis] < 2 for name, axis in sides):
                continue
            changed = {
                name: np.moveaxis(np.moveaxis(arrays[name], axis, 0)[part], 0, axis)
                for name, axis in sides
            }
            said = _join([f"`{name}`" for name, _ in sides])
            kind = kinds.pop() if len(kinds) == 1 else "part"
            text = f"what belongs to {said} without {what.format(kind=kind)}"
            if "second" in what:
                text = f"what belongs to {what.format(kind=kind)} of {said} alone"
            yield Alteration(text, {**arguments, **changed})


def _sides(arrays: Mapping[str, np.ndarray]) -> Iterator[tuple[tuple[str, int], ...]]:
    """Sides of arguments that may be cut together: one alone, or sides of different arguments."""
    every = [(name, axis) for name, array in arrays.items() for axis in range(array.ndim)]
    for side in every:
        yield (side,)
    for one, other in combinations(every, 2):
        if one[0] != other[0] and arrays[one[0]].shape[one[1]] == arrays[other[0]].shape[other[1]]:
            yield one, other
    if len(arrays) > 2:  # an inner side of one, and the outer ones of all that it meets
        for name, axis in every:
            others = [(name_of_other, 0) for name_of_other in arrays if name_of_other != name]
            sizes = {arrays[other].shape[0] for other, _ in others}
            if sizes == {arrays[name].shape[axis]}:
                yield ((name, axis), *others)


def _kind(array: np.ndarray, axis: int) -> str:
    if array.ndim == 1:
        return "number"
    return "row" if axis == 0 else "column"


def _join(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _some_of(names: list[str]) -> Iterator[tuple[str, ...]]:
    for name in names:
        yield (name,)
    if len(names) > 1:
        yield tuple(names)


def _is_unchanged(before: np.ndarray, after: np.ndarray) -> bool:
    return before.shape == after.shape and close(before, after)
