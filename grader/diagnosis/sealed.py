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

import hashlib
import itertools
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import msgspec
import numpy as np

from grader.checks.descriptions import numeric
from grader.checks.outcomes import is_not_started
from grader.checks.student import Callee
from grader.course import Course, Lesson
from grader.diagnosis.known import KnownMistakes, Version, is_finite, without_inf
from grader.diagnosis.misconceptions import Misconception
from grader.diagnosis.probes import Probe, Reply, ask_all
from grader.errors import CourseError
from grader.sandbox import wire
from grader.sandbox.session import encode_call

_FORMAT: Final = 1
_WIDTH: Final = 1e-4  # of a bucket, in parts of the number
_SMALL: Final = 1e-4  # where buckets begin to have all the same width, _WIDTH * _SMALL
_EDGE: Final = 0.005  # parts of a bucket; numbers nearer to the next one are tried there as well
_MOST_EDGES: Final = 10  # 2**10 keys
_LARGEST: Final = 1e300
_ODD: Final = 2**62  # stands for what is not finite


class _Corners(Enum):
    """How replies in corners are looked at: what agrees there, tells :mod:`.known`."""

    LEFT_OUT = b"left out"
    EXACT = b"exact"  # inf is nan
    RAISES = b"raises"  # nan is the same as an exception, which the known version raises
    OVERFLOWS = b"overflows"  # … which the student's function raises


class _Version(msgspec.Struct, frozen=True):
    breaks: tuple[str, ...]  # functions
    fails: tuple[str, ...]  # checks


class _Box(msgspec.Struct, frozen=True):
    """What is locked away."""

    mistake: str
    effect: str
    hints: tuple[str, ...]
    versions: tuple[_Version, ...]


class _Probe(msgspec.Struct, frozen=True):
    call: bytes  # encoded, as a session sends it
    corner: bool


class _File(msgspec.Struct, frozen=True):
    format_version: int
    called: dict[str, tuple[str, ...]]  # functions, by check
    probes: dict[str, list[_Probe]]  # by function, in the order in which these are defined
    boxes: dict[str, bytes]  # by what only the key tells


@dataclass(frozen=True, slots=True)
class Opened:
    """A known mistake that turned out to be the student's."""

    mistake: Misconception
    breaks: frozenset[str]  # functions that do not behave like the reference's
    fails: frozenset[str]  # names of the checks that it does not pass


def seal(
    known: KnownMistakes,
    called: Mapping[str, Sequence[str]],
    failed_by: Callable[[ModuleType], Collection[str]],
) -> str:
    """The file for students: probes, and boxes that only the mistakes themselves open.

    Args:
        known: the mistakes of the lesson.
        called: which functions each check calls that students have.
        failed_by: which of these checks a version does not pass. What fails none is left out.
    """
    boxes: dict[str, bytes] = {}
    owners: dict[str, set[str]] = {}
    wanted: set[str] = set()
    for name, version in itertools.product(known.functions, known.versions):
        if name not in version.breaks:
            continue
        explained = known.explaining(name, version.replies[name])
        box = _boxed(explained.versions, failed_by)
        if box is None:
            continue
        wanted.add(name)
        probes, replies = known.probes[name], version.replies[name]
        for corners in _ways(probes, replies, theirs=True) if explained.in_corners else _PLAIN:
            for key in itertools.islice(_keys(name, probes, replies, corners), 1):
                place = _place(key)
                owners.setdefault(place, set()).add(box.mistake)
                boxes[place] = _turned(key, msgspec.json.encode(box))
    probes_of = {
        name: [
            _Probe(encode_call(probe.function, probe.args, probe.kwargs), probe.corner)
            for probe in known.probes[name]
        ]
        for name in known.functions
        if name in wanted
    }
    single = {place: boxes[place] for place in sorted(boxes) if len(owners[place]) == 1}
    functions = {check: tuple(names) for check, names in called.items()}
    file = _File(_FORMAT, functions, probes_of, single)
    return json.dumps(msgspec.to_builtins(file), indent=1) + "\n"


