"""Runs a notebook in nbgrader's kernel for those test cells that can be graded nowhere else."""

from __future__ import annotations

from collections.abc import Collection
from copy import deepcopy
from typing import Any

from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
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
    try:
        executed, _ = Execute(parent=parent)(deepcopy(nb), resources)
    except DeadKernelError as error:  # costs these cells alone
        executed = deepcopy(nb)
        for cell in executed.cells:
            if _is_test(cell):
                cell.outputs = [_error(error)]
    for own, run in zip(nb.cells, executed.cells, strict=True):
        stays_own = not _is_test(own) or own.metadata.nbgrader["grade_id"] in stays
        if own.cell_type == "code" and stays_own:
            own.outputs, own.execution_count = run.outputs, run.execution_count


def _is_test(cell: NotebookNode) -> bool:
    return bool(is_grade(cell) and not is_solution(cell) and cell.cell_type == "code")


def _error(error: Exception) -> NotebookNode:
    name = type(error).__name__
    words = "the code of this notebook has ended its kernel"
    return new_output("error", ename=name, evalue=words, traceback=[f"{name}: {words}"])
