"""What several commands take: a lesson, how many processes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import click

from grader.cli import load_course
from grader.errors import GraderError
from grader.grading.cores import usable_cores
from grader.results import Report, StudentResult
from grader.text import clean

jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=usable_cores,
    show_default="all cores that it may use",
    help="How many processes grade at once.",
)


class LessonName(click.types.StringParamType):
    """A lesson's id, its file, or its number; completed by the shell."""

    name = "lesson"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The lesson's id. A name that is no lesson's is wrong usage."""
        from grader.errors import CourseError
        from grader.learner.workbook import Workbook

        assert ctx is not None
        workbook = Workbook(load_course(ctx))
        try:
            return workbook.lesson_named(value).id
        except CourseError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """The ids that begin with what was typed; none where there is no course."""
        from grader.errors import GraderError

        try:
            lessons = load_course(ctx).lessons
        except GraderError:
            return []
        return [
            click.shell_completion.CompletionItem(lesson.id, help=lesson.title)
            for lesson in lessons
            if lesson.id.startswith(incomplete)
        ]


def student_named(report: Report, name: str) -> StudentResult:
    """The results of the student of that name. Raises GraderError, with names much like it."""
    students = {result.student: result for result in report.students}
    if name not in students:
        raise GraderError(f"nobody called `{clean(name)}` was graded{did_you_mean(name, students)}")
    return students[name]


def did_you_mean(wanted: str, known: Iterable[str]) -> str:
    """The end of a sentence: names that are much like it, or nothing."""
    close = difflib.get_close_matches(wanted, dict.fromkeys(known), n=3)
    return f". Did you mean {' or '.join(f'`{clean(name)}`' for name in close)}?" if close else "."
