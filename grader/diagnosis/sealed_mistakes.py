"""The known mistakes of a lesson in a student's copy of the course, where nobody can read them.

A student's copy must not contain wrong versions of a lesson. It has a box for each of them. The box
is locked with a key that is made of the replies of that version to the probes, see
:mod:`.reply_keys`. If a student makes the mistake, their function gives the same replies, which
make the same key and open the box. The replies themselves are not in the file.

A box contains the keys to the words of its mistakes, which lie in the file once, and are locked as
well. So there is room for two mistakes at once, which have thousands of boxes.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

from grader.diagnosis.mistake_matcher import MistakeMatcher
from grader.diagnosis.mistakes import Mistake, combine_mistakes
from grader.diagnosis.probes import Probe
from grader.diagnosis.reply_digests import ReplyDigests
from grader.diagnosis.reply_keys import PLACE_SIZE, hash_probes, make_keys, name_place, turn_key
from grader.errors import CourseError
from grader.sandbox import wire

_FORMAT: Final = 3
_WORDS_KEY: Final = 8  # bytes of the key to a mistake's words


@dataclass(frozen=True, slots=True)
class OpenedMistake:
    """A wrong version whose box was opened."""

    mistakes: tuple[Mistake, ...]  # the one to mend first comes first
    breaks: frozenset[str]  # functions that do not behave like the reference's
    fails: frozenset[str]  # names of the checks that it does not pass

    @property
    def mistake(self) -> Mistake:
        """All its mistakes as one."""
        return combine_mistakes(self.mistakes)


class SealedMistakes(MistakeMatcher[OpenedMistake]):
    """The known mistakes of a lesson, in boxes that a student's own replies may open."""

    def __init__(self, path: Path, shown: str) -> None:
        """Read the lesson's file; without one, no mistake is known.

        Args:
            path: of the file.
            shown: its name in messages.

        Raises:
            CourseError: the file is damaged.
        """
        self._damaged = f"{shown} is damaged: copy it from the folder that you were given once more"
        self._file = SealedFile({}, (), {}, {}, {})
        if path.is_file():
            try:
                self._file = SealedFile.decode(path.read_bytes())
            except (OSError, ValueError, TypeError, LookupError, AttributeError, zlib.error,
                    wire.WireError) as error:  # fmt: skip
                raise CourseError(self._damaged) from error
        #: The functions that each check calls.
        self.called = self._file.called
        self.probes = self._file.probes
        self.functions = tuple(self.probes)

    def versions_like(self, name: str, replies: ReplyDigests) -> Sequence[OpenedMistake]:
        """The wrong versions in the box that the replies of a function open; or none."""
        asked = hash_probes(name, self.probes[name])
        keys = chain(make_keys(asked, replies), make_keys(asked, replies, replies.corners))
        try:
            return next(filter(None, map(self._file.open, keys)), [])
        except (zlib.error, ValueError, TypeError) as error:
            raise CourseError(self._damaged) from error


