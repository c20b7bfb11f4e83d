"""``results.json``: the whole report, for programs. Format version 1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

import msgspec

from grader.results import CheckResult, LessonResult, Report, StudentResult

FORMAT_VERSION: Final = 1


def render(report: Report) -> Iterator[str]:
    """The report as JSON text in pieces, a line each student: a large class fits into memory.

    ASCII only, so what students wrote cannot upset a reader's terminal.
    """
    head = {
        "format_version": FORMAT_VERSION,
        "course": report.course,
        "graded_at": report.graded_at,
        "isolation": report.isolation,
    }
    yield json.dumps(head)[:-1] + ', "students": ['
    for number, student in enumerate(report.students):
        yield (",\n" if number else "\n") + json.dumps(_student(student), allow_nan=False)
    yield "\n]}\n"


def parse(document: bytes) -> Report:
    """Read what :func:`render` wrote.

    Raises:
        ValueError: it is no report of this format.
    """
    try:
        version = msgspec.json.decode(document, type=_Head).format_version
        if version != FORMAT_VERSION:
            raise ValueError(f"its format is version {version}, not {FORMAT_VERSION}")
        return msgspec.json.decode(document, type=Report)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error


class _Head(msgspec.Struct):
    format_version: int


def _student(student: StudentResult) -> dict[str, Any]:
    return {
        "student": student.student,
        "score": student.score,
        "max_score": student.max_score,
        "lessons": [_lesson(lesson) for lesson in student.lessons],
    }


def _lesson(lesson: LessonResult) -> dict[str, Any]:
    record: dict[str, Any] = {
        "lesson": lesson.lesson,
        "status": lesson.status.value,
        "score": lesson.score,
        "max_score": lesson.max_score,
        "message": lesson.message,
        "checks": [_check(check) for check in lesson.checks],
    }
    if lesson.excerpt is not None:
        record["excerpt"] = asdict(lesson.excerpt)
    if lesson.late:
        record["late"] = lesson.late
    return record


def _check(check: CheckResult) -> dict[str, Any]:
    record: dict[str, Any] = {
        "check": check.check,
        "title": check.title,
        "status": check.status.value,
        "score": check.score,
        "max_score": check.max_score,
        "message": check.message,
        "misconception": check.misconception,
        "hint": check.hint,
        "follow_through": check.follow_through,
    }
    # What few checks have is left out of the others.
    if check.answer is not None:
        record["answer"] = check.answer
    if check.effect is not None:
        record["effect"] = check.effect
    if check.picture is not None:
        picture = asdict(check.picture)
        record["picture"] = {key: value for key, value in picture.items() if value is not None}
    if check.excerpt is not None:
        record["excerpt"] = asdict(check.excerpt)
    return record
