"""The dtypes of arrays that may cross: numbers, texts, dates, and rows with named fields.

Both ends use this module. The dtype of a number is a code on the wire. Others are described in
plain values, from which the other end builds them again.
"""

from __future__ import annotations

import math
import re
from typing import Any, Final

import numpy as np

#: The dtypes of numbers. Their index is their code on the wire: append only.
NUMERIC: Final = tuple(
    np.dtype(code) for code in (
        "?", "i1", "u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8",
        "<c8", "<c16",
    )
)  # fmt: skip
_CODES: Final = frozenset(dtype.str for dtype in NUMERIC)
#: Texts, dates and spans of time.
_OTHERS: Final = re.compile(
    r"<U\d{1,7}|\|S\d{1,7}|<[mM]8(\[\d{0,4}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?"
)
_MAX_FIELDS: Final = 1_000
_MAX_DEPTH: Final = 4  # of rows in rows
_MAX_BYTES: Final = 2**24  # of one row
_LAST_CHARACTER: Final = 0x10FFFF
_HALVES: Final = (0xD800, 0xDFFF)  # of characters; none stands alone in a text


def describe(dtype: np.dtype[Any], depth: int = 0) -> Any:
    """A dtype in plain values; None if it may not cross."""
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        inner = describe(base, depth + 1)
        return None if inner is None else (inner, shape)
    if dtype.names is not None and depth < _MAX_DEPTH:
        fields = [[name, describe(dtype[name], depth + 1)] for name in dtype.names]
        return None if any(inner is None for _, inner in fields) else fields
    code = dtype.newbyteorder("<").str
    return code if dtype.fields is None and _is_known(code) else None


def build(description: object, depth: int = 0) -> np.dtype[Any]:
    """The dtype that plain values describe, without gaps.

    Raises:
        ValueError: it may not cross.
    """
    match description:
        case str() if _is_known(description):
            return np.dtype(description)
        case (inner, tuple() as shape) if depth <= _MAX_DEPTH:
            base = build(inner, depth + 1)
            sizes = [size for size in shape if type(size) is int and 0 < size <= _MAX_BYTES]
            if len(sizes) == len(shape) and math.prod(sizes) * base.itemsize <= _MAX_BYTES:
                return np.dtype((base, tuple(sizes)))
        case list() if 0 < len(description) <= _MAX_FIELDS and depth < _MAX_DEPTH:
            fields = [
                (field[0], build(field[1], depth + 1))
                for field in description
                if type(field) is list and len(field) == 2 and type(field[0]) is str and field[0]
            ]
            if len(dict(fields)) == len(description):
                return np.dtype(fields)
    raise ValueError("no dtype that may cross")


def holds_characters(array: Any) -> bool:
    """Whether Python can show all texts in an array."""
    if array.dtype.names is not None:
        return all(holds_characters(array[name]) for name in array.dtype.names)
    if array.dtype.kind != "U" or not array.size:
        return True
    codes = np.ascontiguousarray(array).reshape(-1).view("<u4")
    halves = (codes >= _HALVES[0]) & (codes <= _HALVES[1])
    return bool(codes.max() <= _LAST_CHARACTER) and not halves.any()


def _is_known(code: str) -> bool:
    return code in _CODES or _OTHERS.fullmatch(code) is not None