@dataclass(frozen=True, slots=True)
class SealedFile:
    """The file with the sealed mistakes of a lesson."""

    called: Mapping[str, Sequence[str]]  # the functions that each check calls
    functions: Sequence[str]  # of the lesson
    probes: Mapping[str, Sequence[Probe]]  # of each function with a known mistake, in their order
    words: dict[bytes, bytes]  # of mistakes, locked, by place
    boxes: dict[bytes, bytes]  # locked, by place

    def encode(self) -> bytes:
        """The bytes of the file. Probes are compressed: many have the same arrays."""
        content = {
            "format_version": _FORMAT,
            "called": {check: list(names) for check, names in self.called.items()},
            "functions": list(self.functions),
            "probes": {
                name: [[probe.encoded(), probe.corner] for probe in own]
                for name, own in self.probes.items()
            },
            "words": _join(self.words),
            "boxes": _join(self.boxes),
        }
        return zlib.compress(wire.encode(content, trusted=True), 9)

    @classmethod
    def decode(cls, data: bytes) -> SealedFile:
        """Read what :meth:`encode` wrote; any of several exceptions if it is damaged."""
        content: Any = wire.decode(zlib.decompress(data))
        if content["format_version"] != _FORMAT:
            raise ValueError(content["format_version"])
        return cls(
            {check: tuple(map(str, names)) for check, names in content["called"].items()},
            tuple(map(str, content["functions"])),
            {name: [_probe(*probe) for probe in own] for name, own in content["probes"].items()},
            dict(_split(content["words"])),
            dict(_split(content["boxes"])),
        )

    def put(self, key: bytes, versions: Sequence[OpenedMistake]) -> None:
        """Lock versions into a box that this key opens. They have the same mistakes."""
        box = b""
        for mistake in versions[0].mistakes:
            said = json.dumps([mistake.id, mistake.effect, mistake.hints], ensure_ascii=False)
            words = zlib.compress(said.encode(), 9)  # nothing makes what is locked smaller
            own = hashlib.blake2b(words, digest_size=_WORDS_KEY).digest()
            self.words[name_place(own)] = turn_key(own, words)
            box += own
        for version in versions:
            box += _write_marks(version.breaks, self.functions) + _write_marks(
                version.fails, self.called
            )
        self.boxes[name_place(key)] = turn_key(key, bytes([len(versions[0].mistakes)]) + box)

    def open(self, key: bytes) -> list[OpenedMistake]:
        """The versions in the box that this key opens; none if it opens none.

        Raises:
            zlib.error, ValueError, TypeError: a box is damaged.
        """
        box = turn_key(key, self.boxes.get(name_place(key), b""))
        if not box:
            return []
        begin = 1 + box[0] * _WORDS_KEY
        keys = [box[at : at + _WORDS_KEY] for at in range(1, begin, _WORDS_KEY)]
        words = [turn_key(key, self.words.get(name_place(key), b"")) for key in keys]
        if not words or not all(words):  # by chance, another key's box stands in this place
            return []
        mistakes = tuple(map(_read_words, words))
        middle = _bytes_for(self.functions)
        size = middle + _bytes_for(self.called)
        entries = [box[at : at + size] for at in range(begin, len(box), size)]
        return [
            OpenedMistake(
                mistakes,
                _read_marks(entry[:middle], self.functions),
                _read_marks(entry[middle:], self.called),
            )
            for entry in entries
        ]


def _read_words(words: bytes) -> Mistake:
    name, effect, hints = json.loads(zlib.decompress(words))
    return Mistake(name, effect, tuple(hints))


def _bytes_for(names: Collection[str]) -> int:
    return (len(names) + 7) // 8


def _write_marks(chosen: Collection[str], names: Collection[str]) -> bytes:
    """One bit for each name: whether it is among the chosen ones."""
    marks = sum(1 << place for place, name in enumerate(names) if name in chosen)
    return marks.to_bytes(_bytes_for(names), "little")


def _read_marks(marks: bytes, names: Collection[str]) -> frozenset[str]:
    bits = int.from_bytes(marks, "little")
    return frozenset(name for place, name in enumerate(names) if bits >> place & 1)


def _join(entries: Mapping[bytes, bytes]) -> list[list[Any]]:
    """For each length of the entries: all places and what lies there, sorted, as bytes."""
    joined: dict[int, bytes] = {}
    for place in sorted(entries):
        size = len(entries[place])
        joined[size] = joined.get(size, b"") + place + entries[place]
    return [[size, joined[size]] for size in sorted(joined)]


def _split(joined: Sequence[Sequence[Any]]) -> Iterator[tuple[bytes, bytes]]:
    for size, data in joined:
        for at in range(0, len(data), PLACE_SIZE + size):
            entry = data[at : at + PLACE_SIZE + size]
            yield entry[:PLACE_SIZE], entry[PLACE_SIZE:]


def _probe(call: bytes, corner: bool) -> Probe:
    kind, function, args, kwargs = wire.decode(call)
    if kind != "call":
        raise ValueError(kind)
    return Probe(function, tuple(args), kwargs, corner)
