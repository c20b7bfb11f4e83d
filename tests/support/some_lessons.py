"""A course of some of this repository's lessons, where the whole course would take long."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

import yaml
from places import REPOSITORY


def write_some_lessons(folder: Path, lessons: Collection[str]) -> Path:
    """Write a course of these lessons into a new folder, and return the folder.

    Args:
        folder: made; it gets copies of all solutions and checks.
        lessons: ids, with those of the lessons that they require. The course has no parts.
    """
    for name in ("solutions", "tests/lessons"):
        shutil.copytree(REPOSITORY / name, folder / name)
    settings = yaml.safe_load((REPOSITORY / "course.yaml").read_text("utf-8"))
    del settings["parts"]
    settings["lessons"] = [entry for entry in settings["lessons"] if entry["id"] in lessons]
    (folder / "course.yaml").write_text(yaml.safe_dump(settings, sort_keys=False), "utf-8")
    return folder
