"""The bytes of scripts and notebooks become text, or a refusal in words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import IntakeError
from grader.submissions.decoding import decode_script
from grader.submissions.intake import take_in_one
from grader.submissions.notebooks import decode_notebook, find_idle_code
from grader.submissions.submission import Source

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # surrogates and controls too


def text_or_words(function: Callable[[], str]) -> str:
    """What `function` returns, or its refusal; any other exception fails the test."""
    try:
        return function()
    except IntakeError as error:
        return str(error)


# -- scripts


@pytest.mark.parametrize(
    "data",
    [
        "s = 'é€'\n".encode(),
        "s = 'é€'\r\n".encode("utf-8-sig"),
        "s = 'é€'\r".encode("utf-16"),
        b"\xfe\xff" + "s = 'é€'\n".encode("utf-16-be"),
        "s = 'é€'\n".encode("utf-32"),
    ],
    ids=["utf-8", "utf-8 with a mark", "utf-16", "utf-16 big-endian", "utf-32"],
)
def test_a_byte_order_mark_decides_and_newlines_are_normalised(data: bytes) -> None:
    assert decode_script(data, "a.py") == "s = 'é€'\n"


@pytest.mark.parametrize(
    ("cookie", "codec"),
    [
        ("# -*- coding: latin-1 -*-", "latin-1"),
        ("#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :", "cp1252"),
        ("\n# coding: ISO_8859_15", "iso8859-15"),
        ("# coding: utf-8-unix", "utf-8"),
        ("# coding: Windows-1252", "cp1252"),
    ],
)
def test_a_declared_text_encoding_is_used(cookie: str, codec: str) -> None:
    text = f"{cookie}\ns = 'é'\n"
    assert decode_script(text.encode(codec), "a.py") == text


def test_a_declaration_counts_only_where_python_looks_for_it() -> None:
    for text in ("x = 1\n# coding: zip\n", "\n\n# coding: zip\n", "s = '# coding: zip'\n"):
        assert decode_script(text.encode(), "a.py") == text


NO_TEXT_ENCODINGS = [
    *("zip", "zlib", "bz2", "hex", "base64", "uu", "quopri", "rot13", "string-escape"),
    *("unicode_escape", "raw_unicode_escape", "idna", "punycode", "utf-7", "utf-16"),
    *("undefined", "mbcs", "os", "no.such.codec", "__import__"),
]


@pytest.mark.parametrize("codec", NO_TEXT_ENCODINGS)
def test_a_codec_that_is_no_plain_text_encoding_is_refused(codec: str) -> None:
    with pytest.raises(IntakeError, match=r"declares the encoding .*save it as UTF-8"):
        decode_script(f"# coding: {codec}\nx = 1\n".encode(), "a.py")


def test_wrong_bytes_are_named_with_their_line() -> None:
    with pytest.raises(IntakeError) as caught:
        decode_script("a = 1\r\nb = 2\ns = 'é'\n".encode("latin-1"), "softmax.py")
    assert str(caught.value) == (
        "softmax.py is not valid UTF-8: line 3 holds the byte 0xE9; save it as UTF-8"
    )


def test_nul_bytes_are_refused_also_as_utf_16_without_a_mark() -> None:
    for data in (b"a = 1\nb = '\0'\n", "a = 1\n".encode("utf-16-le")):
        with pytest.raises(IntakeError, match="NUL byte in line"):
            decode_script(data, "a.py")


@given(st.binary() | st.from_regex(rb"#.coding[:=][-\w.]+\n.*", fullmatch=True))
def test_any_bytes_become_encodable_text_or_words(data: bytes) -> None:
    outcome = text_or_words(lambda: decode_script(data, "a.py"))
    outcome.encode()
    assert "\r" not in outcome


# -- notebooks


def code(source: object) -> dict[str, object]:
    return {"cell_type": "code", "source": source, "outputs": [], "metadata": {}}


def notebook(*cells: object) -> bytes:
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}).encode()


def cells_of(data: bytes, cap: int = 1024) -> tuple[str, ...]:
    return decode_notebook(data, "a.ipynb", cap)


def test_only_the_code_cells_count_in_order() -> None:
    data = notebook(
        code("x = 1\r\n"),
        {"cell_type": "markdown", "source": "# Title"},
        {"cell_type": "raw", "source": "raw"},
        code(["%matplotlib inline\n", "y = 2"]),
        code(""),
        "no cell at all",
    )
    assert cells_of(data) == ("x = 1\n", "%matplotlib inline\ny = 2", "")
    assert cells_of(b"\xef\xbb\xbf" + data) == cells_of(data)


def test_notebooks_of_format_3_are_read_too() -> None:
    sheet = {"cells": [{"cell_type": "code", "input": ["x = 1\n", "y"]}, {"cell_type": "heading"}]}
    assert cells_of(json.dumps({"nbformat": 3, "worksheets": [sheet, sheet]}).encode()) == (
        "x = 1\ny",
        "x = 1\ny",
    )


def test_outputs_count_for_nothing_but_code_is_limited() -> None:
    plot = {**code("x"), "outputs": [{"data": {"image/png": "A" * 100_000, "nan": float("nan")}}]}
    assert cells_of(notebook(plot), cap=10) == ("x",)
    with pytest.raises(IntakeError, match="more than 10 bytes of code"):
        cells_of(notebook(code("éééé"), code("abc")), cap=10)


BROKEN_NOTEBOOKS = {
    "empty": (b" \n", "is empty"),
    "no utf-8": (b"\xff{}", "not valid UTF-8"),
    "cut off": (b'{\n"cells": [', "breaks in line 2"),
    "nested": (b"[" * 100_000, "far too large"),
    "huge number": (b'{"cells": [' + b"9" * 5_000 + b"]}", "far too large"),
    "many values": (b"[" + b"{}," * 1_000_000 + b"{}]", "clear all outputs"),
    "a list": (b"[]", "no list of cells"),
    "a number": (b"17", "no list of cells"),
    "a dict of cells": (b'{"cells": {"a": 1}}', "no list of cells"),
    "a number for a sheet": (b'{"worksheets": [3]}', "no list of cells"),
    "no sheets": (b'{"worksheets": []}', "no code cells"),
    "text only": (notebook({"cell_type": "markdown", "source": "x"}), "no code cells"),
    "a number for code": (notebook(code("ok"), code(3)), "source of cell 2 is not text"),
    "null in code": (notebook(code(["a", None])), "source of cell 1 is not text"),
    "a dict for code": (notebook(code({"a": 1})), "source of cell 1 is not text"),
    "nul": (notebook(code("a\nb\0")), "code cell 1, holds a NUL byte in line 2"),
    "surrogate": (notebook(code("'\ud800'")), "lone surrogate"),
    "many cells": (notebook(*[code("")] * 10_001), "more than 10000 code cells"),
}


@pytest.mark.parametrize(("data", "reason"), BROKEN_NOTEBOOKS.values(), ids=BROKEN_NOTEBOOKS)
def test_a_broken_notebook_is_refused_in_words(data: bytes, reason: str) -> None:
    with pytest.raises(IntakeError, match=reason):
        cells_of(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.just("code"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cells", "cell_type", "source", "input", "worksheets"]), inner
        )
    ),
    max_leaves=15,
)


@given(JSON | st.builds(lambda cells: {"cells": cells}, st.lists(JSON, max_size=4)))
def test_any_json_becomes_cells_or_words(content: object) -> None:
    text_or_words(lambda: "".join(cells_of(json.dumps(content).encode()))).encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04rest", "no Python script but a zip archive"),
        (b"{\\rtf1\\ansi def f", "a text of a word processor (RTF); save it as plain text"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "a web page"),
        (b"  <html lang='en'>", "a web page"),
        (b"\x1f\x8b\x08", "a packed archive (gzip)"),
    ],
)
def test_a_file_of_another_kind_is_named(data: bytes, words: str) -> None:
    with pytest.raises(IntakeError, match=re.escape(words)):
        decode_script(data, "a.py")


def cell(kind: str, source: str) -> dict[str, object]:
    return {"cell_type": kind, "source": source, "metadata": {}}


def test_functions_that_stand_where_no_python_runs_are_named() -> None:
    notebook = [
        cell("markdown", "def f(x):\n    return x"),
        cell("code", "%%writefile g.py\ndef g(x): return x"),
        cell("code", "def h(x): return x"),
        cell("markdown", "As above:\n\ndef h(x):\n    ..."),
        cell("code", "%%time\ndef k(x): return x"),
        {"cell_type": "code", "source": 5},
    ]
    code = [str(entry["source"]) for entry in notebook if entry["cell_type"] == "code"]
    assert find_idle_code(notebook, code) == (
        "`f` stands in cell 1, which is text, not code: make it a code cell; "
        "`g` stands in cell 2, which begins with %%writefile: take that line out"
    )
    assert find_idle_code(notebook[2:5], code) is None


def test_a_notebook_that_is_called_a_script_is_read_as_a_notebook(tmp_path: Path) -> None:
    notebook = {"cells": [cell("code", "def f(x): return x")], "nbformat": 4, "metadata": {}}
    (tmp_path / "a.py").write_text(json.dumps(notebook))
    source = take_in_one(tmp_path, ["a"], max_file_bytes=10_000).lessons["a"]
    assert isinstance(source, Source)
    assert source.notebook
    assert source.cells == ("def f(x): return x",)
    assert source.note == "a.py is a notebook, and is read as one"
