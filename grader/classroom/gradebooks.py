"""Opens gradebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from nbgrader.api import Gradebook
from sqlalchemy.exc import SQLAlchemyError

from grader.errors import GraderError
from grader.text import clean

_FILE: Final = "sqlite:///"


def has_gradebook(database: str) -> bool:
    """Whether there is a gradebook. Opening one makes its file."""
    return not database.startswith(_FILE) or Path(database.removeprefix(_FILE)).is_file()


def open_gradebook(database: str, course_id: str) -> Gradebook:
    """Open a gradebook.

    Raises:
        GraderError: it cannot be opened.
    """
    try:
        return Gradebook(database, course_id)
    except SQLAlchemyError as error:
        raise GraderError(
            f"the gradebook cannot be opened ({clean(str(error))}). See that its address in "
            "nbgrader_config.py (c.CourseDirectory.db_url) is right and its server runs."
        ) from error
