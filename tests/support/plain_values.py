"""Plain values of every kind, for tests with made-up input."""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy as np
from hypothesis import strategies as st

from grader.sandbox import wire


def same(a: Any, b: Any) -> bool:
    """Whether two values are equal in type, content and, for floats, in bits."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a.items()), list(b.items()))
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b)
    if isinstance(a, complex):
        return same([a.real, a.imag], [b.real, b.imag])
    return bool(a == b)


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray:
    """Arrays of every dtype of the wire: empty, of no dimension, transposed, of any bits."""
    dtype = draw(st.sampled_from(wire.DTYPES))
    shape = tuple(draw(st.lists(st.integers(0, 3), max_size=4)))
    size = math.prod(shape) * dtype.itemsize
    raw = draw(st.binary(min_size=size, max_size=size))
    if dtype.kind == "b":
        raw = bytes(byte & 1 for byte in raw)
    array = np.frombuffer(raw, dtype).reshape(shape)
    return array.T if draw(st.booleans()) else array


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
#: Text as a program may make it: with control characters, turned direction, half characters.
ANY_TEXT = st.text(st.characters(exclude_categories=()))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**600), 2**600)
    | st.floats()
    | st.complex_numbers(allow_subnormal=False)
    | TEXT
    | st.binary()
    | arrays().filter(lambda a: a.size > 0).map(lambda a: a.flat[0])
)
#: Rarely drawn by chance. (Python does not write out a longer int, nor could Hypothesis show it.)
ODD = st.sampled_from([
    math.nan, -0.0, math.inf, 10**4000, -(10**4000), 2**63, -(2**63) - 1, "", b"", (), [], {},
    complex(math.nan, -0.0), np.float16("nan"), np.zeros((0, 3)), np.zeros((2, 0, 5)),
    np.array(-0.0), np.full((1,) * 32, 7), np.arange(6.0).reshape(2, 3)[:, ::-1], np.ones((3, 1)),
    [[1.0], [1.0, 2.0]], [10**400, 1.0], ["a", 1, None], [np.ones(2), np.ones(3)], {"a": [()]},
    np.uint64(2**64 - 1), np.bool_(True), np.complex64(1j), "x" * 5_000, "\x1b[2J\u202e=1+1\0",
])  # fmt: skip
VALUES = st.recursive(
    SCALARS | arrays() | ODD,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(TEXT | st.integers() | st.booleans(), inner, max_size=4)
    ),
    max_leaves=12,
)
