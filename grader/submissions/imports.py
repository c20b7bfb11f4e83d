"""Finds the earlier lessons that a student's lesson can import: its import statements name them.

The sandbox gets no other lessons. So a lesson's result depends on its own source, on these lessons,
and on no other file of the student.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from grader.results import LessonResult
from grader.submissions.submission import HandedIn, Source

#: The rest of a line behind an import keyword. The module's name stands on the keyword's own line,
#: before any bracket that spans lines.
_IMPORT: Final = re.compile(r"\b(?:import|from)\b(.*)", re.DOTALL)
_NAME: Final = re.compile(r"\w+")

#: Words of imports with computed names: they can import any lesson.
_WORDS: Final = ("__import__", "import_module", "importlib", "exec", "eval")
_COMPUTED: Final = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b")

_LONG: Final = 1_000  # characters of a line; nobody writes such a long one


def named_imports(source: str, lessons: Collection[str]) -> frozenset[str]:
    """The lessons that a program may import directly; one too many does no harm.

    Args:
        source: any text; it need not be a program.
        lessons: ids.
    """
    if any(word in source for word in _WORDS) and _COMPUTED.search(source):
        return frozenset(lessons)
    imported: set[str] = set()
    for line in _lines_with(source.replace("\\\n", " "), ("import", "from")):
        for names in _IMPORT.findall(line):
            if names.isascii():
                imported.update(_NAME.findall(names))
            elif len(names) > _LONG:
                return frozenset(lessons)
            else:
                normal = unicodedata.normalize("NFKC", names)  # as Python does
                imported.update(_NAME.findall(normal))
    return frozenset(lessons) & imported


def _lines_with(text: str, words: Iterable[str]) -> Iterator[str]:
    """The lines with one of the words. Few lines have one, so this is faster than a pattern."""
    for word in words:
        at = text.find(word)
        while at >= 0:
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            yield text[text.rfind("\n", 0, at) + 1 : end]
            at = text.find(word, end)


def closure(starts: Iterable[str], needed: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Everything that the starts need, directly or through others."""
    reached: set[str] = set()
    todo = list(starts)
    while todo:
        fresh = set(needed.get(todo.pop(), ())) - reached
        reached |= fresh
        todo += fresh
    return frozenset(reached)


def imports_of(
    handed_in: Mapping[str, HandedIn], lessons: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """For each lesson, the earlier ones that it may import, directly or through others.

    Args:
        handed_in: what the student handed in, by lesson.
        lessons: the ids of the course's lessons, in order.

    Returns:
        Ids in course order, also of lessons that are missing; a missing lesson imports none. To
        import a further module of a lesson is to import that lesson.
    """
    named: dict[str, frozenset[str]] = {}
    owners = {
        re.split(r"[./]", path)[0]: lesson
        for lesson, source in handed_in.items()
        if isinstance(source, Source)
        for path in (*source.modules, *source.absent)
    }
    for lesson, source in handed_in.items():
        if isinstance(source, Source):
            text = "\n".join((*source.cells, *source.modules.values()))
            found_names = named_imports(text, {*lessons, *owners})
            named[lesson] = frozenset(owners.get(name, name) for name in found_names)
    imported: dict[str, tuple[str, ...]] = {}
    for place, lesson in enumerate(lessons):
        earlier = frozenset(lessons[:place])
        within = {name: named[name] & earlier for name in (*earlier, lesson) if name in named}
        reached = closure([lesson], within)
        imported[lesson] = tuple(name for name in lessons[:place] if name in reached)
    return imported


def find_incomplete(imported: Collection[str], earlier: Iterable[LessonResult]) -> tuple[str, ...]:
    """The imported lessons that lost marks, in course order."""
    return tuple(
        lesson.lesson for lesson in earlier if lesson.lesson in imported and not lesson.is_whole
    )
