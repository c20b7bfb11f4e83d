"""The conftest.py of the bare pytest runs: the course's fixtures, without a sandbox."""

import importlib
import json
import os
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from in_process import Student, load_reference, rng_for

LESSON = os.environ["LESSON"]
STUDENT = os.environ["STUDENT"]  # the student's folder


@pytest.fixture(scope="session")
def student() -> Student:
    """The student's functions of this lesson."""
    sys.path.insert(0, STUDENT)
    return Student(vars(importlib.import_module(LESSON)))


@pytest.fixture(scope="session")
def reference() -> ModuleType:
    """The reference's functions of this lesson."""
    sources = json.loads(Path(__file__).with_name("references.json").read_text("utf-8"))
    return load_reference(sources[LESSON])


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Random numbers of this check."""
    return rng_for(request.node.name)
