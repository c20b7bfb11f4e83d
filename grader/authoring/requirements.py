"""The distributions that a course needs, in the versions that are installed here."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from typing import Final

from grader.course import Course
from grader.errors import GraderError
from grader.sandbox.dependencies import distributions_of

_DISTRIBUTION: Final = "self-attention-course"
_NAME: Final = re.compile(r"[\w.-]+")  # what a requirement begins with


def grader_distributions() -> set[str]:
    """The distributions that the grader needs.

    Raises:
        GraderError: the grader runs without having been installed.
    """
    try:
        needed = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        raise GraderError(
            "the grader is not installed here, so it cannot tell what it needs. Run `make setup`."
        ) from None
    names = (_NAME.match(requirement) for requirement in needed if "extra ==" not in requirement)
    return {name[0] for name in names if name}


def course_distributions(course: Course) -> set[str]:
    """The distributions that hold a course's packages.

    Raises:
        GraderError: one is not installed.
    """
    distributions: set[str] = set()
    for name in course.packages:
        if not (owners := distributions_of(name)):
            raise GraderError(
                f"the package `{name}` of course.yaml is not installed, so nobody can say which "
                f"version is meant. Install it beside the grader: {sys.executable} -m pip install "
                f"{name}"
            )
        distributions.add(owners[0])
    return distributions


def pin(distributions: set[str]) -> list[str]:
    """Lines of a requirements.txt, each with the installed version."""
    return sorted(f"{name}=={metadata.version(name)}" for name in distributions)
