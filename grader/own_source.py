"""The grader's own source: which of its modules a part of it is made of.

Read from the import statements, wherever they stand in a module, so that a module which starts
to be used is counted from then on without being listed anywhere.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parent
_IMPORT: Final = re.compile(
    r"^[ \t]*(?:from[ \t]+(grader[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|.*)|import[ \t]+(.*))",
    re.MULTILINE,
)
_OWN: Final = re.compile(r"\bgrader(?:\.\w+)*")
_WORD: Final = re.compile(r"\w+")


def made_of(starts: Iterable[str]) -> dict[str, bytes]:
    """The source of some modules and of all that they import in turn, by module, sorted.

    Args:
        starts: full names; one of a package stands for its ``__init__.py``.
    """
    found: dict[str, bytes] = {}
    todo = list(starts)
    while todo:
        module = todo.pop()
        if module in found or (path := _path(module)) is None:
            continue
        found[module] = path.read_bytes()
        todo += imported_in(found[module].decode())
        todo += [module.rpartition(".")[0]] * ("." in module)  # a package is imported first
    return dict(sorted(found.items()))


def imported_in(program: str) -> Iterator[str]:
    """What a program imports of the grader; some of the names may be no modules."""
    for base, names, others in _IMPORT.findall(program):
        if base:
            yield base
            yield from (f"{base}.{name}" for name in _WORD.findall(names))
        else:
            yield from _OWN.findall(others)


def modules_in(package: str) -> list[str]:
    """All modules of a package and of those within it, used or not."""
    folder = _ROOT.parent.joinpath(*package.split("."))
    return sorted(
        ".".join(path.relative_to(_ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
        for path in folder.rglob("*.py")
    )


def digest_of(sources: dict[str, bytes]) -> bytes:
    """A hash of them all."""
    whole = hashlib.sha256()
    for module, source in sources.items():
        whole.update(module.encode())
        whole.update(hashlib.sha256(source).digest())
    return whole.digest()


def _path(module: str) -> Path | None:
    """Where a module's source is; None when there is no such module."""
    place = _ROOT.parent.joinpath(*module.split("."))
    return next(
        (path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None
    )
