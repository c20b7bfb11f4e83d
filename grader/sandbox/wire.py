"""The wire format: plain values as bytes, and nothing else. Both ends use this module.

These may cross: ``None``, ``bool``, ``int``, ``float``, ``complex``, ``str``, ``bytes``, ``list``,
``tuple``, ``dict``, ``set``, ``frozenset``, numpy scalars and arrays without objects, and the kinds
that :mod:`.kinds` takes apart. Each is one tag byte and its content; a frame is a four-byte length,
a token and one value. Decoding builds only these types, checks every count against the bytes that
are really there before it allocates, and never calls a method of an object that the sender made.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from grader.sandbox import dtypes, tables
from grader.sandbox.kinds import CODES, HASHABLE, KINDS, name_parts

TOKEN_BYTES: Final = 8  # in front of a request, and in front of its reply
NO_TOKEN: Final = bytes(TOKEN_BYTES)  # in front of a reply to no request: "I am ready"
MAX_FRAME: Final = 16 * 1024 * 1024  # bytes
MAX_VALUE: Final = MAX_FRAME - TOKEN_BYTES
MAX_DEPTH: Final = 16
MAX_ITEMS: Final = 200_000  # values in one frame, nested ones included
_TOO_MANY: Final = "too many values"
#: Keys of one hash are compared each with each: what these comparisons may cost in all, in bytes.
MAX_COLLIDING: Final = 1_000_000
#: Length of the longest text, or bytes, times the number of values: numpy pads all to one length.
MAX_SPREAD: Final = 4 * MAX_FRAME
MAX_INT_BYTES: Final = 4_096
MAX_NDIM: Final = 32
#: The most bytes that an empty array, and all arrays of a frame, would have if no dimension were 0.
#: An empty array costs nothing, but its sum over the empty dimension has the other dimensions.
MAX_EMPTY_REACH: Final = MAX_FRAME // 128
MAX_REACH: Final = 2 * MAX_FRAME

HEADER: Final = struct.Struct("!I")

#: One lesson's program, or a further module of it: (file name, cells, is it a notebook).
ProgramText = tuple[str, list[str], bool]

#: Stands among the changed arguments in the reply to a request for a value that is not there.
NOT_THERE: Final = "not there"


_CODE_OF_DTYPE: Final = {dtype: code for code, dtype in enumerate(dtypes.NUMERIC)}
_SCALAR_TYPES: Final = {dtype.type for dtype in dtypes.NUMERIC} | {np.longlong, np.ulonglong}
#: Types that hash and compare without surprises.
_KEY_TYPES: Final = HASHABLE | {
    type(None), bool, int, float, complex, str, bytes, tuple, frozenset,
}  # fmt: skip
#: A frame with no more bytes beside the numbers in its arrays cannot exceed the limits on items,
#: collisions and spread; nor on reach, for an empty array of some reach takes eleven bytes.
_SURELY_DECODES: Final = 2_000
_SURELY_IN_REACH: Final = MAX_FRAME // 2  # bytes of such numbers
_LARGE: Final = 64 * 1024  # bytes of an array; one of so many or more is copied once

_I32: Final = struct.Struct("!I")
_I64: Final = struct.Struct("!q")
_F64: Final = struct.Struct("!d")
_C128: Final = struct.Struct("!dd")
_SHAPES: Final = tuple(struct.Struct(f"!{ndim}I") for ndim in range(MAX_NDIM + 1))


class WireError(Exception):
    """Bytes that are not a value, or exceed a limit of this module."""


class Unsendable(Exception):
    """A value that must not cross. ``args[0]`` names it: ``a numpy.matrix``."""


class Foreign(Unsendable):
    """A value that must not cross because of its type."""


# --------------------------------------------------------------------------------- encoding


class _Frame(bytearray):
    """The bytes of a value that is being encoded."""

    def __init__(self, most_values: float = MAX_ITEMS) -> None:
        super().__init__()
        self.numbers = 0  # bytes of numbers in arrays
        self._left = most_values - 1  # values that may still come inside this one
        self._before: list[bytes | memoryview] = []  # what comes before these bytes
        self._size_before = 0

    @property
    def size(self) -> int:
        """How many bytes there are by now."""
        return self._size_before + len(self)

    def add_numbers(self, array: Any) -> None:
        """Add the numbers of an array in C order. Those of a large one are not copied now."""
        self.numbers += array.nbytes
        if array.nbytes < _LARGE:
            self += array.tobytes()
            return
        numbers = np.ascontiguousarray(array).data.cast("B")
        self._before += [bytes(self), numbers]
        self._size_before += len(self) + len(numbers)
        self.clear()

    def as_bytes(self) -> bytes:
        """All bytes."""
        return b"".join([*self._before, self])

    def expect(self, values: int) -> None:
        """Count values before they are encoded: to encode too many takes long."""
        self._left -= values
        if self._left < 0:
            raise Unsendable(f"a value that is too large ({_TOO_MANY})")

    @property
    def surely_decodes(self) -> bool:
        """Whether nothing but its size in bytes may exceed a limit."""
        others = self.size - self.numbers
        return others <= _SURELY_DECODES and self.numbers <= _SURELY_IN_REACH


def encode(value: object, *, trusted: bool = False) -> bytes:
    """Turn a plain value into bytes.

    Args:
        value: what to send.
        trusted: the trusted end made it; then only its size in bytes is limited.

    Raises:
        Unsendable: the value, or one inside it, is of another type, or too large or too deep.
    """
    out = _Frame(math.inf if trusted else MAX_ITEMS)
    _encode(value, out, 0)
    if out.size > MAX_VALUE:
        raise Unsendable(f"a value of {out.size:,} bytes, more than {MAX_VALUE:,}")
    data = out.as_bytes()
    if not trusted and not out.surely_decodes:
        try:
            decode(data)
        except WireError as error:
            raise Unsendable(f"a value that is too large ({error})") from None
    return data


def encode_call(function: str, args: Sequence[object], kwargs: Mapping[str, object]) -> bytes:
    """The request that makes a call.

    Raises:
        Unsendable: an argument is not a plain value.
    """
    try:
        return encode(("call", function, list(args), dict(kwargs)))
    except Foreign:  # perhaps a named tuple, or a member of an Enum
        return encode(("call", function, name_parts(list(args)), name_parts(dict(kwargs))))


def encode_live(kind: str, name: str, *details: object) -> bytes:
    """A request whose reply may hold objects of the student's.

    Raises:
        Unsendable: an argument is not a plain value.
    """
    try:
        return encode(("live", (kind, name, *details)))
    except Foreign:
        return encode(("live", (kind, name, *map(name_parts, details))))


def encode_value(name: str, keys: Sequence[str]) -> bytes:
    """The request that reads a value."""
    return encode(("value", name, list(keys)))


def _encode(value: Any, out: _Frame, depth: int) -> None:
    kind = type(value)  # the exact type: a subclass could lie about everything else
    encoder = _ENCODERS.get(kind)
    if encoder is not None:
        encoder(value, out)
    elif kind is np.ndarray:
        _encode_array(value, out, depth)
    elif kind in _SCALAR_TYPES:
        out += b"g" + bytes((_CODE_OF_DTYPE[value.dtype],)) + value.tobytes()
    elif kind in _CONTAINERS:
        if depth == MAX_DEPTH:
            raise Unsendable(f"a value nested more than {MAX_DEPTH} deep")
        if len(value) > MAX_ITEMS:
            raise Unsendable(f"a {kind.__name__} of {len(value):,} items")
        out.expect(len(value))
        out += _CONTAINERS[kind] + _I32.pack(len(value))
        if kind is dict:
            for key, item in value.items():
                if type(key) not in _KEY_TYPES:
                    raise Foreign(f"a dict with {describe_type(type(key))} as a key")
                _encode(key, out, depth + 1)
                _encode(item, out, depth + 1)
        elif kind is set or kind is frozenset:
            out += b"".join(_encode_members(value, depth + 1))
        else:
            for item in value:
                _encode(item, out, depth + 1)
        if out.size > MAX_FRAME:
            raise Unsendable(f"a value of more than {MAX_FRAME:,} bytes")
    elif kind in CODES:
        _encode_parts(value, out, depth)
    elif kind in _DESCRIBED_SCALARS:
        out += b"G"
        _encode_described(np.asarray(value), out, depth)
    elif (apart := tables.take_apart(value)) is not None:
        _encode(apart, out, depth)
    else:
        raise Foreign(describe_type(kind))


def _encode_members(members: Any, depth: int) -> list[bytes]:
    """The members of a set, in an order that does not depend on how it came about."""
    encoded: list[bytes] = []
    for member in members:
        if type(member) not in _KEY_TYPES:
            raise Foreign(f"a set with {describe_type(type(member))} in it")
        out = _Frame()
        _encode(member, out, depth)
        encoded.append(out.as_bytes())
    return sorted(encoded)


def _encode_parts(value: Any, out: _Frame, depth: int) -> None:
    code = CODES[type(value)]
    try:
        parts = KINDS[code].take_apart(value)
    except LookupError:
        raise Foreign(describe_type(type(value))) from None
    except Exception:  # noqa: BLE001  (it is too large; or its time zone is the student's)
        raise Unsendable(f"{describe_type(type(value))} that cannot be sent") from None
    if depth == MAX_DEPTH:
        raise Unsendable(f"a value nested more than {MAX_DEPTH} deep")
    out += b"x%c" % code
    _encode(parts, out, depth + 1)


def _encode_described(array: Any, out: _Frame, depth: int) -> None:
    """An array of texts, dates or spans, or of rows with named fields, without gaps."""
    description = dtypes.describe(array.dtype)
    if description is None or array.ndim > MAX_NDIM or array.nbytes > MAX_FRAME:
        raise Unsendable(f"an array of dtype {array.dtype.name}")
    if reaches_too_far(array.shape, array.dtype):
        raise Unsendable(f"an array of shape {array.shape}")
    packed = array.astype(dtypes.build(description))
    _encode(description, out, depth + 1)
    out += b"%c" % packed.ndim + _SHAPES[packed.ndim].pack(*packed.shape) + packed.tobytes()


def _encode_array(array: Any, out: _Frame, depth: int) -> None:
    code = _CODE_OF_DTYPE.get(array.dtype)
    if code is None:
        native = array.dtype.newbyteorder("<")
        code = _CODE_OF_DTYPE.get(native)
        if code is None:
            out += b"A"
            _encode_described(array, out, depth)
            return
        array = array.astype(native)
    shape = array.shape
    ndim = len(shape)
    is_far = 0 in shape and reaches_too_far(shape, array.dtype)
    if ndim > MAX_NDIM or array.nbytes > MAX_FRAME or is_far:
        raise Unsendable(f"an array of shape {shape}")
    out += b"a%c%c" % (code, ndim) + _SHAPES[ndim].pack(*shape)
    out.add_numbers(array)


def reach(shape: Sequence[int], dtype: np.dtype[Any]) -> int:
    """The size in bytes that an array of this shape would have if no dimension were 0."""
    return math.prod(size or 1 for size in shape) * dtype.itemsize


def reaches_too_far(shape: Sequence[int], dtype: np.dtype[Any]) -> bool:
    """Whether an array is empty, but a result computed from it may be huge."""
    return 0 in shape and reach(shape, dtype) > MAX_EMPTY_REACH


def _encode_int(value: int, out: _Frame) -> None:
    if -(1 << 63) <= value < 1 << 63:
        out += b"i" + _I64.pack(value)
        return
    size = value.bit_length() // 8 + 1
    if size > MAX_INT_BYTES:
        raise Unsendable(f"an int of {value.bit_length():,} bits")
    out += b"I" + _I32.pack(size) + value.to_bytes(size, "big", signed=True)


def _encode_str(value: str, out: _Frame) -> None:
    try:
        data = value.encode("utf-8")
    except UnicodeEncodeError:
        raise Unsendable("text with half a character (a lone surrogate)") from None
    out += b"s" + _I32.pack(len(data)) + data


def _encode_bytes(value: bytes, out: _Frame) -> None:
    out += b"b" + _I32.pack(len(value)) + value


def _encode_none(_value: None, out: _Frame) -> None:
    out += b"N"


def _encode_bool(value: bool, out: _Frame) -> None:
    out += b"T" if value else b"F"


def _encode_float(value: float, out: _Frame) -> None:
    out += b"f" + _F64.pack(value)


def _encode_complex(value: complex, out: _Frame) -> None:
    out += b"c" + _C128.pack(value.real, value.imag)


_ENCODERS: Final[dict[type, Callable[[Any, _Frame], None]]] = {
    type(None): _encode_none,
    bool: _encode_bool,
    int: _encode_int,
    float: _encode_float,
    complex: _encode_complex,
    str: _encode_str,
    bytes: _encode_bytes,
}


#: Containers, and their tags.
_CONTAINERS: Final[dict[type, bytes]] = {
    tuple: b"t", list: b"l", dict: b"d", set: b"S", frozenset: b"Z",
}  # fmt: skip
_DESCRIBED_SCALARS: Final = frozenset({np.datetime64, np.timedelta64, np.void})
_NUMERIC_CODES: Final = frozenset(dtype.str for dtype in dtypes.NUMERIC)


def describe_type(kind: type) -> str:
    """Name a type as a message does: ``a function``, ``a Weights``."""
    name = type.__dict__["__name__"].__get__(kind)  # a metaclass may override the attribute
    module = kind.__dict__.get("__module__")
    if module == "numpy" or (isinstance(module, str) and module.startswith("numpy.")):
        name = f"numpy.{name}"
    article = "an" if name[:1].lower() in "aeiou" else "a"
    return f"{article} {name}"


# --------------------------------------------------------------------------------- decoding


def decode(
    data: bytes, *, trusted: bool = False, rebuild: Callable[[Any], Any] | None = None
) -> Any:
    """Turn bytes back into the value.

    Args:
        data: what was received.
        trusted: the trusted end made it; then it may hold long text among many values.
        rebuild: is given each value that was put together from parts; what it returns is taken.

    Raises:
        WireError: the bytes are not exactly one value within the limits.
    """
    if len(data) > MAX_FRAME:
        raise WireError("frame too large")
    reader = _Reader(data, rebuild)
    try:
        value = reader.value(0)
    except (struct.error, IndexError):
        raise WireError("frame ends inside a value") from None
    except UnicodeDecodeError:
        raise WireError("text is not UTF-8") from None
    if reader.at != len(data):
        raise WireError("bytes left after the value")
    if not trusted and reader.longest * reader.items > MAX_SPREAD:
        raise WireError("long text among many values")
    return value


class _Reader:
    """A position in a frame. Each method reads one thing and moves on, or raises."""

    __slots__ = ("at", "colliding", "data", "items", "longest", "reach", "rebuild")

    def __init__(self, data: bytes, rebuild: Callable[[Any], Any] | None) -> None:
        self.data = data
        self.rebuild = rebuild
        self.at = 0
        self.items = 0
        self.colliding = 0  # bytes of keys that were compared with another of the same hash
        self.longest = 0  # of all texts and bytes
        self.reach = 0  # of all arrays

    def take(self, size: int) -> bytes:
        start = self.at
        self.at = end = start + size
        if end > len(self.data):
            raise WireError("frame ends inside a value")
        return self.data[start:end]

    def count(self) -> int:
        at = self.at
        self.at = at + 4
        number: int = _I32.unpack_from(self.data, at)[0]
        return number

    def value(self, depth: int) -> Any:
        self.items += 1
        if self.items > MAX_ITEMS:
            raise WireError(_TOO_MANY)
        at = self.at
        self.at = at + 1
        tag = self.data[at]
        read = _DECODERS.get(tag)
        if read is not None:
            return read(self)
        if depth == MAX_DEPTH:
            raise WireError("nested too deep")
        if tag == 0x74:  # t
            return tuple(self.sequence(depth))
        if tag == 0x6C:  # l
            return self.sequence(depth)
        if tag == 0x64:  # d
            return self.mapping(depth)
        if tag == 0x53:  # S
            return set(self.members(depth))
        if tag == 0x5A:  # Z
            return frozenset(self.members(depth))
        if tag == 0x78:  # x
            return self.in_parts(depth)
        if tag == 0x41:  # A
            return self.described(depth)
        if tag == 0x47:  # G
            return self.described_scalar(depth)
        raise WireError(f"unknown tag {tag}")

    def sequence(self, depth: int) -> list[Any]:
        size = self.count()
        if size > len(self.data) - self.at:  # each value takes at least its tag
            raise WireError("more items than bytes")
        deeper = depth + 1
        value = self.value
        return [value(deeper) for _ in range(size)]

    def mapping(self, depth: int) -> dict[Any, Any]:
        size = self.count()
        if size > len(self.data) - self.at:
            raise WireError("more items than bytes")
        values: dict[Any, Any] = {}
        hashes: dict[int, int] = {}
        for _ in range(size):
            key = self.key(depth + 1, hashes)
            values[key] = self.value(depth + 1)
        if len(values) != size:
            raise WireError("dict key twice")
        return values

    def members(self, depth: int) -> list[Any]:
        size = self.count()
        if size > len(self.data) - self.at:
            raise WireError("more items than bytes")
        hashes: dict[int, int] = {}
        keys = [self.key(depth + 1, hashes) for _ in range(size)]
        if len(set(keys)) != size:
            raise WireError("a member twice")
        return keys

    def in_parts(self, depth: int) -> Any:
        code = self.data[self.at]
        self.at += 1
        if code >= len(KINDS):
            raise WireError("unknown kind")
        parts = self.value(depth + 1)
        if type(parts) is not tuple:
            raise WireError("no parts")
        try:
            value = KINDS[code].put_together(*parts)
        except (TypeError, ValueError, ArithmeticError, LookupError):
            raise WireError("parts that do not fit") from None
        return value if self.rebuild is None else self.rebuild(value)

    def key(self, depth: int, hashes: dict[int, int]) -> Any:
        """A key of a dict whose earlier keys have these hashes, each so many times."""
        start = self.at
        key = self.value(depth)
        if type(key) not in _KEY_TYPES:
            raise WireError("dict key of another type")
        try:
            own = hash(key)
        except TypeError:  # a list in a tuple
            raise WireError("dict key of another type") from None
        alike = hashes.get(own, 0)
        if alike:
            self.colliding += alike * (self.at - start)
            if self.colliding > MAX_COLLIDING:
                raise WireError("too many keys of one hash")
        hashes[own] = alike + 1
        return key

    def int64(self) -> int:
        (number,) = _I64.unpack_from(self.data, self.at)
        self.at += 8
        return int(number)

    def big_int(self) -> int:
        size = self.count()
        if size > MAX_INT_BYTES:
            raise WireError("int too large")
        return int.from_bytes(self.take(size), "big", signed=True)

    def float64(self) -> float:
        (number,) = _F64.unpack_from(self.data, self.at)
        self.at += 8
        return float(number)

    def complex128(self) -> complex:
        real, imag = _C128.unpack_from(self.data, self.at)
        self.at += 16
        return complex(real, imag)

    def binary(self) -> bytes:
        start = self.at + 4
        size = _I32.unpack_from(self.data, start - 4)[0]
        self.at = end = start + size
        if end > len(self.data):
            raise WireError("frame ends inside a value")
        self.longest = max(self.longest, size)
        return self.data[start:end]

    def text(self) -> str:
        return self.binary().decode("utf-8")

    def dtype(self) -> np.dtype[Any]:
        code = self.data[self.at]
        self.at += 1
        if code >= len(dtypes.NUMERIC):
            raise WireError("unknown dtype")
        return dtypes.NUMERIC[code]

    def scalar(self) -> Any:
        dtype = self.dtype()
        return np.frombuffer(self.take(dtype.itemsize), dtype)[0]

    def array(self) -> Any:
        dtype = self.dtype()
        ndim = self.data[self.at]
        if ndim > MAX_NDIM:
            raise WireError("array has too many dimensions")
        shape = _SHAPES[ndim].unpack_from(self.data, self.at + 1)
        self.at += 1 + 4 * ndim
        size = math.prod(shape) * dtype.itemsize
        raw = self.take(size)
        self.reach += size or reach(shape, dtype)
        if self.reach > MAX_REACH or (not size and reaches_too_far(shape, dtype)):
            raise WireError("array shape too large")
        # A bytearray makes the array writable, as a local call's result would be.
        return np.ndarray(shape, dtype, bytearray(raw))

    def described(self, depth: int) -> Any:
        try:
            dtype = dtypes.build(self.value(depth + 1))
        except ValueError:
            raise WireError("unknown dtype") from None
        ndim = self.data[self.at]
        if ndim > MAX_NDIM:
            raise WireError("array has too many dimensions")
        shape = _SHAPES[ndim].unpack_from(self.data, self.at + 1)
        self.at += 1 + 4 * ndim
        size = math.prod(shape) * dtype.itemsize
        raw = self.take(size)
        self.reach += size or reach(shape, dtype)
        if not dtype.itemsize or self.reach > MAX_REACH or reaches_too_far(shape, dtype):
            raise WireError("array shape too large")
        array = np.frombuffer(bytearray(raw), dtype).reshape(shape)
        if not dtypes.holds_characters(array):
            raise WireError("text with half a character")
        return array

    def described_scalar(self, depth: int) -> Any:
        array = self.described(depth)
        if array.ndim:
            raise WireError("an array in place of a scalar")
        return array[()]


_DECODERS: Final[dict[int, Callable[[_Reader], Any]]] = {
    ord("N"): lambda reader: None,
    ord("T"): lambda reader: True,
    ord("F"): lambda reader: False,
    ord("i"): _Reader.int64,
    ord("I"): _Reader.big_int,
    ord("f"): _Reader.float64,
    ord("c"): _Reader.complex128,
    ord("s"): _Reader.text,
    ord("b"): _Reader.binary,
    ord("g"): _Reader.scalar,
    ord("a"): _Reader.array,
}


def frame(data: bytes) -> bytes:
    """Put a frame's length in front of its content."""
    return HEADER.pack(len(data)) + data
