"""What a check may ask for: ``student``, ``reference``, ``rng``.

Each lesson of each student is set up and torn down as a pytest session of its own, so session scope
means "for this student's lesson", for these and for a course's own fixtures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import ModuleType

import numpy as np
import pytest

from grader.checks.reference import AlteredReference
from grader.checks.student import Student


@dataclass(slots=True)
class FixtureValues:
    """What the fixtures give to the check that runs now; the runner keeps it up to date."""

    student: Student = field(default_factory=Student)
    reference: ModuleType | AlteredReference = field(
        default_factory=lambda: ModuleType("reference")
    )
    rng: np.random.Generator = field(default_factory=np.random.default_rng)

    def for_item(self, item: pytest.Function) -> dict[str, object]:
        """The values that a check asks for, by name."""
        ours = {"student": self.student, "reference": self.reference, "rng": self.rng}
        return {name: value for name, value in ours.items() if name in item.fixturenames}


def fixture_plugin(values: FixtureValues) -> ModuleType:
    """Make the plugin with the fixtures: a module, because pytest wants fixtures to be in one.

    The fixtures ask for no fixture themselves: pytest would fetch that one for every check anew,
    which costs a sixth of the trusted processes' time.
    """
    plugin = ModuleType("grader.checks.fixtures.plugin")

    @pytest.fixture(scope="session")
    def student() -> Student:
        """The student's functions of this lesson, by name."""
        return values.student

    @pytest.fixture(scope="session")
    def reference() -> ModuleType | AlteredReference:
        """The reference's functions of this lesson, by name."""
        return values.reference

    @pytest.fixture(scope="session")
    def rng() -> np.random.Generator:
        """Random numbers that are the same for every student, and others for every check."""
        return values.rng

    vars(plugin).update(student=student, reference=reference, rng=rng)
    return plugin
