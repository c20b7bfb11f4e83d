"""The course as data: ``course.yaml`` becomes a :class:`Course` of :class:`Lesson` records.

Reading goes in three steps: YAML to plain values (:func:`_plain_values`), plain values to
records (:func:`_convert`), records to a course that makes sense (:func:`_contradictions`). A
step reports all that it finds; the next one starts only when nothing was found.
"""

from __future__ import annotations

import difflib
import keyword
import math
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from reprlib import Repr
from typing import Annotated, Any, Self, TypeVar

import msgspec
import yaml

from grader.errors import CourseError

COURSE_FILE = "course.yaml"

_R = TypeVar("_R", bound=msgspec.Struct)
_Text = Annotated[str, msgspec.Meta(min_length=1)]


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a student's code may use up. The unit is part of each name; KiB and MiB are binary."""

    cpu_seconds_per_call: float = 2.0
    wall_seconds_per_call: float = 8.0
    seconds_per_lesson: float = 10.0
    memory_mib: int = 1024
    output_kib: int = 64
    file_kib: int = 1024


class _LessonEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry below ``lessons:``."""

    id: _Text
    title: _Text
    points: float
    requires: tuple[str, ...] = ()


class Lesson(_LessonEntry, frozen=True, kw_only=True):
    """One lesson: an entry of course.yaml, and where its files live. All paths are absolute."""

    root: Path

    @property
    def solution(self) -> Path:
        """The reference lesson, the only hand-written source of its text."""
        return self.root / "solutions" / f"{self.id}.py"

    @property
    def stub(self) -> Path:
        """What the student starts from: the solution with the answers taken out."""
        return self.root / "exercises" / f"{self.id}.py"

    @property
    def visible_checks(self) -> Path:
        """Checks that students get too; the file need not exist."""
        return self.root / "tests" / "lessons" / "visible" / f"test_{self.id}.py"

    @property
    def hidden_checks(self) -> Path:
        """Checks that only the grader sees; the file need not exist."""
        return self.root / "tests" / "lessons" / "hidden" / f"test_{self.id}.py"

    @property
    def misconceptions(self) -> Path:
        """The folder of known-wrong versions; it need not exist."""
        return self.root / "tests" / "lessons" / "misconceptions" / self.id

    @property
    def accepted(self) -> Path:
        """The folder of right but unusual versions; it need not exist."""
        return self.root / "tests" / "lessons" / "accepted" / self.id

    @property
    def probes(self) -> Path:
        """Calls that tell the known-wrong versions apart; the file need not exist."""
        return self.root / "tests" / "lessons" / "probes" / f"{self.id}.py"

    @property
    def check_files(self) -> tuple[Path, ...]:
        """The check files that exist, visible ones first."""
        return tuple(path for path in (self.visible_checks, self.hidden_checks) if _is_file(path))


class _CourseFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """course.yaml as a whole; its parts are converted one by one, so that each can complain."""

    id: _Text
    title: _Text
    lessons: tuple[Any, ...]
    packages: tuple[str, ...] = ()
    limits: Any = {}  # msgspec copies an empty default


@dataclass(frozen=True, slots=True)
class Course:
    """A course that holds together: every lesson has a solution and at least one check file."""

    root: Path  # absolute; the folder that holds course.yaml
    id: str
    title: str
    packages: tuple[str, ...]  # what student code may import beside the standard library
    limits: Limits
    lessons: tuple[Lesson, ...]  # in teaching order: a lesson requires only earlier ones

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the course in `folder`. Raises CourseError with one line per problem."""
        root = folder.resolve()
        problems: list[str] = []
        top = _convert(_plain_values(root / COURSE_FILE), _CourseFile, "", problems)
        if top is None:
            raise CourseError("\n".join(problems))
        limits = _convert(top.limits, Limits, "limits", problems)
        lessons = tuple(
            Lesson(**msgspec.structs.asdict(lesson), root=root)
            for i, entry in enumerate(top.lessons)
            if (lesson := _convert(entry, _LessonEntry, _lesson_at(i, entry), problems))
        )
        if limits is None or problems:
            raise CourseError("\n".join(problems))
        course = cls(root, top.id, top.title, top.packages, limits, lessons)
        if problems := list(_contradictions(course)):
            raise CourseError("\n".join(problems))
        return course

    def shown(self, path: Path) -> str:
        """A path of the course as people read it: from the course's folder."""
        return path.relative_to(self.root).as_posix()

    def lesson(self, lesson_id: str) -> Lesson:
        """The lesson of that id. Raises CourseError, naming those that there are."""
        lessons = {lesson.id: lesson for lesson in self.lessons}
        if lesson_id not in lessons:
            known = _known(lesson_id, lessons, "lessons")
            raise CourseError(f"{COURSE_FILE}: no lesson is called `{lesson_id}`{known}")
        return lessons[lesson_id]


