"""What a check may ask for: ``student``, ``reference``, ``rng``.

A plugin of its own: pytest wants fixtures to belong to a module. Each lesson of each student is set
up and torn down as a pytest session of its own, so session scope means "for this student's
lesson", for these and for a course's own fixtures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import ModuleType
from typing import Final

import numpy as np
import pytest

from grader.student import BlurredReference, Student


@dataclass(slots=True)
class AtHand:
    """What the fixtures give out now; whoever runs the checks keeps it up to date."""

    student: Student = field(default_factory=Student)
    reference: ModuleType | BlurredReference = field(
        default_factory=lambda: ModuleType("reference")
    )
    rng: np.random.Generator = field(default_factory=np.random.default_rng)


AT_HAND: Final = pytest.StashKey[AtHand]()


@pytest.fixture(scope="session")
def student(pytestconfig: pytest.Config) -> Student:
    """The student's functions of this lesson, by name."""
    return pytestconfig.stash[AT_HAND].student


@pytest.fixture(scope="session")
def reference(pytestconfig: pytest.Config) -> ModuleType | BlurredReference:
    """The reference's functions of this lesson, by name."""
    return pytestconfig.stash[AT_HAND].reference


@pytest.fixture(scope="session")
def rng(pytestconfig: pytest.Config) -> np.random.Generator:
    """Random numbers that are the same for every student, and others for every check."""
    return pytestconfig.stash[AT_HAND].rng
