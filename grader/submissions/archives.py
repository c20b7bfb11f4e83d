"""Reads archives that students hand in; nothing in them is trusted.

An archive is read in memory and never extracted to disk. A fault in one file costs that file; a
fault of the archive as a whole is an IntakeError.
"""

from __future__ import annotations

import bz2
import io
import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import IO, Final, Protocol

from grader.errors import IntakeError
from grader.submissions.found_files import (
    FoundFile,
    folder_in_place_of_a_file,
    folders_like_files,
    is_ignored,
    problem_of_place,
)
from grader.submissions.tar_files import TarMember, read_tar
from grader.text import clean, clean_name
from grader.text.wording import kind_in_words, size_in_words

MAX_ARCHIVE_BYTES: Final = 64 * 2**20
MAX_MEMBERS: Final = 1_000  # of one archive, without those that are never looked into
MAX_UNPACKED_BYTES: Final = 128 * 2**20  # all that is read from one hand-in, at every level
_MAX_LEVELS: Final = 4  # an archive in an archive in …

_ZIPS: Final = (".zip",)
_TARS: Final = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
#: No library opens these without a program of the system or compiled code for a dozen codecs.
_FOREIGN: Final = (".rar", ".7z")

# Counted before zipfile makes an object of every entry. Generous, since an archive inside the
# archive has such signatures too, and so has a virtual environment that somebody zipped.
_MAX_SIGNATURES: Final = 20 * MAX_MEMBERS
_CENTRAL_ENTRY: Final = b"PK\x01\x02"
_LOCAL_HEADER_BYTES: Final = 30

# Only what every system's own "compress" command writes. zipfile unpacks bzip2 and LZMA without a
# limit on the output, so that a megabyte of either could fill the memory of this process.
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000  # password, strong encryption, hidden directory
_NAMED_IN_UTF8: Final = 0x800

_DRIVE: Final = re.compile(r"[A-Za-z]:")
_NOT_BELOW: Final = re.compile(r"[\\\0]|^[A-Za-z]:|^/|(?:^|/)\.\.(?:/|\Z)")


