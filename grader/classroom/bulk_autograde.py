"""Grades all students of an assignment at once, on all cores, as `nbgrader autograde` would.

It makes the same notebooks and the same rows of the gradebook. It is faster because it opens the
gradebook once, writes a student's rows in one transaction, and grades in other processes meanwhile.
"""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from shlex import quote
from typing import Any, Final

from nbformat import NotebookNode, writes
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from nbgrader.utils import (
    compute_checksum,
    determine_grade,
    find_all_files,
    is_grade,
    is_solution,
    is_task,
    rmtree,
)
from sqlalchemy.exc import SAWarning

from grader.classroom.cell_outputs import (
    graded_with,
    is_undecided,
    refuse_other_tests,
    refuse_our_errors,
    write_outputs,
)
from grader.classroom.classroom_grader import ClassroomGrader
from grader.classroom.fitting_exporter import read_notebook, released_path
from grader.classroom.gradebooks import open_gradebook
from grader.classroom.handed_in import HandedInNotebooks, find_notebooks
from grader.classroom.kernel_cells import run_cells_that_stay
from grader.classroom.lateness import LatePenalties
from grader.classroom.layout import Layout, read_layout
from grader.classroom.marks_table import StudentMarks, read_marks
from grader.classroom.nbgrader_internals import (
    autograded_folder,
    begin_student,
    end_student,
    find_submitted,
    needs_grading,
    open_converter,
    preprocessor_classes,
    submitted_pattern,
)
from grader.classroom.preprocessors import GradeInSandbox, SaveAutoScores
from grader.errors import GraderError
from grader.results import LessonStatus, StudentResult
from grader.submissions.notebooks import read_cells
from grader.submissions.submission import Submission
from grader.text import clean

