"""Packages behind a link, as where `.venv` is one: a worker has them all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox.interpreter import Packages

_START = """
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation, SandboxLimits

with Sandbox(Isolation(ARGUMENT), SandboxLimits(2.0, 8.0, 10.0, 1 << 30, 1 << 16), ["numpy"]):
    print("holds")
"""


def test_a_package_is_found_where_it_really_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real" / "linked").mkdir(parents=True)
    (tmp_path / "real" / "linked" / "__init__.py").touch()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.syspath_prepend(str(tmp_path / "link"))
    found = Packages.find(["linked"])
    assert found.paths == (str((tmp_path / "real" / "linked").resolve()),)
    assert found.folders == (str((tmp_path / "real").resolve()),)


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the other levels need Linux")
@pytest.mark.parametrize("level", ["full", "filtered", "process"])
def test_every_level_starts_from_an_environment_behind_a_link(tmp_path: Path, level: str) -> None:
    (tmp_path / "env").symlink_to(sys.prefix)
    python = tmp_path / "env" / Path(sys.executable).relative_to(sys.prefix)
    program = _START.replace("ARGUMENT", repr(level))
    done = subprocess.run([str(python), "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "holds\n", done.stderr
