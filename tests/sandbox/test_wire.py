"""The wire format: what crosses comes out as it went in, and no bytes can do harm."""

from __future__ import annotations

import datetime as dt
import math
import struct
import time
from contextlib import suppress
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from plain_values import VALUES, same

from grader.sandbox import dtypes, wire

P = 2**61 - 1  # Python's modulus for the hash of a number


# ------------------------------------------------------------------------------ round trips


@given(VALUES)
def test_a_plain_value_comes_out_as_it_went_in(value: Any) -> None:
    assert same(wire.decode(wire.encode(value)), value)


@pytest.mark.parametrize("dtype", dtypes.NUMERIC, ids=str)
def test_every_dtype_crosses_in_any_byte_order_and_layout(dtype: np.dtype[Any]) -> None:
    array = np.arange(6).reshape(2, 3).astype(dtype)
    for variant in (array, array.T, array[::-1], array.astype(dtype.newbyteorder(">"))):
        back = wire.decode(wire.encode(variant))
        assert back.dtype == dtype
        assert np.array_equal(back, variant)
        assert back.flags.writeable


@pytest.mark.parametrize("code", "bBhHiIlLqQefdFD?")
def test_every_numpy_number_that_fits_a_dtype_of_the_wire_crosses(code: str) -> None:
    number = np.dtype(code).type(1)  # np.longlong is a class of its own, though it is an int64
    assert wire.decode(wire.encode(number)) == 1
    assert wire.decode(wire.encode(np.ones(2, code))).tolist() == [1, 1]


def test_a_decoded_array_shares_no_memory_with_the_bytes_it_came_from() -> None:
    data = wire.encode(np.zeros(3))
    wire.decode(data)[0] = 1.0
    assert wire.decode(data)[0] == 0.0


def test_half_a_character_never_crosses() -> None:
    with pytest.raises(wire.Unsendable, match="lone surrogate"):
        wire.encode("a\ud800b")


@pytest.mark.parametrize(
    "value", [[[0] * 1000] * 300, {"a\ud800": 1, "a\\ud800": 2}], ids=["many", "alike"]
)
def test_whatever_can_be_sent_can_be_received(value: Any) -> None:
    with suppress(wire.Unsendable):
        assert len(wire.decode(wire.encode(value))) == len(value)


# ------------------------------------------------------------------------------ refusals


class Weights(np.ndarray):
    """A student's own kind of array."""


class Nowhere(dt.tzinfo):
    """A student's own time zone, which fails."""

    utcoffset = dst = tzname = None  # type: ignore[assignment]


