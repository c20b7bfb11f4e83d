"""What `grader grade` does, from top to bottom: submissions in, grades out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from grader.course import Course
from grader.errors import GraderError
from grader.files import make_folder
from grader.grading.graders import start_graders
from grader.grading.grading_run import GradingRun
from grader.grading.lesson_fingerprints import LessonFingerprints
from grader.grading.output_folder import read_results, write_outputs
from grader.grading.store import now, open_store
from grader.results import LessonStatus, Report, StudentResult
from grader.results.late import take_off_penalties
from grader.results.manual_marks import apply_marks
from grader.sandbox.levels import Isolation, LevelChoice
from grader.submissions.collected_file import COLLECTED_FILE
from grader.submissions.intake import Intake, take_in
from grader.submissions.submission_times import SubmissionTimes
from grader.text import clean_name
from grader.text.wording import list_some


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What whoever grades may choose."""

    jobs: int = 1  # processes
    isolation: Isolation | None = None  # None: `full`, or `filtered` where that cannot be had
    fresh: bool = False  # grade again what has not changed, too
    pages: bool = True  # write report.html and feedback/


class Progress:
    """Hears how a run gets on. This one says nothing; a command shows it to people."""

    def begin(self, choice: LevelChoice, students: int) -> None:
        """Somebody has to be graded, at this level of isolation; the class has so many students."""

    def advance(self, finished: int) -> None:
        """So many students of the class have all their results."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A class with its grades, which are written."""

    report: Report
    choice: LevelChoice | None  # the level of isolation, and why; None when nobody had to be graded
    unchanged: int  # students whose results all come from an earlier run
    notes: tuple[str, ...]  # for whoever grades
    to_look_at: tuple[str, ...] = ()  # hand-ins of which a person has to choose


def grade_class(
    course: Course,
    submissions: Path,
    out: Path,
    options: Options,
    progress: Progress = Progress(),  # noqa: B008  (it has no state)
) -> Graded:
    """Grade a class, and write its results.

    What has not changed since the last run into the same folder is not graded again. A run that
    is interrupted has kept what it graded, and the next one goes on from there.

    Args:
        course: the checks and solutions to grade against.
        submissions: a folder with a folder or .zip for each student; or one student's.
        out: the output folder; made if it is not there.
        options: see :class:`Options`.
        progress: hears how it goes.

    Raises:
        GraderError: the class cannot be graded, or nothing can be written.
    """
    _refuse_output_among_submissions(out, submissions)
    intake = take_in(submissions, course.lesson_ids, max_file_bytes=course.limits.file_kib * 1024)
    times = SubmissionTimes(submissions, alone=intake.alone) if course.late is not None else None
    if intake.alone:
        _refuse_to_replace_a_class(out, *intake.students)
    make_folder(out)
    with open_store(out) as store:
        run = GradingRun(
            store, LessonFingerprints(course), wanted=options.isolation, fresh=options.fresh
        )
        choice = _grade_what_changed(course, intake, run, options, progress)
        report = Report(course.id, now(), run.isolation.value, run.results)
        report = apply_marks(report, store.marks())
        if course.late is not None and times is not None:
            report = replace(
                report, students=take_off_penalties(report.students, course.late, times)
            )
        write_outputs(out, report, course, pages=options.pages)
    told = intake.told
    notes = (*told.notes, *_explain_missing_times(course, report, times))
    return Graded(report, choice, run.unchanged, notes, tuple(told.to_look_at))


def _grade_what_changed(
    course: Course, intake: Intake, run: GradingRun, options: Options, progress: Progress
) -> LevelChoice | None:
    """Grade those whose results are not kept from earlier. Without any, no process is started."""
    changed = run.find_changed(intake)
    first = next(changed, None)
    if first is None:
        return None
    students = len(intake.students)
    with start_graders(course, min(options.jobs, students), options.isolation) as graders:
        progress.begin(graders.choice, students)

        def keep(results: Sequence[StudentResult]) -> None:
            run.keep(results, graders.choice.isolation)
            progress.advance(run.finished)

        graders.grade(chain([first], changed), keep)
        return graders.choice


def _refuse_output_among_submissions(out: Path, submissions: Path) -> None:
    """An output folder among the submissions would be a student in the next run."""
    if out.resolve().is_relative_to(submissions.resolve()):
        raise GraderError(
            f"the output folder {out} lies within the submissions, where it would be taken for a "
            "student's. Choose one beside them, such as --out grades"
        )


def _refuse_to_replace_a_class(out: Path, student: str) -> None:
    """Results of one student alone would take the place of a class's."""
    others: set[str] = set()
    with suppress(GraderError):  # there are none yet, or none that can be read
        others = {it.student for it in read_results(out).students} - {student}
    if others:
        names = list_some([clean_name(it) for it in sorted(others)])
        raise GraderError(
            f"{out} holds the results of others ({names}), and {clean_name(student)} alone would "
            "take their place. Choose another folder with --out, or grade the whole class: only "
            "what changed is graded again."
        )


def _explain_missing_times(
    course: Course, report: Report, times: SubmissionTimes | None
) -> Iterator[str]:
    """Who may be late without a time that says by how much: nothing is taken off."""
    if times is None or course.late is None or course.late.due is None:
        return
    unknown: list[str] = []
    for student in report.students:
        lessons = times.late_without_a_time(student.student)
        if zone := times.unknown_zones.get(student.student):
            yield (
                f"{clean_name(student.student)}: the time of submission is in a zone that is not "
                f"known (`{clean_name(zone)}`): nothing was taken off. Write it with an offset, "
                "such as -05:00"
            )
        elif lessons:
            yield (
                f"{clean_name(student.student)}: {', '.join(lessons)} came late, and nothing says "
                f"when: nothing was taken off. See `late` in {COLLECTED_FILE}."
            )
        elif any(
            lesson.status is not LessonStatus.MISSING
            and times(student.student, lesson.lesson) is None
            for lesson in student.lessons
        ):
            unknown.append(clean_name(student.student))
    if unknown:
        count = len(unknown)
        yield (
            f"{count} student{'s have' if count != 1 else ' has'} no time of submission: nothing "
            f"was taken off ({list_some(unknown)})"
        )
