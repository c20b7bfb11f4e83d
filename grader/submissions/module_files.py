"""Finds the further modules that were handed in with a lesson: scripts and packages beside it.

They are looked for beside the lesson's own file first, then anywhere in the hand-in. A module that
is not there, or cannot be read, costs what the lesson needs it for: the lesson itself is graded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from grader.errors import IntakeError
from grader.submissions.decoding import decode_script, is_notebook
from grader.submissions.found_files import ENDINGS, FoundFile
from grader.submissions.lesson_names import guess_lesson, is_disguised, split_ending
from grader.submissions.submission import Source
from grader.text import clean_name
from grader.text.wording import list_some, size_in_words

NOT_HANDED_IN: Final = "was not handed in"

#: How many scripts a student may have in the packages of a lesson.
_MOST_SCRIPTS: Final = 100
_SCRIPT: Final = ENDINGS[0]


@dataclass(frozen=True, slots=True)
class ModuleFiles:
    """The files of a hand-in that may be further modules of one lesson."""

    expected: Sequence[str]  # the modules of the solution, by their paths from the lesson
    exact: Mapping[str, Sequence[FoundFile]]  # by such a path, the candidates; also of others
    similar: Mapping[str, Sequence[FoundFile]]  # the same of files with another, similar name

    @classmethod
    def among(cls, files: Iterable[FoundFile], expected: Sequence[str]) -> ModuleFiles:
        """Find them.

        Args:
            files: of one student, without those of lessons.
            expected: the modules of the solution. Of a package, every script counts.
        """
        stems = [path.removesuffix(_SCRIPT) for path in expected if "/" not in path]
        exact: dict[str, list[FoundFile]] = {}
        similar: dict[str, list[FoundFile]] = {}
        for file in files:
            if (path := module_at(file.parts, expected)) is not None:
                exact.setdefault(path, []).append(file)
            elif len(close := guess_lesson(file.name, stems).lessons) == 1:
                similar.setdefault(f"{close[0]}{_SCRIPT}", []).append(file)
        return cls(
            expected, exact, {path: files for path, files in similar.items() if path not in exact}
        )

    @property
    def files(self) -> list[FoundFile]:
        """The files that are such modules."""
        return [file for files in self.exact.values() for file in files]

    def read(self, source: Source, place: tuple[str, ...], cap: int) -> Source:
        """A lesson with its further modules.

        Args:
            source: the lesson alone.
            place: the folder of its file.
            cap: how many bytes its own text and theirs may have together.
        """
        modules: dict[str, str] = {}
        absent = dict.fromkeys(self.expected, NOT_HANDED_IN)
        for path, files in self.similar.items():
            listed = list_some([file.shown for file in files])
            absent[path] = f"{NOT_HANDED_IN}: {listed} is there, but only {path} counts"
        room = cap - sum(len(cell.encode()) for cell in source.cells)
        for path, files in sorted(self.exact.items()):
            try:
                text = _read(path, files, place, cap)
                if len(modules) == _MOST_SCRIPTS:
                    raise IntakeError(f"a lesson may have {_MOST_SCRIPTS} further files")
                if len(text.encode()) > room:
                    raise IntakeError(f"a lesson's files may have {size_in_words(cap)} together")
                modules[path] = text
                room -= len(text.encode())
                absent.pop(path, None)
            except IntakeError as error:
                absent[path] = f"cannot be read: {error}"
        said = "; ".join([*filter(None, [source.note]), *_in_words(absent)])
        return replace(source, modules=modules, absent=absent, note=said or None)


def packages_of(paths: Iterable[str]) -> frozenset[str]:
    """The packages among further modules: the folders that stand first in their paths."""
    return frozenset(path.partition("/")[0] for path in paths if "/" in path)


def module_at(parts: Sequence[str], expected: Sequence[str]) -> str | None:
    """The path, from its lesson, of the module that a file is; None if it is none.

    Args:
        parts: of the file's own path.
        expected: the modules of solutions.
    """
    packages = packages_of(expected)
    for at, part in enumerate(parts[:-1]):
        if part in packages:
            below = (*parts[at:-1], parts[-1].removesuffix(_SCRIPT))
            is_module = parts[-1].endswith(_SCRIPT) and all(part.isidentifier() for part in below)
            return f"{'/'.join(below)}{_SCRIPT}" if is_module else None
    stem, _ = split_ending(parts[-1]) or ("", "")
    return path if (path := f"{stem}{_SCRIPT}") in expected else None


def _read(path: str, files: Sequence[FoundFile], place: tuple[str, ...], cap: int) -> str:
    """The text of a module. Raises IntakeError if it cannot be read."""
    scripts = [file for file in files if (split := split_ending(file.name)) and split[1] == _SCRIPT]
    if not scripts:
        raise IntakeError(f"{files[0].shown} is there, but only a script counts")
    beside = [file for file in scripts if file.parts == (*place, *path.split("/"))]
    plain = [file for file in scripts if not is_disguised(file.name)]
    candidates = beside or plain or scripts
    if broken := next((file for file in candidates if file.problem), None):
        raise IntakeError(f"{clean_name(broken.name)} {broken.problem}")
    contents = {file.read(cap) for file in candidates}
    if len(contents) > 1:
        listed = list_some([file.shown for file in candidates])
        raise IntakeError(f"it is there more than once, and the files differ: {listed}")
    (data,) = contents
    if is_notebook(data):
        raise IntakeError("it is a notebook, and only a script counts")
    return decode_script(data, clean_name(path))


def _in_words(absent: Mapping[str, str]) -> Iterator[str]:
    """A sentence for the modules that were not handed in, and for each that cannot be read."""
    missing = [path for path, why in absent.items() if why == NOT_HANDED_IN]
    if missing:
        verb = "was" if len(missing) == 1 else "were"
        yield f"{list_some(missing)} {verb} not handed in"
    for path, why in absent.items():
        if why != NOT_HANDED_IN:
            yield f"{clean_name(path)} {why}"
