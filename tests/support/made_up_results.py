"""Reports as grading could have written them, for whoever tests what becomes of a report."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from grader.reports.pages.templating import Titles
from grader.results import (
    CheckResult,
    Excerpt,
    LessonResult,
    LessonStatus,
    Picture,
    Report,
    Status,
    StudentResult,
)
from grader.results.message import read

#: Names and texts that a page, a path or a terminal could trip over.
HOSTILE: Final = [
    "<script>window.hacked=1</script>", "\"><img src=x onerror=window.hacked=1>",
    "</style><script>window.hacked=1</script>", "</title><svg onload=window.hacked=1>",
    "{{ 7*7 }}{% raw %}", "' onmouseover='window.hacked=1", "javascript:window.hacked=1",
    "../../etc/passwd", "..", ".", "/etc", "a/b", "a\\b", "", " ", "con", "NUL.html", "-rf", "~",
    "Ada", "ada", "ADA", "e\u0301ve", "\u00e9ve", "\u202egnp.exe", "\x1b[31mred",
    "tab\there", "two\nlines",
    "x" * 255, "\u6f22" * 85, "\U0001f600", "per%20cent?query#part", "[bold]bold[/bold]",
    "&amp;", "<!--",
]  # fmt: skip

WRONG_AXIS: Final = Picture(((0.25, 0.6), (0.75, 0.4)), sums=(1.0, 1.0), axis=1)
TWICE: Final = Picture(((2.0, -4.0), ("nan", 0.0)), expected=((1.0, -2.0), (3.0, 0.0)))
CODE: Final = Excerpt(
    "share.py", ((3, "def share(x):"), (7, "    return x / x.sum(axis=0)")), 7, raised=True
)


def passed(name: str, points: float = 1.0) -> CheckResult:
    return CheckResult(f"test_{name}", f"The {name} is right.", Status.PASSED, points, points)


def failed(name: str, status: Status = Status.FAILED, text: str = "too much") -> CheckResult:
    message = (
        f"called     share(x)    x: (2, 2) float64\ngot        {text}\nwhy        a share is a part"
    )
    return CheckResult(f"test_{name}", f"The {name} is right.", status, 0.0, 1.0, read(message))


def with_mistake(name: str, picture: Picture | None = WRONG_AXIS) -> CheckResult:
    return replace(
        failed(name), misconception="wrong-axis", effect="a sum down the columns",
        hint="Which way do you add up?", picture=picture, excerpt=CODE,
    )  # fmt: skip


def pending(name: str = "why", answer: str = "Because it is so.") -> CheckResult:
    message = "waits to be marked"
    return CheckResult(name, "Say why.", Status.PENDING, 0.0, 2.0, read(message), answer=answer)


def lesson(*checks: CheckResult, name: str = "share") -> LessonResult:
    scores, most = sum(check.score for check in checks), sum(check.max_score for check in checks)
    return LessonResult(name, LessonStatus.GRADED, scores, most, None, checks)


def missing(name: str = "share", most: float = 3.0) -> LessonResult:
    return LessonResult(name, LessonStatus.MISSING, 0.0, most)


def unreadable(why: str, name: str = "share", most: float = 3.0) -> LessonResult:
    return LessonResult(name, LessonStatus.UNREADABLE, 0.0, most, why, excerpt=CODE)


def student(name: str, *lessons: LessonResult) -> StudentResult:
    return StudentResult(name, lessons or (lesson(passed("sum"), passed("shape"), pending()),))


def report(*students: StudentResult) -> Report:
    return Report("tiny", "2026-11-20T17:00:00Z", "full", students)


def hostile_class() -> Report:
    """A student of each hostile name, who also wrote it wherever a student can write."""
    return report(
        *(
            student(
                name, lesson(with_mistake("sum"), failed("shape", text=text), pending(answer=text))
            )
            if number % 3
            else student(name, unreadable(text))
            for number, (name, text) in enumerate(zip(HOSTILE, reversed(HOSTILE), strict=True))
        )
    )


TITLES = Titles("Tiny course", {"share": "Shares: all of it"})

BEN = student("ben", lesson(with_mistake("sum"), passed("shape"), failed("size"), pending()))
