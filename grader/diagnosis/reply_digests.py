"""Digests of the replies of a function to its probes: replies that look the same share one.

Numbers that differ by rounding must make the same digest. So each number is put into a bucket,
whose width is about 1e-4 of its size (1e-8 for numbers below 1e-4). A known version has the digest
of its buckets. A student's number near the edge of a bucket may belong into the next one, so it
makes a second digest, with that one.

In corners (see :mod:`.known_mistakes`) nan and inf are the same. A known version and a student's
function also look the same if both overflow: one raises an ArithmeticError, and the other returns
nan, or raises as well. So there may be several digests, one for each way to see an overflow.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Final

import numpy as np

from grader.checks.descriptions import numeric
from grader.diagnosis.probes import Probe, Reply, overflows, without_inf

_WIDTH: Final = 1e-4  # of a bucket, in parts of the number
_SMALL: Final = 1e-4  # where buckets begin to have all the same width, _WIDTH * _SMALL
_EDGE: Final = 0.005  # parts of a bucket; numbers nearer to the next one are tried there as well
_MOST_EDGES: Final = 7  # 2**7 digests
_LARGEST: Final = 1e300
_ODD: Final = 2**62  # stands for what is not finite
_MOST_NUMBERS: Final = 2**18  # in all replies; larger ones are no known mistake's
_SIZE: Final = 16  # bytes of a digest


class _Overflow(Enum):
    """A way to see replies in corners that overflow.

    A known version has digests of the ways in which it may be seen, and a student's function too.
    """

    EXACT = "exact"  # as they are
    RAISES = "raises"  # as an exception that the known version raises
    RAISED = "raised"  # as an exception that the student's function raises


class ReplyDigests:
    """The replies of a function to its probes."""

    def __init__(
        self,
        each: tuple[tuple[bytes, ...], ...],
        changed: frozenset[int | str],
        ask_corners: Callable[[], Sequence[Reply]],
    ) -> None:
        """Keep the digests of ordinary replies; those in corners are looked at if needed."""
        #: Of each ordinary reply; several if numbers are near an edge, the likeliest first.
        self.each = each
        #: The arguments that were modified by ordinary calls.
        self.changed = changed
        self._ask_corners = ask_corners

    @cached_property
    def corners(self) -> tuple[bytes, ...]:
        """Of all replies in corners together, for each way to see those of a student's function."""
        return _digest_corners(self._ask_corners(), is_known=False)

    @cached_property
    def known_corners(self) -> tuple[bytes, ...]:
        """The same for each way to see those of a known version."""
        return _digest_corners(self._ask_corners(), is_known=True)

    def look_like(self, known: ReplyDigests) -> bool:
        """Whether these ordinary replies of a student's look the same as a known version's."""
        return self.changed == known.changed and all(
            theirs[0] in mine for mine, theirs in zip(self.each, known.each, strict=True)
        )

    def look_like_in_corners(self, known: ReplyDigests) -> bool:
        """The same for the replies in corners."""
        return not set(known.known_corners).isdisjoint(self.corners)


def digest_replies(probes: Sequence[Probe], replies: Sequence[Reply]) -> ReplyDigests | None:
    """The digests of what a student's function replied; None if it is no known mistake's.

    Args:
        probes: of the function.
        replies: to all of them.
    """
    ordinary, corners = (
        [reply for probe, reply in zip(probes, replies, strict=True) if probe.corner is corner]
        for corner in (False, True)
    )
    return _digest_all(ordinary, lambda: corners, is_known=False)


def digest_version(probes: Sequence[Probe], ask: Callable[[int], Reply]) -> ReplyDigests | None:
    """The digests of what a known version replies; None if it cannot be compared.

    Args:
        probes: of a function.
        ask: its reply to the probe at a place.
    """
    ordinary, corners = (
        [place for place, probe in enumerate(probes) if probe.corner is corner]
        for corner in (False, True)
    )
    return _digest_all([*map(ask, ordinary)], lambda: [*map(ask, corners)], is_known=True)


def _digest_all(
    ordinary: Sequence[Reply], corners: Callable[[], Sequence[Reply]], *, is_known: bool
) -> ReplyDigests | None:
    described = [described for reply in ordinary if (described := _describe_reply(reply))]
    if len(described) < len(ordinary):
        return None
    each = _digest(described, likeliest=is_known)
    if each is None:
        return None
    changed = frozenset[int | str]().union(*(reply.changed for reply in ordinary))
    return ReplyDigests(each, changed, corners)


def digest_reply(reply: Reply) -> bytes | None:
    """The digest of one ordinary reply of a known version; None if it is no number."""
    described = _describe_reply(reply)
    digest = _digest([described], likeliest=True) if described else None
    return digest[0][0] if digest else None


def _digest_corners(corners: Sequence[Reply], *, is_known: bool) -> tuple[bytes, ...]:
    digests: list[bytes] = []
    for way in _ways_to_see(corners, is_known=is_known):
        described = _Described([way.value], [])
        if all(_describe_corner(reply, way, described) for reply in corners):
            for tried in _digest([described], likeliest=is_known) or ():
                digests += tried
    return tuple(digests)


