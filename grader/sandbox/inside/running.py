"""Runs a lesson as a program: with a command line, a keyboard and files."""

from __future__ import annotations

import linecache
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

from grader.sandbox.inside.console import Console
from grader.sandbox.inside.memory_files import MemoryFiles
from grader.sandbox.inside.program import Program


def run_program(
    program: Program, stdin: str, args: Sequence[str], files: Mapping[str, str | bytes]
) -> dict[str, Any]:
    """Run a lesson once, in this process, which nothing else uses.

    Returns:
        What it printed, its exit code, and the files that it has written.

    Raises:
        MemoryError: it needs more memory than there is.
    """
    console = Console()
    for filename, cells, _ in program.sources.values():
        lines = [f"{line}\n" for cell in cells for line in cell.split("\n")]
        linecache.cache[filename] = (len(lines), None, lines, filename)  # for tracebacks
    sys.argv = [program.sources[program.lesson][0], *args]
    program.prepare()
    here = os.getcwd()
    memory = MemoryFiles(here)
    memory.put(here, files)
    memory.install()
    console.open(stdin)
    code = 0
    try:
        program.run_main()
    except MemoryError:
        raise
    except SystemExit as ended:
        code = _exit_code(ended.code)
    except BaseException as error:
        code = 1
        _show(error, {filename for filename, _, _ in program.sources.values()})
    out, err, _ = console.close()
    return {"stdout": out, "stderr": err, "exit_code": code, "files": memory.written(here)}


def _exit_code(code: object) -> int:
    """As Python makes it of what `sys.exit` was given."""
    if code is None:
        return 0
    if isinstance(code, int):
        return int(code)
    print(code, file=sys.stderr)  # noqa: T201  (to the program's own stream)
    return 1


def _show(error: BaseException, own: set[str]) -> None:
    """Print a traceback that begins in the student's file."""
    step = error.__traceback__
    while step is not None and step.tb_frame.f_code.co_filename not in own:
        step = step.tb_next
    traceback.print_exception(type(error), error, step)
