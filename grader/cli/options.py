"""Arguments of several commands: a lesson, a number of processes."""

from __future__ import annotations

import click

from grader.cli import load_course
from grader.grading.cpu_cores import usable_cores

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
        """The lesson's id. Any other name is wrong usage."""
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
        """The ids that begin with the typed text; none without a course."""
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
