"""Known passes: a check that has passed on some replies passes on the same replies again.

Many right answers return the same numbers, to the last bit. A check is a function of what the
student's functions return: its input is the same for everybody, and so is the reference. So a check
that has passed on some replies need not run on the very same bytes again. Only a pass is kept,
because a failure also tells what this student called and wrote. A program gains nothing by it: a
pass is known only for replies that the check has accepted.

A check that might see more than replies runs for everybody: one that asks for another fixture than
the grader's own, one in a class, one around which a course's own hooks run, and all checks of a
file whose variables change while its checks run.
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
#: Objects that nobody changes, beside what can be called.
_CONSTANTS: Final = (ModuleType, PurePath, re.Pattern, type(__future__.annotations))


class PassCache:
    """Which checks passed on which replies."""

    def __init__(self, checks: Collection[Check], most: int = MOST_PASSES) -> None:
        """Start with none.

        Args:
            checks: the ones that :func:`sees_replies_alone` allows.
            most: how many passes are kept; later ones are not.
        """
        self._checks = checks
        self._most = most
        self._passes: set[bytes] = set()

    def contains(self, check: Check, replies: Sequence[bytes]) -> bool:
        """Whether the check has passed on these replies, all of them and in this order."""
        return bool(replies) and check in self._checks and _digest(check, replies) in self._passes

    def add(self, check: Check, replies: Sequence[bytes]) -> None:
        """Keep that the check passed, having asked for nothing but these replies."""
        if replies and check in self._checks and len(self._passes) < self._most:
            self._passes.add(_digest(check, replies))


def sees_replies_alone(check: Check) -> bool:
    """Whether nothing but the grader's own fixtures and parameters goes into a check."""
    item = check.item
    return (
        item.cls is None
        and _OUR_FIXTURES | _parameters(item) >= set(item.fixturenames)
        and has_only_standard_hooks(item)
    )


def file_state(module: ModuleType) -> dict[str, object] | None:
    """The variables of a check file, to be compared with a later state.

    ``None`` if a variable cannot be compared: it holds a generator, say, or an open file.
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
    """The arguments whose values stand in the check's marks, and come from no fixture."""
    names: set[str] = set()
    for mark in item.iter_markers("parametrize"):
        if not mark.kwargs.get("indirect") and len(mark.args) == 2:
            given = mark.args[0]
            names.update(re.findall(r"\w+", given) if isinstance(given, str) else given)
    return frozenset(names)


def _digest(check: Check, replies: Sequence[bytes]) -> bytes:
    digest = hashlib.sha256(check.item.nodeid.encode("utf-8", "surrogateescape"))
    for reply in replies:
        digest.update(wire.frame(reply))  # with its length, so that replies stay apart
    return digest.digest()
