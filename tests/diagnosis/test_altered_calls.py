"""What belongs to altered arguments: the same for every student, so it is computed once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.diagnosis.evidence.altered_calls import AlteredCalls


def test_right_values_are_computed_once_for_the_same_arguments() -> None:
    calls: list[Mapping[str, Any]] = []

    def reference(arguments: Mapping[str, Any]) -> Any:
        calls.append(arguments)
        return arguments["x"] @ arguments["y"]

    altered = AlteredCalls(reference)
    first = altered.right_values({"x": np.arange(3.0), "y": np.arange(3.0) + 1})
    after_first = len(calls)
    again = altered.right_values({"x": np.arange(3.0), "y": np.arange(3.0) + 1})
    assert len(calls) == after_first
    assert again == first
    other = altered.right_values({"x": np.arange(3.0), "y": np.arange(3.0) - 1})
    assert len(calls) > after_first
    assert other != first


def test_what_the_reference_refuses_has_no_right_value() -> None:
    altered = AlteredCalls(lambda arguments: arguments["x"] @ arguments["y"])
    values = altered.right_values({"x": np.arange(6.0).reshape(2, 3), "y": np.arange(3.0)})
    assert "what belongs to `x` doubled" in values
    assert "what belongs to `x` and `y` exchanged" not in values
