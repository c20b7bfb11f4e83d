"""Keys of sealed mistakes, made of the replies of a function to its probes.

A key is made of all replies together, so none of them can be guessed by itself. Numbers that differ
by rounding must make the same key. So each number is put into a bucket, whose width is about 1e-4
of its size (1e-8 for numbers below 1e-4). A student's number near the edge of a bucket is tried in
the next one as well.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any, Final

import numpy as np

from grader.checks.descriptions import numeric
from grader.diagnosis.probes import Probe, Reply, overflows, without_inf
from grader.sandbox import wire

_WIDTH: Final = 1e-4  # of a bucket, in parts of the number
_SMALL: Final = 1e-4  # where buckets begin to have all the same width, _WIDTH * _SMALL
_EDGE: Final = 0.005  # parts of a bucket; numbers nearer to the next one are tried there as well
_MOST_EDGES: Final = 10  # 2**10 keys
_LARGEST: Final = 1e300
_ODD: Final = 2**62  # stands for what is not finite


class Corners(Enum):
    """How a key takes in replies in corners; see :func:`.agreement.agree_in_corner`."""

    LEFT_OUT = b"left out"
    EXACT = b"exact"  # inf and nan are the same
    RAISES = b"raises"  # nan is the same as an exception that the known version raises
    OVERFLOWS = b"overflows"  # nan is the same as an exception that the student's function raises


LEFT_OUT: Final = (Corners.LEFT_OUT,)


def ways_to_see_corners(
    probes: Sequence[Probe], replies: Sequence[Reply], *, theirs: bool
) -> list[Corners]:
    """The ways in which a key may take in corners.

    Args:
        probes: of a function.
        replies: to these probes.
        theirs: whether a known version gave the replies, and not the student's function.
    """
    own = [reply for probe, reply in zip(probes, replies, strict=True) if probe.corner]
    ways = [Corners.EXACT]
    if any(map(overflows, own)):
        raises = any(isinstance(reply.error, ArithmeticError) for reply in own)
        # A version and a student agree if one of them raises, and the other returns nan or raises.
        if raises or not theirs:
            ways.append(Corners.RAISES)
        if raises or theirs:
            ways.append(Corners.OVERFLOWS)
    return ways


def make_keys(
    name: str, probes: Sequence[Probe], replies: Sequence[Reply], corners: Corners
) -> Iterator[bytes]:
    """The keys that these replies make, the likeliest first; none if a reply is no number."""
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
    """Note a value's form and its numbers; return False if it contains anything else."""
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

    The inverse hyperbolic sine is a logarithm for large numbers, and a straight line near zero.
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
    """The name in the file of the box that this key opens."""
    return hashlib.blake2b(b"place" + key, digest_size=16).hexdigest()


def turn_key(key: bytes, text: bytes) -> bytes:
    """Lock an open text, or open a locked one."""
    stream = hashlib.shake_256(b"stream" + key).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, stream, strict=True))
