"""What a program leaves in the scratch folder is taken away, however it lies there."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from places import REPOSITORY

from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.session import Session

LIMITS = SandboxLimits(5.0, 20.0, 20.0, 512 * 2**20, 4096)
PROGRAM = """
import os
def deep():
    depth = 0
    try:
        while True:
            os.mkdir("d" * 255); os.chdir("d" * 255); depth += 1
    except OSError: return depth
def wide():
    made = 0
    try:
        while True:
            os.makedirs(f"{made}/in/in")
            for folder in ("", "/in", "/in/in"):
                open(f"{made}{folder}/file", "x").close()
                os.mkdir(f"{made}{folder}/closed", mode=0)
            made += 1
    except OSError: return made
def there(): return len(os.listdir("."))
"""
FEW_DESCRIPTORS = f"""
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (48, 48))
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.session import Session
with Sandbox(Isolation.FULL, {LIMITS!r}) as sandbox:
    for function in ("deep", "there"):
        with Session(sandbox, "l", {{"l": ("l.py", [{PROGRAM!r}], False)}}) as session:
            print(session.call(function).value)
"""


@pytest.mark.parametrize("function", ["deep", "wide"])
def test_the_next_program_finds_an_empty_folder(function: str) -> None:
    program = {"l": ("l.py", [PROGRAM], False)}
    with Sandbox(Isolation.FULL, LIMITS) as sandbox:
        with Session(sandbox, "l", program) as session:
            assert session.call(function).value >= 20
        with Session(sandbox, "l", program) as session:
            assert session.call("there").value == 0


@pytest.mark.slow
def test_folders_deeper_than_there_are_descriptors_do_not_end_the_sandbox() -> None:
    """Else a program could make all its checks our error, which costs no points."""
    done = subprocess.run(
        [sys.executable, "-c", FEW_DESCRIPTORS],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    depth, left = done.stdout.split() or [done.stderr]
    assert int(depth) > 200
    assert int(left) == 0
