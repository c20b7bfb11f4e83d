"""A page taken apart: its elements, and the text that a reader sees."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from grader.reports.pages.class_page import class_pages


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text outside style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._within = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._within = tag

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within not in ("style", "script"):
            self.text += data


def text_of(page: str) -> str:
    return " ".join(Elements(page).text.split())


def class_page(*args: Any) -> str:
    """The first page of a class."""
    return next(class_pages(*args))
