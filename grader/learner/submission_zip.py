"""The zip that a student hands in: the lessons as they are, in the form that intake reads."""

from __future__ import annotations

import zipfile
from pathlib import Path

from grader.files import add_member, whole_file
from grader.learner.workbook import Workbook
from grader.submissions.submission import Source, Submission


def write_zip(path: Path, workbook: Workbook, submission: Submission) -> list[str]:
    """Write the zip, whole or not at all.

    Args:
        path: the zip; an old one is replaced.
        workbook: the files.
        submission: the lessons as they were read, which says which file counts.

    Returns:
        The names of the files in it, in course order.

    Raises:
        GraderError: it cannot be written, or a lesson's file cannot be read.
    """
    names: list[str] = []
    with whole_file(path) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for lesson in workbook.course.lessons:
            handed_in = submission.lessons.get(lesson.id)
            file = workbook.file(lesson, handed_in)
            if not isinstance(handed_in, Source) and not file.is_file():
                continue
            for own in (file, *workbook.modules(handed_in)):
                name = own.relative_to(workbook.folder).as_posix()
                add_member(archive, name, own.read_bytes())
                names.append(name)
    return names
