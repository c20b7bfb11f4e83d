"""The known mistakes of a lesson for a student's own copy, where nobody can read them.

A student's copy holds no known-wrong version, and must not. What it can hold is a box for each of
them: the mistake's name, what it looks like and its hints, locked with a key that is made of *what
that version replies* to the probes. Whoever makes the mistake replies the same, has the key, and
reads the box; nobody else can, and the replies themselves stand nowhere. A key is made of all
replies of a function together, so that none can be guessed by itself.

Numbers that differ by rounding must make the same key, so each is sorted into a bucket, about 1e-4
of its size wide (below 1e-4: 1e-8). A student's number that lies near the edge of one is tried in
the next one as well.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import itertools
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final

import numpy as np

from grader.checks.descriptions import numeric
from grader.checks.outcomes import is_not_started
from grader.checks.student import Callee
from grader.diagnosis.mistakes import Mistake
from grader.diagnosis.probes import Probe, Reply, ask_all, overflows, without_inf
from grader.errors import CourseError
from grader.sandbox import wire

_FORMAT: Final = 1
_WIDTH: Final = 1e-4  # of a bucket, in parts of the number
_SMALL: Final = 1e-4  # where buckets begin to have all the same width, _WIDTH * _SMALL
_EDGE: Final = 0.005  # parts of a bucket; numbers nearer to the next one are tried there as well
_MOST_EDGES: Final = 10  # 2**10 keys
_LARGEST: Final = 1e300
_ODD: Final = 2**62  # stands for what is not finite


class Corners(Enum):
    """How replies in corners are looked at: what agrees there, tells :mod:`.known`."""

    LEFT_OUT = b"left out"
    EXACT = b"exact"  # inf is nan
    RAISES = b"raises"  # nan is the same as an exception, which the known version raises
    OVERFLOWS = b"overflows"  # … which the student's function raises


@dataclass(frozen=True, slots=True)
class Opened:
    """A known mistake that turned out to be the student's, in one of its versions."""

    mistake: Mistake
    breaks: frozenset[str]  # functions that do not behave like the reference's
    fails: frozenset[str]  # names of the checks that it does not pass


class SealedMistakes:
    """The known mistakes of a lesson, as far as a student's own replies open their boxes."""

    def __init__(self, path: Path, shown: str) -> None:
        """Read the lesson's file; without one, no mistake is known.

        Args:
            path: of the file.
            shown: what messages call it.

        Raises:
            CourseError: the file is damaged.
        """
        #: The functions that each check calls.
        self.called: Mapping[str, Sequence[str]] = {}
        self._probes: Mapping[str, Sequence[Probe]] = {}
        self._boxes: Mapping[str, bytes] = {}
        if path.is_file():
            try:
                self.called, self._probes, self._boxes = _read_file(path.read_text("utf-8"))
            except (OSError, ValueError, TypeError, LookupError, AttributeError,
                    wire.WireError) as error:  # fmt: skip
                raise CourseError(
                    f"{shown} is damaged: copy it from the folder that you were given once more"
                ) from error
        #: The functions that have probes, in the order in which they are defined.
        self.functions = tuple(self._probes)

    def match(self, callee: Callee, functions: Collection[str]) -> dict[str, list[Opened]]:
        """For each of these functions whose replies open a box, what is in it.

        Args:
            callee: runs the student's functions.
            functions: the ones to look at.
        """
        found: dict[str, list[Opened]] = {}
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

    def _opened(self, name: str, replies: Sequence[Reply]) -> list[Opened]:
        probes = self._probes[name]
        for corners in (*LEFT_OUT, *ways_to_see_corners(probes, replies, theirs=False)):
            for key in make_keys(name, probes, replies, corners):
                if (locked := self._boxes.get(name_place(key))) is not None:
                    return _read_box(turn_key(key, locked))
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
    return json.dumps(file, indent=1) + "\n"


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


def write_box(versions: Sequence[Opened]) -> bytes:
    """What is locked away: one mistake, in all its versions that look the same."""
    mistake = versions[0].mistake
    box = {
        "mistake": mistake.id,
        "effect": mistake.effect,
        "hints": mistake.hints,
        "versions": [{"breaks": sorted(it.breaks), "fails": sorted(it.fails)} for it in versions],
    }
    return json.dumps(box, ensure_ascii=False, separators=(",", ":")).encode()


def _read_box(data: bytes) -> list[Opened]:
    box = json.loads(data)
    mistake = Mistake(box["mistake"], box["effect"], tuple(box["hints"]))
    return [
        Opened(mistake, frozenset(it["breaks"]), frozenset(it["fails"])) for it in box["versions"]
    ]


