"""Plain values of every kind, for tests with made-up input."""

from __future__ import annotations

import datetime as dt
import math
import struct
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import strategies as st

from grader.sandbox import dtypes, kinds


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
    if isinstance(a, kinds.Member):
        return repr(a) == repr(b)
    if isinstance(a, dt.datetime | dt.time):
        return (repr(a), a.utcoffset(), a.fold) == (repr(b), b.utcoffset(), b.fold)
    if isinstance(a, Decimal):
        return str(a) == str(b)
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b)
    if isinstance(a, complex):
        return same([a.real, a.imag], [b.real, b.imag])
    return bool(a == b)


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray:
    """Arrays of every dtype of the wire: empty, of no dimension, transposed, of any bits."""
    dtype = draw(st.sampled_from(dtypes.NUMERIC))
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
OFFSETS = st.none() | st.integers(-86_399, 86_399).map(
    lambda seconds: dt.timezone(dt.timedelta(seconds=seconds))
)
KEYS = st.recursive(
    st.none() | TEXT | st.integers() | st.booleans() | st.binary(),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.frozensets(inner, max_size=3),
    max_leaves=4,
)
#: Values that cross in parts, as the other end puts them together.
IN_PARTS = (
    st.fractions().map(kinds.Fraction)
    | st.decimals(allow_nan=False, min_value=-(10**9), max_value=10**9).map(kinds.Decimal)
    | st.sampled_from(["NaN", "Infinity", "-Infinity", "-0", "1E+40"]).map(kinds.Decimal)
    | st.builds(range, st.integers(), st.integers(), st.integers(1, 9))
    | st.dates()
    | st.timedeltas()
    | st.times(timezones=OFFSETS)
    | st.datetimes(timezones=OFFSETS)
    | st.builds(kinds.Member, TEXT, TEXT, st.integers(), st.booleans())
    | KEYS.filter(lambda key: isinstance(key, frozenset))
    | st.sets(KEYS, max_size=4)
)
DESCRIBED = st.sampled_from([
    np.array(["ab", ""]), np.array([b"x"]), np.array("é"), np.datetime64("2024-02-29"),
    np.timedelta64(5, "ms"), np.array(["2024", "NaT"], "M8[D]"), np.zeros((2, 0), "U3"),
    np.array([(1, "a", [1.0, 2.0])], [("n", "i2"), ("t", "U2"), ("v", "f8", (2,))]),
    np.zeros(2, [("inner", [("x", "?")])]), np.zeros(1, [("a", "f8")])[0],
])  # fmt: skip
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
    SCALARS | arrays() | ODD | IN_PARTS | DESCRIBED,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.lists(inner, max_size=3).map(
            lambda parts: kinds.Record.of("R", "xyz"[: len(parts)], parts)
        )
        | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)
