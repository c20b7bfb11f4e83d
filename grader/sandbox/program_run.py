"""What came of a run of the student's file as a program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ProgramRun:
    """A run of a program. All of it comes from the student's process."""

    stdout: str
    stderr: str
    exit_code: int
    files: Mapping[str, str | bytes] = field(default_factory=dict)  # that it wrote: text, if it is


def read_run(value: object) -> ProgramRun | None:
    """The run that a worker describes; None if this is no description of one."""
    match value:
        case {"stdout": str(out), "stderr": str(err), "exit_code": int(code), "files": dict(files)}:
            are_files = all(
                type(name) is str and type(content) in {str, bytes}
                for name, content in files.items()
            )
            return ProgramRun(out, err, code, files) if are_files else None
    return None
