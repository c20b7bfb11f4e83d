"""A download, and what `grader collect` makes of it."""

from __future__ import annotations

import json
import shutil
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


class Desk:
    """A course, a download, and what became of it."""

    def __init__(self, course: Path) -> None:
        self.course = course
        self.download = course.parent / "download"
        self.out = course.parent / "submissions"

    def put(self, files: dict[str, str | bytes]) -> None:
        shutil.rmtree(self.download, ignore_errors=True)
        for name, text in files.items():
            path = self.download / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def collect(self, platform: str, *arguments: str, download: Path | None = None) -> Result:
        place = str(download or self.download)
        return CliRunner().invoke(
            main,
            [
                "--course",
                str(self.course),
                "collect",
                place,
                "--from",
                platform,
                "--out",
                str(self.out),
                *arguments,
            ],
        )

    def found(self) -> dict[str, str]:
        paths = [it for it in self.out.rglob("*") if it.is_file() and it.name != "collected.json"]
        return {it.relative_to(self.out).as_posix(): it.read_text("utf-8") for it in sorted(paths)}

    def record(self, student: str, lesson: str = "double") -> dict[str, Any]:
        collected = json.loads((self.out / "collected.json").read_text("utf-8"))
        return dict(collected["students"][student]["lessons"][lesson])
