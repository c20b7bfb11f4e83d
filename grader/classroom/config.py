"""nbgrader's configuration, with which this course is graded in the sandbox.

``nbgrader_config.py`` calls a function that makes the settings. So the file stays the instructor's,
and the settings are those of the installed version.
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

#: The classes that replace nbgrader's own. With assignments that are not ours they do the same.
_IN_PLACE_OF: Final = {
    "ClearSolutions": "grader.classroom.preprocessors.ClearAnswers",
    "SaveAutoGrades": "grader.classroom.preprocessors.SaveAutoScores",
    "Execute": "grader.classroom.preprocessors.GradeInSandbox",
    "AssignLatePenalties": "grader.classroom.lateness.LatePenalties",
}
#: nbgrader's own lists; a test compares them with its version.
_GENERATE: Final = (
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
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
    "nbgrader.preprocessors.Execute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
)
_FEEDBACK: Final = (
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
)
_PENALTIES: Final = "grader.classroom.lateness.PenaltiesOfToday"
#: What an assignment in nbgrader's ``source/`` holds that was made from lessons.
_MARKS: Final = ("visible_checks/lessons.json", "visible_checks/subjects.json")


def use_grader(
    c: Any,
    course: str = "",
    *,
    assignments: Sequence[str] | None = None,
    others: Sequence[str] = (),
    adopted: Sequence[str] = (),
) -> None:
    """Let nbgrader grade with this project. ``nbgrader_config.py`` calls it.

    Args:
        c: nbgrader's configuration, of ``get_config()``.
        course: the folder with the lessons and the hidden checks, if there is one.
        assignments: the assignments with the course's lessons. nbgrader grades all others as it
            does without us. If left out, as in older files: those in ``source/``.
        others: an argument of older files that is not needed any more.
        adopted: assignments of the instructor's own, which `grader classroom adopt` took over.
    """
    find_own_programs()
    c.OurAssignments.course = str(course)
    c.OurAssignments.assignments = _name_ours(c, assignments, others) if course else []
    c.OurAssignments.adopted = list(adopted)
    generate, autograde, feedback = c.GenerateAssignment, c.Autograde, c.GenerateFeedback
    generate.preprocessors = _with_ours(generate, "preprocessors", _GENERATE)
    autograde.autograde_preprocessors = _with_ours(autograde, "autograde_preprocessors", _AUTOGRADE)
    autograde.exporter_class = "grader.classroom.fitting_exporter.FittingExporter"
    made = _with_ours(feedback, "preprocessors", _FEEDBACK)
    feedback.preprocessors = [
        _PENALTIES,
        *(preprocessor for preprocessor in made if preprocessor != _PENALTIES),
    ]
    if "plugin_class" not in c.ExportApp:  # the instructor's own stays
        c.ExportApp.plugin_class = "grader.classroom.plugins.GradeExport"


def _with_ours(section: Any, name: str, stock: Sequence[str]) -> list[Any]:
    """A list of preprocessors, the instructor's or nbgrader's own, with ours in their places."""
    listed: list[Any] = [*section[name]] if name in section else [*stock]
    return [
        _IN_PLACE_OF.get(
            preprocessor.rpartition(".")[2]
            if isinstance(preprocessor, str)
            else preprocessor.__name__,
            preprocessor,
        )
        for preprocessor in listed
    ]


def _name_ours(c: Any, named: Sequence[str] | None, others: Sequence[str]) -> list[str]:
    """The course's assignments, with advice if others in ``source/`` look like ours."""
    from traitlets.log import get_logger  # noqa: PLC0415  (nbgrader brings it)

    directory = c.CourseDirectory
    root = Path(directory.root if "root" in directory else ".")
    source = root / (directory.source_directory if "source_directory" in directory else "source")
    ours = [name for name in find_our_assignments(source) if name not in others]
    if missing := sorted({*ours} - {*(named or ())}):
        get_logger().warning(
            "%s: %s made from the course's lessons. Name all of them there: use_grader(c, "
            "course=…, assignments=%r)",
            CONFIG_FILE,
            f"{', '.join(missing)} {'was' if len(missing) == 1 else 'were'}",
            sorted({*ours, *(named or ())}),
        )
    return ours if named is None else list(named)


def find_our_assignments(source: Path) -> list[str]:
    """The assignments in nbgrader's ``source/`` that were made from lessons, sorted."""
    if not source.is_dir():
        return []
    return sorted(
        path.name
        for path in source.iterdir()
        if path.is_dir() and any((path / mark).is_file() for mark in _MARKS)
    )


def config_text(course_id: str, course: Path, assignments: Sequence[str] | None) -> str:
    """The text of the configuration file.

    Args:
        course_id: nbgrader's name of the course.
        course: the folder of the course, absolute.
        assignments: those that are the course's; None as older versions wrote it.
    """
    return _TEMPLATE.format(course_id=course_id, call=config_lines(course, assignments))


def config_lines(
    course: Path | None, assignments: Sequence[str] | None, adopted: Sequence[str] = ()
) -> str:
    """The lines to add to a configuration file that exists already.

    Args:
        course: the folder of the course; None without one.
        assignments: those that are the course's; None as older versions wrote it.
        adopted: those of the instructor's own that were adopted.
    """
    arguments = []
    if course is not None:
        arguments.append(f"course={str(course)!r}")
        if assignments is not None:
            arguments.append(f"assignments={list(assignments)!r}")
    if adopted:
        arguments.append(f"adopted={list(adopted)!r}")
    return _CALL.format(arguments=", ".join(arguments))


def read_config(folder: Path) -> Any:
    """Read a classroom's configuration.

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
    """Let nbgrader and kernels find the programs beside this Python, if no environment is active.

    nbgrader starts `alembic`, and kernels start `python`, by these names alone.
    """
    here = str(Path(sys.executable).parent)
    paths = os.environ.get("PATH", "").split(os.pathsep)
    if here not in paths:
        os.environ["PATH"] = os.pathsep.join([here, *paths])
