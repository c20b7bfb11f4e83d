"""Finds, among thousands of wrong versions, those with the same replies as a student's function.

Each version is asked one probe, once. Only one number of its reply is kept, a weighted sum of all
numbers in it. Bisection finds the few versions with the same sum, and these are asked all probes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Generic, TypeVar

import numpy as np

from grader.checks.descriptions import numeric
from grader.diagnosis.agreement import ATOL, RTOL, agree
from grader.diagnosis.probes import Reply

T = TypeVar("T")

_CHANCE: Final = 1e-9  # the share of a sum by which another order of adding up may change it


class VersionLookup(Generic[T]):
    """The wrong versions that may explain one function."""

    def __init__(self, versions: Sequence[T], ask: Callable[[T, int], Reply]) -> None:
        """Prepare; nothing is asked yet.

        Args:
            versions: any objects that stand for versions.
            ask: the reply of a version to the probe at a place.
        """
        self.versions = versions
        self._ask = ask
        #: By place of a probe and form of the reply: the sums, rising, and the places of versions.
        self._sums: dict[int, dict[Any, tuple[np.ndarray, np.ndarray]]] = {}

    def like(self, replies: Sequence[Reply], order: Sequence[int]) -> Iterator[T]:
        """The versions that reply like this.

        Args:
            replies: of a student's function to all probes.
            order: the places of the probes that count. The first should tell most versions apart.
        """
        if not order:
            yield from self.versions
            return
        first = order[0]
        if first not in self._sums:
            self._sums[first] = self._ask_all(first)
        form, total, slack = _sum_up(replies[first])
        if form not in self._sums[first]:
            return
        sums, versions = self._sums[first][form]
        begin, end = np.searchsorted(sums, [total - slack, total + slack])
        for place in sorted(versions[begin:end]):
            version = self.versions[place]
            if all(agree(replies[other], self._ask(version, other)) for other in order):
                yield version

    def _ask_all(self, place: int) -> dict[Any, tuple[np.ndarray, np.ndarray]]:
        by_form: dict[Any, list[tuple[float, int]]] = {}
        for number, version in enumerate(self.versions):
            form, total, _ = _sum_up(self._ask(version, place))
            by_form.setdefault(form, []).append((total, number))
        kept = {}
        for form, found in by_form.items():
            found.sort()
            sums, numbers = zip(*found, strict=True)
            kept[form] = np.array(sums), np.array(numbers, dtype=np.int32)
        return kept


def _sum_up(reply: Reply) -> tuple[Any, float, float]:
    """The form of a reply, a weighted sum of its numbers, and the error of that sum.

    Replies that agree have the same form, and their sums differ by no more than this error.
    """
    if reply.error is not None:
        return ("error", isinstance(reply.error, ArithmeticError)), 0.0, 1.0
    numbers: list[np.ndarray] = []
    form = _form_of(reply.value, numbers)
    flat = np.concatenate([np.zeros(0), *numbers])
    odd = ~np.isfinite(flat)
    if odd.any():
        form = (form, odd.tobytes())
        flat = np.where(odd, 0.0, flat)
    weights = _weights(flat.size)
    slack = (2 * RTOL + _CHANCE) * (weights @ np.abs(flat)) + 2 * ATOL * weights.sum()
    return form, float(weights @ flat), float(slack)


def _weights(count: int) -> np.ndarray:
    """Numbers between 1 and 2 without a pattern, so that other numbers have other sums."""
    return 1 + np.arange(1, count + 1) * 0.6180339887498949 % 1


def _form_of(value: Any, numbers: list[np.ndarray]) -> Any:
    array = numeric(value)
    if array is not None:
        is_complex = array.dtype.kind == "c" and bool(array.imag.any())
        numbers.append(array.real.astype(float).ravel())
        if is_complex:
            numbers.append(array.imag.ravel())
        return array.shape, is_complex
    if isinstance(value, list | tuple):
        return ("parts", *(_form_of(part, numbers) for part in value))
    return type(value).__name__
