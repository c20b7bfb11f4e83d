"""A bulk download of a learning platform: a folder or a .zip of everything, file by file.

Students choose the names and the bytes of these files, so both are read with suspicion, as in
:mod:`grader.submissions.archives`: no link is followed, nothing is unpacked to disk, and every
read has a limit.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, Final

from grader.errors import GraderError, IntakeError, reason_in_words
from grader.submissions.archives import (
    MAX_MEMBERS,
    MAX_UNPACKED_BYTES,
    in_words,
    is_unsafe,
    overlapping,
    refuse_crowds,
    unusual_member,
)
from grader.submissions.folders import Folder, hold_open, is_hidden
from grader.text import clean_name
from grader.text.wording import kind_in_words, size_in_words

#: Enough for thousands of students with a dozen files and attempts each.
_MAX_FILES: Final = 200_000
_MAX_DEPTH: Final = 12

_NAMED_IN_UTF8: Final = 0x800


@dataclass(frozen=True, slots=True)
class DownloadedFile:
    """One file of a download."""

    parts: tuple[str, ...]  # its path, the name last
    changed: tuple[int, ...]  # the time; compares with other files of the same download
    read: Callable[[int], bytes]  # the whole file; IntakeError if it has more bytes than that

    @property
    def shown(self) -> str:
        """The path for messages, cleaned."""
        return clean_name("/".join(self.parts))


@contextmanager
def open_download(path: Path, problems: list[str]) -> Iterator[Iterator[DownloadedFile]]:
    """The files of a download, in the order of their paths.

    Args:
        path: a folder, or a .zip of one.
        problems: gets a sentence for each file that cannot be read.

    Raises:
        GraderError: there is nothing to read at `path`.
    """
    with ExitStack() as stack:
        try:
            if stat.S_ISDIR(path.stat().st_mode):
                folder = stack.enter_context(hold_open(str(path.resolve())))
                files = _in_folder(folder, (), problems)
            elif zipfile.is_zipfile(path):
                file = stack.enter_context(path.open("rb"))
                files = _in_zip(file, (), clean_name(path.name), problems, limit=_MAX_FILES)
            else:
                raise GraderError(
                    f"{clean_name(str(path))} is neither a folder nor a .zip. Name the file that "
                    "you downloaded, or the folder that it was unpacked to."
                )
        except OSError as error:
            raise GraderError(
                f"{clean_name(str(path))} cannot be read: {reason_in_words(error)}"
            ) from error
        yield files  # outside the try: errors from here on are about single files


def unpacked(file: DownloadedFile, problems: list[str], *, cap: int) -> Iterator[DownloadedFile]:
    """The files in a .zip that a student handed in, together at most MAX_UNPACKED_BYTES.

    Raises:
        IntakeError: it cannot be read.
    """
    data = file.read(cap)
    refuse_crowds(data, file.shown)
    left = MAX_UNPACKED_BYTES

    def read(inner: DownloadedFile, inner_cap: int) -> bytes:
        nonlocal left
        found = inner.read(inner_cap)
        left -= len(found)
        if left < 0:
            raise IntakeError(
                f"the files in {file.shown} add up to more than {size_in_words(MAX_UNPACKED_BYTES)}"
            )
        return found

    members = _in_zip(io.BytesIO(data), file.parts, file.shown, problems, limit=MAX_MEMBERS)
    for inner in members:
        yield replace(inner, read=partial(read, inner))


def _in_folder(
    folder: Folder, above: tuple[str, ...], problems: list[str]
) -> Iterator[DownloadedFile]:
    # Yields each file while its folder is held open; the caller reads it before the next one.
    for name in sorted(folder.entries()):
        parts = (*above, name)
        mode = folder.mode(name)
        if stat.S_ISDIR(mode):
            if len(parts) > _MAX_DEPTH:
                problems.append(f"{clean_name('/'.join(parts))}: lies too deep; not looked into")
                continue
            try:
                with folder.enter(name) as inner:
                    yield from _in_folder(inner, parts, problems)
            except IntakeError as error:
                problems.append(str(error))
        elif stat.S_ISREG(mode):
            found = folder.look(name)
            yield DownloadedFile(parts, found.changed if found else (), partial(folder.read, name))
        else:
            kind = kind_in_words(mode) if mode else "not to be read"
            problems.append(f"{clean_name('/'.join(parts))}: is {kind}; not followed")


def _in_zip(
    file: IO[bytes], above: tuple[str, ...], label: str, problems: list[str], *, limit: int
) -> Iterator[DownloadedFile]:
    with in_words(f"{label} is not a zip archive that can be read"):
        archive = zipfile.ZipFile(file)
        members = archive.infolist()
        shared = overlapping(members, archive.start_dir)
    if len(members) > limit:
        raise IntakeError(f"{label} holds more than {limit} files")
    seen: set[str] = set()
    for info in sorted(members, key=_member_name):
        name = _member_name(info)
        parts = [part for part in name.split("/") if part not in ("", ".")]
        shown = clean_name("/".join([*above, name]))
        if name.endswith("/") or not parts:
            continue
        if is_unsafe(name) or len(parts) > _MAX_DEPTH:
            problems.append(f"{shown}: has an unsafe path; left out")
        elif any(is_hidden(part) for part in parts):
            continue
        elif problem := unusual_member(info, label):
            problems.append(f"{shown}: {problem}; left out")
        elif info.orig_filename in shared:
            problems.append(f"{shown}: shares its bytes with another file; left out")
        elif name in seen:
            problems.append(f"{shown}: is there twice; the first counts")
        else:
            seen.add(name)
            read = partial(_read_member, archive, info, shown)
            yield DownloadedFile((*above, *parts), tuple(info.date_time), read)


def _member_name(info: zipfile.ZipInfo) -> str:
    """The stored name, read as UTF-8 if possible: many systems forget to mark it as UTF-8."""
    name = info.orig_filename
    if info.flag_bits & _NAMED_IN_UTF8:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, shown: str, cap: int) -> bytes:
    if info.file_size <= cap:
        with in_words(f"{shown} is damaged"), archive.open(info) as member:
            data = member.read(cap + 1)  # stops a bomb whose declared size is a lie
        if len(data) <= cap:
            return data
    raise IntakeError(f"{shown} is larger than {size_in_words(cap)}")
