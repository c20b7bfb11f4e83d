"""Fingerprints: something from an earlier run is valid as long as its fingerprint is the same.

A fingerprint is a hash of all that something depends on. If it covers too much, that only costs
time. If it covers too little, outdated marks are shown.

| what is kept | by | its fingerprint |
|---|---|---|
| a class's results | `OUT/grades.sqlite3` | `LessonFingerprints` of `grading.lesson_fingerprints` |
| a learner's progress | `.grader/progress.json` | the same |
| a classroom's processes | the memory of `nbgrader autograde` | `LessonFingerprints.course` |
| marks by hand | `OUT/grades.sqlite3` | :func:`fingerprint_answer` |
| pages | the first lines of each page | :func:`fingerprint_page` |

The fingerprints of lessons are in another package, because they depend on the course. This
module has the others, and the functions that all of them use.

A fingerprint also covers the modules of the grader that make the thing. They are found by following
import statements, so a new module counts as soon as it is imported, and is listed nowhere.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parent
_IMPORT: Final = re.compile(
    r"^[ \t]*(?:from[ \t]+(grader[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|.*)|import[ \t]+(.*))",
    re.MULTILINE,
)
_OWN: Final = re.compile(r"\bgrader(?:\.\w+)*")
_WORD: Final = re.compile(r"\w+")


def fingerprint_answer(answer: str | None) -> str:
    """The fingerprint of a written answer that a person marked; without one, always the same."""
    return hashlib.sha256((answer or "").encode()).hexdigest()


def fingerprint_page(contents: Iterable[bytes], modules: Sequence[str], templates: Path) -> str:
    """The fingerprint of a page: of its contents, and of the code that makes it.

    Args:
        contents: the records that it shows, encoded; read one after the other.
        modules: our modules that make pages.
        templates: the folder of the files that pages are filled in from.
    """
    return hash_parts(chain([_own_files(tuple(modules), templates)], contents)).hex()


@lru_cache
def _own_files(modules: tuple[str, ...], templates: Path) -> bytes:
    files = [path.read_bytes() for path in sorted(templates.iterdir()) if path.is_file()]
    digests = [hashlib.sha256(file).digest() for file in files]
    return b"".join([hash_sources(find_sources(modules)), *digests])


def hash_parts(parts: Iterable[bytes]) -> bytes:
    """A hash of several parts, which differs if the same bytes are cut in other places."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.digest()


def find_sources(starts: Iterable[str], without: Collection[str] = ()) -> dict[str, bytes]:
    """The sources of some modules and of all that they import, directly or not, by module, sorted.

    Args:
        starts: full names; one of a package stands for its ``__init__.py``.
        without: modules that are left out, with what they alone import.
    """
    sources: dict[str, bytes] = {}
    seen = set(without)  # and most names that are imported from modules are none
    todo = list(starts)
    while todo:
        module = todo.pop()
        if module in seen:
            continue
        seen.add(module)
        if (path := _path(module)) is None:
            continue
        sources[module] = path.read_bytes()
        todo += find_imports(sources[module].decode())
        todo += [module.rpartition(".")[0]] * ("." in module)  # a package is imported first
    return dict(sorted(sources.items()))


@lru_cache(maxsize=1_000)  # modules: each is looked at for every lesson
def find_imports(program: str) -> tuple[str, ...]:
    """The names that a program imports from the grader; some of them may not be modules."""
    found: list[str] = []
    for base, names, others in _IMPORT.findall(program):
        if base:
            found += [base, *(f"{base}.{name}" for name in _WORD.findall(names))]
        else:
            found += _OWN.findall(others)
    return tuple(found)


def list_modules(package: str) -> list[str]:
    """All modules of a package and of those within it, used or not."""
    folder = _ROOT.parent.joinpath(*package.split("."))
    return sorted(
        ".".join(path.relative_to(_ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
        for path in folder.rglob("*.py")
    )


def hash_sources(sources: dict[str, bytes]) -> bytes:
    """A hash of the names and sources of modules."""
    whole = hashlib.sha256()
    for module, source in sources.items():
        whole.update(module.encode())
        whole.update(hashlib.sha256(source).digest())
    return whole.digest()


def source_path(module: str) -> str:
    """The path of a module's source, from the folder of the package: ``grader/errors.py``."""
    path = _path(module)
    assert path is not None, module
    return path.relative_to(_ROOT.parent).as_posix()


def _path(module: str) -> Path | None:
    """The path of a module's source; None if there is no such module."""
    place = os.path.join(_ROOT.parent, *module.split("."))  # noqa: PTH118  (much faster)
    for path in (f"{place}.py", f"{place}/__init__.py"):
        if os.path.isfile(path):  # noqa: PTH113  (the same)
            return Path(path)
    return None
