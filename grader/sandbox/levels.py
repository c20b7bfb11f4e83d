"""How far student code is kept apart, and what it may use up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Isolation(StrEnum):
    """How far student code is kept apart from the machine it runs on."""

    FULL = "full"
    FILTERED = "filtered"
    PROCESS = "process"


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """What one call, and one lesson, may use."""

    cpu_seconds_per_call: float
    wall_seconds_per_call: float
    seconds_per_lesson: float
    memory_bytes: int
    output_bytes: int