class Budget:
    """Limits what is read from the archives of one hand-in, at all levels together."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._left = MAX_UNPACKED_BYTES

    def refuse(self, size: int, name: str) -> None:
        """Raise IntakeError if a file of this size is too large for the rest of the budget."""
        if size > self._left:
            raise IntakeError(
                f"{name} is too large: the files in {self._label} add up to more than "
                f"{size_in_words(MAX_UNPACKED_BYTES)}"
            )

    def spend(self, size: int, name: str) -> None:
        """Count a file that was read. Raises IntakeError if it was too large."""
        self.refuse(size, name)
        self._left -= size


def archive_stem(filename: str) -> str | None:
    """The name of an archive without its ending; None for any other file."""
    name = filename.lower()
    endings = (ending for ending in (*_ZIPS, *_TARS, *_FOREIGN) if name.endswith(ending))
    ending = max(endings, key=len, default=None)
    return filename[: -len(ending)] if ending else None


def expand(file: FoundFile, budget: Budget, level: int = 1) -> Iterator[FoundFile]:
    """The files in an archive, and in the archives in it; any other file as it is.

    An archive that cannot be read is one file with a problem.
    """
    if file.problem or archive_stem(file.name) is None:
        yield file
        return
    try:
        if level > _MAX_LEVELS:
            raise IntakeError(f"{clean_name(file.name)} lies in too many other archives")
        data = file.read(MAX_ARCHIVE_BYTES)
        inner = list(read_archive(data, file.name, file.parts, budget))
    except IntakeError as error:
        said = str(error).removeprefix(f"{clean_name(file.name)} ")
        yield FoundFile(file.parts, file.changed, file.read, said)
        return
    for inner_file in inner:
        yield from expand(inner_file, budget, level + 1)


def read_archive(
    data: bytes, filename: str, above: tuple[str, ...], budget: Budget
) -> Iterator[FoundFile]:
    """The files in an archive. Its name says which kind of archive it is.

    Args:
        data: its bytes.
        filename: its name.
        above: put before the paths of the files.
        budget: what may be read from it.

    Raises:
        IntakeError: it cannot be read.
    """
    label, name = clean_name(filename), filename.lower()
    if name.endswith(_FOREIGN):
        raise IntakeError(
            f"{label} cannot be opened here; hand in the files themselves, or a .zip of them"
        )
    if name.endswith(_TARS):
        yield from _in_tar(data, label, above, budget)
    else:
        refuse_crowds(data, label)
        yield from read_zip(io.BytesIO(data), label, above, budget=budget, limit=MAX_MEMBERS)


def read_zip(
    file: IO[bytes],
    label: str,
    above: tuple[str, ...] = (),
    *,
    budget: Budget | None,
    limit: int,
) -> Iterator[FoundFile]:
    """The files in a zip, sorted by name, without those of ignored folders.

    Args:
        file: the zip, which stays open as long as its files are read.
        label: its name in messages.
        above: put before the paths of the files.
        budget: what may be read from it; None for no limit.
        limit: how many files it may hold.

    Raises:
        IntakeError: it cannot be read.
    """
    with in_words(f"{label} is not a zip archive that can be read; zip the files again"):
        archive = zipfile.ZipFile(file)
        members = [(_with_slashes(_member_name(info)), info) for info in archive.infolist()]
        shared = overlapping([info for _, info in members], archive.start_dir)

    def file_of(info: zipfile.ZipInfo, parts: tuple[str, ...]) -> FoundFile:
        problem = unusual_member(info, label)
        if not problem and info.orig_filename in shared:
            problem = f"shares its bytes with another file in {label}; zip it again"
        read = partial(_read_member, archive, info, label, budget)
        return FoundFile(parts, tuple(info.date_time), read, problem)

    yield from _placed(
        [(name, partial(file_of, info)) for name, info in members], label, above, limit
    )


def _in_tar(data: bytes, label: str, above: tuple[str, ...], budget: Budget) -> Iterator[FoundFile]:
    data = _decompress(data, label, budget)
    with in_words(f"{label} is not a tar archive that can be read; pack the files again"):
        members = list(islice(read_tar(data), _MAX_SIGNATURES))

    def file_of(member: TarMember, parts: tuple[str, ...]) -> FoundFile:
        def read(cap: int) -> bytes:
            name = clean_name(parts[-1])
            if len(member.content) > cap:
                raise IntakeError(f"{name} is larger than {size_in_words(cap)}")
            budget.spend(len(member.content), name)
            return bytes(member.content)

        problem = f"is {member.kind}; hand in the file itself" if member.kind else None
        return FoundFile(parts, _calendar(member.changed), read, problem)

    entries = [
        (member.name + "/" * (member.kind == "a folder"), partial(file_of, member))
        for member in members
    ]
    yield from _placed(entries, label, above, MAX_MEMBERS)


def _placed(
    entries: Iterable[tuple[str, Callable[[tuple[str, ...]], FoundFile]]],
    label: str,
    above: tuple[str, ...],
    limit: int,
) -> Iterator[FoundFile]:
    """The files of an archive, each once, without ignored ones; a bad path is noted in the file.

    Args:
        entries: each with the name that is stored, ended by a slash if it is a folder, and a
            function that makes a file of it.
        label: the archive in messages.
        above: put before the paths.
        limit: how many files there may be.
    """
    kept = [(name, split_path(name), make) for name, make in entries]
    kept = [
        entry for entry in kept if entry[1] and (is_unsafe(entry[0]) or not is_ignored(entry[1]))
    ]
    if len(kept) > limit:
        raise _too_many_members(label, limit)
    times = Counter(name for name, _, _ in kept)
    seen: set[tuple[str, ...]] = set()
    for name, parts, make in sorted(kept, key=lambda entry: entry[0]):
        is_folder = name.endswith("/")
        if is_unsafe(name):
            last = _DRIVE.sub("", re.split(r"[/\\]", name.partition("\0")[0])[-1])
            unsafe = f"has an unsafe path in {label} ({clean(name, 80)}); pack it without paths"
            yield replace(make((*above, last or "?")), problem=unsafe)
            continue
        for folder in folders_like_files(parts if is_folder else parts[:-1]):
            if folder not in seen:
                seen.add(folder)
                yield folder_in_place_of_a_file((*above, *folder))
        if is_folder or parts in seen:
            continue
        seen.add(parts)
        file = make((*above, *parts))
        if times[name] > 1:
            twice = f"is in {label} {times[name]} times; leave only one"
            file = replace(file, problem=twice)
        elif problem := problem_of_place(parts):
            file = replace(file, problem=problem)
        yield file


def split_path(name: str) -> tuple[str, ...]:
    """The parts of a path as an archive stores it."""
    return tuple(part for part in name.split("/") if part not in ("", "."))


def _with_slashes(name: str) -> str:
    """The name with slashes between its folders: older Windows tools store backslashes."""
    return name if "/" in name else name.replace("\\", "/")


def _member_name(info: zipfile.ZipInfo) -> str:
    """The stored name, read as UTF-8 if possible: many systems forget to mark it as UTF-8.

    zipfile cuts `filename` at a NUL and, on Windows, turns backslashes, which would hide just
    what is looked for here.
    """
    name = info.orig_filename
    if info.flag_bits & _NAMED_IN_UTF8:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _read_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str, budget: Budget | None, cap: int
) -> bytes:
    name = clean_name(_member_name(info).rpartition("/")[2])
    if info.file_size > cap:
        raise IntakeError(f"{name} is larger than {size_in_words(cap)}")
    if budget:
        budget.refuse(info.file_size, name)
    with (
        in_words(f"{name} is damaged in {label}; zip the files again"),
        archive.open(info) as member,
    ):
        data = member.read(cap + 1)  # stops a bomb whose declared size is a lie
    if len(data) > cap:
        raise IntakeError(f"{name} is larger than {size_in_words(cap)}")
    if budget:
        budget.spend(len(data), name)
    return data


def _calendar(seconds: int) -> tuple[int, ...]:
    """A time in the form of a zip's entries."""
    try:
        return tuple(datetime.fromtimestamp(seconds, UTC).timetuple()[:6])
    except (ValueError, OverflowError, OSError):
        return ()


