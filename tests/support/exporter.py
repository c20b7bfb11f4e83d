"""Made-up results, and what `grader export` makes of them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final

from click.testing import CliRunner, Result

from grader.cli import main
from grader.reports import json as json_report
from grader.results import CheckResult, LessonResult, LessonStatus, Report, Status, StudentResult
from grader.results.message import read

HOSTILE: Final = '=cmd|"/c calc"!A1\x00\x1b[31m|`<script>&\u202e'


def student(name: str, score: float, message: str = "wrong") -> StudentResult:
    checks = (
        CheckResult("test_one", "It is one.", Status.PASSED, score, 3.0),
        CheckResult(
            "test_two", "It is two.", Status.FAILED, 0.0, 1.0, read(message), "squared", "Look."
        ),
        CheckResult("test_three", "It is three.", Status.TIMEOUT, 0.0, 1.0, read("took too long")),
        CheckResult("why", "Say why.", Status.PENDING, 0.0, 2.0, read("waits to be marked")),
    )
    return StudentResult(
        name,
        (
            LessonResult("double", LessonStatus.GRADED, score, 7.0, checks=checks),
            LessonResult("threefold", LessonStatus.MISSING, 0.0, 3.0, "nothing was handed in"),
        ),
    )


class Exporter:
    """A course, results of it, and what the command makes of them."""

    def __init__(self, course: Path) -> None:
        self.course = course
        self.folder = course.parent / "grades"
        self.folder.mkdir()

    def results(self, *students: StudentResult) -> None:
        report = Report("tiny", "2026-11-20T17:00:00Z", "full", students)
        (self.folder / "results.json").write_text("".join(json_report.render(report)), "utf-8")

    def run(self, target: str, *arguments: str, template: str | None = None) -> Result:
        if template is not None:
            path = self.course.parent / "template.csv"
            path.write_bytes(template.encode())
            arguments += ("--template", str(path))
        line = ["--course", str(self.course), "export", str(self.folder), "--to", target]
        return CliRunner().invoke(main, [*line, *arguments])


def rows(text: str, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
