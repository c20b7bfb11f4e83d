"""Text that students wrote is made safe to show; points and sizes are worded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.text import clean, make_encodable
from grader.text.wording import format_points, size_in_words, take_out_markdown

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # surrogates and controls too


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, é, 数, 🙂", "plain, é, 数, 🙂"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("one\ntwo\r\n\tthree", r"one\ntwo\r\n\tthree"),
        ("abc\u202egpj.exe", r"abc\u202egpj.exe"),
        ("\u2066\u2069\u200e\u200f", r"\u2066\u2069\u200e\u200f"),
        ("half \ud83d", r"half \ud83d"),
        ("\x7f\x9b\u2028", r"\x7f\x9b\u2028"),
    ],
)
def test_what_would_act_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_multiline_text_keeps_its_lines_and_tabs_only() -> None:
    assert clean("a\r\n\tb\rc\x1b\n", multiline=True) == "a\n\tb\\rc\\x1b\n"


def test_long_text_is_cut_with_an_ellipsis() -> None:
    assert clean("x" * 200) == "x" * 200
    assert clean("x" * 201) == "x" * 199 + "…"


def test_a_cut_never_splits_an_escape() -> None:
    assert clean("abc\x1b\x1b", limit=7) == "abc…"


@given(ANY_TEXT, st.integers(1, 30), st.booleans())
def test_clean_text_is_short_encodable_and_stays_clean(
    text: str, limit: int, multiline: bool
) -> None:
    shown = clean(text, limit, multiline=multiline)
    assert len(shown) <= limit
    shown.encode()
    assert clean(shown, limit, multiline=multiline) == shown


def test_undecodable_bytes_of_a_name_become_replacement_characters() -> None:
    assert make_encodable(b"ren\xe9e".decode("utf-8", "surrogateescape")) == "ren\ufffde"


def test_sizes_read_as_people_write_them() -> None:
    assert [size_in_words(n) for n in (0, 100, 1024, 2**20)] == [
        "0 bytes",
        "100 bytes",
        "1 KiB",
        "1024 KiB",
    ]


@pytest.mark.parametrize(
    ("points", "shown"),
    [
        (10.0, "10"),
        (0.0, "0"),
        (6.5, "6.5"),
        (0.1 + 0.2, "0.3"),
        (10 / 3, "3.333333"),
        (1234.5678, "1234.5678"),
        (1_000_000.0, "1000000"),
    ],
)
def test_points_are_shown_in_full_and_without_needless_digits(points: float, shown: str) -> None:
    assert format_points(points) == shown


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("`double(2)` is **4**, not *5*.", "double(2) is 4, not 5."),
        ("See [the text](https://example.org/a).", "See the text."),
        ("``a`b`` and ***both***", "a`b and both"),
        ("a * b * c, x**2 and **kwargs, __init__ and d_k", None),
        ("the value of `open", None),
        ("rows[0](1) is a call", None),
    ],
)
def test_titles_are_shown_without_markdowns_signs(title: str, shown: str | None) -> None:
    assert take_out_markdown(title) == (title if shown is None else shown)