class SealedMistakes:
    """The known mistakes of a lesson, as far as a student's own replies open their boxes."""

    def __init__(self, course: Course, lesson: Lesson) -> None:
        """Read the lesson's file; without one, no mistake is known.

        Raises:
            CourseError: the file is damaged.
        """
        self.called: Mapping[str, Sequence[str]] = {}
        self.functions: tuple[str, ...] = ()
        self._probes: dict[str, list[Probe]] = {}
        self._boxes: Mapping[str, bytes] = {}
        path = lesson.sealed_mistakes
        if not path.is_file():
            return
        try:
            file = msgspec.json.decode(path.read_bytes(), type=_File)
            self._probes = {name: list(map(_probe, own)) for name, own in file.probes.items()}
        except (OSError, ValueError, TypeError, wire.WireError, msgspec.MsgspecError) as error:
            raise _damaged(course, path) from error
        if file.format_version != _FORMAT:
            raise _damaged(course, path)
        self.called, self.functions, self._boxes = file.called, tuple(file.probes), file.boxes

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

    def _opened(self, name: str, replies: Sequence[Reply]) -> list[Opened]:
        probes = self._probes[name]
        for corners in (*_PLAIN, *_ways(probes, replies, theirs=False)):
            for key in _keys(name, probes, replies, corners):
                if (locked := self._boxes.get(_place(key))) is not None:
                    box = msgspec.json.decode(_turned(key, locked), type=_Box)
                    mistake = Misconception(box.mistake, box.effect, box.hints, ())
                    return [
                        Opened(mistake, frozenset(it.breaks), frozenset(it.fails))
                        for it in box.versions
                    ]
        return []


def _damaged(course: Course, path: Path) -> CourseError:
    return CourseError(
        f"{course.shown(path)} is damaged: copy it from the folder that you were given once more"
    )


def _probe(kept: _Probe) -> Probe:
    kind, function, args, kwargs = wire.decode(kept.call)
    if kind != "call":
        raise ValueError(kind)
    return Probe(function, tuple(args), kwargs, kept.corner)


def _boxed(
    versions: Sequence[Version], failed_by: Callable[[ModuleType], Collection[str]]
) -> _Box | None:
    """What is told of the one mistake of these versions; None if no check would ever show it."""
    told = {
        _Version(tuple(sorted(it.breaks)), tuple(sorted(failed_by(it.module)))) for it in versions
    }
    shown = tuple(sorted((it for it in told if it.fails), key=repr))
    if not shown:
        return None
    mistake = versions[0].mistake
    return _Box(mistake.id, mistake.effect, mistake.hints, shown)


# ---- keys

_PLAIN: Final = (_Corners.LEFT_OUT,)


def _ways(probes: Sequence[Probe], replies: Sequence[Reply], *, theirs: bool) -> list[_Corners]:
    """How corners are looked at, where they have a say.

    Args:
        probes: of a function.
        replies: to these.
        theirs: whether it is the known version's replies, and not the student's.
    """
    own = [reply for probe, reply in zip(probes, replies, strict=True) if probe.corner]
    ways = [_Corners.EXACT]
    if any(map(_is_odd, own)):
        raises = any(isinstance(reply.error, ArithmeticError) for reply in own)
        # A version and a student agree if one of both raises and the other gives nan or raises.
        if raises or not theirs:
            ways.append(_Corners.RAISES)
        if raises or theirs:
            ways.append(_Corners.OVERFLOWS)
    return ways


def _is_odd(reply: Reply) -> bool:
    return reply.error is not None or not is_finite(reply.value)


def _keys(
    name: str, probes: Sequence[Probe], replies: Sequence[Reply], corners: _Corners
) -> Iterator[bytes]:
    """The keys that these replies make, the likeliest first; none if one is no plain number."""
    form: list[str] = [name]
    numbers: list[np.ndarray] = []
    digest = hashlib.blake2b(corners.value)
    changed: set[str] = set()
    for probe, reply in zip(probes, replies, strict=True):
        if probe.corner and corners is _Corners.LEFT_OUT:
            continue
        digest.update(encode_call(probe.function, probe.args, probe.kwargs))
        value = reply.value
        if probe.corner:
            if corners is not _Corners.EXACT and _is_odd(reply):
                form.append("odd")
                continue
            value = without_inf(value)
        else:
            changed |= set(map(str, reply.changed))
        if reply.error is not None:
            form.append("error")
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


def _place(key: bytes) -> str:
    """Where the box lies that this key opens."""
    return hashlib.blake2b(b"place" + key, digest_size=16).hexdigest()


def _turned(key: bytes, text: bytes) -> bytes:
    """Lock what is open, or open what is locked."""
    stream = hashlib.shake_256(b"stream" + key).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, stream, strict=True))
