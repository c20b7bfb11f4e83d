"""When students handed in, as nbgrader writes it down beside their work: ``timestamp.txt``."""

from __future__ import annotations

import re
import stat
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from grader.archives import Folder, hold_open
from grader.errors import IntakeError

_NAME: Final = "timestamp.txt"
_MAX_BYTES: Final = 200
_STAMP: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?\s*(UTC|Z|[+-]\d\d:?\d\d)?", re.ASCII
)


def handed_in(submissions: Path, student: str) -> datetime | None:
    """When a student's folder was handed in, with the time zone; None if it does not say.

    Several assignments of nbgrader lie in folders of the student's; the latest stamp counts.
    """
    found: list[datetime] = []
    with (
        suppress(IntakeError),
        hold_open(str(submissions)) as whole,
        whole.enter(student) as folder,
    ):
        found += _stamps(folder)
        for name in folder.others():
            if stat.S_ISDIR(folder.mode(name)):
                with suppress(IntakeError), folder.enter(name) as inner:
                    found += _stamps(inner)
    return max(found, default=None)


def _stamps(folder: Folder) -> list[datetime]:
    if folder.look(_NAME) is None:
        return []
    with suppress(IntakeError):
        when = parse(folder.read(_NAME, _MAX_BYTES).decode("ascii", "replace"))
        return [when] if when else []
    return []


def parse(text: str) -> datetime | None:
    """A stamp such as ``2026-11-20 17:00:00.000000 UTC``; without a zone, it is UTC."""
    match = _STAMP.fullmatch(text.strip())
    if match is None:
        return None
    zone = match[3] if match[3] and match[3] not in ("UTC", "Z") else "+00:00"
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
