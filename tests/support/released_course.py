"""This repository's course as students get it, released once for all tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_once import made_once
from places import REPOSITORY

from grader.cli import main


@pytest.fixture(scope="session")
def released_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A students' copy of this repository's course; tests only read it."""

    def make(out: Path) -> None:
        result = CliRunner().invoke(main, ["--course", str(REPOSITORY), "release", str(out)])
        assert result.exit_code == 0, result.output

    return made_once(tmp_path_factory, "released_course", make)


@pytest.fixture
def students_copy(released_course: Path, tmp_path: Path) -> Path:
    """A students' copy of this repository's course for one test, which may change it."""
    return shutil.copytree(released_course, tmp_path / "course")
