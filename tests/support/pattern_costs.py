"""Patterns of the grader, run on texts that take a careless pattern long.

It runs in a process of its own, with a limit of CPU time that is ten times what patterns
of linear cost need; one of quadratic cost reaches it.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import resource
import sys
from collections.abc import Iterator

PACKAGES = ("exchange", "submissions", "text", "results")
LENGTH = 100_000
CPU_SECONDS = 30
PIECES = (
    " ", "a", "1", "_", "_1", "(", "a ", "1,", "-1", "/", "../", "\\", "\n", "#", "# coding", " (1",
    "_1_assignsubmission_file", "\t ", "1 ", "é", "a@", "x1", "\0", "\r", "LATE_", "1.", "1e",
)  # fmt: skip


def patterns() -> Iterator[tuple[str, str, re.Pattern[str] | re.Pattern[bytes]]]:
    """Each compiled pattern of a module, with its name and each method that is called of it."""
    for package in PACKAGES:
        whole = importlib.import_module(f"grader.{package}")
        names = [
            module.name for module in pkgutil.walk_packages(whole.__path__, f"{whole.__name__}.")
        ]
        for module in (whole, *map(importlib.import_module, names)):
            source = inspect.getsource(module)
            for name, value in vars(module).items():
                if isinstance(value, re.Pattern):
                    methods = re.findall(rf"\b{name}\.(\w+)", source)
                    for method in sorted({method for method in methods if method != "pattern"}):
                        yield f"{module.__name__}.{name}", method, value


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    for name, method, pattern in patterns():
        sys.stdout.write(f"{name} {method}\n")
        sys.stdout.flush()  # the last line names the pattern that reached the limit
        for piece in PIECES:
            for end in ("", "!"):
                text = piece * (LENGTH // len(piece)) + end
                subject = text.encode() if isinstance(pattern.pattern, bytes) else text
                empty = subject[:0]
                call = getattr(pattern, method)
                call(empty, subject) if method == "sub" else call(subject)
    sys.stdout.write("all are done\n")


if __name__ == "__main__":
    main()
