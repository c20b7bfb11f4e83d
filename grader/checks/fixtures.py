"""What a check may ask for: ``student``, ``reference``, ``rng``.

Each lesson of each student is set up and torn down as a pytest session of its own, so session scope
means "for this student's lesson", for these and for a course's own fixtures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import ModuleType

import numpy as np
import pytest

from grader.checks.reference import BlurredReference
from grader.checks.student import Student


@dataclass(slots=True)
class AtHand:
    """What the fixtures give out now; whoever runs the checks keeps it up to date."""

    student: Student = field(default_factory=Student)
    reference: ModuleType | BlurredReference = field(
        default_factory=lambda: ModuleType("reference")
    )
    rng: np.random.Generator = field(default_factory=np.random.default_rng)

    def wanted_by(self, item: pytest.Function) -> dict[str, object]:
        """Those that a check asks for, by name.

        Put where pytest looks before it fetches them; its own way takes as long as a call of a
        student's function does.
        """
        ours = {"student": self.student, "reference": self.reference, "rng": self.rng}
        return {name: value for name, value in ours.items() if name in item.fixturenames}


def fixtures_of(at_hand: AtHand) -> ModuleType:
    """The plugin with the fixtures. A module, because pytest wants fixtures to belong to one.

    They hold what they give out, and ask for no fixture themselves: pytest would fetch that one,
    and what it asks for in turn, for every check anew (a sixth of the trusted processes' time).
    """
    plugin = ModuleType("grader.checks.fixtures.at_hand")

    @pytest.fixture(scope="session")
    def student() -> Student:
        """The student's functions of this lesson, by name."""
        return at_hand.student

    @pytest.fixture(scope="session")
    def reference() -> ModuleType | BlurredReference:
        """The reference's functions of this lesson, by name."""
        return at_hand.reference

    @pytest.fixture(scope="session")
    def rng() -> np.random.Generator:
        """Random numbers that are the same for every student, and others for every check."""
        return at_hand.rng

    vars(plugin).update(student=student, reference=reference, rng=rng)
    return plugin
