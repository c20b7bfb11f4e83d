"""Runs a notebook in nbgrader's kernel for those test cells that can be graded nowhere else."""

from __future__ import annotations

from collections.abc import Collection
from copy import deepcopy
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from nbgrader.utils import is_grade, is_solution
from traitlets.config import Configurable


def run_cells_that_stay(
    nb: NotebookNode, resources: dict[str, Any], stays: Collection[str], parent: Configurable | None
) -> None:
    """Give these test cells, and all cells that are no tests, the outputs of a kernel.

    The kernel runs the student's code as nbgrader does: nothing keeps it from this machine.

    Args:
        nb: the notebook; its other test cells keep their outputs.
        resources: nbgrader's, of the notebook.
        stays: the grade ids of the cells.
        parent: has nbgrader's configuration.
    """
    if not stays:
        return
    executed, _ = Execute(parent=parent)(deepcopy(nb), resources)
    for own, run in zip(nb.cells, executed.cells, strict=True):
        is_test = is_grade(own) and not is_solution(own)
        if own.cell_type == "code" and (not is_test or own.metadata.nbgrader["grade_id"] in stays):
            own.outputs, own.execution_count = run.outputs, run.execution_count
