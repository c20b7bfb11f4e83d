"""Wrong versions of a lesson that every check passes, though they differ from the solution.

Each version runs on the inputs of :mod:`grader.verify.generated_inputs`. An input counts only where
the solution gives finite numbers, and all versions that are right but unusual give the same.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np

from grader.checks.course_checks import LessonChecks
from grader.checks.reference import ReferenceCallee, quiet
from grader.course.stubs import Function
from grader.diagnosis.probes import Probe, Reply, ask_version, is_finite
from grader.verify.corner_slips import CornerSlip, corner_slips
from grader.verify.generated_inputs import Unknown, generate_inputs, parameters_of

_RTOL = 1e-6


@dataclass(frozen=True, slots=True)
class _Question:
    """A call with a generated input, and what the solution replies."""

    what: str
    probe: Probe
    right: Reply


@dataclass(slots=True)
class GeneratedInputs:
    """The inputs of all functions of a lesson."""

    unknown: dict[str, Unknown] = field(default_factory=dict)  # by function
    questions: list[_Question] = field(default_factory=list)
    slips: list[CornerSlip] = field(default_factory=list)

    def difference(self, module: ModuleType) -> str | None:
        """The first input for which a version does not do what the solution does, in words."""
        callee = ReferenceCallee(module)
        with quiet():
            for question in self.questions:
                if not _same_reply(ask_version(callee, question.probe), question.right):
                    return f"`{question.probe.function}` with {question.what}"
        return None


def make_inputs(
    functions: Sequence[Function], reference: ModuleType, accepted: Sequence[ModuleType]
) -> GeneratedInputs:
    """Make inputs for the functions of a lesson.

    Args:
        functions: as the solution defines them.
        reference: the solution.
        accepted: right but unusual versions.
    """
    made = GeneratedInputs()
    callees = [ReferenceCallee(module) for module in accepted]
    for function in functions:
        parameters = parameters_of(function)
        if isinstance(parameters, Unknown):
            made.unknown[function.name] = parameters
            continue
        made.slips += corner_slips(function.name, parameters)
        for inputs in generate_inputs(function.name, parameters):
            probe = Probe(function.name, inputs.arguments, {}, corner=False)
            with quiet():
                right = ask_version(ReferenceCallee(reference), probe)
                if right.error is None and is_finite(right.value):
                    replies = [ask_version(callee, probe) for callee in callees]
                    if all(_same_reply(reply, right) for reply in replies):
                        made.questions.append(_Question(inputs.what, probe, right))
    return made


def passes_every_check(checks: LessonChecks, module: ModuleType) -> bool:
    """Whether no check of a lesson notices that this version is wrong. It is run here."""
    with quiet():
        ended = checks.run_each(ReferenceCallee(module))
        return all(error is None for _, error in ended)


def functions_in(solution_text: str, names: Sequence[str]) -> list[Function]:
    """The definitions of these functions."""
    functions = [
        node
        for node in ast.parse(solution_text).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [function for function in functions if function.name in names]


def _same_reply(one: Reply, other: Reply) -> bool:
    return (
        one.error is None
        and other.error is None
        and one.changed == other.changed
        and _same(one.value, other.value)
    )


def _same(one: Any, other: Any) -> bool:
    """Equal up to rounding, which grows with the largest number; whatever holds the numbers."""
    if isinstance(other, tuple | list):
        return (
            isinstance(one, tuple | list) and len(one) == len(other) and all(map(_same, one, other))
        )
    try:
        mine, right = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    except (TypeError, ValueError):
        return bool(one == other)
    size = float(np.abs(right).max(initial=0.0)) or 1.0
    return mine.shape == right.shape and bool(
        np.allclose(mine, right, rtol=_RTOL, atol=_RTOL * 1e-2 * size)
    )
