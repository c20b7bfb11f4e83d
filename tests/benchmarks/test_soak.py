"""A short soak: `make soak` does the same with thousands of students."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from places import REPOSITORY


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the soak looks into /proc")
def test_thirty_mixed_students_leave_nothing_behind() -> None:
    finished = subprocess.run(
        [sys.executable, "benchmarks/soak.py", "--students", "30"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert re.search(r"correct students with full marks +24 of 24$", finished.stdout, re.MULTILINE)
    assert re.search(r"processes, mounts and files left +0$", finished.stdout, re.MULTILINE)


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the soak looks into /proc")
def test_the_soak_notices_what_is_left_behind_and_who_lacks_marks(tmp_path: Path) -> None:
    """Or the test above would hold for a soak that sees nothing."""
    program = """
        import sys, subprocess
        sys.path.insert(0, "benchmarks")
        import soak
        from measure import adopt_orphans
        from pathlib import Path
        adopt_orphans()
        made = soak.Soak(Path(sys.argv[1]), ("ada", "ben"), ())
        (made.root / "tmp").mkdir(); (made.root / "out").mkdir()
        (made.root / "tmp" / "forgotten").touch(); (made.root / "out" / ".half").touch()
        left = subprocess.Popen(["sh", "-c", "sleep 60 & true"])
        left.wait()
        ada = {"student": "ada", "score": 1.0, "max_score": 2.0, "lessons": []}
        watch = soak.Watch(0)
        watch.names[1] = "a process"
        watch.memory[1] = [2**20] * 20 + [2**26] * 10
        watch.descriptors[1] = [5] * 20 + [50] * 10
        for problem in [
            *soak._about_marks(made, {"students": [ada]}),
            *soak._about_what_is_left(made, soak._mounts()),
            *soak._about_growth(watch, 2),
        ]:
            print("FAILED:", problem)
        soak.end_orphans()
    """
    finished = subprocess.run(
        [sys.executable, "-c", "if True:" + program, str(tmp_path)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    for words in (
        "not everyone who handed in is in the report",
        "without full marks: ada",
        "left behind: the process sleep, .*forgotten, .*half",
        "descriptors of a process grew",
        "memory of a process grew",
    ):
        assert re.search(f"FAILED: {words}", finished.stdout), finished.stdout