def _ways_to_see(corners: Sequence[Reply], *, is_known: bool) -> list[_Overflow]:
    ways = [_Overflow.EXACT]
    if any(map(overflows, corners)):
        raises = any(isinstance(reply.error, ArithmeticError) for reply in corners)
        # A version and a student agree if one of them raises, and the other returns nan or raises.
        if raises or not is_known:
            ways.append(_Overflow.RAISES)
        if raises or is_known:
            ways.append(_Overflow.RAISED)
    return ways


@dataclass(slots=True)
class _Described:
    """A value in parts: its form, which is compared exactly, and its numbers."""

    form: list[str]
    numbers: list[np.ndarray]


def _describe_reply(reply: Reply) -> _Described | None:
    if reply.error is not None:
        return _Described([_name_error(reply)], [])
    described = _Described([], [])
    return described if _describe(reply.value, described) else None


def _name_error(reply: Reply) -> str:
    return "arithmetic error" if isinstance(reply.error, ArithmeticError) else "error"


def _describe_corner(reply: Reply, way: _Overflow, into: _Described) -> bool:
    if overflows(reply) and way is not _Overflow.EXACT:
        into.form.append("overflow")
    elif reply.error is not None:
        into.form.append(_name_error(reply))
    else:
        return _describe(without_inf(reply.value), into)
    return True


def _describe(value: Any, into: _Described) -> bool:
    """Note a value's form and its numbers; return False if it contains anything else."""
    array = numeric(value)
    if array is not None:
        into.form.append(str(array.shape))
        into.numbers.append(array.real)
        if array.dtype.kind == "c" and array.imag.any():
            into.form.append("complex")
            into.numbers.append(array.imag)
        return True
    if isinstance(value, list | tuple):
        into.form.append(f"{len(value)} parts")
        return all(_describe(part, into) for part in value)
    if isinstance(value, dict):
        names = sorted(value, key=repr)
        into.form.append(repr(names))
        return all(_describe(value[name], into) for name in names)
    into.form.append(repr(value))
    return isinstance(value, str | bytes | None)


def _digest(
    described: Sequence[_Described], *, likeliest: bool
) -> tuple[tuple[bytes, ...], ...] | None:
    """The digests of some values; None if they hold too many numbers.

    Args:
        described: the values.
        likeliest: whether to make only one digest for each, with no number in the next bucket.
    """
    sizes = [sum(array.size for array in one.numbers) for one in described]
    if sum(sizes) > _MOST_NUMBERS:
        return None
    numbers = [array.ravel() for one in described for array in one.numbers]
    places = _places(np.concatenate([np.zeros(0), *numbers]).astype(float, copy=False))
    buckets = np.floor(places).astype("<i8")
    near = [] if likeliest else _near_edges(places)
    digests: list[tuple[bytes, ...]] = []
    begin = 0
    for one, size in zip(described, sizes, strict=True):
        mine = buckets[begin : begin + size]
        tried = _move(mine, [(at - begin, by) for at, by in near if begin <= at < begin + size])
        form = repr(one.form).encode()
        digests.append(
            tuple(
                hashlib.blake2b(form + numbers.tobytes(), digest_size=_SIZE).digest()
                for numbers in tried
            )
        )
        begin += size
    return tuple(digests)


def _places(values: np.ndarray) -> np.ndarray:
    """The place of each number among the buckets, ``(n,)``: its whole part is the bucket's number.

    The inverse hyperbolic sine is a logarithm for large numbers, and a straight line near zero.
    """
    finite = np.isfinite(values)
    if finite.all():
        places = np.arcsinh(values.clip(-_LARGEST, _LARGEST) / _SMALL) / _WIDTH
        return places + 0.5  # zero is in the middle of its bucket
    places = np.where(np.isnan(values), _ODD, np.where(values > 0, 1.5 * _ODD, -_ODD))
    places[finite] = _places(values[finite])
    return places


def _near_edges(places: np.ndarray) -> list[tuple[int, int]]:
    """The numbers that are nearest to an edge: where they stand, and the way to the next bucket."""
    edges = np.round(places)
    gaps = np.abs(places - edges)
    (near,) = np.nonzero((gaps < _EDGE) & (np.abs(places) < _ODD))
    nearest = near[np.argsort(gaps[near], kind="stable")[:_MOST_EDGES]]
    return [(int(at), 1 if places[at] < edges[at] else -1) for at in nearest]


def _move(buckets: np.ndarray, steps: Sequence[tuple[int, int]]) -> Iterator[np.ndarray]:
    """The buckets, then the same with some of the steps taken, in all combinations."""
    yield buckets
    for chosen in itertools.product((0, 1), repeat=len(steps)):
        if any(chosen):
            moved = buckets.copy()
            for (at, by), taken in zip(steps, chosen, strict=True):
                moved[at] += by * taken
            yield moved


#: The digests of ordinary replies that are exceptions.
EXCEPTIONS: Final = frozenset(
    digest_reply(Reply(error=error)) for error in (ValueError(), ArithmeticError())
)
