"""Reading the files of a source: no links, nothing large, and data that lessons open."""

from __future__ import annotations

import keyword
import os
import re
import stat
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from grader.course.data_files import MOST_BYTES
from grader.errors import IntakeError
from grader.importing.cell_names import imported_in
from grader.importing.draft import LeftOver
from grader.importing.notebook_lessons import identifier, unique
from grader.submissions.notebooks import MAX_NOTEBOOK_BYTES
from grader.text.wording import size_in_words

#: Files that are no data of a lesson, whatever mentions them.
_NO_DATA: Final = (".py", ".pyc", ".ipynb", ".pkl", ".pickle", ".joblib", ".so", ".pyd")
_MOST_FILES: Final = 1_000  # beside a notebook


def read_source(path: Path) -> bytes:
    """The bytes of a file of the source.

    Raises:
        IntakeError: it cannot be read, is a link, or is too large for what it should be.
    """
    try:
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode):
            raise IntakeError(f"{path.name} is no regular file")
        if about.st_size > MAX_NOTEBOOK_BYTES:
            raise IntakeError(f"{path.name} is larger than {size_in_words(MAX_NOTEBOOK_BYTES)}")
        return path.read_bytes()
    except OSError as error:
        raise IntakeError(f"{path.name} cannot be read ({error.strerror or error})") from None


def read_text_source(path: Path) -> str:
    """The text of a file of the source, with plain line ends.

    Raises:
        IntakeError: it cannot be read, or is not UTF-8.
    """
    try:
        text = read_source(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise IntakeError(f"{path.name} is not UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def lesson_id(wanted: str, taken: set[str]) -> str:
    """A lesson's id: a Python name that hides no module of Python's own."""
    name = identifier(wanted, "lesson")
    if keyword.iskeyword(name) or name in sys.stdlib_module_names:
        name = f"{name}_lesson"
    return unique(name, taken)


def modules_beside(
    path: Path, codes: Iterable[str], where: str, left_over: list[LeftOver]
) -> dict[str, str]:
    """The scripts and packages beside a notebook that it imports, by their paths from there.

    What these import comes along as well.

    Args:
        path: of the notebook.
        codes: of its cells.
        where: the notebook, for messages.
        left_over: gets what cannot come along.
    """
    texts: dict[str, str] = {}
    todo = {name for code in codes for name in imported_in(code)}
    seen = set(sys.stdlib_module_names)
    while todo - seen:
        name = min(todo - seen)
        seen.add(name)
        folder = path.parent / name
        is_package = (folder / "__init__.py").is_file()
        files = sorted(folder.rglob("*.py"))[:_MOST_FILES] if is_package else []
        for file in files or [path.parent / f"{name}.py"]:
            if not os.path.lexists(file):
                continue
            try:
                text = read_text_source(file)
            except IntakeError as error:
                left_over.append(LeftOver(where, str(error)))
                continue
            texts[file.relative_to(path.parent).as_posix()] = text
            todo |= imported_in(text)
    return texts


def data_beside(
    path: Path, texts: Iterable[str], where: str, left_over: list[LeftOver]
) -> dict[str, bytes]:
    """The files beside a notebook that its text mentions, by their paths from there."""
    contents: dict[str, bytes] = {}
    text = "\n".join(texts)
    size = 0
    for file in sorted(path.parent.rglob("*"))[:_MOST_FILES]:
        name = file.relative_to(path.parent).as_posix()
        if file.is_dir() or not re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text):
            continue
        if any(part.startswith(".") for part in Path(name).parts) or file.suffix == ".ipynb":
            continue
        if file.suffix.lower() in _NO_DATA:
            left_over.append(LeftOver(f"{where}: {name}", "is no data that can come along"))
            continue
        try:
            content = read_source(file)
        except IntakeError as error:
            left_over.append(LeftOver(where, str(error)))
            continue
        size += len(content)
        if size > MOST_BYTES:
            most = size_in_words(MOST_BYTES)
            left_over.append(LeftOver(f"{where}: {name}", f"a course may have {most} of data"))
            size -= len(content)
            continue
        contents[name] = content
    return contents