def find_course(start: Path) -> Path:
    """The nearest folder from `start` upwards with a course.yaml. Raises CourseError if none."""
    for folder in (start.resolve(), *start.resolve().parents):
        if _is_file(folder / COURSE_FILE):
            return folder
    raise CourseError(
        f"{COURSE_FILE}: neither {start.resolve()} nor a folder above it has one.\n"
        "Go to the folder of your course, or name it: `grader --course DIR …`."
    )


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


class _Loader(yaml.SafeLoader):
    """The safe loader, except that a key that stands twice is an error, not a silent loss."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        # Checked here and not in construct_mapping, where `<<` merges have already added keys.
        node = super().compose_mapping_node(anchor)
        lines: dict[str, int] = {}
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in lines:
                why = f"the key `{key.value}` is already on line {lines[key.value]}; keep one"
                raise yaml.MarkedYAMLError(problem=why, problem_mark=key.start_mark)
            lines[key.value] = key.start_mark.line + 1
        return node


def _plain_values(path: Path) -> object:
    """What the YAML file says: mappings, lists and scalars."""
    text = read_text(path, COURSE_FILE)
    try:
        return yaml.load(text, _Loader)  # noqa: S506  (a SafeLoader: makes no foreign objects)
    except Exception as error:  # noqa: BLE001  (2026-13-45, say, is a ValueError in PyYAML)
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        what = getattr(error, "problem", None) or " ".join(str(error).split())
        raise CourseError(f"{COURSE_FILE}: {line}is not proper YAML: {what}") from None


# msgspec decides what is wrong; from here to _in_words, its words become an author's.
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


def _convert(value: object, record: type[_R], at: str, problems: list[str]) -> _R | None:
    """`value` as a record, or None and one more problem about the field `at`."""
    try:
        return msgspec.convert(value, record)
    except msgspec.ValidationError as error:
        problems.append(_in_words(str(error), value, record, at))
        return None


def _in_words(said: str, value: Any, record: type[msgspec.Struct], at: str) -> str:
    """What msgspec said about `value`, with the path from the top, the value and the remedy."""
    fields = msgspec.structs.fields(record)
    if about := _ABOUT_FIELD.match(said):
        name, known = about[2], [field.name for field in fields]
        if "unknown" in about[1]:
            return _line(at, f"has no key `{name}`{_known(name, known, 'keys')}")
        needed = ", ".join(field.name for field in fields if field.required)
        return _line(f"{at}.{name}".lstrip("."), f"is missing; needed here: {needed}")
    what, _, where = said.partition(" - at `")
    for key, index in _STEP.findall(where):
        value = value[key] if key else value[int(index)]
    place = (at + where[where.find("$") + 1 :].rstrip("`")).lstrip(".")
    if where.startswith("key`"):
        wrong = next(key for key in value if not isinstance(key, str))
        return _line(place, f"a key must be {_KINDS['str']}, one is {_show(wrong)}")
    if expected := _EXPECTED.match(what):
        what = f"must be {_KINDS.get(expected[1], expected[1])}, is {_show(value)}"
    return _line(place, what)


def _contradictions(course: Course) -> Iterator[str]:
    """Everything that has the right keys and types and is still wrong."""
    for i, name in enumerate(course.packages):
        if not name.isidentifier():
            yield _line(f"packages[{i}]", f"must be what stands after `import`, is {_show(name)}")
    for name, value in msgspec.structs.asdict(course.limits).items():
        yield from _not_positive(f"limits.{name}", value)
    cpu, wall = course.limits.cpu_seconds_per_call, course.limits.wall_seconds_per_call
    if wall < cpu:
        why = f"must be at least cpu_seconds_per_call ({_show(cpu)}), is {_show(wall)}"
        yield _line("limits.wall_seconds_per_call", why)
    if not course.lessons:
        yield _line("lessons", "must hold at least one lesson (`- id: …`), is empty")
    for i, lesson in enumerate(course.lessons):
        yield from _lesson_problems(course, i, lesson)
    yield from _order_problems(course.lessons)


def _lesson_problems(course: Course, i: int, lesson: Lesson) -> Iterator[str]:
    at = _lesson_at(i, lesson)
    yield from _not_positive(f"{at}.points", lesson.points)
    # A wrong id is not looked up on disk: its paths would mean nothing.
    first = next(j for j, other in enumerate(course.lessons) if other.id == lesson.id)
    if first < i:
        yield _line(f"{at}.id", f"is also the id of lessons[{first}]; each lesson needs its own")
    elif problem := _bad_module_name(lesson.id, course.packages):
        yield _line(f"{at}.id", problem)
    else:
        hidden, visible = course.shown(lesson.hidden_checks), course.shown(lesson.visible_checks)
        if not _is_file(lesson.solution):
            yield _line(at, f"has no solution; expected at {course.shown(lesson.solution)}")
        if not lesson.check_files:
            yield _line(at, f"has no checks; expected at {hidden} or {visible}")


def _bad_module_name(name: str, packages: tuple[str, ...]) -> str | None:
    """Why no lesson can be called that: its file is imported by later lessons."""
    if not name.isidentifier() or keyword.iskeyword(name):
        return f"must be a Python name (letters, digits, `_`) and no keyword, is {_show(name)}"
    hidden = "module of Python itself" if name in sys.stdlib_module_names else "listed package"
    if name in sys.stdlib_module_names or name in packages:
        return f"would hide the {hidden} `{name}`; choose another name"
    return None


def _order_problems(lessons: tuple[Lesson, ...]) -> Iterator[str]:
    """`requires` must point back. A step forward from which a way leads back is a cycle."""
    position = {lesson.id: i for i, lesson in reversed(list(enumerate(lessons)))}
    requires = {lesson.id: lesson.requires for lesson in lessons}
    cycles: set[frozenset[str]] = set()  # the same cycle is met once from each step forward
    for i, lesson in enumerate(lessons):
        for j, needed in enumerate(lesson.requires):
            at = f"{_lesson_at(i, lesson)}.requires[{j}]"
            if needed not in position:
                yield _line(at, f"no lesson is called `{needed}`{_known(needed, requires, 'ids')}")
            elif needed == lesson.id:
                yield _line(at, "is the lesson itself; a lesson may only require earlier ones")
            elif position[needed] < i:
                continue
            elif not (way := _way(needed, lesson.id, requires)):
                yield _line(at, f"`{needed}` comes later; move it up, or do not require it")
            elif frozenset(way) not in cycles:
                cycles.add(frozenset(way))
                cycle = " → ".join((lesson.id, *way))
                yield _line(at, f"goes round in a circle: {cycle}; take one step out")


def _way(start: str, goal: str, requires: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The shortest chain of `requires` from `start` to `goal`, both included; () if none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    for way in ways:  # grows while it is walked: breadth first
        if way[-1] == goal:
            return way
        fresh = [needed for needed in requires.get(way[-1], ()) if needed not in seen]
        seen.update(fresh)
        ways.extend((*way, needed) for needed in fresh)
    return ()


def _line(place: str, problem: str) -> str:
    """One line of an error: the file, the field, what is wrong."""
    return ": ".join(part for part in (COURSE_FILE, place, problem) if part)


def _lesson_at(i: int, entry: object) -> str:
    """The path of a lesson, with its id (if there is one) for people who do not count from 0."""
    name = entry.get("id") if isinstance(entry, dict) else getattr(entry, "id", None)
    return f"lessons[{i}] ({name})" if isinstance(name, str) and name else f"lessons[{i}]"


def _known(name: str, known: Iterable[str], what: str) -> str:
    """The end of a sentence about a name that is not there: the nearest one, and all there are."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    guess = f"; did you mean `{close[0]}`?" if close else ";"
    return f"{guess} Known {what}: {', '.join(names)}"


def _not_positive(place: str, value: float) -> Iterator[str]:
    if isinstance(value, float) and not math.isfinite(value):
        yield _line(place, f"must be a finite number, is {value}")
    elif value <= 0:
        yield _line(place, f"must be greater than 0, is {_show(value)}")


def _show(value: object) -> str:
    """A value as the author may recognise it, cut short."""
    short = Repr()
    short.maxstring = short.maxother = 60
    return "empty" if value is None else short.repr(value).removesuffix(".0")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long for the file system, a folder that may not be entered
        return False