def _probe(call: bytes, corner: bool) -> Probe:
    kind, function, args, kwargs = wire.decode(call)
    if kind != "call":
        raise ValueError(kind)
    return Probe(function, tuple(args), kwargs, corner)


# ---- keys

LEFT_OUT: Final = (Corners.LEFT_OUT,)


def ways_to_see_corners(
    probes: Sequence[Probe], replies: Sequence[Reply], *, theirs: bool
) -> list[Corners]:
    """How corners are looked at, where they have a say.

    Args:
        probes: of a function.
        replies: to these.
        theirs: whether it is the known version's replies, and not the student's.
    """
    own = [reply for probe, reply in zip(probes, replies, strict=True) if probe.corner]
    ways = [Corners.EXACT]
    if any(map(overflows, own)):
        raises = any(isinstance(reply.error, ArithmeticError) for reply in own)
        # A version and a student agree if one of both raises and the other gives nan or raises.
        if raises or not theirs:
            ways.append(Corners.RAISES)
        if raises or theirs:
            ways.append(Corners.OVERFLOWS)
    return ways


def make_keys(
    name: str, probes: Sequence[Probe], replies: Sequence[Reply], corners: Corners
) -> Iterator[bytes]:
    """The keys that these replies make, the likeliest first; none if one is no plain number."""
    form: list[str] = [name]
    numbers: list[np.ndarray] = []
    digest = hashlib.blake2b(corners.value)
    changed: set[str] = set()
    for probe, reply in zip(probes, replies, strict=True):
        if probe.corner and corners is Corners.LEFT_OUT:
            continue
        digest.update(wire.encode_call(probe.function, probe.args, probe.kwargs))
        value = reply.value
        if probe.corner:
            if corners is not Corners.EXACT and overflows(reply):
                form.append("odd")
                continue
            value = without_inf(value)
        else:
            changed |= set(map(str, reply.changed))
        if reply.error is not None:
            form.append("overflow" if probe.corner and overflows(reply) else "error")
        elif not _describe(value, form, numbers):
            return
    digest.update(json.dumps([form, sorted(changed)]).encode())
    for buckets in _buckets(np.concatenate([np.zeros(0), *numbers])):
        key = digest.copy()
        key.update(buckets.astype("<i8").tobytes())
        yield key.digest()


def _describe(value: Any, form: list[str], numbers: list[np.ndarray]) -> bool:
    """Write down a value's form and its numbers; False if it holds something else."""
    array = numeric(value)
    if array is not None:
        form.append(str(array.shape))
        numbers.append(array.real.astype(float).ravel())
        if array.dtype.kind == "c" and array.imag.any():
            form.append("complex")
            numbers.append(array.imag.ravel())
        return True
    if isinstance(value, list | tuple):
        form.append(f"{len(value)} parts")
        return all(_describe(part, form, numbers) for part in value)
    form.append("nothing")
    return value is None


def _buckets(values: np.ndarray) -> Iterator[np.ndarray]:
    """The buckets of all numbers, ``(n,)``; then with some of those near an edge in the next one.

    The inverse hyperbolic sine is a logarithm for large numbers and a line through zero.
    """
    finite = np.isfinite(values)
    bounded = np.clip(np.where(finite, values, 0.0), -_LARGEST, _LARGEST)
    places = np.arcsinh(bounded / _SMALL) / _WIDTH + 0.5  # zero is in the middle of its bucket
    buckets = np.floor(places).astype(np.int64)
    odd = np.where(np.isnan(values), _ODD, np.where(values > 0, _ODD + 1, _ODD + 2))
    buckets = np.where(finite, buckets, odd)
    gaps = np.abs(places - np.round(places))
    near = np.argsort(gaps, kind="stable")[:_MOST_EDGES]
    near = near[(gaps[near] < _EDGE) & finite[near]]
    step = np.where(places[near] < np.round(places[near]), 1, -1)
    for moved in itertools.product((0, 1), repeat=len(near)):
        tried = buckets.copy()
        tried[near] += step * np.array(moved, dtype=np.int64)
        yield tried


def name_place(key: bytes) -> str:
    """Where the box lies that this key opens."""
    return hashlib.blake2b(b"place" + key, digest_size=16).hexdigest()


def turn_key(key: bytes, text: bytes) -> bytes:
    """Lock what is open, or open what is locked."""
    stream = hashlib.shake_256(b"stream" + key).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, stream, strict=True))
