"""How many cores may be used: what control groups say, of both versions and at every height."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

import pytest

from grader.grading import cpu_cores
from grader.grading.cpu_cores import cpu_quota, usable_cores


def quota(tmp_path: Path, own: str, files: dict[str, str]) -> float | None:
    groups = tmp_path / "groups"
    for name, text in files.items():
        (groups / name).parent.mkdir(parents=True, exist_ok=True)
        (groups / name).write_text(text)
    (tmp_path / "own").write_text(own)
    return cpu_quota(groups, tmp_path / "own")


@pytest.mark.parametrize(
    ("own", "files", "cores"),
    [
        ("0::/\n", {"cpu.max": "150000 100000\n"}, 1.5),
        ("0::/\n", {"cpu.max": "max 100000\n"}, None),
        ("0::/\n", {}, None),
        ("0::/a/b\n", {"a/b/cpu.max": "max 100000\n", "a/cpu.max": "200000 100000\n"}, 2.0),
        ("0::/a/b\n", {"a/b/cpu.max": "50000 100000\n", "a/cpu.max": "200000 100000\n"}, 0.5),
        ("0::/../a\n", {"a/cpu.max": "300000 100000\n"}, 3.0),
        ("0::/\n", {"cpu.max": "nonsense\n"}, None),
        ("0::/\n", {"cpu.max": "100000 0\n"}, None),
        ("nonsense\n", {"cpu.max": "100000 100000\n"}, None),
        (
            "4:memory:/\n3:cpu,cpuacct:/c\n",
            {
                "cpu,cpuacct/c/cpu.cfs_quota_us": "250000\n",
                "cpu,cpuacct/c/cpu.cfs_period_us": "100000\n",
                "cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
                "cpu,cpuacct/cpu.cfs_period_us": "100000\n",
            },
            2.5,
        ),
    ],
)
def test_a_quota_is_the_least_of_all_groups(
    tmp_path: Path, own: str, files: dict[str, str], cores: float | None
) -> None:
    assert quota(tmp_path, own, files) == cores


@pytest.mark.parametrize("limit", [0.5, 1.0, 1.5, 1000.0, None])
def test_a_quota_is_rounded_up_to_cores_but_not_above_those_there_are(
    monkeypatch: pytest.MonkeyPatch, limit: float | None
) -> None:
    monkeypatch.setattr(cpu_cores, "cpu_quota", lambda: limit)
    allowed = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    assert usable_cores() == (allowed if limit is None else min(allowed, math.ceil(limit)))
