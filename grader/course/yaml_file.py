"""The files that an author writes: their text, YAML to plain values, plain values to records.

Every error names the file, the place in it, the wrong value and the right kind of value, in the
words of the author.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from enum import Enum, EnumType
from pathlib import Path
from reprlib import Repr
from typing import Any, Final, TypeVar

import msgspec
import yaml

from grader.errors import CourseError

COURSE_FILE = "course.yaml"

_R = TypeVar("_R", bound=msgspec.Struct)


def read_text(path: Path, shown: str) -> str:
    """The text of one of the course's files, lines ending in a plain newline.

    Raises CourseError, calling the file `shown`, when it cannot be read or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CourseError(f"{shown}: cannot be read ({error.strerror}): {path}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CourseError(f"{shown}: line {line}: is not UTF-8; save the file as UTF-8") from None


def is_file(path: Path) -> bool:
    """Whether a regular file is there; False, too, where the system cannot tell."""
    try:
        return path.is_file()
    except OSError:  # a name too long for the file system, a folder that may not be entered
        return False


#: Levels of lists and mappings. The loader in C would end this process at some thousands.
_DEEPEST: Final = 100

#: Written in C where PyYAML has it, which is ten times as fast. Makes no foreign objects.
_SafeLoader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc, valid-type]
    """The safe loader, but a key that occurs twice is an error: one value would get lost."""

    def get_single_node(self) -> yaml.Node | None:
        # Checked here and not in construct_mapping, where `<<` merges have already added keys.
        node: yaml.Node | None = super().get_single_node()
        _refuse_keys_that_occur_twice(node)
        return node


def _refuse_keys_that_occur_twice(node: yaml.Node | None) -> None:
    waiting: list[yaml.Node | None] = [node]
    seen: set[int] = set()  # by their place in memory; an alias is the same node once more
    while waiting:
        node = waiting.pop()
        if not isinstance(node, yaml.CollectionNode) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
            continue
        lines: dict[str, int] = {}
        for key, value in node.value:
            waiting += [key, value]
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in lines:
                why = f"the key `{key.value}` is already on line {lines[key.value]}; keep one"
                raise yaml.MarkedYAMLError(problem=why, problem_mark=key.start_mark)
            lines[key.value] = key.start_mark.line + 1


def _refuse_deep_nesting(text: str) -> None:
    depth = 0
    event: Any
    for event in yaml.parse(text, Loader=_SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise yaml.MarkedYAMLError(
                problem="too many brackets or lists inside each other",
                problem_mark=event.start_mark,
            )


def plain_values(text: str) -> object:
    """The values in the text of the YAML file: mappings, lists and scalars.

    Raises CourseError if it is not YAML.
    """
    try:
        _refuse_deep_nesting(text)
        return yaml.load(text, _Loader)  # noqa: S506  (a SafeLoader: makes no foreign objects)
    except Exception as error:  # noqa: BLE001  (2026-13-45, say, is a ValueError in PyYAML)
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or " ".join(str(error).split())
        raise CourseError(f"{COURSE_FILE}: {line}is not proper YAML: {problem}") from None


# msgspec finds the errors; the following turns its words into an author's.
_KINDS = {
    "str": "text (in quotes if need be)",
    "float": "a number",
    "int": "a whole number",
    "array": "a list",
    "object": "a mapping (`key: value` lines)",
}
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_ABOUT_FIELD = re.compile(r"Object (contains unknown|missing required) field `(.*)`", re.DOTALL)
_EXPECTED = re.compile(r"Expected `(\w+)`")
_NO_TIME = re.compile(r"Expected `datetime\b|Invalid RFC3339")


def convert(value: object, record: type[_R], at: str, problems: list[str]) -> _R | None:
    """`value` as a record; None after adding a problem about the field `at`."""
    try:
        return msgspec.convert(value, record)
    except msgspec.ValidationError as error:
        problems.append(_in_words(str(error), value, record, at))
        return None


def _in_words(said: str, value: Any, record: type[msgspec.Struct], at: str) -> str:
    """Put an error of msgspec into an author's words: the path, the value and what to do."""
    fields = msgspec.structs.fields(record)
    if about := _ABOUT_FIELD.match(said):
        name, keys = about[2], [field.name for field in fields]
        if "unknown" in about[1]:
            return complaint(at, f"has no key `{name}`{list_choices(name, keys, 'keys')}")
        needed = ", ".join(field.name for field in fields if field.required)
        return complaint(f"{at}.{name}".lstrip("."), f"is missing; needed here: {needed}")
    problem, _, where = said.partition(" - at `")
    for key, index in _STEP.findall(where):
        value = value[key] if key else value[int(index)]
    place = (at + where[where.find("$") + 1 :].rstrip("`")).lstrip(".")
    if where.startswith("key`"):
        wrong = next(key for key in value if not isinstance(key, str))
        return complaint(place, f"a key must be {_KINDS['str']}, one is {show(wrong)}")
    if _NO_TIME.match(problem):
        problem = f"must be a time with its zone, such as 2026-12-01T23:59:00Z; is {value}"
    elif expected := _EXPECTED.match(problem):
        problem = f"must be {_KINDS.get(expected[1], expected[1])}, is {show(value)}"
    kinds = {field.name: field.type for field in fields}
    choices = kinds.get(place.rpartition(".")[2])
    if problem.startswith("Invalid enum") and isinstance(choices, EnumType):
        members: Iterable[Enum] = choices.__members__.values()
        names = ", ".join(f"`{member.value}`" for member in members)
        problem = f"must be one of {names}, is {show(value)}"
    return complaint(place, problem)


def complaint(place: str, problem: str) -> str:
    """One line of an error: the file, the field, what is wrong."""
    return ": ".join(part for part in (COURSE_FILE, place, problem) if part)


def lesson_place(i: int, entry: object) -> str:
    """A lesson's place in course.yaml, with its id for people who do not count from 0."""
    name = entry.get("id") if isinstance(entry, dict) else getattr(entry, "id", None)
    return f"lessons[{i}] ({name})" if isinstance(name, str) and name else f"lessons[{i}]"


def list_choices(name: str, choices: Iterable[str], kind: str) -> str:
    """The end of a sentence about an unknown name: what it could mean, and all known names."""
    names = list(choices)
    if not names:
        return ""
    holding = [
        candidate
        for candidate in names
        if len(name) > 1 and name.casefold() in candidate.casefold()
    ]
    close = holding or difflib.get_close_matches(name, names, n=1)
    guess = (
        f"; did you mean {' or '.join(f'`{candidate}`' for candidate in close)}? Known"
        if close
        else "; known"
    )
    return f"{guess} {kind}: {', '.join(names)}"


def show(value: object) -> str:
    """A value as the author wrote it, cut short."""
    short = Repr()
    short.maxstring = short.maxother = 60
    return "empty" if value is None else short.repr(value).removesuffix(".0")
