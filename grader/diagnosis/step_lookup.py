"""Which wrong steps, alone or together, reply to a function's probes as a student's function does.

There are thousands of pairs of them. Each is asked one probe, once; the replies are kept as rows of
numbers, and compared with a student's all together. The few that are left are asked the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np

from grader.checks.descriptions import numeric
from grader.checks.reference import ReferenceCallee, quiet
from grader.diagnosis.probes import Probe, Reply, ask_version
from grader.diagnosis.variants import Variants, WrongStep

RTOL: Final = 1e-6
ATOL: Final = 1e-8

Steps = tuple[WrongStep, ...]  # that are wrong at once


class StepLookup:
    """The wrong steps that may explain one function."""

    def __init__(
        self, variants: Variants, explanations: Sequence[Steps], probes: Sequence[Probe]
    ) -> None:
        """Prepare; nothing is asked yet.

        Args:
            variants: of the lesson.
            explanations: which of its steps may be wrong.
            probes: the function's.
        """
        self._variants = variants
        self._explanations = explanations
        self._probes = probes
        self._first_replies: dict[int, dict[Any, tuple[list[Steps], np.ndarray]]] = {}  # by probe

    def like(
        self, replies: Sequence[Reply], order: Sequence[int], agree: Callable[[Reply, Reply], bool]
    ) -> Iterator[Steps]:
        """Those that reply like this.

        Args:
            replies: of a student's function to all probes.
            order: places of the probes that count; the one that tells them apart best first.
            agree: whether two replies are the same.
        """
        first, *others = order
        if first not in self._first_replies:
            self._first_replies[first] = self._ask_all(first)
        form, numbers = _flatten(replies[first])
        known, rows = self._first_replies[first].get(form, ([], np.zeros((0, numbers.size))))
        close = np.isclose(rows, numbers, rtol=RTOL, atol=ATOL, equal_nan=True).all(axis=1)
        for place in np.flatnonzero(close):
            steps = known[place]
            if all(agree(replies[other], self.reply(steps, other)) for other in others):
                yield steps

    def reply(self, steps: Steps, place: int) -> Reply:
        """What these wrong steps reply to the probe at this place."""
        with self._variants.briefly(*steps) as module, quiet():
            return ask_version(ReferenceCallee(module), self._probes[place])

    def _ask_all(self, place: int) -> dict[Any, tuple[list[Steps], np.ndarray]]:
        by_form: dict[Any, tuple[list[Steps], list[np.ndarray]]] = {}
        for steps in self._explanations:
            form, numbers = _flatten(self.reply(steps, place))
            alike, rows = by_form.setdefault(form, ([], []))
            alike.append(steps)
            rows.append(numbers)
        return {form: (alike, np.array(rows)) for form, (alike, rows) in by_form.items()}


def _flatten(reply: Reply) -> tuple[Any, np.ndarray]:
    """What form a reply has, and all its numbers; values of one form can be compared."""
    if reply.error is not None:
        return "error", np.zeros(0)
    numbers: list[np.ndarray] = []
    form = _form_of(reply.value, numbers)
    return form, np.concatenate([np.zeros(0), *numbers])


def _form_of(value: Any, numbers: list[np.ndarray]) -> Any:
    array = numeric(value)
    if array is not None:
        is_complex = array.dtype.kind == "c" and array.imag.any()
        flat = array.ravel()
        numbers += [flat.real.astype(float), flat.imag] if is_complex else [flat.real.astype(float)]
        return array.shape, is_complex
    if isinstance(value, list | tuple):
        return ("parts", *(_form_of(part, numbers) for part in value))
    return type(value).__name__
