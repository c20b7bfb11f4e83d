"""The private parts of nbgrader: all there in this version, and used in one module alone."""

from __future__ import annotations

import re

import pytest
from imported_later import ImportedLater
from places import REPOSITORY

from grader.errors import GraderError

internals = ImportedLater("grader.classroom.nbgrader_internals")
converters = ImportedLater("nbgrader.converters")

pytestmark = pytest.mark.classroom


def test_every_part_is_there() -> None:
    internals.refuse_other_versions()


def test_what_is_gone_is_named() -> None:
    used = {converters.Autograde: ("init_destination", "_went_away", "_went_too")}
    with pytest.raises(GraderError, match=r"no longer has Autograde\._went_away, Autograde\._went"):
        internals.refuse_other_versions(used)


def test_no_other_module_uses_a_private_part() -> None:
    private = re.compile(r"\b(?!self\b|cls\b)\w+\._[a-z]\w*\(|\bself\._(init_resources|format_\w+)")
    for path in (REPOSITORY / "grader" / "classroom").glob("*.py"):
        if path.name not in ("nbgrader_internals.py", "visible_checks.py"):
            assert not private.search(path.read_text("utf-8")), path.name
