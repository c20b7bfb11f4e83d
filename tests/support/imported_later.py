"""Modules that take long to import. Each worker collects all tests, and runs only some of them."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class ImportedLater:
    """Stands for a module, which is imported when a test first uses something of it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith(("__", "_mock")):  # pytest asks for these whatever it collects
            raise AttributeError(attribute)
        return getattr(import_module(self._name), attribute)
