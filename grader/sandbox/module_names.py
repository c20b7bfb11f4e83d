"""The names under which the files of a program are imported.

This module must import little: each command that reads a course uses it, most without numpy.
"""

from __future__ import annotations

from collections.abc import Iterable


def module_name(path: str) -> str:
    """The name under which a module is imported: ``shapes/circle.py`` is ``shapes.circle``."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def own_modules(lesson: str, programs: Iterable[str]) -> frozenset[str]:
    """A lesson and its further modules: in each collection of programs, they come last."""
    names = [*programs]
    return frozenset(names[names.index(lesson) :] if lesson in names else [lesson])
