"""Finds the packages that an installed package needs, from the metadata of its installation.

If a course lists ``pandas``, its students also need dateutil, pytz and six.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import PurePosixPath

from packaging.requirements import InvalidRequirement, Requirement


def find_dependencies(packages: Iterable[str]) -> list[str]:
    """The import names of these packages and of all that they need, sorted.

    Args:
        packages: import names, of packages that are installed.
    """
    todo = [name for package in packages for name in distributions_of(package)]
    distributions: dict[str, metadata.Distribution] = {}
    while todo:
        name = todo.pop()
        if name in distributions:
            continue
        try:
            distributions[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # optional on this system, or pinned by nobody
            continue
        todo += _requirements_of(distributions[name])
    return sorted(
        {name for distribution in distributions.values() for name in _import_names(distribution)}
    )


def distributions_of(package: str) -> list[str]:
    """The distributions that install a package: PIL comes with pillow. Empty: it is not there."""
    try:
        own = metadata.distribution(package)
    except metadata.PackageNotFoundError:
        return _all_distributions().get(package, [])
    if package in _import_names(own):
        return [own.metadata["Name"]]
    return _all_distributions().get(package, [])


@cache
def _all_distributions() -> dict[str, list[str]]:
    return dict(metadata.packages_distributions())


def _requirements_of(distribution: metadata.Distribution) -> Iterator[str]:
    """The distributions that one always needs on this system, without those of its extras."""
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
