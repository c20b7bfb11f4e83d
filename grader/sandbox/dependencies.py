"""What an installed package needs beside itself, from what its installation says.

A course lists ``pandas``; pandas does not work without dateutil, pytz and six.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import PurePosixPath

from packaging.requirements import InvalidRequirement, Requirement


def find_dependencies(packages: Iterable[str]) -> list[str]:
    """The import names of all that these packages need, sorted; with what they bring themselves.

    Args:
        packages: import names, of packages that are installed.
    """
    todo = [name for package in packages for name in _distributions_of(package)]
    found: dict[str, metadata.Distribution] = {}
    while todo:
        name = todo.pop()
        if name in found:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # optional on this system, or pinned by nobody
            continue
        todo += _requirements_of(found[name])
    return sorted({name for it in found.values() for name in _import_names(it)})


def _distributions_of(package: str) -> list[str]:
    """The names under which a package is installed: PIL comes with pillow."""
    try:
        own = metadata.distribution(package)
    except metadata.PackageNotFoundError:
        return _all_distributions().get(package, [])
    return [package] if package in _import_names(own) else _all_distributions().get(package, [])


@cache
def _all_distributions() -> dict[str, list[str]]:
    return dict(metadata.packages_distributions())


def _requirements_of(distribution: metadata.Distribution) -> Iterator[str]:
    """What it always needs here; what only its extras need is left out."""
    for text in distribution.requires or ():
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name


def _import_names(distribution: metadata.Distribution) -> set[str]:
    names = set((distribution.read_text("top_level.txt") or "").split())
    for file in distribution.files or ():
        first, *rest = PurePosixPath(file).parts
        if rest or first.endswith(".py"):
            names.add(first.removesuffix(".py"))
    return {name for name in names if name.isidentifier() and name != "__pycache__"}
