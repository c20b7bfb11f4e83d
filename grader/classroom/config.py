"""The ``nbgrader_config.py`` of a classroom."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_TEMPLATE: Final = '''\
"""nbgrader's configuration for this course; made by `grader classroom init`, yours to extend."""

import os
import sys
from pathlib import Path

# nbgrader starts `alembic`, which lies beside its Python, also where no environment is active.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

c = get_config()
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.course_id = {course_id!r}

# The course with the lessons and the hidden checks. Students must not be able to read it.
COURSE = {course!r}

# Answers are taken out as `grader build` does it.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
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
]

# What students hand in is graded in a sandbox; no kernel runs it.
c.Autograde.exporter_class = "grader.classroom.reading.FittingExporter"
c.Autograde.autograde_preprocessors = [
    "grader.classroom.preprocessors.GradeInSandbox",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.GradeInSandbox.course = COURSE

# Late penalties are those of `late:` in course.yaml, by nbgrader's due dates.
c.AssignLatePenalties.plugin_class = "grader.classroom.plugins.LatePenalty"
c.LatePenalty.course = COURSE
'''


def config_text(course_id: str, course: Path) -> str:
    """The text of the configuration file.

    Args:
        course_id: nbgrader's name of the course.
        course: the folder of the course, absolute.
    """
    return _TEMPLATE.format(course_id=course_id, course=str(course))
