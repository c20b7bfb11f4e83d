"""``grader doctor``: what this machine can do, what it lacks, and how to change that."""

from __future__ import annotations

import os
import platform
from functools import partial
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader import __version__
from grader.classroom.adopted import adopted_folder, find_adopted, read_adopted, report
from grader.cli import load_course
from grader.course import Course, Limits
from grader.errors import CourseError, GraderError
from grader.grading.cpu_cores import cpu_quota, usable_cores
from grader.sandbox import diagnostics
from grader.sandbox.client import Sandbox
from grader.sandbox.diagnostics import Trial
from grader.sandbox.levels import Isolation
from grader.text import clean

_GIVES = {
    Isolation.FULL: "no files but Python's, no network, no other process, nothing left behind",
    Isolation.FILTERED: "the same by filters, without a process tree and scratch folder of its own",
    Isolation.PROCESS: "a process of its own, with limits; your files and network are in its reach",
}


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Show what this machine can do, and why.

    Tries each level in the processes that would run student code. For a level that fails, shows
    the reason and what to install or set. In the folder of an nbgrader course, shows where the test
    cells of adopted assignments are graded. Exits with 0 if lessons can be graded here, 1 if not
    even `process` works.

    Example: grader doctor
    """
    course: Course | None = None
    course_says = ""
    try:
        course = load_course(ctx)
    except CourseError as error:
        course_says = str(error).partition("\n")[0]
    console = Console(highlight=False)
    levels = diagnostics.try_levels(partial(_sandbox, course))
    layers = diagnostics.try_layers()
    _print_levels(console, levels)
    _print_trials(console, "Layers of isolation", layers)
    _print_versions(console)
    _print_means(console, course, course_says)
    _print_adopted()
    _print_advice(console, levels, layers)
    if not any(level.works for level in levels):
        ctx.exit(1)


def _sandbox(course: Course | None, level: Isolation) -> Sandbox:
    if course is None:
        return Sandbox(level, Limits().for_sandbox())
    from grader.grading.grading_process import new_sandbox

    return new_sandbox(course, level)


def _print_levels(console: Console, levels: list[Trial]) -> None:
    table = _table("Isolation", "", "")
    for level in levels:
        why_not = level.reason.partition("\n")[0]
        says = _GIVES[Isolation(level.name)] if level.works else why_not
        table.add_row(level.name, _mark(level.works), says)
    console.print(table)
    unasked = [level.name for level in levels if level.works and level.name != Isolation.PROCESS]
    if unasked:
        console.print(f"`grader grade` takes `{unasked[0]}` here.\n")
    else:
        console.print(
            "`grader grade` refuses to grade here, but with --isolation process, which you have "
            "to ask for.\n"
            if any(level.works for level in levels)
            else "Nothing can be graded here.\n"
        )


def _print_trials(console: Console, heading: str, trials: list[Trial]) -> None:
    table = _table(heading, "", "")
    for trial in trials:
        says = trial.reason.partition("\n")[0]
        version = diagnostics.landlock_version() if trial.name == "Landlock" else None
        if version is not None and trial.works:
            says = f"version {version} of its interface"
        table.add_row(trial.name, _mark(trial.works), says)
    console.print(table)
    console.print()


def _print_versions(console: Console) -> None:
    table = _table("Versions", "")
    table.add_row("grader", __version__)
    table.add_row("Python", f"{platform.python_version()} ({platform.python_implementation()})")
    for name in ("numpy", "pytest"):
        table.add_row(name, diagnostics.installed_version(name) or "not installed")
    for name, purpose, extra in diagnostics.OPTIONAL_PACKAGES:
        missing = f"not installed; for {purpose}: pip install 'self-attention-course[{extra}]'"
        table.add_row(name, diagnostics.installed_version(name) or missing)
    table.add_row("system", diagnostics.describe_system())
    console.print(table)
    console.print()


def _print_means(console: Console, course: Course | None, course_says: str) -> None:
    table = _table("Means and limits", "")
    quota = cpu_quota()
    limit = f" (a container's limit: {quota:g})" if quota is not None else ""
    cores = f"{usable_cores()} of {os.cpu_count() or 1}{limit}"
    table.add_row("cores", f"{cores}: as many processes grade at once")
    memory = diagnostics.memory_mib()
    table.add_row("memory", "unknown" if memory is None else f"{memory:,} MiB")
    if course is None:
        table.add_row("course", course_says)
    else:
        limits, count = course.limits, len(course.lessons)
        table.add_row("course", f"{course.id}, {count} lesson{'s' * (count != 1)}")
        table.add_row(
            "a call may take",
            f"{limits.cpu_seconds_per_call:g} s of CPU time, "
            f"{limits.wall_seconds_per_call:g} s on the clock",
        )
        table.add_row("a lesson may take", f"{limits.seconds_per_lesson:g} s")
        table.add_row(
            "a program may have",
            f"{limits.memory_mib:,} MiB of memory; it may print {limits.output_kib:,} KiB",
        )
    console.print(table)


def _print_adopted() -> None:
    """Where the test cells of a classroom's own assignments are graded."""
    for name in find_adopted(Path()):
        try:
            click.echo("\n" + "\n".join(report(read_adopted(adopted_folder(Path(), name)))))
        except GraderError as error:
            click.echo(f"\n{clean(name)}: {error}")


def _print_advice(console: Console, levels: list[Trial], layers: list[Trial]) -> None:
    advice: dict[str, None] = {}
    for trial in (*levels, *layers):
        what_to_do = trial.reason.partition("\n")[2].strip()
        if not trial.works and what_to_do:
            advice[what_to_do.partition(" Or ask for less")[0]] = None
    if advice:
        console.print("\nFor more isolation:")
        for line in advice:
            console.print(Text(f"- {line}"))


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for number, heading in enumerate(headings):
        table.add_column(heading, no_wrap=number == 0, overflow="fold")
    return table


def _mark(works: bool) -> Text:
    return Text("yes", style="green") if works else Text("no", style="red")
