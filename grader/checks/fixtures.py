"""The fixtures of checks: ``student``, ``reference``, ``rng``.

Each lesson of each student is set up and torn down as a pytest session of its own. So session scope
means "for this student's lesson", also for a course's own fixtures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from grader.checks.check_folder import new_folder
from grader.checks.consoles import CapSys
from grader.checks.reference import AlteredReference
from grader.checks.student import Student


@dataclass(slots=True)
class FixtureValues:
    """The values of the fixtures for the current check. The runner keeps them up to date."""

    student: Student = field(default_factory=Student)
    reference: ModuleType | AlteredReference = field(
        default_factory=lambda: ModuleType("reference")
    )
    rng: np.random.Generator = field(default_factory=np.random.default_rng)

    def for_item(self, item: pytest.Function) -> dict[str, object]:
        """The values of those fixtures that a check uses, by name."""
        ours = {"student": self.student, "reference": self.reference, "rng": self.rng}
        return {name: value for name, value in ours.items() if name in item.fixturenames}


def fixture_plugin(values: FixtureValues) -> ModuleType:
    """Make a plugin with the fixtures. It is a module, because pytest looks for fixtures in those.

    These fixtures use no other fixture: pytest would fetch that one for each check again, which
    takes a sixth of the grading processes' time.
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

    @pytest.fixture
    def capsys() -> Iterator[CapSys]:
        """What the student's program prints, as pytest's own fixture of that name has it."""
        with CapSys().capturing() as captured:
            yield captured

    @pytest.fixture
    def tmp_path() -> Iterator[Path]:
        """A new folder, which the student's program sees at the same path."""
        with new_folder() as values.student.folder:
            yield values.student.folder.path
        values.student.folder = None

    vars(plugin).update(
        student=student, reference=reference, rng=rng, capsys=capsys, tmp_path=tmp_path
    )
    return plugin