#: Done here for all students at once, or needless for a notebook made from the gradebook's cells.
_REPLACED: Final = frozenset(
    {
        CheckCellMetadata, ClearOutput, DeduplicateIds, GradeInSandbox, LatePenalties,
        OverwriteCells, OverwriteKernelspec, SaveAutoGrades, SaveAutoScores,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AutogradeSummary:
    """The result of a run."""

    graded: tuple[str, ...]  # students
    skipped: tuple[str, ...]  # graded before, and handed in nothing new
    failed: tuple[tuple[str, str], ...]  # student, and why
    remarks: tuple[tuple[str, str], ...]  # student, and what is odd about the notebooks
    outdated: tuple[str, ...]  # graded before, with another course than it is now
    notebooks: tuple[str, ...]
    marks: tuple[StudentMarks, ...]  # of all who are graded


class BulkAutograde:
    """One assignment of a classroom, with the classroom's own configuration."""

    def __init__(self, folder: Path, assignment: str, *, students: str, force: bool) -> None:
        """Read the configuration.

        Args:
            folder: holds nbgrader_config.py.
            assignment: its name.
            students: a pattern for the names of those to grade, such as ``*``.
            force: grade everyone again.

        Raises:
            GraderError: it is no classroom of ours, or nbgrader is another than was tested.
        """
        self._assignment = assignment
        self._converter = open_converter(folder, assignment, students=students, force=force)
        self._directory = directory = self._converter.coursedir
        self._preprocessor = preprocessor = GradeInSandbox(parent=self._converter.parent)
        if not (preprocessor.course or preprocessor.adopted):
            raise GraderError(
                f"{folder}/nbgrader_config.py does not say where the course is "
                "(use_grader). `grader classroom init` says what has to stand there."
            )
        course, self.adopted = preprocessor.find_course(directory, assignment)
        if course is None:
            raise GraderError(
                f"nbgrader_config.py does not name `{clean(assignment)}` as one of the course's "
                f"assignments: grade it with `nbgrader autograde {quote(assignment)}`. If it was "
                "made from the course's lessons, name it there: use_grader(…, assignments=[…]). "
                f"If it is your own, try `grader classroom adopt {quote(assignment)}`."
            )
        self.course = course
        self.wanted = self._preprocessor.wanted
        self._database = directory.db_url
        #: The students whose folders have no notebook; :meth:`students` fills it.
        self.without_notebooks: tuple[str, ...] = ()

    def students(self) -> dict[str, Path]:
        """Who handed in, and where.

        Raises:
            GraderError: nobody did.
        """
        wanted = (self._converter, self._assignment, self._directory.student_id)
        submitted = find_submitted(*wanted)
        folders = {
            name: folder for name, folder in submitted.items() if any(folder.glob("*.ipynb"))
        }
        self.without_notebooks = tuple(sorted(submitted.keys() - folders.keys()))
        if not folders:
            where = clean(submitted_pattern(*wanted))
            raise GraderError(
                f"nobody handed in `{self._assignment}`: no notebook is at {where}. "
                "Collect what students submitted with "
                f"`nbgrader collect {quote(self._assignment)}`."
            )
        return folders

    def run(
        self, grader: ClassroomGrader, done: Callable[[int], None] = lambda count: None
    ) -> AutogradeSummary:
        """Grade everyone, and write notebooks and rows.

        Args:
            grader: of this classroom's course.
            done: called with the number of further students that are finished.

        Raises:
            GraderError: the gradebook does not know the assignment, or nobody can be graded.
        """
        # SQLAlchemy warns of the order in which nbgrader makes rows. They are saved all the same.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)
            return self._run(grader, done)

    def _run(self, grader: ClassroomGrader, done: Callable[[int], None]) -> AutogradeSummary:
        folders = self.students()
        graded: list[str] = []
        skipped: list[str] = []
        failed: list[tuple[str, str]] = []

        def to_grade() -> Iterator[Submission]:
            for student, folder in folders.items():
                if needs_grading(self._converter, self._assignment, student, folder):
                    directory = self._directory
                    others = self._preprocessor.other_folders(directory, student, self._assignment)
                    yield grader.read(folder, student, others)
                else:
                    skipped.append(student)
                    done(1)

        with open_gradebook(self._database, self._directory.course_id) as gradebook:
            writer = _StudentWriter(self._converter, gradebook, self._assignment, grader)

            for result in chain.from_iterable(grader.grade_class(to_grade())):
                try:
                    refuse_our_errors(result)
                    writer.write(result, folders[result.student])
                    graded.append(result.student)
                except Exception as error:  # noqa: BLE001  (costs this student alone)
                    writer.forget(result.student)
                    failed.append((result.student, f"{type(error).__name__}: {error}"))
                done(1)
            writer.count_lateness(skipped)  # marks may have been given since
            notebooks = [notebook for notebook in grader.tests if notebook in writer.notebooks]
            return AutogradeSummary(
                tuple(sorted(graded)),
                tuple(skipped),
                tuple(sorted(failed)),
                tuple(sorted([*writer.remarks, *self._empty_folders()])),
                tuple(student for student in skipped if writer.is_outdated(student)),
                tuple(notebooks),
                tuple(
                    writer.read_marks(student, notebooks) for student in sorted([*graded, *skipped])
                ),
            )

    def _empty_folders(self) -> Iterator[tuple[str, str]]:
        for student in self.without_notebooks:
            yield student, "no notebook is in the folder; nothing was graded"


class _StudentWriter:
    """Writes one student after the other."""

    def __init__(
        self, converter: Autograde, gradebook: Gradebook, assignment: str, grader: ClassroomGrader
    ) -> None:
        self._converter = converter
        self._directory = converter.coursedir
        self._gradebook = gradebook
        self._assignment = assignment
        self._grader = grader
        #: Each student, with a sentence on something odd about a notebook.
        self.remarks: list[tuple[str, str]] = []
        try:
            names = [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
        except MissingEntry:
            raise GraderError(
                f"the gradebook knows no assignment `{clean(assignment)}`. Make it with "
                f"`nbgrader generate_assignment {quote(assignment)}`."
            ) from None
        self._layouts: dict[str, Layout] = {
            name: read_layout(
                gradebook, assignment, name, released_path(self._directory, assignment, name)
            )
            for name in names
        }
        for name, layout in self._layouts.items():
            points = {cell.grade_id: cell.points or 0.0 for cell in layout.cells if cell.is_test}
            refuse_other_tests(name, points, grader)
        classes = preprocessor_classes(converter)
        self._others = [kind(parent=converter) for kind in classes if kind not in _REPLACED]
        self._late = LatePenalties(parent=converter) if LatePenalties in classes else None

    @property
    def notebooks(self) -> Collection[str]:
        """The notebooks of the assignment: all lessons, those of a part, or the instructor's."""
        return self._layouts.keys()

    def write(self, result: StudentResult, folder: Path) -> None:
        """Write a student's notebooks and rows."""
        student = result.student
        wanted = {self._grader.lesson_of(name) for name in self.notebooks}
        own = tuple(lesson for lesson in result.lessons if lesson.lesson in wanted)
        result = replace(result, lessons=own)
        converter = self._converter
        destination = begin_student(converter, self._assignment, student, folder)
        self._copy_source_files(destination)
        submission = self._submission(student, folder)
        handed_in = find_notebooks(folder, self._grader.tests)
        self.remarks += [(student, remark) for remark in self._odd_notebooks(handed_in, result)]
        for notebook in submission.notebooks:
            path = folder / handed_in.names.get(notebook.name, f"{notebook.name}.ipynb")
            if not os.path.lexists(path):
                for grade in notebook.grades:
                    grade.auto_score = 0
                    grade.needs_manual_grade = False
                continue
            nb = read_notebook(path, self._layouts[notebook.name])
            write_outputs(nb, notebook.name, result, self._grader)
            resources = converter.init_single_notebook_resources(str(path))
            beside = resources | {"metadata": {"path": str(destination)}}
            run_cells_that_stay(nb, beside, self._grader.stays(notebook.name), converter)
            for preprocessor in self._others:
                nb, resources = preprocessor(nb, resources)
            text = writes(nb, version=converter.exporter_class().nbformat_version)
            (destination / f"{notebook.name}.ipynb").write_text(f"{text}\n", encoding="utf-8")
            _save_scores(notebook, nb)
        self._gradebook.db.commit()
        if self._late is not None:
            self._late.assign(submission)
            self._gradebook.db.commit()
        end_student(converter, self._assignment, student)

    def count_lateness(self, students: Sequence[str]) -> None:
        """Assign the late penalties of students who were graded before."""
        for student in students:
            if self._late is not None:
                self._late.assign(self._gradebook.find_submission(self._assignment, student))
        self._gradebook.db.commit()

    def is_outdated(self, student: str) -> bool:
        """Whether a student was graded before the course changed."""
        for path in self._autograded(student).values():
            fingerprint = graded_with(read_cells(path.read_bytes(), path.name))
            if fingerprint is not None:
                return fingerprint != self._grader.fingerprint
        return False

    def read_marks(self, student: str, notebooks: Sequence[str]) -> StudentMarks:
        """The marks of a student who is graded."""
        submission = self._gradebook.find_submission(self._assignment, student)
        return read_marks(submission, notebooks, [*self._autograded(student)])

    def _autograded(self, student: str) -> dict[str, Path]:
        """A student's autograded notebooks, by name."""
        folder = autograded_folder(self._converter, self._assignment, student)
        return {path.stem: path for path in sorted(folder.glob("*.ipynb"))}

    def forget(self, student: str) -> None:
        """Remove what was written about a student who could not be graded."""
        self._gradebook.db.rollback()
        with suppress(OSError):
            rmtree(str(autograded_folder(self._converter, self._assignment, student)))

    def _odd_notebooks(self, handed_in: HandedInNotebooks, result: StudentResult) -> Iterator[str]:
        """A sentence for each notebook that is renamed, missing or unreadable."""
        yield from handed_in.remarks
        names = {self._grader.lesson_of(name): name for name in self.notebooks}
        missing = []
        for lesson in result.lessons:
            name = names[lesson.lesson]
            if lesson.status is LessonStatus.GRADED and name not in handed_in.names:
                yield f"{name} is a script, and nbgrader grades notebooks alone"
            if lesson.status is LessonStatus.UNREADABLE:
                yield f"{name} could not be read: {lesson.message}"
            if lesson.status is LessonStatus.MISSING:
                missing.append(name)
        if missing:
            yield f"missing: {', '.join(missing)}"

    def _copy_source_files(self, destination: Path) -> None:
        """Replace the student's copies of the assignment's files."""
        directory = self._directory
        source = Path(directory.format_path(directory.source_directory, ".", self._assignment))
        excluded = {
            source / name for name in self._converter.exclude_overwriting.get(self._assignment, [])
        }
        ignored = [*directory.ignore, "*.ipynb"]
        for name in find_all_files(str(source), ignored):
            if Path(name) in excluded:
                continue
            target = destination / Path(name).relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copy(name, target)

    def _submission(self, student: str, folder: Path) -> Any:
        self._gradebook.update_or_create_student(student)
        when = self._directory.get_existing_timestamp(str(folder))
        stamp = {"timestamp": when} if when else {}
        return self._gradebook.update_or_create_submission(self._assignment, student, **stamp)


def _save_scores(notebook: Any, nb: NotebookNode) -> None:
    """Save the scores and comments of one notebook, as nbgrader's SaveAutoGrades does."""
    grades = {grade.name: grade for grade in notebook.grades}
    comments = {comment.name: comment for comment in notebook.comments}
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if is_grade(cell):
            grade = grades[name]
            grade.auto_score, _ = determine_grade(cell)
            # A mark given by hand stays, and nbgrader asks for another look.
            by_hand = grade.manual_score is not None or grade.auto_score is None
            grade.needs_manual_grade = by_hand or is_undecided(cell)
        if is_solution(cell) or is_task(cell):
            untouched = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
            text = "No response." if untouched and not is_task(cell) else None
            comments[name].auto_comment = text
