"""The output folder: writes results.json, grades.csv and the pages of a report, and reads them."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import quote

from grader.course import Course
from grader.errors import GraderError
from grader.files import is_unchanged, make_folder, write_whole
from grader.reports import csv, json
from grader.reports.filenames import filenames
from grader.reports.pages.class_page import CLASS_PAGE, class_page_names, class_pages
from grader.reports.pages.student_page import student_page
from grader.reports.pages.templating import Titles, fingerprint, fingerprint_in, is_page
from grader.results import Report, StudentResult
from grader.results.feedback import reduce_for_student
from grader.results.parts import parts_in
from grader.text import clean
from grader.text.wording import did_you_mean

RESULTS: Final = "results.json"
GRADES: Final = "grades.csv"
FEEDBACK: Final = "feedback"

_LONGEST_LINE: Final = 4096  # bytes of the first one of results.json; it has some 150


def write_outputs(out: Path, report: Report, course: Course, *, pages: bool) -> None:
    """Write results.json, grades.csv and, if wanted, the pages.

    A file that would be the same is left as it is, so results that did not change keep their time.
    A file that was deleted or changed by hand is written again.

    Raises:
        GraderError: a file cannot be written; the old one is still there.
    """
    path = out / RESULTS
    before = None
    kept = replace(report, graded_at=_time_in(path) or report.graded_at)
    if is_unchanged(path, json.render(kept)):
        report = kept
    else:
        before = _results_before(out) if pages else None
        write_whole(path, json.render(report))
    grades = csv.render(report, course.lesson_ids)
    if not is_unchanged(out / GRADES, [grades]):
        write_whole(out / GRADES, [grades])
    if pages:
        write_pages(out, report, course, before)


def find_results(out: Path) -> Path:
    """The results.json of an output folder, or the file that was named itself.

    Raises:
        GraderError: there is none.
    """
    path = out if out.is_file() else out / RESULTS
    if not path.is_file():
        raise GraderError(
            f"{out} holds no {RESULTS}. Name the folder that `grader grade` wrote to."
        )
    return path


def read_results(out: Path) -> Report:
    """The report in an output folder.

    Raises:
        GraderError: there is none, or it cannot be read.
    """
    path = find_results(out)
    try:
        return json.parse(path.read_bytes())
    except (OSError, ValueError) as error:
        raise GraderError(f"{path} cannot be read ({error}). Grade the class again.") from error


def find_student(report: Report, name: str) -> StudentResult:
    """The results of the student with this name.

    Raises:
        GraderError: there are none; the message names similar students.
    """
    students = {result.student: result for result in report.students}
    if name not in students:
        raise GraderError(f"nobody called `{clean(name)}` was graded{did_you_mean(name, students)}")
    return students[name]


def _results_before(out: Path) -> Report | None:
    """The report that is about to be replaced; None if there is none, or it cannot be read."""
    with suppress(GraderError):
        return read_results(out)
    return None


def _time_in(path: Path) -> str | None:
    """The time at which the results in a file were graded; None if there are none."""
    with suppress(OSError), path.open("rb") as file:
        return json.graded_at(file.readline(_LONGEST_LINE))
    return None


def write_pages(out: Path, report: Report, course: Course, before: Report | None = None) -> None:
    """Write report.html and a page for each student into feedback/.

    A large class has further pages beside report.html. A page that would be the same is left as it
    is. The page of a student who is gone is removed.
    The class page shows what changed since the results before these, until they change again.

    Args:
        out: the output folder.
        report: what the pages show.
        course: has the titles of the lessons, and says how much students are shown.
        before: the results that these replace, if there were any.

    Raises:
        GraderError: a page cannot be written.
    """
    lessons = {lesson.id: lesson.title for lesson in course.lessons}
    titles = Titles(course.title, lessons, parts_in(report, course.parts))
    folder = out / FEEDBACK
    make_folder(folder)
    names = filenames((student.student for student in report.students), ".html")
    _remove_others(folder, set(names.values()))
    for student in report.students:
        shown = reduce_for_student(student, course.feedback)
        path = folder / names[student.student]
        if _fingerprint_of(path) != fingerprint(shown, titles):
            write_whole(path, [student_page(shown, titles, report.graded_at)], durable=False)
    class_names = class_page_names(report)
    _remove_others(out, class_names, f"{Path(CLASS_PAGE).stem}-*.html")
    stamp = fingerprint(report, titles)
    if any(_fingerprint_of(out / name) != stamp for name in class_names):
        links = {student: f"{FEEDBACK}/{quote(name)}" for student, name in names.items()}
        pages = class_pages(report, titles, links, before)
        for name, page in zip(class_names, pages, strict=True):
            write_whole(out / name, [page], durable=False)


def _remove_others(folder: Path, names: Collection[str], pattern: str = "*.html") -> None:
    """Remove the pages of students who are not in the class any more, and nothing else."""
    for path in folder.glob(pattern):
        if path.name not in names and is_page(path):
            path.unlink(missing_ok=True)


def _fingerprint_of(path: Path) -> str | None:
    """The fingerprint in a page; None if it is not as we made it."""
    with suppress(OSError):
        return fingerprint_in(path.read_bytes())
    return None
