"""What `grader grade` does, from top to bottom: submissions in, grades out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from grader.course import Course
from grader.errors import GraderError
from grader.files import make_folder
from grader.grading.batches import count_batches
from grader.grading.graders import Graders, start_cluster_graders, start_graders
from grader.grading.grading_run import GradingRun
from grader.grading.lesson_fingerprints import LessonFingerprints
from grader.grading.output_folder import read_results, write_outputs
from grader.grading.store import Store, now, open_store
from grader.results import LessonStatus, Report
from grader.results.late import take_off_penalties
from grader.results.manual_marks import apply_marks
from grader.results.parts import Part, leave_out_parts_not_begun, only_part
from grader.sandbox.levels import Isolation, LevelChoice
from grader.submissions.collected_file import COLLECTED_FILE
from grader.submissions.intake import Intake, take_in
from grader.submissions.submission_times import SubmissionTimes
from grader.text import clean_name
from grader.text.wording import list_some


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of `grader grade`."""

    jobs: int = 1  # processes
    scheduler: str | None = None  # of a cluster, which grades in place of this machine
    isolation: Isolation | None = None  # None: `full`, or `filtered` where there is no `full`
    fresh: bool = False  # grade everything again, also what has not changed
    pages: bool = True  # write report.html and feedback/
    part: Part | None = None  # of the course, to be reported alone


class Progress:
    """Reports how far a run has come. This class does nothing; a command shows it to people."""

    def begin(self, choice: LevelChoice, students: int) -> None:
        """Called before the first student is graded.

        Args:
            choice: the level of isolation.
            students: how many the class has.
        """

    def tell(self, sentence: str) -> None:
        """Called with what the person who grades should know about a machine of a cluster."""

    def advance(self, finished: int) -> None:
        """Called after each batch, with the number of students that have all their results."""


@dataclass(frozen=True, slots=True)
class Graded:
    """The result of a run. Its files are written."""

    report: Report
    choice: LevelChoice | None  # the level of isolation, and why; None when nobody was graded
    unchanged: int  # students whose results all come from an earlier run
    notes: tuple[str, ...]  # for the person who grades
    to_look_at: tuple[str, ...] = ()  # hand-ins among which a person has to choose


def grade_class(
    course: Course,
    submissions: Path,
    out: Path,
    options: Options,
    progress: Progress = Progress(),  # noqa: B008  (it has no state)
    *,
    store: Store | None = None,
) -> Graded:
    """Grade a class, and write its results.

    A lesson that has not changed since the last run into the same folder is not graded again. An
    interrupted run has kept what it graded, and the next run goes on from there.

    Args:
        course: the checks and solutions to grade against.
        submissions: a folder with a folder or .zip for each student; or one student's folder.
        out: the output folder; made if it is not there.
        options: see :class:`Options`.
        progress: reports how far the run has come.
        store: of the output folder, if the caller has opened it.

    Raises:
        GraderError: the class cannot be graded, or nothing can be written.
    """
    _refuse_output_among_submissions(out, submissions)
    intake = take_in(
        submissions,
        course.lesson_ids,
        max_file_bytes=course.limits.file_kib * 1024,
        modules=course.module_paths,
    )
    times = SubmissionTimes(submissions, alone=intake.alone) if course.late is not None else None
    if intake.alone:
        _refuse_to_replace_a_class(out, *intake.students)
    make_folder(out)
    with nullcontext(store) if store else open_store(out) as open_one:
        run = GradingRun(
            open_one, LessonFingerprints(course), wanted=options.isolation, fresh=options.fresh
        )
        choice = _grade_what_changed(course, intake, run, options, progress)
        report = Report(course.id, now(), run.isolation.value, run.results)
        report = apply_marks(report, open_one.marks())
        if options.part is not None:
            report = only_part(report, options.part)
        else:
            report = leave_out_parts_not_begun(report, course.parts)
        if course.late is not None and times is not None:
            report = replace(
                report, students=take_off_penalties(report.students, course.late, times)
            )
        write_outputs(out, report, course, pages=options.pages)
    remarks = intake.remarks
    notes = (*remarks.notes, *_explain_missing_times(course, report, times))
    return Graded(report, choice, run.unchanged, notes, tuple(remarks.to_look_at))


def _grade_what_changed(
    course: Course, intake: Intake, run: GradingRun, options: Options, progress: Progress
) -> LevelChoice | None:
    """Grade the students who have no valid results. If there are none, no process is started."""
    changed = run.find_changed(intake)
    first = next(changed, None)
    if first is None:
        return None
    students = len(intake.students)
    with _start_graders(course, students, options, progress) as graders:
        progress.begin(graders.choice, students)
        for batch in graders.grade_batches(chain([first], changed)):
            run.keep(batch.results, batch.isolation)
            progress.advance(run.finished)
        return graders.choice


def _start_graders(
    course: Course, students: int, options: Options, progress: Progress
) -> AbstractContextManager[Graders]:
    """Processes on this machine, or on those of a cluster."""
    if options.scheduler is not None:
        return start_cluster_graders(course, options.scheduler, options.isolation, progress.tell)
    return start_graders(course, min(options.jobs, count_batches(students)), options.isolation)


def _refuse_output_among_submissions(out: Path, submissions: Path) -> None:
    """Refuse an output folder among the submissions: the next run would take it for a student."""
    if out.resolve().is_relative_to(submissions.resolve()):
        raise GraderError(
            f"the output folder {out} lies within the submissions, where it would be taken for a "
            "student's. Choose one beside them, such as --out grades"
        )


def _refuse_to_replace_a_class(out: Path, student: str) -> None:
    """Refuse to replace the results of a class by those of one student."""
    others: set[str] = set()
    with suppress(GraderError):  # there are none yet, or none that can be read
        others = {student.student for student in read_results(out).students} - {student}
    if others:
        names = list_some([clean_name(student) for student in sorted(others)])
        raise GraderError(
            f"{out} holds the results of others ({names}), and {clean_name(student)} alone would "
            "take their place. Choose another folder with --out, or grade the whole class: only "
            "what changed is graded again."
        )


def _explain_missing_times(
    course: Course, report: Report, times: SubmissionTimes | None
) -> Iterator[str]:
    """A sentence about each student who may be late, but has no time of submission."""
    if times is None or course.late is None or course.late.due is None:
        return
    unknown: list[str] = []
    for student in report.students:
        late = times.late_without_a_time(student.student)
        lessons = [lesson for lesson in late if lesson in course.lesson_ids]
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
