"""All uses of nbgrader's private parts; no other module may have one.

nbgrader may change them in any version. So pyproject.toml allows only the versions that were
tested, and :func:`refuse_other_versions` names what is gone.
"""

from __future__ import annotations

import glob
import logging
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbgrader import __version__
from nbgrader.apps import AutogradeApp
from nbgrader.converters import Autograde, BaseConverter
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.utils.importstring import import_item

from grader.errors import GraderError

#: Methods without documentation, by their class; whether they begin with an underscore or not.
_USED: Final[Mapping[type, Sequence[str]]] = {
    Autograde: (
        "_format_source", "_format_dest", "init_destination", "run_pre_convert_hook",
        "run_post_convert_hook", "set_permissions", "init_single_notebook_resources",
        "sanitize_preprocessors", "autograde_preprocessors", "exclude_overwriting",
    ),
    BaseConverter: ("init_assignment",),
    AssignLatePenalties: ("init_plugin", "_check_late_penalty"),
    NotebookExporter: ("_init_resources", "from_notebook_node"),
}  # fmt: skip


def refuse_other_versions(used: Mapping[type, Sequence[str]] = _USED) -> None:
    """Make sure that all parts are there.

    Raises:
        GraderError: some are gone; it names them.
    """
    gone = [
        f"{kind.__name__}.{name}"
        for kind, names in used.items()
        for name in names
        if not hasattr(kind, name)
    ]
    if gone:
        raise GraderError(
            f"nbgrader {__version__} no longer has {', '.join(gone)}. Install the nbgrader that "
            "this grader was tested with: pip install 'self-attention-course[nbgrader]'"
        )


def open_converter(
    folder: Path, assignment: str, *, students: str = "*", force: bool = False
) -> Autograde:
    """What `nbgrader autograde` works with, by the classroom's own configuration.

    Its `coursedir` is the classroom, its `parent` the application.

    Args:
        folder: holds nbgrader_config.py.
        assignment: its name.
        students: a pattern for the names of those to grade.
        force: grade everyone again.
    """
    refuse_other_versions()
    app = AutogradeApp(log_level=logging.WARNING)
    app.initialize([], root=str(folder))
    app.coursedir.assignment_id = assignment
    app.coursedir.student_id = students
    return Autograde(coursedir=app.coursedir, parent=app, force=force)


def submitted_pattern(converter: Autograde, assignment: str, students: str) -> str:
    """The glob pattern of the folders that students handed in.

    Args:
        converter: with its course directory.
        assignment: its name.
        students: a glob pattern for their names.
    """
    pattern: str = converter._format_source(assignment, students)
    return pattern


def find_submitted(converter: Autograde, assignment: str, students: str) -> dict[str, Path]:
    """The folders that students handed in, by student, sorted; see :func:`submitted_pattern`."""
    names = converter._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
    pattern = submitted_pattern(converter, assignment, students)
    places = sorted(glob.glob(pattern))  # noqa: PTH207  (a whole path as text)
    return {
        match["student_id"]: Path(place) for place in places if (match := re.match(names, place))
    }


def autograded_folder(converter: Autograde, assignment: str, student: str) -> Path:
    """The folder for a student's graded notebooks."""
    return Path(converter._format_dest(assignment, student))


def needs_grading(converter: Autograde, assignment: str, student: str, folder: Path) -> bool:
    """Whether a student has to be graded. If so, the old graded notebooks are removed."""
    converter.notebooks = sorted(map(str, folder.glob("*.ipynb")))
    return bool(converter.init_destination(assignment, student))


def begin_student(converter: Autograde, assignment: str, student: str, folder: Path) -> Path:
    """Run nbgrader's hook, and copy what was handed in beside the notebooks.

    Returns:
        The folder for the graded notebooks.
    """
    converter.notebooks = sorted(map(str, folder.glob("*.ipynb")))
    converter.run_pre_convert_hook()
    destination = autograded_folder(converter, assignment, student)
    destination.mkdir(parents=True, exist_ok=True)
    # Autograde's own would open the gradebook again, for each student.
    BaseConverter.init_assignment(converter, assignment, student)
    return destination


def end_student(converter: Autograde, assignment: str, student: str) -> None:
    """Give the files their permissions, and run nbgrader's hook."""
    converter.set_permissions(assignment, student)
    converter.run_post_convert_hook()


def preprocessor_classes(converter: Autograde) -> list[type]:
    """The preprocessors of a run by nbgrader's configuration, in order."""
    return [
        import_item(preprocessor) if isinstance(preprocessor, str) else preprocessor
        for preprocessor in (*converter.sanitize_preprocessors, *converter.autograde_preprocessors)
    ]


def find_penalty(late: AssignLatePenalties, notebook: Any, seconds: float) -> float | None:
    """The points that a late notebook loses, at most its score; None if it loses none.

    Args:
        late: with its plugin.
        notebook: of the gradebook.
        seconds: how late it is.
    """
    if seconds <= 0:
        return None
    student = notebook.student.id
    penalty = late.plugin_inst.late_submission_penalty(student, notebook.score, seconds)
    return None if penalty is None else late._check_late_penalty(notebook, penalty)


def exporter_resources(
    exporter: NotebookExporter, resources: dict[str, Any] | None
) -> ResourcesDict:
    """A copy of resources as nbconvert's exporters expect them."""
    return exporter._init_resources(resources)
