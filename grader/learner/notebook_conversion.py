"""Lessons as notebooks, and back: the same cells, for those who like JupyterLab better."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from grader.course import Lesson
from grader.errors import GraderError
from grader.files import write_whole
from grader.learner.workbook import Workbook
from grader.submissions.notebooks import read_json
from grader.submissions.submission import HandedIn, Source

_OURS: Final = "grader"  # the tag of cells that no script has
_FORMAT: Final = "py:percent"
#: Comments of jupytext's own, which a script has no use for.
_NO_HEADER: Final = {"notebook_metadata_filter": "-all", "cell_metadata_filter": "-all"}


def to_notebook(workbook: Workbook, lesson: Lesson, handed_in: HandedIn | None) -> list[Path]:
    """Make a lesson's notebook from its script, which moves to the backups.

    Returns:
        The notebook and the backup; nothing when the lesson is a notebook already.

    Raises:
        GraderError: jupytext is not installed, or the lesson cannot be read.
    """
    jupytext = _jupytext()
    import nbformat  # noqa: PLC0415  (comes with jupytext)

    source = _readable(lesson, handed_in)
    if source.notebook:
        return []
    notebook = jupytext.reads(source.cells[0], fmt=_FORMAT)
    notebook.metadata.pop("jupytext", None)
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3", "language": "python", "name": "python3"
    }  # fmt: skip
    ours = {"first": "from grader import check", "last": f'check("{lesson.id}")'}
    first, last = (
        nbformat.v4.new_code_cell(text, metadata={"tags": [_OURS]}, id=f"{_OURS}-{place}")
        for place, text in ours.items()
    )
    notebook.cells = [first, *notebook.cells, last]
    path = workbook.folder / f"{lesson.id}.ipynb"
    kept = workbook.put_aside(lesson)
    write_whole(path, [jupytext.writes(notebook, fmt="ipynb")])
    return [path, *kept]


def to_script(workbook: Workbook, lesson: Lesson, handed_in: HandedIn | None) -> list[Path]:
    """Make a lesson's script from its notebook, which moves to the backups; see above."""
    jupytext = _jupytext()
    source = _readable(lesson, handed_in)
    if not source.notebook:
        return []
    try:
        content = read_json((workbook.folder / source.filename).read_bytes(), source.filename)
        notebook = jupytext.reads(json.dumps(content), fmt="ipynb")
    except (OSError, ValueError) as error:
        raise GraderError(f"{source.filename} cannot be read: {error}") from error
    notebook.cells = [cell for cell in notebook.cells if _OURS not in cell.metadata.get("tags", ())]
    notebook.metadata["jupytext"] = dict(_NO_HEADER)
    script = jupytext.writes(notebook, fmt=_FORMAT)
    kept = workbook.put_aside(lesson)
    write_whole(lesson.stub, [script])
    return [lesson.stub, *kept]


def _jupytext() -> Any:
    try:
        import jupytext  # noqa: PLC0415  (an extra)
    except ImportError:
        raise GraderError(
            "notebooks need jupytext. Install it, and JupyterLab if you want it: "
            "python -m pip install jupytext jupyterlab"
        ) from None
    return jupytext


def _readable(lesson: Lesson, handed_in: HandedIn | None) -> Source:
    if isinstance(handed_in, Source):
        return handed_in
    if handed_in is None:
        raise GraderError(f"{lesson.id} is not there. Get it back with: grader reset {lesson.id}")
    raise GraderError(f"{lesson.id} cannot be read. Check it first: grader check {lesson.id}")
