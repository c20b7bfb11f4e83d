"""Commands for the authors of a course."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.authoring import build as exercises
from grader.cli import load_whole_course
from grader.cli.options import LessonName, jobs_option, part_option
from grader.course import Course
from grader.sandbox.levels import Isolation

if TYPE_CHECKING:
    from grader.results.parts import Part
    from grader.verify.verification import Verifier


@click.command()
@click.option(
    "--check", is_flag=True, help="Write nothing; exit with 1 if an exercise is out of step."
)
@click.pass_context
def build(ctx: click.Context, check: bool) -> None:
    """Make the exercises from the solutions.

    `raise NotImplementedError` replaces each answer in solutions/, and the rest becomes the
    lesson in exercises/. Files that belong to no lesson are listed and left alone.

    Example: grader build --check
    """
    course = load_whole_course(ctx)
    if check:
        _check(course)
    else:
        _build(course)


@click.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@part_option(
    "The course up to the end of this part. Left out: all of it. Earlier parts come along, because "
    "later lessons use their functions."
)
@click.pass_context
def release(ctx: click.Context, out: Path, part: Part | None) -> None:
    """Write the students' copy of the course.

    OUT, a new folder, gets the exercises, the visible checks, course.yaml and the grader itself,
    and no answer. Before it is finished, the solutions must pass its checks.

    Example: grader release build/students
    """
    from grader.authoring.release import release as write_release

    course = load_whole_course(ctx)
    written = write_release(course, out, part)
    for name in written.files:
        click.echo(f"  {name}")
    click.echo(
        f"{out}: {written.lessons} lessons, {written.visible} visible checks worth "
        f"{written.points:g} of {written.of_points:g} points.\n"
        "Give students this folder; its README.md says how to begin."
    )
    for name in written.guessable:
        click.echo(
            f"It tells how many letters of the quiz in {name} are right, so the letters can be "
            f"guessed by trial. To leave that out: quiz_feedback: false, below `{name}` in "
            "course.yaml."
        )


def _build(course: Course) -> None:
    result = exercises.build(course)
    for path in result.written:
        click.echo(f"wrote {course.shown(path)}")
    click.echo(f"{len(result.written)} written, {len(result.unchanged)} already in step.")
    _warn(course)


def _check(course: Course) -> None:
    stale = [course.shown(path) for path in exercises.out_of_step(course)]
    _warn(course)
    if stale:
        raise click.ClickException(
            f"out of step with solutions/: {', '.join(stale)}\n"
            "Run `grader build` and commit what it writes."
        )
    click.echo(f"All {len(course.lessons)} exercises are in step with solutions/.")


def _warn(course: Course) -> None:
    for line in exercises.false_examples(course):
        click.echo(f"Warning: {line}.", err=True)
    strays = ", ".join(course.shown(path) for path in exercises.stray_exercises(course))
    if strays:
        click.echo(
            f"Warning: no lesson in course.yaml has these files: {strays}\n"
            "Delete them, or add the lesson.",
            err=True,
        )


@click.command()
@click.argument("lessons", nargs=-1, type=LessonName(), metavar="[LESSON]...")
@jobs_option
@click.option(
    "--isolation",
    type=click.Choice(list(Isolation), case_sensitive=False),
    help="At least this level of isolation. Left out: the strongest level of this machine.",
)
@click.option("--strict", is_flag=True, help="Count advice as problems.")
@click.option(
    "--marks", is_flag=True, help="Print what each wrong choice costs, as Markdown; prove nothing."
)
@click.pass_context
def verify(  # noqa: PLR0917 - click passes them by name
    ctx: click.Context,
    lessons: tuple[str, ...],
    jobs: int,
    isolation: Isolation | None,
    strict: bool,
    marks: bool,
) -> None:
    """Prove that the checks can be trusted.

    Grades answers whose marks are known: the unchanged exercises, the solutions, known-wrong
    versions, right but unusual versions, and mutants, which are solutions with one slip each.
    Tries wrong choices, one at a time, on inputs made from the shapes in the docstrings: integers
    beside floats, sums of 0, sizes of 1, large and small numbers. None may earn every point. One
    wrong choice should cost at least a point, and no function more than half of its points.
    Also looks at hints and stray files. Prints a table and one sentence for each problem; exits
    with 1 if there is one. Weaknesses that are no problems, such as too few unusual versions,
    a function without hints or unfair marks, are advice; in a course with `imported: true`, so is
    all that its checks let pass. Without LESSON: the whole course.

    Example: grader verify --jobs 4
    """
    from grader.verify.verification import Verifier

    course = load_whole_course(ctx)
    chosen = [course.lesson(name) for name in dict.fromkeys(lessons)] or list(course.lessons)
    verifier = Verifier(course, chosen)
    if marks:
        _print_marks(course, verifier)
        return
    prove(course, verifier, jobs=jobs, isolation=isolation, strict=strict)


def prove(
    course: Course,
    verifier: Verifier,
    *,
    jobs: int,
    isolation: Isolation | None = None,
    strict: bool = False,
) -> None:
    """Prove a course, and print what was found.

    Raises:
        ClickException: there is a problem.
    """
    from rich.console import Console

    from grader.cli.screen import progress_bar
    from grader.verify.proof_table import render

    with progress_bar("Verifying") as bar:
        task = bar.add_task("", total=verifier.answers + verifier.choice_count)
        proof = verifier.run(
            jobs=jobs,
            wanted=isolation,
            graded=partial(bar.advance, task),
        )
    Console().print(render(proof))
    if proof.isolation is not None:
        click.echo(f"{verifier.answers} answers graded. {proof.isolation}")
    if tried := [proof for proof in verifier.choices.values() if proof.inputs]:
        choices, inputs = (
            sum(len(proof.marks) for proof in tried),
            sum(proof.inputs for proof in tried),
        )
        said = f"{choices} wrong choice{'s' * (choices != 1)} tried"
        click.echo(f"{said}, with {inputs} inputs made from docstrings.")
    problems = proof.all_problems + (proof.advice if strict else [])
    if proof.advice and not strict:
        click.echo("\n".join(["Advice", *(f"  {line}" for line in proof.advice)]))
    if problems:
        listed = "\n".join(problems)
        raise click.ClickException(
            f"{len(problems)} problem{'s' * (len(problems) != 1)}.\n{listed}"
        )
    click.echo(f"The checks of {course.title} are proved.")


def _print_marks(course: Course, verifier: Verifier) -> None:
    from grader.cli.screen import progress_bar
    from grader.verify.marks_table import render_marks

    with progress_bar("Marking") as bar:
        verifier.prove_choices(partial(bar.advance, bar.add_task("", total=verifier.choice_count)))
    click.echo(
        render_marks(course, {name: proof.marks for name, proof in verifier.choices.items()}),
        nl=False,
    )
