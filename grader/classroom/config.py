"""What nbgrader has to be told, so that this course is graded in the sandbox.

The settings are made by a function that ``nbgrader_config.py`` calls, not written into that file:
the file stays the instructor's, and they are those of the installed version.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from grader.errors import GraderError

CONFIG_FILE: Final = "nbgrader_config.py"

_TEMPLATE: Final = '''\
"""nbgrader's configuration for this course; made by `grader classroom init`, yours to change."""

from pathlib import Path

c = get_config()
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.course_id = {course_id!r}

# What students hand in is graded in a sandbox, with the checks of the course in this folder.
# Students must not be able to read it.
{call}
'''
_CALL: Final = """\
from grader.classroom.config import use_grader

use_grader(c, {arguments})"""

_GENERATE: Final = (
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "grader.classroom.preprocessors.ClearAnswers",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
)
_AUTOGRADE: Final = (
    "grader.classroom.preprocessors.GradeInSandbox",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "grader.classroom.preprocessors.SaveAutoScores",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
)


def use_grader(c: Any, course: str, *, others: Sequence[str] = ()) -> None:
    """Have nbgrader grade with this project; called by ``nbgrader_config.py``.

    Args:
        c: nbgrader's configuration, of ``get_config()``.
        course: the folder with the lessons and the hidden checks.
        others: assignments that are not this course's, which nbgrader runs in a kernel as ever.
    """
    find_own_programs()
    c.GenerateAssignment.preprocessors = list(_GENERATE)
    c.ClearAnswers.others = list(others)
    c.Autograde.exporter_class = "grader.classroom.fitting_exporter.FittingExporter"
    c.FittingExporter.others = list(others)
    c.Autograde.autograde_preprocessors = list(_AUTOGRADE)
    c.GradeInSandbox.others = list(others)
    c.GradeInSandbox.course = str(course)
    # Late penalties are those of `late:` in course.yaml, by nbgrader's due dates.
    c.LatePenalty.course = str(course)
    if "plugin_class" not in c.AssignLatePenalties:  # the instructor's own stays
        c.AssignLatePenalties.plugin_class = "grader.classroom.plugins.LatePenalty"


def config_text(course_id: str, course: Path) -> str:
    """The text of the configuration file.

    Args:
        course_id: nbgrader's name of the course.
        course: the folder of the course, absolute.
    """
    return _TEMPLATE.format(course_id=course_id, call=config_lines(course))


def config_lines(course: Path, others: Sequence[str] = ()) -> str:
    """What has to stand in a configuration file that is there already."""
    arguments = f"course={str(course)!r}"
    if others:
        arguments += f", others={list(others)!r}"
    return _CALL.format(arguments=arguments)


def read_config(folder: Path) -> Any:
    """What a classroom's configuration says.

    Args:
        folder: holds the file.

    Raises:
        GraderError: it cannot be read, or stops with an error.
    """
    from traitlets.config.loader import PyFileConfigLoader  # noqa: PLC0415  (nbgrader brings it)

    try:
        return PyFileConfigLoader(CONFIG_FILE, path=str(folder.resolve())).load_config()
    except Exception as error:  # it is a program, and may fail in any way
        raise GraderError(
            f"{folder / CONFIG_FILE} cannot be used ({type(error).__name__}: {error}). "
            "Mend it first."
        ) from error


def find_own_programs() -> None:
    """Have nbgrader and kernels find what lies beside this Python, where no environment is active.

    nbgrader starts `alembic`, and kernels start `python`, by these names alone.
    """
    here = str(Path(sys.executable).parent)
    paths = os.environ.get("PATH", "").split(os.pathsep)
    if here not in paths:
        os.environ["PATH"] = os.pathsep.join([here, *paths])
