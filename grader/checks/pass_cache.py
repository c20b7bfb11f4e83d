"""A cache of passes: a check that has passed on some replies need not run on the same ones again.

Many right answers return the same numbers, to the last bit. The input of a check is the same for
all students, and so is the reference. So the replies of the student's functions decide alone
whether it passes. Only passes are kept, because a failure also shows this student's own call and
code. A program gains nothing from the cache: it holds only replies that the check has accepted.

A check that may see more than replies runs for every student. That is a check that uses a fixture
which is not the grader's, one in a class, one around which hooks of the course run, and every check
of a file whose variables change while its checks run.
"""

from __future__ import annotations
import __future__

import hashlib
import re
from collections.abc import Collection, Sequence
from pathlib import PurePath
from types import ModuleType
from typing import Final

import pytest

from grader.checks.collection import Check
from grader.checks.pytest_internals import has_only_standard_hooks
from grader.sandbox import wire

MOST_PASSES: Final = 20_000  # kept at the same time: some 3 MB

_OUR_FIXTURES: Final = frozenset({"student", "reference", "rng"})
#: Types of objects that do not change, in addition to functions and classes.
_CONSTANTS: Final = (ModuleType, PurePath, re.Pattern, type(__future__.annotations))


class PassCache:
    """The replies on which checks have passed."""

    def __init__(self, checks: Collection[Check], most: int = MOST_PASSES) -> None:
        """Start with no passes.

        Args:
            checks: those that see nothing but replies; see :func:`sees_replies_alone`.
            most: the number of passes that are kept; later ones are not.
        """
        self._checks = checks
        self._most = most
        self._passes: set[bytes] = set()

    def contains(self, check: Check, replies: Sequence[bytes]) -> bool:
        """Whether the check has passed on just these replies, in this order."""
        return bool(replies) and check in self._checks and _digest(check, replies) in self._passes

    def add(self, check: Check, replies: Sequence[bytes]) -> None:
        """Keep that the check has passed, and that these were all the replies that it got."""
        if replies and check in self._checks and len(self._passes) < self._most:
            self._passes.add(_digest(check, replies))


def sees_replies_alone(check: Check) -> bool:
    """Whether a check uses nothing but parameters and the grader's own fixtures."""
    item = check.item
    return (
        item.cls is None
        and _OUR_FIXTURES | _parameters(item) >= set(item.fixturenames)
        and has_only_standard_hooks(item)
    )


def file_state(module: ModuleType) -> dict[str, object] | None:
    """The variables of a check file, to compare them with a later state.

    ``None`` if one cannot be compared: a generator, say, or an open file.
    """
    state: dict[str, object] = {}
    for name, value in vars(module).items():
        if name == "pytestmark" or name.startswith("__"):
            continue
        if callable(value) or isinstance(value, _CONSTANTS):
            state[name] = id(value)
            continue
        try:
            state[name] = wire.encode(value)
        except wire.Unsendable:
            return None
    return state


def _parameters(item: pytest.Function) -> frozenset[str]:
    """The names of the arguments that `pytest.mark.parametrize` gives to a check."""
    names: set[str] = set()
    for mark in item.iter_markers("parametrize"):
        if not mark.kwargs.get("indirect") and len(mark.args) == 2:
            given = mark.args[0]
            names.update(re.findall(r"\w+", given) if isinstance(given, str) else given)
    return frozenset(names)


def _digest(check: Check, replies: Sequence[bytes]) -> bytes:
    digest = hashlib.sha256(check.item.nodeid.encode("utf-8", "surrogateescape"))
    for reply in replies:
        digest.update(wire.frame(reply))  # with its length, so two replies are not one longer one
    return digest.digest()
