"""What a new version of pytest must still have, each by its name: see `pytest_internals`."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from _pytest import config, hookspec
from _pytest.assertion import rewrite

from grader.checks import pytest_internals as internals
from grader.checks import taken_apart


@pytest.mark.parametrize("name", internals.HOOKS)
def test_pytest_still_calls_this_hook(name: str) -> None:
    assert callable(getattr(hookspec, name))


@pytest.mark.parametrize("name", internals.UNUSED_PLUGINS)
def test_pytest_still_has_the_plugin_that_is_switched_off(name: str) -> None:
    assert name in config.builtin_plugins
    importlib.import_module(f"_pytest.{name}")


def test_every_plugin_of_pytest_is_used_or_switched_off() -> None:
    """A new one may cost time, or change what a check sees: look at it, and put it in a list."""
    used = {
        "mark", "main", "monkeypatch", "runner", "fixtures", "helpconfig", "python", "python_api",
        "pytester", "pytester_assertions", "reports", "terminalprogress",
    }  # fmt: skip
    assert set(config.builtin_plugins) - set(internals.UNUSED_PLUGINS) <= used


@pytest.mark.parametrize(
    "name",
    [
        "_saferepr", "_should_repr_global_name", "_format_boolop", "_call_reprcompare",
        "_format_assertmsg", "_format_explanation",
    ],
)  # fmt: skip
def test_rewritten_asserts_still_call_this(name: str) -> None:
    assert callable(getattr(rewrite, name))
    assert callable(getattr(taken_apart, name))


@pytest.mark.parametrize("name", ["_initrequest", "funcargs", "ihook", "fixturenames"])
def test_an_item_still_has_this(request: pytest.FixtureRequest, name: str) -> None:
    assert hasattr(request.node, name)


def test_an_item_that_has_run_can_be_set_up_again(request: pytest.FixtureRequest) -> None:
    item = request.node
    before = dict(item.funcargs)
    internals.prepare_again(item, {"student": 7})
    assert item.funcargs == {"student": 7}
    item.funcargs.update(before)


def test_what_a_hook_runs_can_still_be_listed(request: pytest.FixtureRequest) -> None:
    for name in internals.HOOKS:
        for hook in getattr(request.node.ihook, name).get_hookimpls():
            assert hook.plugin is not None
    assert isinstance(internals.has_only_standard_hooks(request.node), bool)


@pytest.mark.parametrize(
    ("end", "kind"), [(pytest.fail, internals.Failed), (pytest.skip, internals.Skipped)]
)
def test_what_ends_a_test_is_no_exception(
    end: Callable[[str], object], kind: type[BaseException]
) -> None:
    assert not issubclass(kind, Exception)
    with pytest.raises(kind):
        end("so it ends")


def test_a_session_can_still_be_opened_and_its_tests_run_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_one(): assert 1\ndef test_two(): assert 0\n")
    arguments = [f"--rootdir={tmp_path}", f"--confcutdir={tmp_path}", "-c", "/dev/null"]
    switched_off = [word for name in internals.UNUSED_PLUGINS for word in ("-p", f"no:{name}")]
    paths = ["--disable-plugin-autoload", "--import-mode=importlib", str(tmp_path)]
    with internals.open_session([*arguments, *switched_off, *paths], []) as session:
        for item, ending in zip(session.items, [None, AssertionError], strict=True):
            with pytest.raises(ending) if ending else nullcontext():
                item.runtest()


def test_a_conftest_that_cannot_be_imported_still_has_its_own_error(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("import does_not_exist\n")
    arguments = [f"--rootdir={tmp_path}", f"--confcutdir={tmp_path}", "-c", "/dev/null"]
    with (
        pytest.raises(internals.BrokenConftest) as caught,
        internals.open_session([*arguments, "--disable-plugin-autoload", str(tmp_path)], []),
    ):
        pass
    assert isinstance(caught.value.cause, ImportError)
    assert caught.value.path == tmp_path / "conftest.py"
