"""Keys of sealed mistakes, made of the replies of a function to its probes.

A key is made of the digests of all replies together, so none of them can be guessed by itself.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from typing import Final

from grader.diagnosis.probes import Probe
from grader.diagnosis.reply_digests import ReplyDigests

#: Bytes that say where a box stands in its file. A wrong key rarely finds a box, and opens none.
PLACE_SIZE: Final = 4


def hash_probes(name: str, probes: Sequence[Probe]) -> bytes:
    """What the keys of a function begin with, so that no other function has the same keys."""
    calls = b"".join(probe.encoded() for probe in probes)
    return hashlib.blake2b(name.encode() + b"\0" + calls).digest()


def make_keys(
    asked: bytes, replies: ReplyDigests, corners: Sequence[bytes] | None = None
) -> Iterator[bytes]:
    """The keys that replies make, the likeliest first.

    Args:
        asked: what :func:`hash_probes` says.
        replies: to the probes.
        corners: the digests of those in corners, if they count as well.
    """
    changed = repr(sorted(map(str, replies.changed))).encode()
    for chosen in itertools.product(*replies.each):
        key = hashlib.blake2b(b"".join([asked, *chosen, changed])).digest()
        if corners is None:
            yield key
        else:
            yield from (hashlib.blake2b(key + corner).digest() for corner in corners)


def name_place(key: bytes) -> bytes:
    """Where the box stands that this key opens."""
    return hashlib.blake2b(b"place" + key, digest_size=PLACE_SIZE).digest()


def turn_key(key: bytes, text: bytes) -> bytes:
    """Lock an open text, or open a locked one."""
    stream = hashlib.shake_256(b"stream" + key).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, stream, strict=True))
