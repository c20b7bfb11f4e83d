"""Options that several commands have."""

from __future__ import annotations

import click

from grader.cores import usable_cores

jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=usable_cores,
    show_default="all cores that it may use",
    help="How many processes grade at once.",
)
