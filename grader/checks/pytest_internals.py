"""All uses of pytest's private parts; no other module may have one.

A new minor version of pytest may change them. Then `tests/checks/test_pytest_internals.py` names
what is gone. pyproject.toml allows only versions that these tests have seen.
"""

from __future__ import annotations

import ast
import os
import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import CodeType, ModuleType
from typing import Any, Final

import pytest
from _pytest import config as _pytest_config
from _pytest.assertion import rewrite as _rewrite

#: Plugins of pytest that serve people at a terminal, or tests with a process of their own.
UNUSED_PLUGINS: Final = (
    "assertion", "cacheprovider", "capture", "debugging", "doctest", "faulthandler", "junitxml",
    "legacypath", "logging", "pastebin", "recwarn", "setuponly", "setupplan",
    "skipping", "stepwise", "subtests", "terminal", "threadexception", "tmpdir", "unittest",
    "unraisableexception", "warnings",
)  # fmt: skip

#: What `pytest.fail` raises. It is no Exception, so that a test cannot catch it by chance.
Failed: type[BaseException] = pytest.fail.Exception
#: What `pytest.skip` raises.
Skipped: type[BaseException] = pytest.skip.Exception

#: What pytest raises if a ``conftest.py`` cannot be imported; its ``cause`` says why.
BrokenConftest = _pytest_config.ConftestImportFailure

#: The hooks that pytest calls around a test.
HOOKS: Final = (
    "pytest_runtest_protocol", "pytest_runtest_setup", "pytest_runtest_call",
    "pytest_runtest_teardown", "pytest_pyfunc_call", "pytest_fixture_setup",
    "pytest_fixture_post_finalizer",
)  # fmt: skip


@contextmanager
def open_session(arguments: Sequence[str], plugins: Sequence[object]) -> Iterator[pytest.Session]:
    """Collect all tests with pytest, run none, and keep the run open during the block.

    ``pytest.main`` collects, runs and ends in one call. This function takes the same steps, but
    lets the block decide which tests run, and how often.

    Args:
        arguments: as on pytest's command line.
        plugins: objects with hooks.

    Raises:
        BrokenConftest: a ``conftest.py`` cannot be imported.
        pytest.UsageError: an argument is wrong.
        pytest.exit.Exception: a file ends the run while it is imported.
    """
    config = _pytest_config._prepareconfig(list(arguments), plugins)
    try:
        session = pytest.Session.from_config(config)
        config._do_configure()
        config.hook.pytest_sessionstart(session=session)
        try:
            config.hook.pytest_collection(session=session)
            yield session
        finally:
            os.chdir(session.startpath)
            config.hook.pytest_sessionfinish(session=session, exitstatus=pytest.ExitCode.OK)
    finally:
        config._ensure_unconfigure()


def prepare_again(item: pytest.Function, arguments: Mapping[str, object]) -> None:
    """Prepare a test that has run for another run, as plugins that rerun tests do.

    Args:
        item: the test.
        arguments: the values of fixtures, by name. pytest would take as long to fetch them as a
            call of a student's function takes, so they are put where it looks first.
    """
    item._initrequest()
    item.funcargs.update(arguments)


#: Under which name code with rewritten asserts finds the functions that it calls when one fails.
REWRITER: Final = "@pytest_ar"


def rewrite_asserts(source: bytes, path: str) -> CodeType:
    """A check file, compiled so that an assert that fails calls functions of :data:`REWRITER`.

    Raises:
        SyntaxError: it does not compile.
    """
    tree = ast.parse(source, path)
    _rewrite.rewrite_asserts(tree, source)
    return compile(tree, path, "exec", dont_inherit=True)


def has_only_standard_hooks(item: pytest.Function) -> bool:
    """Whether only hooks of pytest and the grader run around a test."""
    return all(
        _is_of_pytest_or_ours(hook.plugin)
        for name in HOOKS
        for hook in getattr(item.ihook, name).get_hookimpls()
    )


def _is_of_pytest_or_ours(plugin: Any) -> bool:
    name = plugin.__name__ if isinstance(plugin, ModuleType) else type(plugin).__module__
    return str(name).partition(".")[0] in {"_pytest", "grader"}


def mismatched_pattern(error: BaseException) -> str | None:
    """The pattern that ``pytest.raises(…, match=…)`` did not find; None for other errors."""
    frame = traceback.extract_tb(error.__traceback__)[-1:]
    if not isinstance(error, AssertionError) or not frame or "_pytest" not in frame[0].filename:
        return None
    match = re.search(r"regex: (.*)", str(error), re.IGNORECASE)
    return match[1] if match else "the pattern of the check"
