"""The known mistakes of a lesson in a student's copy of the course, where nobody can read them.

A student's copy must not contain wrong versions of a lesson. It has a box for each of them, with
the mistake's name, sentence and hints. The box is locked with a key that is made of the replies of
that version to the probes, see :mod:`.reply_keys`. If a student makes the mistake, their function
gives the same replies, which make the same key and open the box. The replies themselves are not in
the file.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.checks.outcomes import is_not_started
from grader.checks.student import Callee
from grader.diagnosis.mistakes import Mistake
from grader.diagnosis.probes import Probe, Reply, ask_all
from grader.diagnosis.reply_keys import (
    LEFT_OUT,
    make_keys,
    name_place,
    turn_key,
    ways_to_see_corners,
)
from grader.errors import CourseError
from grader.sandbox import wire

_FORMAT: Final = 2


@dataclass(frozen=True, slots=True)
class OpenedMistake:
    """A known mistake whose box was opened, in one of its versions."""

    mistake: Mistake
    breaks: frozenset[str]  # functions that do not behave like the reference's
    fails: frozenset[str]  # names of the checks that it does not pass


class SealedMistakes:
    """The known mistakes of a lesson, in boxes that a student's own replies may open."""

    def __init__(self, path: Path, shown: str) -> None:
        """Read the lesson's file; without one, no mistake is known.

        Args:
            path: of the file.
            shown: its name in messages.

        Raises:
            CourseError: the file is damaged.
        """
        #: The functions that each check calls.
        self.called: Mapping[str, Sequence[str]] = {}
        self._probes: Mapping[str, Sequence[Probe]] = {}
        self._boxes: Mapping[str, bytes] = {}
        self._damaged = f"{shown} is damaged: copy it from the folder that you were given once more"
        if path.is_file():
            try:
                self.called, self._probes, self._boxes = _read_file(path.read_text("utf-8"))
            except (OSError, ValueError, TypeError, LookupError, AttributeError,
                    wire.WireError) as error:  # fmt: skip
                raise CourseError(self._damaged) from error
        #: The functions that have probes, in the order in which they are defined.
        self.functions = tuple(self._probes)

    def match(self, callee: Callee, functions: Collection[str]) -> dict[str, list[OpenedMistake]]:
        """For each of these functions whose replies open a box, its content.

        Args:
            callee: runs the student's functions.
            functions: the ones to look at.
        """
        found: dict[str, list[OpenedMistake]] = {}
        for name in functions:
            replies = ask_all(callee, self._probes.get(name, ()))
            if not replies or any(is_not_started(reply.error) for reply in replies):
                continue
            if versions := self._opened(name, replies):
                found[name] = versions
        return found

    def foreseen(self, functions: Collection[str]) -> dict[str, list[bytes]]:
        """The calls that :meth:`match` makes, encoded; they belong to no check."""
        return {"": [probe.encoded() for it in functions for probe in self._probes.get(it, ())]}

    def _opened(self, name: str, replies: Sequence[Reply]) -> list[OpenedMistake]:
        probes = self._probes[name]
        for corners in (*LEFT_OUT, *ways_to_see_corners(probes, replies, theirs=False)):
            for key in make_keys(name, probes, replies, corners):
                if (locked := self._boxes.get(name_place(key))) is not None:
                    try:
                        return _read_box(turn_key(key, locked))
                    except (zlib.error, ValueError, TypeError, LookupError) as error:
                        raise CourseError(self._damaged) from error
        return []


# ---- the file, and what is in a box


def write_file(
    called: Mapping[str, Sequence[str]],
    probes: Mapping[str, Sequence[Probe]],
    boxes: Mapping[str, bytes],
) -> str:
    """The text of a lesson's file.

    Args:
        called: the functions that each check calls.
        probes: of each function, in the order in which these are defined.
        boxes: locked, by what :func:`name_place` says.
    """
    file = {
        "format_version": _FORMAT,
        "called": {check: list(names) for check, names in called.items()},
        "probes": {
            name: [
                {
                    "call": _to_text(wire.encode_call(it.function, it.args, it.kwargs)),
                    "corner": it.corner,
                }
                for it in own
            ]
            for name, own in probes.items()
        },
        "boxes": {place: _to_text(box) for place, box in boxes.items()},
    }
    return json.dumps(file, indent=0, separators=(",", ":")) + "\n"


def _read_file(
    text: str,
) -> tuple[dict[str, tuple[str, ...]], dict[str, list[Probe]], dict[str, bytes]]:
    """What :func:`write_file` was given; any of several exceptions if the file is damaged."""
    file = json.loads(text)
    if file["format_version"] != _FORMAT:
        raise ValueError(file["format_version"])
    called = {check: tuple(map(str, names)) for check, names in file["called"].items()}
    probes = {
        name: [_probe(_to_bytes(it["call"]), bool(it["corner"])) for it in own]
        for name, own in file["probes"].items()
    }
    return called, probes, {place: _to_bytes(box) for place, box in file["boxes"].items()}


def _to_text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _to_bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error


def write_box(versions: Sequence[OpenedMistake]) -> bytes:
    """The content of a box: a mistake, with all its versions that look the same."""
    mistake = versions[0].mistake
    box = {
        "mistake": mistake.id,
        "effect": mistake.effect,
        "hints": mistake.hints,
        "versions": [{"breaks": sorted(it.breaks), "fails": sorted(it.fails)} for it in versions],
    }
    # Compressed, since what is sealed looks like noise, which nothing makes smaller.
    return zlib.compress(json.dumps(box, ensure_ascii=False, separators=(",", ":")).encode(), 9)


def _read_box(data: bytes) -> list[OpenedMistake]:
    box = json.loads(zlib.decompress(data))
    mistake = Mistake(box["mistake"], box["effect"], tuple(box["hints"]))
    return [
        OpenedMistake(mistake, frozenset(it["breaks"]), frozenset(it["fails"]))
        for it in box["versions"]
    ]


def _probe(call: bytes, corner: bool) -> Probe:
    kind, function, args, kwargs = wire.decode(call)
    if kind != "call":
        raise ValueError(kind)
    return Probe(function, tuple(args), kwargs, corner)
