"""Reads students' notebooks for nbgrader, and makes a valid notebook from whatever they are."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from grader.classroom.adopted import read_adopted
from grader.classroom.layout import Layout, fit_to_layout, read_layout
from grader.classroom.nbgrader_internals import exporter_resources
from grader.classroom.our_assignments import OurAssignments
from grader.errors import IntakeError
from grader.submissions.folders import hold_open
from grader.submissions.notebooks import MAX_NOTEBOOK_BYTES, read_cells, read_code
from grader.text import clean


def read_notebook(path: Path, layout: Layout, cap: int = MAX_NOTEBOOK_BYTES) -> NotebookNode:
    """A student's file, fitted to the gradebook's cells; a notice says why if it cannot be read.

    Args:
        path: in the student's folder. Links are not followed.
        layout: the cells of the notebook in the gradebook.
        cap: how many bytes of code it may hold.
    """
    try:
        with hold_open(str(path.parent)) as folder:
            data = folder.read(path.name, MAX_NOTEBOOK_BYTES)
        cells = read_cells(data, path.name)
        read_code(cells, path.name, cap)  # says in words what is wrong with it
    except IntakeError as error:
        notice = f"**This notebook could not be read:** {_escape_markdown(str(error))}."
        return fit_to_layout((), layout, notice=notice)
    return fit_to_layout(cells, layout)


class FittingExporter(OurAssignments, NotebookExporter):
    """nbgrader's exporter, except that it reads each notebook with :func:`read_notebook`."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Read a notebook and run the preprocessors on it."""
        about = (resources or {})["nbgrader"]
        directory = CourseDirectory(parent=self)
        if not self._is_fitted(directory, about["assignment"], about["notebook"]):
            unchanged: tuple[str, dict[str, Any]] = super().from_filename(filename, resources, **kw)
            return unchanged
        path = Path(filename)
        resources = exporter_resources(self, resources)
        changed = datetime.fromtimestamp(path.lstat().st_mtime)
        resources["metadata"] |= {
            "name": path.stem,
            "path": str(path.parent),
            "modified_date": changed.strftime("%B %d, %Y"),
        }
        assignment, notebook = about["assignment"], about["notebook"]
        with Gradebook(about["db_url"]) as gradebook:
            layout = read_layout(
                gradebook, assignment, notebook, released_path(directory, assignment, notebook)
            )
        nb = read_notebook(path, layout)
        fitted: tuple[str, dict[str, Any]] = self.from_notebook_node(nb, resources, **kw)
        return fitted

    def _is_fitted(self, directory: CourseDirectory, assignment: str, notebook: str) -> bool:
        """Whether a notebook is one of ours, or was adopted with something that is graded here."""
        folder = self.folder_of_adopted(directory, assignment)
        if folder is None:
            return self.is_ours(assignment)
        adopted = read_adopted(folder).notebooks.get(notebook)
        return adopted is not None and not adopted.is_left


def released_path(directory: CourseDirectory, assignment: str, notebook: str) -> Path:
    """Where nbgrader keeps the released version of a notebook."""
    folder = directory.format_path(directory.release_directory, ".", assignment)
    return Path(folder) / f"{notebook}.ipynb"


def _escape_markdown(text: str) -> str:
    """Text for Markdown: what would be markup is shown as it is."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>&#|!" else char for char in clean(text))
