"""``results.json``: the whole report, for programs. Format version 1."""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import lru_cache
from typing import Any, Final

import msgspec

from grader.results import CheckResult, LessonResult, Report, StudentResult
from grader.results.message import Rows, read

FORMAT_VERSION: Final = 1

#: Different lessons that are kept encoded or decoded. Most of a class get one of a few: all passed.
_MOST_LESSONS: Final = 1024

_ESCAPED: Final = "grader.reports.json"  # how text that is not ASCII is encoded


def render(report: Report) -> Iterator[str]:
    """The report as JSON text in pieces, one student a line, so that a large class fits in memory.

    The text is ASCII, so what students wrote does nothing to a reader's terminal.
    """
    head = {
        "format_version": FORMAT_VERSION,
        "course": report.course,
        "graded_at": report.graded_at,
        "isolation": report.isolation,
    }
    encoded: dict[int, msgspec.Raw] = {}  # lessons that several students share, by identity

    def encode(lesson: LessonResult) -> msgspec.Raw:
        if (text := encoded.get(id(lesson))) is None:
            text = _lesson(lesson)
            if len(encoded) < _MOST_LESSONS:
                encoded[id(lesson)] = text
        return text

    yield json.dumps(head)[:-1] + ', "students": ['
    for number, student in enumerate(report.students):
        text = msgspec.json.encode(_student(student, encode)).decode()
        text = text.encode("ascii", _ESCAPED).decode("ascii")
        yield (",\n" if number else "\n") + text
    yield "\n]}\n"


def parse(document: bytes) -> Report:
    """Read what :func:`render` wrote.

    Raises:
        ValueError: it is no report of this format.
    """
    try:
        head = msgspec.json.decode(document, type=_Head)
        if head.format_version != FORMAT_VERSION:
            raise ValueError(f"its format is version {head.format_version}, not {FORMAT_VERSION}")
        contents = msgspec.json.decode(document, type=_Document)
        students = (
            StudentResult(
                student.student, tuple(_read_lesson(bytes(lesson)) for lesson in student.lessons)
            )
            for student in contents.students
        )
        return Report(contents.course, contents.graded_at, contents.isolation, tuple(students))
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error


@lru_cache(maxsize=_MOST_LESSONS)
def _read_lesson(text: bytes) -> LessonResult:
    """The result that this text says; one object for all students who have the same."""
    lesson = msgspec.json.decode(text, type=LessonResult)  # but for the messages of checks
    messages = msgspec.json.decode(text, type=_Messages).checks
    checks = (
        replace(check, rows=_rows(check, own.message))
        for check, own in zip(lesson.checks, messages, strict=True)
    )
    return replace(lesson, checks=tuple(checks))


def _rows(check: CheckResult, text: str | None) -> Rows:
    """The rows of which :attr:`CheckResult.message` has made this text."""
    rows = read(text) if text else ()
    return rows[:-1] if check.effect and rows[-1:] == check.all_rows else rows


def graded_at(first_line: bytes) -> str | None:
    """The time in the first line of what :func:`render` wrote; None if it is something else."""
    try:
        return msgspec.json.decode(first_line + b"]}", type=_Head).graded_at
    except (msgspec.DecodeError, RecursionError):
        return None


class _Head(msgspec.Struct):
    format_version: int
    graded_at: str | None = None


class _Message(msgspec.Struct):
    message: str | None = None


class _Messages(msgspec.Struct):
    checks: tuple[_Message, ...] = ()


class _Student(msgspec.Struct):
    student: str
    lessons: tuple[msgspec.Raw, ...]


class _Document(msgspec.Struct):
    course: str
    graded_at: str
    isolation: str
    students: tuple[_Student, ...]


def _escape(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


# Python knows such handlers by name alone. Registering this one twice does no harm.
codecs.register_error(_ESCAPED, _escape)


def _student(
    student: StudentResult, encode: Callable[[LessonResult], msgspec.Raw]
) -> dict[str, Any]:
    return {
        "student": student.student,
        "score": student.score,
        "max_score": student.max_score,
        "lessons": [encode(lesson) for lesson in student.lessons],
    }


def _lesson(lesson: LessonResult) -> msgspec.Raw:
    points = lesson.score + lesson.max_score + lesson.late
    points += sum(check.score + check.max_score for check in lesson.checks)
    if not math.isfinite(points):  # msgspec would write null
        raise ValueError(f"{lesson.lesson} has points that JSON cannot hold: {points}")
    record: dict[str, Any] = {
        "lesson": lesson.lesson,
        "status": lesson.status.value,
        "score": lesson.score,
        "max_score": lesson.max_score,
        "message": lesson.message,
        "checks": [_check(check) for check in lesson.checks],
    }
    if lesson.excerpt is not None:
        record["excerpt"] = lesson.excerpt
    if lesson.late:
        record["late"] = lesson.late
    return msgspec.Raw(msgspec.json.encode(record))


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
    # Fields that few checks have are left out of the others.
    if check.answer is not None:
        record["answer"] = check.answer
    if check.effect is not None:
        record["effect"] = check.effect
    if check.picture is not None:
        picture = asdict(check.picture)
        numbers = {key: value for key, value in picture.items() if value is not None}
        record["picture"] = msgspec.Raw(json.dumps(numbers, allow_nan=False).encode())
    if check.excerpt is not None:
        record["excerpt"] = check.excerpt
    if check.undecided is not None:
        record["undecided"] = check.undecided
    return record
