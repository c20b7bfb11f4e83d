"""The wire under fire: whatever a program writes, decoding it costs little and harms nothing."""

from __future__ import annotations

import struct
import time
import tracemalloc
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from plain_values import ANY_TEXT, VALUES, arrays, same

from grader.sandbox import wire

SOME = settings(max_examples=max(settings().max_examples // 5, 10))  # slow by the example


def u32(*numbers: int) -> bytes:
    return struct.pack(f"!{len(numbers)}I", *numbers)


# ------------------------------------------------------------------------------ round trips


@given(arrays(), st.sampled_from("CF"), st.sampled_from("<>"))
def test_an_array_of_any_layout_and_byte_order_keeps_its_bits(
    array: Any, order: Any, byte_order: Any
) -> None:
    variant = np.asarray(array, array.dtype.newbyteorder(byte_order), order=order)
    back = wire.decode(wire.encode(variant))
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert back.tobytes() == variant.astype(array.dtype).tobytes()


@given(ANY_TEXT)
def test_any_text_crosses_as_it_is_or_not_at_all(text: str) -> None:
    try:
        data = wire.encode([text])
    except wire.Unsendable:
        assert any("\ud800" <= character <= "\udfff" for character in text)
        return
    assert wire.decode(data) == [text]


@given(VALUES)
def test_what_was_received_can_be_sent_again(value: Any) -> None:
    """The grader sends students' values on: what one function gave, to the next."""
    once = wire.decode(wire.encode(value))
    assert wire.encode(once) == wire.encode(value)


# ------------------------------------------------------------------------------ mutations


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    """One or two good values, then flipped, cut, doubled, spliced and written over."""
    data = bytearray(wire.encode(draw(VALUES)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        until = draw(st.integers(at, min(len(data), at + 40)))
        match draw(st.integers(0, 6)):
            case 0 if at < len(data):
                data[at] ^= 1 << draw(st.integers(0, 7))
            case 1:
                del data[at:until]
            case 2:
                data[at:at] = data[at:until] * draw(st.integers(1, 50))
            case 3:
                data[at:until] = draw(st.binary(max_size=12))
            case 4:
                data[at:] = wire.encode(draw(VALUES))
            case 5:
                data[at : at + 4] = u32(draw(st.sampled_from([0, 1, 255, 2**16, 2**31, 2**32 - 1])))
            case _:
                data[at:at] = draw(st.sampled_from([b"l", b"t", b"d", b"a", b"I"])) + u32(until)
    return bytes(data)


@pytest.mark.slow
@given(mutants())
@settings(max_examples=4 * settings().max_examples)
@example(b"a\x0b\2" + u32(0, 2**31))
def test_a_mutant_is_a_value_or_refused_with_the_one_error(data: bytes) -> None:
    try:
        value = wire.decode(data)
    except wire.WireError:
        return
    assert same(wire.decode(wire.encode(value)), value)


@given(mutants())
def test_our_own_limits_are_no_way_around_the_others(data: bytes) -> None:
    with suppress(wire.WireError):
        wire.decode(data, trusted=True)


# ------------------------------------------------------------------------------ what it costs

#: The smallest forms of everything that can be repeated, and so the dearest for their bytes.
UNITS = st.sampled_from([
    b"N", b"i" + b"\x7f" * 8, b"f" + b"\1" * 8, b"c" + b"\1" * 16, b"I" + u32(1) + b"\1",
    b"s" + u32(0), b"s" + u32(1) + b"x", b"s" + u32(4) + "\U0001f600".encode(), b"b" + u32(0),
    b"g\0\1", b"g\x0d" + b"\1" * 16, b"a\0\0\1", b"a\x0b\1" + u32(0), b"a\0\x20" + u32(*[1] * 32)
    + b"\1", b"l" + u32(0), b"t" + u32(0), b"d" + u32(0), b"d" + u32(1) + b"NN",
    b"l" + u32(1) + b"t" + u32(1) + b"N", b"z",
])  # fmt: skip


def cost(data: bytes) -> tuple[int, float]:
    """Peak bytes of memory that decoding takes, and seconds of CPU time."""
    tracemalloc.start()
    start = time.process_time()
    try:
        with suppress(wire.WireError):
            wire.decode(data)
        return tracemalloc.get_traced_memory()[1], time.process_time() - start
    finally:
        tracemalloc.stop()


@SOME
@given(st.lists(UNITS, min_size=1, max_size=3).map(b"".join), st.integers(1, 2_000), st.booleans())
@example(b"a\0\0\1", 2_000, True)
def test_memory_grows_with_the_bytes_received_and_no_faster(
    unit: bytes, count: int, counted: bool
) -> None:
    """With the cap on a frame, and on its values, that makes a cap on memory: some 150 MB."""
    data = b"l" + u32(count if counted else 2**32 - 1) + unit * count
    peak, seconds = cost(data)
    assert peak < 200 * len(data) + 64_000
    assert seconds < 5, "CPU time; a few thousand values take milliseconds"


@pytest.mark.parametrize("depth", [wire.MAX_DEPTH, 1_000, 1_000_000])
@pytest.mark.parametrize("opening", [b"l", b"t", b"d"])
def test_no_depth_exhausts_the_stack_or_the_memory(opening: bytes, depth: int) -> None:
    peak, _ = cost((opening + u32(1)) * depth)
    assert peak < 100_000


@pytest.mark.parametrize("tag", [b"s", b"b", b"I", b"l", b"t", b"d", b"a\x0b\1", b"a\x0d\4"])
@pytest.mark.parametrize("length", [2**16, 2**24, 2**31, 2**32 - 1])
def test_a_length_that_is_not_there_allocates_nothing(tag: bytes, length: int) -> None:
    peak, _ = cost(tag + u32(*[length] * (tag[2] if tag[:1] == b"a" else 1)) + b"\0" * 64)
    assert peak < 100_000
