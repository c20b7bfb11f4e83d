"""What takes long to make is made once in a run of the tests, however many workers it has."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that all workers share; whoever comes first makes what it holds.

    Args:
        factory: pytest's own.
        name: names the folder, the same in all workers.
        make: called with a path that is not there yet.
    """
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent  # each worker has a folder of its own in that of the run
    folder = shared / f"made-once-{name}"
    with (shared / f"made-once-{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # released when the file is closed
        if not folder.exists():
            folder.mkdir()
            try:
                make(folder / name)
            except BaseException:
                folder.rename(folder.with_name(f"{folder.name}-failed-{os.getpid()}"))
                raise
    return folder / name