class _Decompressor(Protocol):
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


_COMPRESSIONS: Final[Mapping[bytes, Callable[[], _Decompressor]]] = {
    b"\x1f\x8b": lambda: zlib.decompressobj(31),
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ": lambda: lzma.LZMADecompressor(memlimit=MAX_UNPACKED_BYTES),
}


def _decompress(data: bytes, label: str, budget: Budget) -> bytes:
    """The tar in a compressed one; its size counts."""
    begin = next(
        (compression for start, compression in _COMPRESSIONS.items() if data.startswith(start)),
        None,
    )
    if begin is None:
        return data
    with in_words(f"{label} is damaged; pack the files again"):
        unpacked = begin().decompress(data, MAX_UNPACKED_BYTES + 1)
    budget.spend(len(unpacked), label)
    return unpacked


def refuse_crowds(data: bytes, label: str) -> None:
    """Raise IntakeError if an archive may have so many files that reading their list is costly."""
    if data.count(_CENTRAL_ENTRY) > _MAX_SIGNATURES:
        raise _too_many_members(label, MAX_MEMBERS)


def is_unsafe(name: str) -> bool:
    """Whether a stored name could lead out of the folder into which some system unpacks it."""
    return _NOT_BELOW.search(name) is not None


def unusual_member(info: zipfile.ZipInfo, label: str) -> str | None:
    """Why a file of an archive cannot be read, and what to do; None for an ordinary file."""
    mode = info.external_attr >> 16  # 0 where the zipping system knows no modes
    if stat.S_IFMT(mode) and (kind := kind_in_words(mode)):
        return f"is {kind}; hand in the file itself"
    if info.flag_bits & _ENCRYPTED:
        return f"is encrypted in {label}; zip it without a password"
    if info.compress_type not in _METHODS:
        return "is compressed in an unusual way; zip it with your system's own tool"
    return None


def overlapping(members: list[zipfile.ZipInfo], directory_start: int) -> set[str]:
    """Stored names of the members that share bytes with another: the mark of a bomb."""
    overlapping: set[str] = set()
    furthest, owner = 0, ""  # where the members so far end, and the one that ends there
    for info in sorted(members, key=lambda info: info.header_offset):
        # The local header is at least this long; its exact length does not matter here.
        end = info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size
        if info.header_offset < furthest:
            overlapping |= {owner, info.orig_filename}
        if end > directory_start:
            overlapping.add(info.orig_filename)
        if end > furthest:
            furthest, owner = end, info.orig_filename
    return overlapping


def _too_many_members(label: str, limit: int) -> IntakeError:
    return IntakeError(f"{label} holds more than {limit} files; zip only the lesson files")


@contextmanager
def in_words(reason: str) -> Iterator[None]:
    """Turn every exception of reading a crafted archive into an IntakeError that says `reason`.

    There are many, because zipfile does not check what it reads. Depending on the field that was
    tampered with, it raises BadZipFile, or else struct, zlib, the decoding of a name, a seek to a
    negative or huge offset or an allocation of a made-up size fails.
    """
    try:
        yield
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        lzma.LZMAError,
        struct.error,
        EOFError,
        OSError,
        ValueError,  # and UnicodeDecodeError
        IndexError,
        OverflowError,
        MemoryError,
        RuntimeError,  # and NotImplementedError
    ) as error:
        raise IntakeError(reason) from error
