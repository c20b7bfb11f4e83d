"""Passes that are known already: what a check accepted once, it accepts again.

Many right answers return the same numbers, to the last bit. A check is a function of what the
student's functions return: its input is the same for everybody, and so is the reference. So a check
that has passed on some replies need not run on the very same bytes again. Only a pass is kept,
because a failure also tells what this student called and wrote. A program gains nothing by it: a
pass is known only for replies with which the check, run as ever, was passed.

A check that might see more than replies runs for everybody: one that asks for another fixture than
the grader's own, one in a class, one around which a course's own hooks run, and all checks of a
file whose variables do not stay as they are while its checks run.
"""

from __future__ import annotations
import __future__

import hashlib
import re
from collections.abc import Collection, Sequence
from pathlib import PurePath
from types import ModuleType
from typing import Any, Final

import pytest

from grader.checks.collection import Check
from grader.sandbox import wire

MOST_PASSES: Final = 20_000  # known at the same time: some 3 MB

_OUR_FIXTURES: Final = frozenset({"student", "reference", "rng"})
_HOOKS: Final = (
    "pytest_runtest_protocol", "pytest_runtest_setup", "pytest_runtest_call",
    "pytest_runtest_teardown", "pytest_pyfunc_call", "pytest_fixture_setup",
    "pytest_fixture_post_finalizer",
)  # fmt: skip
#: Objects that nobody changes, beside what can be called.
_CONSTANTS: Final = (ModuleType, PurePath, re.Pattern, type(__future__.annotations))


class KnownPasses:
    """Which checks passed on which replies."""

    def __init__(self, checks: Collection[Check], most: int = MOST_PASSES) -> None:
        """Nothing is known yet.

        Args:
            checks: those that depend on replies alone.
            most: how many passes are kept; later ones are not.
        """
        self._checks = checks
        self._most = most
        self._passes: set[bytes] = set()

    def holds(self, check: Check, replies: Sequence[bytes]) -> bool:
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
        and all(
            _is_of_pytest_or_ours(hook.plugin)
            for name in _HOOKS
            for hook in getattr(item.ihook, name).get_hookimpls()
        )
    )


def state_of(module: ModuleType) -> dict[str, object] | None:
    """The variables of a check file, to be compared with what they are later.

    ``None`` if one of them holds what cannot be compared: a generator, say, or an open file.
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
    """Arguments whose values stand in the check's marks, and are no fixture's doing."""
    names: set[str] = set()
    for mark in item.iter_markers("parametrize"):
        if not mark.kwargs.get("indirect") and len(mark.args) == 2:
            given = mark.args[0]
            names.update(re.findall(r"\w+", given) if isinstance(given, str) else given)
    return frozenset(names)


def _is_of_pytest_or_ours(plugin: Any) -> bool:
    name = plugin.__name__ if isinstance(plugin, ModuleType) else type(plugin).__module__
    return str(name).partition(".")[0] in {"_pytest", "grader"}


def _digest(check: Check, replies: Sequence[bytes]) -> bytes:
    whole = hashlib.sha256(check.item.nodeid.encode("utf-8", "surrogateescape"))
    for reply in replies:
        whole.update(wire.frame(reply))  # with its length: it cannot flow into the next
    return whole.digest()
