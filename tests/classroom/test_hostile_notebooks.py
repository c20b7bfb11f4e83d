"""What a student wrote into a notebook, as formgrader's and the feedback's pages show it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from imported_later import ImportedLater

from grader.submissions.notebooks import read_cells

layout, nbconvert = ImportedLater("grader.classroom.layout"), ImportedLater("nbconvert")

pytestmark = pytest.mark.classroom

HARMLESS: Final = {"", "http", "https", "mailto", "attachment"}

#: Each would run a script as whoever marks, at a click or without one.
HOSTILE: Final = (
    "[a](javascript:alert(1))", "[a](JavaScript:alert(1))", "[a](javascript&#58;alert(1))",
    "[a](&#106;avascript:alert(1))", "[a](javascript&colon;alert(1))", "[a](java\\script\\:x)",
    "[a](<javascript:alert(1)>)", "[a](< javascript:alert(1)>)", "[a](\n javascript:alert(1))",
    "[a][x]\n\n[x]: javascript:alert(1)", "[a][x]\n\n[x]:\n  <javascript:alert(1)>",
    "> [a][x]\n>\n> [x]:\n> javascript:alert(1)", "![a](javascript:alert(1))",
    "[![a](attachment:a.png)](javascript:alert(1))", "[a](vbscript:x)", "<javascript:alert(1)>",
    "[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)", "[a](file:///etc/passwd)",
    '<https://x.y/"onmouseover="alert(1)>', "<img src=x onerror=alert(1)>", "<\nscript>",
    "$</script><script>alert(1)</script>$", "```html\n</pre><script>alert(1)</script>\n```",
    "\\begin{x}<script>alert(1)</script>\\end{x}", "# <svg/onload=alert(1)>",
)  # fmt: skip


class Links(HTMLParser):
    """Where a page's links and pictures point to, and what else it would run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.active: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.targets += [value or "" for name, value in attrs if name in ("href", "src")]
        self.active += [tag] * (tag in ("script", "svg", "iframe", "object", "style", "form"))
        self.active += [name for name, _ in attrs if name.startswith("on")]


def fitted(cells: Sequence[Mapping[str, Any]]) -> Any:
    """The notebook that is made of them."""
    return layout.fit_to_layout(cells, layout.Layout((), {}))


def shown(*cells: dict[str, Any], metadata: dict[str, Any] | None = None) -> Links:
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata or {}, "cells": [*cells]}
    read = read_cells(json.dumps(content).encode(), "a.ipynb")
    exporter = nbconvert.HTMLExporter(template_name="basic", exclude_anchor_links=True)
    return Links(exporter.from_notebook_node(fitted(read))[0])


@pytest.mark.parametrize("text", HOSTILE)
def test_no_page_runs_what_a_student_wrote(text: str) -> None:
    for kind in ("markdown", "raw", "code", "heading", None):
        links = shown({"cell_type": kind, "source": text, "metadata": {}})
        # A browser leaves out what stands before a scheme, and line ends within.
        schemes = {urlsplit(it.strip().replace("\n", "")).scheme for it in links.targets}
        assert schemes <= HARMLESS
        assert links.active == []


def test_outputs_and_metadata_are_not_shown_at_all() -> None:
    script = "<script>alert(1)</script>"
    output = {"output_type": "display_data", "data": {"text/html": script}, "metadata": {}}
    cell = {
        "cell_type": "code", "source": "1", "outputs": [output], "execution_count": script,
        "metadata": {"tags": [script], "trusted": True, "collapsed": script},
    }  # fmt: skip
    lexer = {"name": script, "pygments_lexer": f'x">{script}', "codemirror_mode": script}
    links = shown(
        cell, metadata={"title": script, "language_info": lexer, "widgets": {"a": script}}
    )
    assert links.active == []


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("there.png", "data:image/png;base64,AAAA"),
        ("gone.png", "#attachment:gone.png"),
        ("there%2Epng", "#attachment:there%2Epng"),
        ("\u00e4.png", "#attachment:%C3%A4.png"),
        ("page.html", "#attachment:page.html"),
        ("bad.png", "#attachment:bad.png"),
        ("", "#attachment:"),
    ],
)
def test_a_picture_that_is_not_there_does_not_keep_a_page_from_being_made(
    name: str, target: str
) -> None:
    png = {"image/png": "AAAA"}
    attachments = {
        "there.png": png, "\u00e4.png": png, "page.html": {"text/html": "PGI+"},
        "bad.png": {"image/png": 'AAAA" onerror="alert(1)'},
    }  # fmt: skip
    text = f"![it](attachment:{name})"
    links = shown({"cell_type": "markdown", "source": text, "attachments": attachments})
    assert links.targets == [target]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("[a](https://example.org/x?a=1&b=2#c)", "https://example.org/x?a=1&b=2#c"),
        ("[a](<http://example.org>)", "http://example.org"),
        ("[a](mailto:ada@example.edu)", "mailto:ada@example.edu"),
        ("[a](softmax.ipynb#part-2)", "softmax.ipynb#part-2"),
        ("[a](../img/a_b-c.png)", "../img/a_b-c.png"),
        ("<https://example.org>", "https://example.org"),
    ],
)
def test_ordinary_links_stay(text: str, target: str) -> None:
    assert shown({"cell_type": "markdown", "source": text}).targets == [target]


def test_prose_and_formulas_stay() -> None:
    text = "data: $x[i](\\alpha)$, $f[0, 1]:\\; a$ and list[int]: three"
    (cell,) = fitted([{"cell_type": "markdown", "source": text}]).cells
    assert cell.source == text


def test_a_cell_of_nothing_but_brackets_is_read_at_once() -> None:
    for text in (
        "](" * 100_000,
        "]:" + " " * 200_000,
        "](<" * 60_000,
        "<" * 200_000,
        "](attachment:" * 20_000,
    ):
        assert fitted([{"cell_type": "markdown", "source": text}]).cells
