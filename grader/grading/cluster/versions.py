"""The versions on which results depend. A machine with others does not grade."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import grader
from grader import fingerprints
from grader.grading.lesson_fingerprints import PACKAGES, grading_modules, version_of

_GRADER: Final = "the grader"


def own_versions(packages: Iterable[str]) -> dict[str, str]:
    """The versions here, by name; empty for what is not installed under that name.

    Args:
        packages: that the course uses, by the names under which they are imported.
    """
    names = sorted({*PACKAGES, *packages})
    return {
        _GRADER: f"{grader.__version__} (code {_code()})",
        "Python": platform.python_version(),
        **{name: version_of(name) for name in names},
    }


def describe_difference(here: Mapping[str, str], there: Mapping[str, str]) -> str | None:
    """A sentence, to follow a machine's name, on the versions that differ; None if none does."""
    different = [name for name in here if here[name] != there.get(name)]
    if not different:
        return None
    theirs, ours = (
        " and ".join(_describe(name, versions.get(name)) for name in different)
        for versions in (there, here)
    )
    return f"it has {theirs}; the machine that hands out the class has {ours}"


def _describe(name: str, version: str | None) -> str:
    return f"{name} {version}" if version else f"no {name.removeprefix('the ')}"


@lru_cache
def _code() -> str:
    """A digest of the code that decides results: two of one version may differ."""
    modules = [*grading_modules(), *fingerprints.list_modules(__package__)]
    return fingerprints.hash_sources(fingerprints.find_sources(modules)).hex()[:12]