class Count(int):
    """A student's own kind of number, which may lie about being equal."""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.ma.masked_array([1.0], [True]), "a numpy.MaskedArray"),
        (np.zeros(2).view(Weights), "a Weights"),
        (np.array([None]), "an array of dtype object"),
        (np.zeros(2, np.longdouble), r"an array of dtype (longdouble|float\d+)"),
        (np.longdouble(1), r"a (numpy\.)?longdouble"),
        (Count(3), "a Count"),
        (Decimal("1E+20000"), "a Decimal that cannot be sent"),
        (dt.datetime(2024, 1, 1, tzinfo=Nowhere()), "a datetime that cannot be sent"),
        ({Count(3)}, "a set with a Count in it"),
        (np.zeros(2, [("a", "O")]), "an array of dtype void64"),
        (np.zeros(2, [("a", [("b", [("c", [("d", [("e", "?")])])])])]), "an array of dtype void8"),
        ((n for n in [1]), "a generator"),
        (len, "a builtin_function_or_method"),
        (lambda: None, "a function"),
        (np, "a module"),
        (Count, "a type"),
        (Ellipsis, "an ellipsis"),
        ([1, {"a": (object(),)}], "an object"),
        ({object(): 1}, "a dict with an object as a key"),
        (1 << 8 * wire.MAX_INT_BYTES, r"an int of 32,769 bits"),
        (dict.fromkeys(range(wire.MAX_ITEMS + 1)), "a dict of 200,001 items"),
        ([None] * (wire.MAX_ITEMS + 1), "a list of 200,001 items"),
        ([[None] * wire.MAX_ITEMS] * 100_000, r"a value that is too large \(too many values\)"),
        (np.zeros((0, 2**29)), r"an array of shape \(0, 536870912\)"),
        (
            b"x" * wire.MAX_VALUE,
            f"a value of {wire.MAX_VALUE + 5:,} bytes, more than {wire.MAX_VALUE:,}",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_is_no_plain_value_is_refused_by_name(value: object, words: str) -> None:
    with pytest.raises(wire.Unsendable, match=f"^{words}$"):
        wire.encode(value)


def test_a_matrix_is_refused_by_name() -> None:
    with pytest.warns(PendingDeprecationWarning):
        matrix = np.asmatrix([[1.0]])
    with pytest.raises(wire.Unsendable, match=r"^a numpy\.matrix$"):
        wire.encode(matrix)


def test_a_class_cannot_lie_about_its_name() -> None:
    class Liar(type):
        __name__ = "ndarray"

    class Honest(metaclass=Liar):
        pass

    with pytest.raises(wire.Unsendable, match=r"^a Honest$"):
        wire.encode(Honest())


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


def test_depth_is_limited_at_both_ends_alike() -> None:
    deepest = nested(wire.MAX_DEPTH)
    assert wire.decode(wire.encode(deepest)) == deepest
    with pytest.raises(wire.Unsendable, match="nested more than 16 deep"):
        wire.encode([deepest])
    data = b"l" + struct.pack("!I", 1)
    with pytest.raises(wire.WireError, match="nested too deep"):
        wire.decode(data * 100_000 + b"N")


def test_a_list_that_holds_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(wire.Unsendable):
        wire.encode(endless)


# ------------------------------------------------------------------------------ hostile bytes


def u32(*numbers: int) -> bytes:
    return struct.pack(f"!{len(numbers)}I", *numbers)


def float64(number: float) -> bytes:
    return b"g\x0b" + struct.pack("<d", number)


HOSTILE = {
    "nothing": b"",
    "an unknown tag": b"z",
    "a pickle": b"\x80\x04N.",
    "two values": b"NN",
    "half an int": b"i\0\0",
    "a text without its length": b"s\0",
    "a text longer than the frame": b"s" + u32(2**32 - 1) + b"abc",
    "a text that is no UTF-8": b"s" + u32(1) + b"\xff",
    "a text with half a character": b"s" + u32(3) + b"\xed\xa0\x80",
    "bytes longer than the frame": b"b" + u32(2**31),
    "a huge int": b"I" + u32(wire.MAX_INT_BYTES + 1) + b"\1" * (wire.MAX_INT_BYTES + 1),
    "an int longer than the frame": b"I" + u32(4096) + b"\1",
    "a list of four thousand million": b"l" + u32(2**32 - 1) + b"N",
    "a tuple of four thousand million": b"t" + u32(2**32 - 1),
    "too many values": b"l" + u32(wire.MAX_ITEMS) + b"N" * wire.MAX_ITEMS,
    "a dict too large": b"d" + u32(wire.MAX_ITEMS + 1) + b"N" * 9,
    "a key twice": b"d" + u32(2) + b"TNTN",
    "equal keys of two types": b"d" + u32(2) + b"TN" + b"i" + struct.pack("!q", 1) + b"N",
    "a list as a key": b"d" + u32(1) + b"l" + u32(0) + b"N",
    "an array as a key": b"d" + u32(1) + b"a\x0b\1" + u32(0) + b"N",
    "a tuple with a list as a key": b"d" + u32(1) + b"t" + u32(1) + b"l" + u32(0) + b"N",
    "keys that cannot be compared": (
        b"d" + u32(2) + float64(5.0) + b"N" + wire.encode(5 + P * 2**2000) + b"N"
    ),
    "a member twice": b"S" + u32(2) + b"TT",
    "a list as a member": b"S" + u32(1) + b"l" + u32(0),
    "members without end": b"Z" + u32(2**32 - 1) + b"N",
    "an unknown kind": b"x\xff" + wire.encode(()),
    "parts that are a list": b"x\0" + wire.encode([1, 2, 1]),
    "a range of no steps": b"x\0" + wire.encode((1, 2, 0)),
    "a range of truths": b"x\0" + wire.encode((True, 2, 1)),
    "a fraction of nothing": b"x\1" + wire.encode((1, 0)),
    "a Decimal of words": b"x\2" + wire.encode(("many",)),
    "a Decimal of a huge exponent": b"x\2" + wire.encode(("1E+999999",)),
    "a signalling Decimal": b"x\2" + wire.encode(("sNaN",)),
    "a day that is not there": b"x\3" + wire.encode((2023, 2, 29)),
    "a time zone of weeks": b"x\4" + wire.encode((1, 2, 3, 4, 1e9, 0)),
    "a moment without a day": b"x\5" + wire.encode((1,)),
    "a span of ages": b"x\6" + wire.encode((10**12, 0, 0)),
    "a record with a part too many": b"x\7" + wire.encode(("R", ("x",), (1, 2))),
    "a record of one name twice": b"x\7" + wire.encode(("R", ("x", "x"), (1, 2))),
    "a member without a name": b"x\x08" + wire.encode(("C", None, 1, False)),
    "a table without an index": b"x\x09" + wire.encode(("frame", [], [], None, None)),
    "a sparse matrix of 10^18 rows": b"x\x0a"
    + wire.encode(("csr", False, (10**18, 1), np.zeros(0), np.zeros(0), np.zeros(0))),
    "parts in parts without end": (b"x\7t" + u32(1)) * 1_000,
    "a dtype in a dtype without end": b"A" * 5_000,
    "an array of objects": b"A" + wire.encode("|O") + b"\0",
    "an array of texts of no length": b"A" + wire.encode("<U0") + b"\1" + u32(3),
    "an array of texts with half a character": b"A" + wire.encode("<U1") + b"\0\0\xd8\0\0",
    "an array of texts beyond the last character": b"A" + wire.encode("<U1") + b"\0\xff" * 3,
    "a dtype that is code": b"A" + wire.encode("f8,(2,)i4") + b"\0" + b"\0" * 16,
    "a row of fields of one name": b"A" + wire.encode([["a", "<f8"], ["a", "<f8"]]) + b"\0",
    "an array in place of a date": b"G" + wire.encode("<M8[D]") + b"\1" + u32(1) + b"\0" * 8,
    "an unknown dtype": b"a\xff\0",
    "half a scalar": b"g\x0b\0",
    "an array without a shape": b"a\x0b\x02" + u32(1),
    "an array larger than the frame": b"a\x0b\2" + u32(2**31, 2**31),
    "an array whose size overflows": b"a\x0b\4" + u32(2**32 - 1, 2**32 - 1, 2**32 - 1, 2),
    "an empty array of impossible shape": b"a\x0b\4" + u32(0, 2**32 - 1, 2**32 - 1, 2**32 - 1),
    "an empty array that reaches far": b"a\x0b\2" + u32(0, 2**29),
    "empty arrays that reach far together": (b"l" + u32(300) + (b"a\x0b\2" + u32(0, 2**14)) * 300),
    "an array of too many dimensions": b"a\x0b\x21" + u32(*[1] * 33) + b"\0" * 8,
    "an array with bytes to spare": b"a\x0b\1" + u32(1) + b"\0" * 9,
    "a frame too large": b"b" + u32(wire.MAX_FRAME) + b"\0" * wire.MAX_FRAME,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_bytes_that_are_no_value_are_refused(data: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.decode(data)


def check_bytes(data: bytes) -> None:
    """Decode to a value that is as good as any, or raise WireError; nothing else."""
    try:
        value = wire.decode(data)
    except wire.WireError:
        return
    again = wire.encode(value)
    assert same(wire.decode(again), value)


@given(st.binary(max_size=60))
@example(b"d" + u32(2) + float64(math.nan) + b"N" + float64(math.nan) + b"N")
@example(b"a\x00\x01" + u32(1) + b"\x02")
@example(b"g\x00\x02")
def test_any_bytes_are_a_value_or_a_wire_error(data: bytes) -> None:
    check_bytes(data)


TAGS = st.sampled_from([bytes([tag]) for tag in b"NTFiIfcsbgatldSZxAG"])
COUNTS = st.sampled_from([0, 1, 2, 3, 17, 1001, 2**31, 2**32 - 1]).map(u32)
PIECES = st.one_of(TAGS, COUNTS, st.binary(max_size=9), VALUES.map(wire.encode))


@pytest.mark.slow
@given(st.lists(PIECES, max_size=12).map(b"".join))
def test_bytes_that_look_like_a_value_are_one_or_a_wire_error(data: bytes) -> None:
    check_bytes(data)


@given(VALUES, st.data())
def test_a_value_that_was_cut_or_lengthened_is_refused(value: Any, data: st.DataObject) -> None:
    whole = wire.encode(value)
    cut = data.draw(st.integers(0, len(whole) - 1))
    for changed in (whole[:cut], whole + b"N"):
        with pytest.raises(wire.WireError):
            wire.decode(changed)


@given(VALUES, st.data())
def test_a_value_with_a_changed_byte_is_a_value_or_refused(value: Any, data: st.DataObject) -> None:
    whole = bytearray(wire.encode(value))
    whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    check_bytes(bytes(whole))


def test_keys_with_one_hash_do_not_stall_the_trusted_end() -> None:
    """Colliding keys are compared each with each; a whole frame of them must stay quick."""
    keys = [wire.encode(n * P + (P << 1000)) + b"N" for n in range(90_000)]
    frame = b"d" + u32(len(keys)) + b"".join(keys)  # 12 MB, under every other limit
    start = time.process_time()
    with suppress(wire.WireError):
        wire.decode(frame)
    assert time.process_time() - start < 0.5


def test_many_keys_of_many_hashes_cross() -> None:
    value = {number: str(number) for number in range(-40_000, 40_000)}  # -1 and -2 hash alike
    assert wire.decode(wire.encode(value)) == value


def test_one_long_text_among_many_does_not_fill_the_trusted_ends_memory() -> None:
    """Numpy gives each text of a list the room of the longest: 50 KB would become 400 MB."""
    with suppress(wire.Unsendable, wire.WireError):
        value = wire.decode(wire.encode(["x" * 50_000] + [""] * 2_000))
        longest = max(map(len, value))
        assert 4 * longest * len(value) <= 4 * wire.MAX_FRAME


def test_a_frame_is_its_content_behind_its_length() -> None:
    data = wire.frame(b"content")
    (length,) = wire.HEADER.unpack_from(data)
    assert data[wire.HEADER.size :] == b"content"
    assert length == len(b"content")
