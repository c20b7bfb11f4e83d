"""Imports a course's packages before student code runs, so that no call has to wait for them."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable

_PLOTS = "matplotlib"
_ITS_FOLDER = "MPLCONFIGDIR"


def import_packages(names: Iterable[str]) -> None:
    """Import packages, and those of their modules that take long to import.

    Args:
        names: of the packages.
    """
    for name in names:
        importlib.import_module(name)
        if name == _PLOTS:
            _prepare_plots()


def _prepare_plots() -> None:
    """Let matplotlib draw without a screen, and keep its list of fonts in a scratch folder.

    It makes this list when `pyplot` is imported, which takes a second.
    """
    import tempfile  # noqa: PLC0415  (few courses plot; each module makes every fork slower)

    with tempfile.TemporaryDirectory() as folder:
        os.environ[_ITS_FOLDER] = folder
        importlib.import_module(_PLOTS).use("Agg")
        importlib.import_module(f"{_PLOTS}.pyplot")
        del os.environ[_ITS_FOLDER]
