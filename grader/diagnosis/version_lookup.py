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
        numbers: list[np.ndarray] = []
        form = _form_of(replies[first], numbers)
        if form not in self._sums[first]:
            return
        sums, versions = self._sums[first][form]
        total, slack = _sum_up(numbers)
        begin, end = np.searchsorted(sums, [total - slack, total + slack])
        for place in sorted(versions[begin:end]):
            version = self.versions[place]
            if all(agree(replies[other], self._ask(version, other)) for other in order):
                yield version

    def _ask_all(self, place: int) -> dict[Any, tuple[np.ndarray, np.ndarray]]:
        by_form: dict[Any, list[tuple[float, int]]] = {}
        for number, version in enumerate(self.versions):
            parts: list[np.ndarray] = []
            form = _form_of(self._ask(version, place), parts)
            by_form.setdefault(form, []).append((_sum_up(parts)[0], number))
        kept = {}
        for form, found in by_form.items():
            found.sort()
            sums, numbers = zip(*found, strict=True)
            kept[form] = np.array(sums), np.array(numbers, dtype=np.int32)
        return kept


def _sum_up(numbers: Sequence[np.ndarray]) -> tuple[float, float]:
    """A weighted sum of all numbers, and its error.

    The sums of replies that agree differ by no more than this error. What is not finite counts 0.
    """
    flat = np.concatenate([np.zeros(0), *(part.ravel() for part in numbers)])
    flat[~np.isfinite(flat)] = 0.0
    weights = _weights(flat.size)
    slack = (2 * RTOL + _CHANCE) * (weights @ np.abs(flat)) + 2 * ATOL * weights.sum()
    return float(weights @ flat), float(slack)


def _weights(count: int) -> np.ndarray:
    """Numbers between 1 and 2 without a pattern, so that other numbers have other sums."""
    return 1 + np.arange(1, count + 1) * 0.6180339887498949 % 1


def _form_of(reply: Reply, numbers: list[np.ndarray]) -> Any:
    """The form of a reply, which is the same for replies that agree. Its numbers are appended.

    Few replies have the form of a known mistake's. A huge array is not copied to find that out.
    """
    if reply.error is not None:
        return "error", isinstance(reply.error, ArithmeticError)
    return _form_of_value(reply.value, numbers)


def _form_of_value(value: Any, numbers: list[np.ndarray]) -> Any:
    array = numeric(value)
    if array is not None:
        is_complex = array.dtype.kind == "c" and bool(array.imag.any())
        parts = [array.real, array.imag] if is_complex else [array.real]
        numbers += parts
        odd = [np.flatnonzero(~np.isfinite(part)).tobytes() for part in parts]
        return array.shape, is_complex, *odd
    if isinstance(value, list | tuple):
        return ("parts", *(_form_of_value(part, numbers) for part in value))
    return type(value).__name__
