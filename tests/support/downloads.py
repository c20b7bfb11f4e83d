"""A download, and what `grader collect` makes of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from click.testing import CliRunner, Result

from grader.cli import main

if TYPE_CHECKING:
    from tiny_course import CourseWriter

GOOD: Final = "def double(x):\n    return 2 * x\n"


def course_of_three(tiny_course: CourseWriter) -> Path:
    """A course with lessons whose names lie in one another."""
    lessons = [{"id": name, "points": 4} for name in ("double", "half_double", "threefold")]
    return tiny_course(lessons=lessons)


class Download:
    """A folder downloaded from a platform, the course, and the submissions collected from it."""

    def __init__(self, course: Path) -> None:
        self.course = course
        self.folder = course.parent / "download"
        self.out = course.parent / "submissions"

    def put(self, files: Mapping[str, str | bytes]) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def collect(self, platform: str, *arguments: str, path: Path | None = None) -> Result:
        words = ["collect", str(path or self.folder), "--from", platform, "--out", str(self.out)]
        return CliRunner().invoke(main, ["--course", str(self.course), *words, *arguments])

    def collected(self) -> dict[str, str]:
        paths = [
            path for path in self.out.rglob("*") if path.is_file() and path.name != "collected.json"
        ]
        return {
            path.relative_to(self.out).as_posix(): path.read_text("utf-8") for path in sorted(paths)
        }

    def record(self, student: str, lesson: str = "double") -> dict[str, Any]:
        collected = json.loads((self.out / "collected.json").read_text("utf-8"))
        return dict(collected["students"][student]["lessons"][lesson])
