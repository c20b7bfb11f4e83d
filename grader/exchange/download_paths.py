"""Reads the paths in a platform's bulk download: who handed in the file, and under which name.

The functions read paths, not contents. The patterns are from the platforms' documentation and code:
Canvas ``<name>_[LATE_]<user>_<attachment>_<file>``, Moodle
``<full name>_<participant>_assignsubmission_file_/<file>``, Gradescope a folder
``submission_<id>`` for each submission and ``submission_metadata.yml`` beside them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml

from grader.errors import GraderError
from grader.exchange.downloads import open_download
from grader.exchange.ids import Id, Kind
from grader.submissions.archives import archive_stem
from grader.submissions.submission_times import read_stamp
from grader.text import clean_name


class Platform(StrEnum):
    """The platform from which a download comes."""

    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody who handed in files, as the platform names them."""

    name: str
    ids: tuple[Id, ...]  # the best one first

    @property
    def key(self) -> str:
        """The id of this person within the download."""
        return self.ids[0].value if self.ids else self.name

    @property
    def lasting_ids(self) -> list[Id]:
        """The ids that this person will also have in a later download."""
        return [id_ for id_ in self.ids if id_.kind is not Kind.PARTICIPANT]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What the path of a file tells."""

    senders: tuple[Sender, ...]  # a group has several
    inside: tuple[str, ...]  # the path within what they handed in; the name is the student's
    attempt: tuple[int, ...]  # a later one is larger; () if only the time tells
    late: bool | None = None  # None: the path does not say
    submitted: str | None = None  # ISO 8601


#: Reads one path of a download: who handed in which file; None if the path does not say.
PathReader = Callable[[Sequence[str]], HandedOver | None]

METADATA_FILE: Final = "submission_metadata.yml"

_CANVAS: Final = re.compile(
    r"(?:(?P<name>.+?)_(?:(?P<late>LATE)_)?(?P<user>\d{1,20})"
    r"|anon_(?:(?P<anonymous_late>LATE)_)?(?P<anonymous>[A-Za-z0-9]{4,12}))"
    r"_(?:(?P<attachment>\d{1,20})_(?P<file>.+)|(?P<typed>text\.html|link\.html))",
    re.DOTALL,
)
_MOODLE: Final = re.compile(
    r"(?P<name>.*?)_(?P<id>\d{1,20})_assignsubmission_(?:file|onlinetext)(?:_(?P<file>.*))?",
    re.DOTALL,
)
_MOODLE_SENDER: Final = re.compile(r"_\d{1,20}_assignsubmission_(?:file|onlinetext)")
_LONGEST_STAMP: Final = 80
_GRADESCOPE: Final = re.compile(r"submission_\d{1,20}")


def from_canvas(parts: Sequence[str]) -> HandedOver | None:
    """Read a path of Canvas's “Download Submissions”; None for any other path."""
    named = _CANVAS.fullmatch(parts[-1])
    if not named:
        return None
    user = named["user"] or named["anonymous"]
    kind = Kind.CANVAS if named["user"] else Kind.UNKNOWN
    sender = Sender(named["name"] or f"anonymous {user}", (Id(kind, user),))
    late = bool(named["late"] or named["anonymous_late"])
    # Attachments are numbered in the order in which they were uploaded.
    attachment = int(named["attachment"] or 0)
    return HandedOver((sender,), (named["file"] or named["typed"],), (attachment,), late)


def from_moodle(parts: Sequence[str]) -> HandedOver | None:
    """Read a path of Moodle's “Download all submissions”, in folders or not; None for any other.

    Also None if the path names two people: on many sites people choose their own names.
    """
    for depth, part in enumerate(parts):
        if named := _MOODLE.fullmatch(part):
            if len(_MOODLE_SENDER.findall(part)) > 1:
                return None
            inside = tuple(parts[depth + 1 :]) or (named["file"] or "",)
            if not inside[0]:
                return None
            sender = Sender(named["name"], (Id(Kind.PARTICIPANT, named["id"]),))
            return HandedOver((sender,), inside, ())
    return None


