"""The processes that grade batches, where the machine is not as usual."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import executors
from grader.errors import GraderError


def test_a_long_path_for_temporary_files_does_not_stop_the_grader(
    tiny_course: Callable[..., Path], tmp_path: Path
) -> None:
    course = tiny_course(lessons=[{"id": "double", "points": 4}])
    ada = tmp_path / "class" / "ada"
    ada.mkdir(parents=True)
    ada.joinpath("double.py").write_text("def double(x): return 2 * x")
    long = tmp_path / ("x" * 100) / ("y" * 100)
    long.mkdir(parents=True)
    command = [sys.executable, "-m", "grader", "--course", str(course), "grade", "class"]
    done = subprocess.run(
        [*command, "--out", "out"], cwd=tmp_path, env={**os.environ, "TMPDIR": str(long)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out" / "results.json").exists()
    assert list(long.iterdir()) == []


def test_where_no_short_path_can_be_written_one_sentence_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    long = tmp_path / ("x" * 100)
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    monkeypatch.setattr(executors, "_SHORT_FOLDERS", (str(tmp_path / "missing"),))
    with (
        executors.local_executors(1) as renew,
        pytest.raises(GraderError, match="Set TMPDIR to a folder"),
    ):
        renew()
    assert tempfile.tempdir == str(long)