def from_folder(parts: Sequence[str]) -> HandedOver | None:
    """Read a path in a folder that holds a folder or an archive for each student; or None."""
    name = parts[0] if len(parts) > 1 else archive_stem(parts[0])
    if not name:
        return None
    return HandedOver((Sender(name, (Id(Kind.UNKNOWN, name),)),), tuple(parts[1:] or parts), ())


def from_gradescope(
    parts: Sequence[str], metadata: Mapping[str, Mapping[str, Any]], due: datetime | None
) -> HandedOver | None:
    """Read a path of Gradescope's export; None if the metadata does not name its student.

    Args:
        parts: the path.
        metadata: see :func:`parse_metadata`.
        due: a submission created after this is late; None leaves that open.
    """
    at = next((n for n, part in enumerate(parts[:-1]) if _GRADESCOPE.fullmatch(part)), None)
    if at is None or (entry := metadata.get(parts[at])) is None:
        return None
    senders = []
    for person in _list(entry.get(":submitters")):
        name, email, sid = (_text(person.get(key)) for key in (":name", ":email", ":sid"))
        given = ((Kind.STUDENT_ID, sid), (Kind.EMAIL, email))
        ids = tuple(Id(kind, value) for kind, value in given if value)
        if ids or name:
            senders.append(Sender(name or ids[0].value, ids or (Id(Kind.UNKNOWN, name),)))
    created = _moment(entry.get(":created_at"))
    late = created > due if created and due else None
    attempt = (int(created.timestamp() * 1e6),) if created else ()
    shown = created.isoformat() if created else _text(entry.get(":created_at"))[:80] or None
    inside = tuple(parts[at + 1 :])
    return HandedOver(tuple(senders), inside, attempt, late, shown) if senders else None


def is_metadata(parts: Sequence[str]) -> bool:
    """Whether a path of Gradescope's export is the metadata, not a student's file of that name."""
    inside = any(_GRADESCOPE.fullmatch(part) for part in parts[:-1])
    return parts[-1] == METADATA_FILE and not inside


def parse_metadata(data: bytes, label: str) -> dict[str, Mapping[str, Any]]:
    """The submissions that ``submission_metadata.yml`` describes, by their folders.

    Raises:
        GraderError: it is no such file.
    """
    try:
        described = yaml.safe_load(data)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        why = " ".join(str(error).split())[:200]
        raise GraderError(f"{clean_name(label)} is not proper YAML: {clean_name(why)}") from None
    if not isinstance(described, dict):
        raise GraderError(f"{clean_name(label)} describes no submissions; download them again")
    return {str(key): value for key, value in described.items() if isinstance(value, dict)}


def path_reader(platform: Platform, download: Path, due: datetime | None) -> PathReader:
    """The function that reads the paths in a platform's downloads.

    Args:
        platform: where the download comes from.
        download: a Gradescope export holds a file with the names of the students.
        due: see :func:`from_gradescope`.

    Raises:
        GraderError: Gradescope's file is missing or damaged.
    """
    if platform is not Platform.GRADESCOPE:
        readers: dict[Platform, PathReader] = {
            Platform.CANVAS: from_canvas,
            Platform.MOODLE: from_moodle,
            Platform.FOLDER: from_folder,
        }
        return readers[platform]
    with open_download(download) as files:
        for file in files:
            if is_metadata(file.parts) and not file.problem:
                data = file.read(64 * 2**20)
                break
        else:
            raise GraderError(
                f"{download}: holds no {METADATA_FILE}, which says whose "
                "submissions these are; use Gradescope's “Export Submissions”, or --from folder"
            )
    metadata = parse_metadata(data, METADATA_FILE)
    return partial(from_gradescope, metadata=metadata, due=due)


def _list(value: object) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) else ""


def _moment(value: object) -> datetime | None:
    """A time as YAML has it, or as a stamp; without a zone, UTC."""
    if isinstance(value, str):
        return read_stamp(value[:_LONGEST_STAMP]).when
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
